"""Rates and shares of each session with their intervals, what they were at first and lately, and whether that differs.

Both people are taken together: what happens in a conversation is made by two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicecoach.report.figures import poisson_interval, rates_differ, share_interval, shares_differ
from voicecoach.report.trends.milestones import milestones

FEWEST = 4
"""Sessions from which on the first half is held against the second."""
ALPHA = 0.05
"""Where nothing changed, at most this share of courses shows a change in any measure."""


@dataclass(frozen=True, slots=True)
class Past:
    """One session of the past. ``name``: its name; ``title``: what it is called; ``figures``: from `summarise`."""

    name: str
    title: str
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Measure:
    """``count`` and ``share`` are figures of each person: how many, and of how many; else it is counted per hour."""

    key: str
    count: str
    share: str = ""


MEASURES = (
    _Measure("said_back", "said_back", "chances"),
    _Measure("signs", "backchannels"),
    _Measure("open_questions", "questions_open"),
    _Measure("came_in", "came_in"),
    _Measure("mended", "mended", "came_in"),
)


def course_of(sessions: Sequence[Past]) -> dict[str, Any]:
    """Everything the page and the terminal show, ready for JSON. ``sessions``: oldest first."""
    changed = changes(sessions)
    return {
        "sessions": [
            {
                "name": s.name,
                "title": s.title,
                "date": s.figures["date"],
                "hours": s.figures["heard_h"],
                "hearing": s.figures["hearing"],
                "shares": {p: x["share"] for p, x in s.figures["people"].items()},
            }
            for s in sessions
        ],
        "hours": sum(s.figures["heard_h"] for s in sessions),
        "people": list(sessions[-1].figures["people"]) if sessions else [],
        "mixed": len({s.figures["hearing"] for s in sessions}) > 1,
        "balance": _balance(sessions),
        "measures": [_measured(m, sessions, changed[m.key]) for m in MEASURES],
        "milestones": milestones([(s.name, s.figures) for s in sessions]),
    }


def _balance(sessions: Sequence[Past]) -> dict[str, Any] | None:
    """Each person's share of the talking, weighed by the time heard: in all, at first, lately; and each one's range."""
    heard = [s for s in sessions if s.figures["heard_h"] > 0]
    if not heard:
        return None
    half = len(heard) // 2 if len(heard) >= FEWEST else 0

    def share(part: Sequence[Past]) -> dict[str, float]:
        hours = sum(s.figures["heard_h"] for s in part)
        people = part[-1].figures["people"]
        return {p: sum(s.figures["people"][p]["share"] * s.figures["heard_h"] for s in part) / hours for p in people}

    each = {p: [s.figures["people"][p]["share"] for s in heard] for p in heard[-1].figures["people"]}
    return {
        "all": share(heard),
        "first": share(heard[:half]) if half else None,
        "lately": share(heard[half:]) if half else None,
        "range": {p: [min(x), max(x)] for p, x in each.items()},
    }


def changes(sessions: Sequence[Past]) -> dict[str, str]:
    """Measure → ``more``, ``less``, ``same`` or ``few``: the second half of the sessions held against the first.

    Exact tests, with fewer events counted the more sessions differ among each other anyway; Holm's way (1979) to allow
    for looking at several measures.
    """
    if len(sessions) < FEWEST:
        return {m.key: "few" for m in MEASURES}
    half = len(sessions) // 2
    found: list[tuple[float, str, str]] = []
    for m in MEASURES:
        each = [_counted(m, [s]) for s in sessions]
        first, lately = _counted(m, sessions[:half]), _counted(m, sessions[half:])
        spread = _spread((each[:half], each[half:]), bool(m.share))
        p = _p(first, lately, spread, bool(m.share))
        more = lately[0] * first[1] > first[0] * lately[1]
        found.append((p, m.key, "more" if more else "less"))
    out = {m.key: "same" for m in MEASURES}
    for rank, (p, key, change) in enumerate(sorted(found)):
        if p > ALPHA / (len(found) - rank):
            break
        out[key] = change
    return out


def _measured(m: _Measure, sessions: Sequence[Past], change: str) -> dict[str, Any]:
    half = len(sessions) // 2
    return {
        "key": m.key,
        "kind": "share" if m.share else "rate",
        "each": [_of(m, [s]) for s in sessions],
        "first": _of(m, sessions[:half]) if change != "few" else None,
        "lately": _of(m, sessions[half:]) if change != "few" else None,
        "change": change,
    }


Counted = tuple[int, float]
"""How many, and of how many (chances) or in how long (hours)."""


def _counted(m: _Measure, sessions: Sequence[Past]) -> Counted:
    people = [x for s in sessions for x in s.figures["people"].values()]
    if m.share:
        return sum(x[m.count] for x in people), sum(x[m.share] for x in people)
    return sum(x[m.count] for x in people), sum(s.figures["heard_h"] for s in sessions)


def _of(m: _Measure, sessions: Sequence[Past]) -> dict[str, Any]:
    """Count, what it is counted in, the rate or share, and its 95 % interval, of sessions together."""
    count, of = _counted(m, sessions)
    if m.share:
        low, high = share_interval(count, round(of))
    elif of > 0:
        low, high = (bound / of for bound in poisson_interval(count))
    else:
        low, high = 0.0, math.inf
    return {"count": count, "of": of, "value": count / of if of > 0 else None, "low": low, "high": high}


def _spread(halves: Sequence[Sequence[Counted]], share: bool) -> float:
    """How much more sessions of one half differ than chance lets counts differ (Pearson's dispersion); at least 1.

    Conversations differ by their subject; without this every difference between two talks would count as a change.
    """
    chi, free = 0.0, 0
    for half in halves:
        known = [(count, of) for count, of in half if of > 0]
        whole, everything = sum(count for count, _ in known), sum(of for _, of in known)
        if len(known) < 2 or not whole or (share and whole == everything):
            continue
        mean = whole / everything
        chi += sum((count - mean * of) ** 2 / (mean * of * (1 - mean if share else 1)) for count, of in known)
        free += len(known) - 1
    return max(1.0, chi / free) if free else 1.0


def _p(first: Counted, lately: Counted, spread: float, share: bool) -> float:
    """The chance of so much difference if nothing changed; counts that are spread wider tell like fewer events."""
    if first[1] <= 0 or lately[1] <= 0:
        return 1.0
    counts = [round(count / spread) for count, _ in (first, lately)]
    if not share:
        return rates_differ(counts[0], first[1], counts[1], lately[1])
    of = [max(count, round(x[1] / spread)) for count, x in zip(counts, (first, lately), strict=True)]
    return shares_differ(counts[0], of[0], counts[1], of[1])
