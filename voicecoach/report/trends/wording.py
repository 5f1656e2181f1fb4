"""A measure in words, for the page and the terminal alike."""

from __future__ import annotations

import math
from typing import Any

from voicecoach.report.html import day_of

Texts = dict[str, Any]


def amount(texts: Texts, kind: str, value: float | None) -> str:
    """A rate or a share."""
    if value is None:
        return "–"
    if kind == "share":
        return f"{value:.0%}".replace("%", "\u00a0%")
    return str(texts["t_per_hour"]).format(rate=_number(value))


def between(texts: Texts, kind: str, of: dict[str, Any]) -> str:
    """An interval, without its unit."""
    low, high = ((amount(texts, kind, x) if kind == "share" else _number(x)) for x in (of["low"], of["high"]))
    return str(texts["t_between"]).format(low=low, high=high)


def _number(value: float) -> str:
    if math.isinf(value):
        return "∞"
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def verdict(texts: Texts, m: dict[str, Any]) -> str:
    """What may be said about a change, and no more."""
    if m["change"] == "few":
        return str(texts["t_few"])
    first, lately = m["first"], m["lately"]
    values = {
        "first": amount(texts, m["kind"], first["value"]), "lately": amount(texts, m["kind"], lately["value"]),
        "first_between": between(texts, m["kind"], first), "lately_between": between(texts, m["kind"], lately),
    }  # fmt: skip
    return str(texts[f"t_{m['change']}"]).format(**values)


def at_a_glance(texts: Texts, course: dict[str, Any]) -> list[str]:
    """What has clearly changed, or that nothing has, and the last milestone; nothing before there is a verdict."""
    named = {"more": list[str](), "less": list[str]()}
    for m in course["measures"]:
        if m["change"] in named:
            named[m["change"]].append(str(texts[f"m_{m['key']}"]))
    out = [str(texts[f"t_clear_{change}"]).format(what=", ".join(names)) for change, names in named.items() if names]
    if not out and any(m["change"] == "same" for m in course["measures"]):
        out = [str(texts["t_clear_none"])]
    if course["milestones"]:
        last = course["milestones"][-1]
        day = day_of(texts, last["date"][:10]) or last["name"]
        out.append(str(texts["t_reached"]).format(day=day, what=str(texts[f"w_{last['kind']}"]).format(**last)))
    return out


def balance(texts: Texts, course: dict[str, Any]) -> str:
    """How the talking was shared; empty when nothing was heard. Whether that is right is for the two to say."""
    shared = course["balance"]
    if shared is None:
        return ""

    def shares(of: dict[str, float]) -> str:
        return str(texts["and"]).join(f"{name} {amount(texts, 'share', share)}" for name, share in of.items())

    name = course["people"][0]
    low, high = (amount(texts, "share", x) for x in shared["range"][name])
    key = "t_balance_all" if shared["first"] is None else "t_balance"
    values = {k: shares(shared[k]) for k in ("all", "first", "lately") if shared[k] is not None}
    return str(texts[key]).format(name=name, low=low, high=high, **values)
