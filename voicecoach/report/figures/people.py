"""The figures of one person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecoach.events import Backchannel, Interruption, Overlap, Pause, Record, Turn
from voicecoach.report.figures.floor import is_clear, median
from voicecoach.report.figures.intervals import likely_count, poisson_interval, share_interval

MENDED_S = 90.0
"""Whoever came in and says sorry, or mends it otherwise, within so long has mended it."""


def person(
    name: str, records: Sequence[Record], talk_s: float, whole_s: float, hours: float, judged: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Counts, and how sure they are. ``*_likely``: so many of them, nine times in ten; ``per_hour``: Poisson."""
    turns = [r for r in records if isinstance(r, Turn) and r.speaker == name]
    longest = max(turns, key=lambda t: (t.end - t.start, -t.start), default=None)
    pauses = [r.end - r.start for r in records if isinstance(r, Pause) and r.speaker == name]
    mine = [r for r in judged if r["speaker"] == name]
    reflections = sum(r["reflected"] for r in mine)
    chances = sum(r["chance"] for r in mine)
    missed = sum(r["chance"] and not r["reflected"] for r in mine)
    questions = {k: sum(r[f"{k}_question"] for r in mine) for k in ("open", "closed")}
    in_early = [r for r in records if isinstance(r, Interruption) and r.speaker == name]
    clear = sum(map(is_clear, in_early))
    sorry_at = [r["end"] for r in mine if r["mends"]]
    mended = sum(any(0 <= at - r.start <= MENDED_S for at in sorry_at) for r in in_early if is_clear(r))
    signs = [r for r in records if isinstance(r, Backchannel) and r.speaker == name]
    supportive = [r for r in records if isinstance(r, Overlap) and r.kind == "cooperative" and r.speaker == name]
    asked = sum(questions.values())
    return {
        "talk_s": talk_s,
        "share": talk_s / whole_s if whole_s else 0.0,
        "turns": len(turns),
        "longest_turn_s": longest.end - longest.start if longest else 0.0,
        "longest_turn_at": longest.start if longest else None,
        "median_turn_s": median([t.end - t.start for t in turns]),
        "pauses": len(pauses),
        "median_pause_s": median(pauses),
        "backchannels": len(signs),
        "backchannels_at": [r.start for r in signs],
        "supportive": len(supportive),
        "supportive_at": [r.start for r in supportive],
        "reflections": reflections,
        "reflections_likely": list(likely_count([r["reflection"] for r in mine if r["reflected"]])),
        "landed": sum(r["landed"] is True for r in mine),
        "not_quite": sum(r["landed"] is False for r in mine),
        "chances": chances,
        "missed": missed,
        "said_back": chances - missed,
        "said_back_share": list(share_interval(chances - missed, chances)),
        "questions_open": questions["open"],
        "questions_closed": questions["closed"],
        "reflections_to_questions": reflections / asked if asked else None,
        "feelings": [[word, r["start"]] for r in mine for word in r["feelings"]],
        "came_in": clear,
        "mended": mended,
        "came_in_likely": list(likely_count([r.confidence for r in in_early if is_clear(r)])),
        "per_hour": {
            what: _rate(count, hours)
            for what, count in (("came_in", clear), ("reflections", reflections), ("backchannels", len(signs)))
        },
    }


def _rate(count: int, hours: float) -> dict[str, float | None]:
    """Count per hour with its exact 95 % Poisson interval; None where no time passed."""
    if hours <= 0:
        return {"rate": None, "low": None, "high": None}
    low, high = poisson_interval(count)
    return {"rate": count / hours, "low": low / hours, "high": high / hours}
