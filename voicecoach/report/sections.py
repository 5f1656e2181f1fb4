"""The sections of the page, in the order they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecoach.report.html import SHOWN_ROWS, Texts, anchor, at, clock, esc, table
from voicecoach.report.lines import Line
from voicecoach.report.marks import nearest, short
from voicecoach.report.words import one_thing, went_well

Figures = dict[str, Any]

SHAPES = {
    "backchannel": "M8 3a5 5 0 1 0 .01 0z",
    "interruption": "M8 2 14 13H2z",
    "reflection": "M2 3h12v8H8l-3 3v-3H2z",
    "chance": "M2 3h12v8H8l-3 3v-3H2zM4 5v4h8V5z",
    "prompt": "M8 2l6 6-6 6-6-6z",
}
"""Outlines in a 16 × 16 box; kinds differ by shape, people by colour."""


def body(t: Texts, f: Figures, lines: Sequence[Line]) -> str:
    """Everything between the body tags but the scripts."""
    names = [f"<bdi>{esc(p)}</bdi>" for p in f["people"]]
    who = t.html("and").join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or t.html("nobody")
    date = f" · {esc(f['date'].replace('T', ', '))}" if f["date"] else ""
    head = (
        f'<header><h1>{t.html("title")}</h1><p class="soft">'
        f"{t.html('with', people=who, length=t.length(f['duration_s']))}{date}</p></header>"
    )
    spoken = f["somebody_speaks_s"] > 0 or bool(lines)
    parts = [_notices(t, f)]
    if spoken:
        starts = sorted(line.start for line in lines)
        parts += [
            _summary(t, f, starts), _timeline(t), _balance(t, f), _turns(t, f, starts), _came_in(t, f, starts),
            _listening(t, f, lines), _reflections(t, f, starts), _prompts(t, f, starts), _transcript(t, lines, f),
        ]  # fmt: skip
    else:
        parts.append(_section(t, "h_summary", f"<p>{t.html('empty')}</p>"))
    parts += [_sure(t, f), _words(t)]
    return f'{head}<main>{"".join(parts)}</main><footer class="note"><p>{t.html("private")}</p></footer>'


def _section(t: Texts, key: str, content: str) -> str:
    name = key.replace("_", "-")
    return f'<section id="{name}" aria-labelledby="{name}-t"><h2 id="{name}-t">{t.html(key)}</h2>{content}</section>'


def _link(starts: Sequence[float], when: float | None) -> str:
    if when is None:
        return "–"
    return f'<a class="at" href="#t{anchor(nearest(starts, when))}">{clock(when)}</a>'


def _notices(t: Texts, f: Figures) -> str:
    out = []
    if f["ended"] is None:
        out.append(t.html("broke_off"))
    elif f["ended"] not in ("finished", "stopped"):
        out.append(t.html("ended_badly", reason=esc(f["ended"])))
    if f["lost"]:
        lost = sum(x["end"] - x["start"] for x in f["lost"])
        out.append(t.counted("lost", len(f["lost"]), seconds=f"{lost:.1f}"))
    return "".join(f'<p class="notice" role="note">{text}</p>' for text in out)


def _summary(t: Texts, f: Figures, starts: Sequence[float]) -> str:
    def sentence(text: str, moments: Sequence[float]) -> str:
        links = " ".join(_link(starts, m) for m in moments[:4])
        shown = f' <span class="note">{t.html("evidence")}</span> {links}' if links else ""
        return text + shown

    well = "".join(f"<li>{sentence(*s)}</li>" for s in went_well(t, f))
    return _section(
        t,
        "h_summary",
        f'<div class="two"><div class="leaf"><h3>{t.html("well")}</h3><ul>{well}</ul></div>'
        f'<div class="leaf"><h3>{t.html("try")}</h3><p>{sentence(*one_thing(t, f))}</p></div></div>',
    )


def _timeline(t: Texts) -> str:
    legend = "".join(
        f'<li><svg viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d="{d}"/></svg>'
        f"{t.html('k_' + k)}</li>"
        for k, d in SHAPES.items()
    )
    tools = "".join(
        f'<button type="button" data-zoom="{z}">{t.html(f"zoom_{z}")}</button>' for z in ("in", "out", "all")
    )
    return _section(
        t,
        "h_timeline",
        f'<div id="timeline" tabindex="0" role="application" aria-label="{t.html("timeline_label")}" '
        f'aria-describedby="timeline-help detail"></div><div class="tools">{tools}</div>'
        f'<div id="detail" aria-live="polite">{t.html("hint")}</div><ul class="legend">{legend}</ul>'
        f'<p class="note screen" id="timeline-help">{t.html("timeline_help")}</p>',
    )


def _balance(t: Texts, f: Figures) -> str:
    people, x, bars = f["people"], 0.0, []
    for p, v in people.items():
        bars.append(f'<rect class="f{t.colour(p)}" x="{x:.2f}" y="0" width="{100 * v["share"]:.2f}" height="10"/>')
        x += 100 * v["share"]
    rows = [[t.name(p), f"{v['share']:.0%}", t.length(v["talk_s"])] for p, v in people.items()]
    minutes = [[clock(b["start"]), *(f"{b['talk_s'][p]:.0f} s" for p in people)] for b in f["balance"]]
    together = t.html("together", together=t.length(f["together_s"]), silence=t.length(f["silence_s"]))
    return _section(
        t,
        "h_balance",
        f'<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{"".join(bars)}</svg>'
        + table([t.html("person"), t.html("share"), t.html("talk")], rows)
        + f'<p class="note">{together}</p><div id="balance" role="img" aria-label="{t.html("balance_label")}"></div>'
        + f'<p class="note">{t.html("balance_axis")}</p>'
        + f"<details><summary>{t.html('as_table')}</summary>"
        + table([t.html("minute"), *(t.name(p) for p in people)], minutes)
        + "</details>",
    )


def _turns(t: Texts, f: Figures, starts: Sequence[float]) -> str:
    rows = [
        [
            t.name(p), str(v["turns"]), f"{v['median_turn_s']:.1f} s",
            f"{v['longest_turn_s']:.1f} s {_link(starts, v['longest_turn_at'])}", str(v["pauses"]),
        ]
        for p, v in f["people"].items()
    ]  # fmt: skip
    gaps = [
        [
            f"{t.name(g['from'])} → {t.name(g['to'])}", str(g["count"]), _signed(g["median_s"]),
            f"{_signed(g['low_s'])} … {_signed(g['high_s'])}", f"{g['overlapped']:.0%}",
        ]
        for g in f["gaps"]
    ]  # fmt: skip
    out = table([t.html(k) for k in ("person", "turns", "median", "longest", "pauses")], rows)
    if gaps:
        head = ("gap_from", "count", "gap_median", "gap_spread", "overlapped")
        out += table([t.html(k) for k in head], gaps) + f'<p class="note">{t.html("gap_note")}</p>'
    return _section(t, "h_turns", out)


def _outcome(t: Texts, i: dict[str, Any]) -> str:
    return t.html(f"i_{i['kind']}", speaker=_bare(i["speaker"]), interrupted=_bare(i["interrupted"]))


def _bare(name: str) -> str:
    return f"<bdi>{esc(name)}</bdi>"


def _signed(seconds: float) -> str:
    return f"{seconds:.2f} s".replace("-", "−")


def _sureness(t: Texts, confidence: float) -> str:
    key = "sure_high" if confidence >= 0.8 else "sure_mid" if confidence >= 0.6 else "sure_low"
    return f"{t.html(key)} ({confidence:.0%})"


def _came_in(t: Texts, f: Figures, starts: Sequence[float]) -> str:
    found = f["interruptions"]
    kinds = ", ".join(f"{t.html(f'o_{k}')}: {n}" for k, n in f["overlaps"].items())
    overlaps = f'<p class="note">{t.html("overlap_line")} {kinds}.</p>' if kinds else ""
    if f["unclear"]:
        moments = [f"{_link(starts, i['start'])} {t.name(i['speaker'])}" for i in f["unclear"]]
        overlaps += f'<p class="note">{t.html("unclear_line")} {_some(t, moments)}</p>'
    if not found:
        return _section(t, "h_came_in", f"<p>{t.html('came_in_none')}</p>{overlaps}")
    rows = [
        [
            _link(starts, i["start"]), t.name(i["speaker"]), t.name(i["interrupted"]),
            _outcome(t, i),
            f"<bdi>“… {esc(i['words_cut'])}”</bdi>" if i["words_cut"] else "–", _sureness(t, i["confidence"]),
        ]
        for i in found
    ]  # fmt: skip
    counts = [[t.name(c["speaker"]), t.name(c["interrupted"]), _outcome(t, c), str(c["count"])] for c in f["came_in"]]
    totals = table([t.html(k) for k in ("who", "whom", "outcome", "times")], counts) if len(found) > len(counts) else ""
    head = t.long_table([t.html(k) for k in ("when", "who", "whom", "outcome", "cut", "sure")], rows)
    return _section(t, "h_came_in", f'<p class="note">{t.html("came_in_note")}</p>{totals}{head}{overlaps}')


def _listening(t: Texts, f: Figures, lines: Sequence[Line]) -> str:
    signs = [x for x in lines if x.kind == "backchannel"]
    if not signs:
        return _section(t, "h_listening", f"<p>{t.html('listening_none')}</p>")
    rows = []
    for p, v in f["people"].items():
        said = [f"<bdi>{esc(x.text)}</bdi> {at(x.start)}" for x in signs if x.speaker == p]
        rows.append([t.name(p), str(v["backchannels"]), _some(t, said)])
    head = [t.html("person"), t.html("signs"), t.html("when")]
    return _section(t, "h_listening", f'<p class="note">{t.html("listening_note")}</p>{table(head, rows)}')


def _some(t: Texts, moments: Sequence[str]) -> str:
    more = t.html("and_more", count=len(moments) - SHOWN_ROWS) if len(moments) > SHOWN_ROWS else ""
    return " · ".join([*moments[:SHOWN_ROWS], *filter(None, [more])]) or "–"


def _reflections(t: Texts, f: Figures, starts: Sequence[float]) -> str:
    shown = [r for r in f["replies"] if r["chance"] or r["reflected"]]
    per = [
        [t.name(p), *(str(v[k]) for k in ("reflections", "missed", "questions_open", "questions_closed"))]
        for p, v in f["people"].items()
    ]
    out = f'<p class="note">{t.html("reflections_note")}</p>'
    out += table([t.html(k) for k in ("person", "offered", "room", "q_open", "q_closed")], per)
    if not shown:
        return _section(t, "h_reflections", out + f"<p>{t.html('reflections_none')}</p>")
    rows = [
        [
            _link(starts, r["start"]), t.name(r["speaker"]), t.html("offered" if r["reflected"] else "room"),
            f"<bdi>{esc(short(r['words'] or r['text']) or '–')}</bdi>",
        ]
        for r in shown
    ]  # fmt: skip
    return _section(
        t,
        "h_reflections",
        out + t.long_table([t.html("when"), t.html("person"), t.html("reply"), t.html("heard")], rows),
    )


def _prompts(t: Texts, f: Figures, starts: Sequence[float]) -> str:
    if not f["prompts"]:
        return _section(t, "h_prompts", f"<p>{t.html('prompts_none')}</p>")
    rows = [
        [
            _link(starts, p["start"]), t.name(p["to"]) if p["to"] else "–",
            f"<bdi>{esc(p['text'])}</bdi>" if p["words"] and p["text"] else t.html("chime"),
            f"{t.html('f_' + p['followed'])} {_link(starts, p['followed_at'])}",
        ]
        for p in f["prompts"]
    ]  # fmt: skip
    return _section(
        t, "h_prompts", t.long_table([t.html(k) for k in ("when", "prompt_to", "prompt", "followed")], rows)
    )


def _transcript(t: Texts, lines: Sequence[Line], f: Figures) -> str:
    note = "" if any(line.text for line in lines) else f"<p>{t.html('transcript_none')}</p>"
    said_back = {(r["speaker"], anchor(r["start"])) for r in f["replies"] if r["reflected"]}
    came_in = {(i["speaker"], anchor(i["start"])) for i in f["interruptions"]}
    seen: set[int] = set()
    out = []
    for x in lines:
        key = anchor(x.start)
        ident = "" if key in seen else f' id="t{key}"'
        seen.add(key)
        tags = []
        if x.kind == "backchannel":
            tags.append("listening_line")
        if (x.speaker, key) in said_back:
            tags.append("k_reflection")
        if (x.speaker, key) in came_in:
            tags.append("k_interruption")
        name = f'<span class="name soft">{t.html("coach")}</span>' if x.kind == "prompt" else t.name(x.speaker)
        text = (
            esc(x.text)
            if x.text
            else f'<span class="soft">{t.html("chime" if x.kind == "prompt" else "no_words")}</span>'
        )
        tagged = "".join(f' <span class="tag">{t.html(tag)}</span>' for tag in tags)
        small = "" if x.kind == "turn" else " small"
        out.append(
            f'<div class="line{small}"{ident} tabindex="-1"><span class="at soft">{clock(x.start)}</span>'
            f'{name}<p dir="auto">{text}{tagged}</p></div>'
        )
    return _section(t, "h_transcript", note + "".join(out))


def _sure(t: Texts, f: Figures) -> str:
    key = f"h_{f['hearing']}" if f["hearing"] in ("channels", "enrolled", "separated", "given") else "h_unknown"
    return _section(t, "h_sure", f"<p>{t.html(key)}</p><p>{t.html('sure_note')}</p>")


def _words(t: Texts) -> str:
    items = "".join(f"<dt>{esc(term)}</dt><dd>{esc(meaning)}</dd>" for term, meaning in t.data["legend"])
    return _section(t, "h_words", f"<dl>{items}</dl>")
