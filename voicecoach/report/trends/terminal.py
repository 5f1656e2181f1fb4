"""Trends as lines for the terminal."""

from __future__ import annotations

import textwrap
from typing import Any

from voicecoach.report.frame import texts_of
from voicecoach.report.trends.wording import amount, at_a_glance, balance, between, verdict

BLOCKS = "▁▂▃▄▅▆▇█"


def trends_text(course: dict[str, Any], language: str = "en", width: int = 88) -> str:
    """A heading, each measure with a small bar for each session and what may be said of it, then milestones."""
    texts = texts_of(language)
    count, hours = len(course["sessions"]), f"{course['hours']:.1f}"
    people = str(texts["and"]).join(course["people"])
    head = str(texts["t_head_one" if count == 1 else "t_head_many"]).format(people=people, count=count, hours=hours)
    lines = [head, ""]
    for sentence in at_a_glance(texts, course):
        lines += [*textwrap.wrap(sentence, width), ""]
    if said := balance(texts, course):
        lines += [str(texts["m_balance"]), *_wrapped(said, width), ""]
    for m in course["measures"]:
        known = [x["value"] for x in m["each"] if x["value"] is not None]
        lines += _headed(str(texts["m_" + m["key"]]), _bars(m, width - 2), width)
        if known:
            last = m["each"][-1]
            shown = f"{amount(texts, m['kind'], last['value'])} ({between(texts, m['kind'], last)})"
            lines += _wrapped(str(texts["t_last"]).format(value=shown), width)
        lines += [*_wrapped(verdict(texts, m), width), ""]
    if course["mixed"]:
        lines += [*textwrap.wrap(str(texts["t_mixed"]), width), ""]
    if course["milestones"]:
        lines.append(str(texts["h_milestones"]))
        lines += [
            f"  {x['date'][:10] or x['name']}  " + str(texts[f"w_{x['kind']}"]).format(count=x["count"])
            for x in course["milestones"]
        ]
    return "\n".join(lines).rstrip() + "\n"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")


def _headed(title: str, bars: str, width: int) -> list[str]:
    beside = f"{title}  {bars}"
    return [beside] if len(beside) <= width else [title, f"  {bars}"]


def _bars(m: dict[str, Any], most: int) -> str:
    """One for each session; where there are more than ``most`` sessions, one for the mean of several neighbours."""
    each = [x["value"] for x in m["each"]]
    step = max(1, -(-len(each) // most))
    groups = [[v for v in each[i : i + step] if v is not None] for i in range(0, len(each), step)]
    values = [sum(group) / len(group) if group else None for group in groups]
    top = 1.0 if m["kind"] == "share" else max((v for v in values if v is not None), default=0.0)
    return "".join("·" if v is None else BLOCKS[round(v / top * 7) if top else 0] for v in values)
