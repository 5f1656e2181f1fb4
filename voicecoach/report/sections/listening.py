"""How each listened: what was said back and whether it landed, questions, feelings, and the small signs."""

from __future__ import annotations

from typing import Any

from voicecoach.report.html import esc
from voicecoach.report.marks import short
from voicecoach.report.sections.parts import View, percent, section


def replies(v: View) -> str:
    """A leaf for each person, then every moment."""
    t = v.t
    if not v.f["words_known"]:
        return section(t, "h_listening", f"<p>{t.html('listening_unknown')}</p>")
    leaves = "".join(
        f'<div class="leaf"><h3>{t.name(p)}</h3><ul>{_person(v, p, x)}</ul></div>' for p, x in v.f["people"].items()
    )
    out = f'<p class="note">{t.html("listening_note")}</p><div class="two">{leaves}</div>{v.sure("words")}'
    shown = [r for r in v.f["replies"] if r["chance"] or r["reflected"]]
    if not shown:
        return section(t, "h_listening", out + f"<p>{t.html('reflections_none')}</p>")
    answers = {True: "a_yes", False: "a_no", None: "a_open"}
    rows = [
        [
            v.link(r["start"]), t.name(r["speaker"]), v.link(r["said_at"]), _offered(v, r),
            f"<bdi>{esc(short(r['words'] or r['text']) or '–')}</bdi>",
            t.html(answers[r["landed"]]) if r["reflected"] else "–",
        ]
        for r in shown
    ]  # fmt: skip
    head = [t.html(k) for k in ("when", "person", "said_first", "reply", "heard", "answer")]
    return section(t, "h_listening", out + t.long_table(head, rows))


def _offered(v: View, reply: dict[str, Any]) -> str:
    if not reply["reflected"]:
        return v.t.html("room")
    return f'{v.t.html("offered")} <span class="note">({percent(reply["reflection"])})</span>'


def _person(v: View, name: str, x: dict[str, Any]) -> str:
    t = v.t
    moments = [r["start"] for r in v.f["replies"] if r["speaker"] == name and r["reflected"]]
    low, high = x["reflections_likely"]
    likely = f' <span class="note">({t.html("l_likely", low=low, high=high)})</span>' if low != high else ""
    said = f"<b>{t.html('l_reflected', count=x['reflections'])}</b>{likely} {v.links(moments)}"
    lines = [said] if x["reflections"] or x["chances"] else []
    if x["reflections"]:
        unanswered = x["reflections"] - x["landed"] - x["not_quite"]
        lines.append(t.html("l_landed", yes=x["landed"], no=x["not_quite"], open=unanswered))
    if x["chances"]:
        between = [percent(s) for s in x["said_back_share"]]
        lines.append(
            f"{t.html('l_share', done=x['chances'] - x['missed'], chances=x['chances'])} "
            f'<span class="note">({t.html("l_interval", low=between[0], high=between[1])})</span>'
        )
    else:
        lines.append(t.html("l_no_chance"))
    asked = [
        r["start"] for r in v.f["replies"] if r["speaker"] == name and (r["open_question"] or r["closed_question"])
    ]
    questions = t.html("l_questions", open=x["questions_open"], closed=x["questions_closed"])
    lines.append(f"{questions} {v.links(asked)}" if asked else t.html("l_no_questions"))
    if x["reflections_to_questions"] is not None:
        lines.append(t.html("l_ratio", ratio=f"{x['reflections_to_questions']:.1f}"))
    if x["feelings"]:
        lines.append(f"{t.html('l_feelings')} {v.grouped([(word, when) for word, when in x['feelings']])}")
    return "".join(f"<li>{line}</li>" for line in lines)


def signs(v: View) -> str:
    """Backchannels and supportive overlaps, shown as the listening they are."""
    t = v.t
    leaves = []
    for p, x in v.f["people"].items():
        said = [(s.text, s.start) for s in v.lines if s.kind == "backchannel" and s.speaker == p]
        along = [(_words_at(v, p, when), when) for when in x["supportive_at"]]
        lines = [f"<b>{t.html('l_signs', count=x['backchannels'])}</b> {v.grouped(said)}"]
        lines.append(f"<b>{t.html('l_supportive', count=x['supportive'])}</b> {v.grouped(along)}")
        leaves.append(f'<div class="leaf"><h3>{t.name(p)}</h3><ul>{"".join(f"<li>{x}</li>" for x in lines)}</ul></div>')
    return section(
        t,
        "h_signs",
        f'<p class="note">{t.html("signs_note")}</p><div class="two">{"".join(leaves)}</div>{v.sure("moments")}',
    )


def _words_at(v: View, person: str, when: float) -> str:
    line = next((x for x in v.lines if x.speaker == person and abs(x.start - when) < 0.3), None)
    return short(line.text) if line else ""
