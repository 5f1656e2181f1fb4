"""Who spoke and when, turns and the space between them, and moments where someone came in early."""

from __future__ import annotations

from typing import Any

from voicecoach.report.charts import balance_chart, gap_axis, gap_strip
from voicecoach.report.html import table
from voicecoach.report.sections.parts import View, bare, percent, quoted, section, signed

RATE_FROM_H = 1 / 6
"""A talk shorter than this is not held against the hour."""


def balance(v: View) -> str:
    """Talk balance in all and over time."""
    t, people, stretches = v.t, v.f["people"], v.f["balance"]
    rows = [[t.name(p), percent(x["share"]), t.length(x["talk_s"])] for p, x in people.items()]
    spoken = [
        t.html("balance_for", name=bare(p), share=percent(x["share"]), length=t.length(x["talk_s"]))
        for p, x in people.items()
    ]
    chart = ""
    if len(stretches) > 1:
        label = t.html("balance_label", list="; ".join(spoken)).replace("<bdi>", "").replace("</bdi>", "")
        seconds = stretches[0]["end"] - stretches[0]["start"]
        axis = t.html("balance_axis", seconds=f"{seconds:.0f}")
        chart = f'{balance_chart(t, stretches, label)}<p class="note">{axis}</p>'
    each = [[v.link(b["start"]), *(f"{b['talk_s'][p]:.0f} s" for p in people)] for b in stretches]
    together = t.html("together", together=t.length(v.f["together_s"]), silence=t.length(v.f["silence_s"]))
    return section(
        t,
        "h_balance",
        f"{chart}{table([t.html(k) for k in ('person', 'share', 'talk')], rows)}"
        f'<p class="note">{together}</p>{v.sure("time")}'
        f"<details><summary>{t.html('as_table')}</summary>"
        f"{table([t.html('minute'), *(t.name(p) for p in people)], each)}</details>",
    )


def turns(v: View) -> str:
    """Turns of each, and the gaps between them."""
    t = v.t
    rows = [
        [
            t.name(p), str(x["turns"]), f"{x['median_turn_s']:.1f} s",
            f"{x['longest_turn_s']:.1f} s {v.link(x['longest_turn_at'])}", str(x["pauses"]),
        ]
        for p, x in v.f["people"].items()
    ]  # fmt: skip
    out = table([t.html(k) for k in ("person", "turns", "median", "longest", "pauses")], rows)
    if v.f["gaps"]:
        strips = "".join(
            f"<li><span>{_change(v, g)}</span>{gap_strip(t, g, _gap_label(v, g))}</li>" for g in v.f["gaps"]
        )
        gaps = [
            [
                _change(v, g), str(g["count"]), signed(g["median_s"]),
                f"{signed(g['low_s'])} … {signed(g['high_s'])}", percent(g["overlapped"]),
                _longest(v, g),
            ]
            for g in v.f["gaps"]
        ]  # fmt: skip
        head = [t.html(k) for k in ("gap_from", "count", "gap_median", "gap_spread", "overlapped", "gap_longest")]
        out += f'<ul class="strips">{strips}<li><span></span>{gap_axis()}</li></ul>'
        out += (
            f'<p class="note">{t.html("gap_note")}</p>{table(head, gaps)}{"".join(_every(v, g) for g in v.f["gaps"])}'
        )
    return section(t, "h_turns", out + v.sure("time"))


def _every(v: View, gap: dict[str, Any]) -> str:
    called = v.t.html("gap_every", to=v.t.name(gap["to"]), **{"from": v.t.name(gap["from"])})
    each = " · ".join(f"{v.link(when)} {signed(seconds)}" for when, seconds in gap["each"])
    return f"<details><summary>{called}</summary><p>{each}</p></details>"


def _longest(v: View, gap: dict[str, Any]) -> str:
    when, seconds = max(gap["each"], key=lambda x: (x[1], -x[0]))
    return f"{signed(seconds)} {v.link(when)}"


def _change(v: View, gap: dict[str, Any]) -> str:
    return f"{v.t.name(gap['from'])} → {v.t.name(gap['to'])}"


def _gap_label(v: View, g: dict[str, Any]) -> str:
    label = v.t.html(
        "gap_label", to=bare(g["to"]), count=g["count"], median=signed(g["median_s"]), low=signed(g["low_s"]),
        high=signed(g["high_s"]), **{"from": bare(g["from"])},
    )  # fmt: skip
    return label.replace("<bdi>", "").replace("</bdi>", "")


def came_in(v: View) -> str:
    """Interruptions by kind and outcome with the words cut off, rates with their intervals, and what is unclear."""
    t, found = v.t, v.f["interruptions"]
    kinds = ", ".join(f"{t.html(f'o_{k}')}: {len(at)} ({v.links(at, 3)})" for k, at in v.f["overlaps_at"].items())
    rest = f'<p class="note">{t.html("overlap_line")} {kinds}.</p>' if kinds else ""
    if v.f["unclear"]:
        moments = [f"{v.link(i['start'])} {t.name(i['speaker'])}" for i in v.f["unclear"]]
        rest += f'<p class="note">{t.html("unclear_line")} {v.some(moments)}</p>'
    rest += v.sure("moments")
    if not found:
        none = "came_in_unclear" if v.f["unclear"] else "came_in_none"
        return section(t, "h_came_in", f"<p>{t.html(none)}</p>{rest}")
    rows = [
        [
            v.link(i["start"]), t.name(i["speaker"]), t.name(i["interrupted"]),
            t.html(f"i_{i['kind']}", speaker=bare(i["speaker"]), interrupted=bare(i["interrupted"])),
            quoted(f"… {i['words_cut']}") if i["words_cut"] else "–", _sureness(v, i["confidence"]),
        ]
        for i in found
    ]  # fmt: skip
    head = t.long_table([t.html(k) for k in ("when", "who", "whom", "outcome", "cut", "sure")], rows)
    counts = "".join(f"<li>{_count(v, p, x)}</li>" for p, x in v.f["people"].items())
    return section(
        t, "h_came_in", f'<p class="note">{t.html("came_in_note")}</p><ul class="plain">{counts}</ul>{head}{rest}'
    )


def _count(v: View, name: str, x: dict[str, Any]) -> str:
    t, rate = v.t, x["per_hour"]["came_in"]
    low, high = x["came_in_likely"]
    notes = [t.html("l_likely", low=low, high=high)] if low != high else []
    if v.f["heard_h"] < RATE_FROM_H:
        notes.append(t.html("came_in_short"))
    elif rate["rate"] is not None:
        numbers = {k: f"{rate[k]:.0f}" for k in ("rate", "low", "high")}
        notes.append(t.html("came_in_rate", **numbers))
    count = t.html("came_in_count", name=t.name(name), count=x["came_in"])
    return f'{count} <span class="note">({"; ".join(notes)})</span>'


def _sureness(v: View, confidence: float) -> str:
    key = "sure_high" if confidence >= 0.8 else "sure_mid" if confidence >= 0.6 else "sure_low"
    return f"{v.t.html(key)} ({percent(confidence)})"
