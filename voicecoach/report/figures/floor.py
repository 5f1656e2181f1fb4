"""Who held the floor, and how it passed from one to the other."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from voicecoach.events import Gap, Interruption, Record
from voicecoach.report.figures.spans import Span, inside

STRETCHES = ((240.0, 10.0), (900.0, 30.0))
"""A talk no longer than the first (s) is looked at in stretches of the second, so that a short one has a course too."""
LONG_STRETCH_S = 60.0
CLEAR = 0.5
"""An interruption less sure than this is not counted as one; it is listed as a moment to look at."""


def is_clear(record: Record) -> TypeGuard[Interruption]:
    """Whether a record is an interruption that the report counts as one."""
    return isinstance(record, Interruption) and record.confidence >= CLEAR


def everyone_finished(figures: Mapping[str, Any]) -> bool:
    """Whether several people talked, and surely nobody was cut off: of a session as `summarise` gives it."""
    several = len(figures["people"]) > 1 and bool(figures["gaps"])
    return several and not figures["interruptions"] and not figures["unclear"]


def gaps(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Floor transfer offsets by direction: every one with its time, median, quartiles and the share that overlapped."""
    by: dict[tuple[str, str], list[Gap]] = defaultdict(list)
    for r in records:
        if isinstance(r, Gap):
            by[r.previous, r.speaker].append(r)
    out = []
    for (previous, speaker), found in sorted(by.items()):
        ftos = [g.fto_s for g in found]
        low, _, high = statistics.quantiles(ftos, n=4, method="inclusive") if len(ftos) > 1 else (ftos * 3)
        out.append({
            "from": previous,
            "to": speaker,
            "count": len(ftos),
            "median_s": median(ftos),
            "low_s": low,
            "high_s": high,
            "overlapped": sum(f < 0 for f in ftos) / len(ftos),
            "each": [[g.end, g.fto_s] for g in found],
        })  # fmt: skip
    return out


def interruption(r: Interruption) -> dict[str, Any]:
    """One interruption as report.json has it."""
    return {
        "start": r.start,
        "end": r.end,
        "speaker": r.speaker,
        "interrupted": r.interrupted,
        "kind": r.kind,
        "overlap_s": r.overlap_s,
        "yielded": r.yielded,
        "yielded_at": r.yielded_at,
        "words_cut": r.words_cut,
        "confidence": r.confidence,
    }


def came_in(records: Sequence[Record]) -> list[dict[str, Any]]:
    """How often each person came in on each other, by kind and outcome."""
    counts = Counter((r.speaker, r.interrupted, r.kind, r.yielded) for r in records if is_clear(r))
    keys = ("speaker", "interrupted", "kind", "yielded")
    ordered = sorted(counts.items(), key=lambda c: [str(part) for part in c[0]])
    return [{**dict(zip(keys, which, strict=True)), "count": count} for which, count in ordered]


def balance(spans: Mapping[str, Sequence[Span]], begin: float, end: float) -> list[dict[str, Any]]:
    """Speech of each person in each stretch of time; the last may be shorter."""
    step = next((step for longest, step in STRETCHES if end - begin <= longest), LONG_STRETCH_S)
    out = []
    for i in range(int(-(-(end - begin) // step))):
        low, high = begin + i * step, min(end, begin + (i + 1) * step)
        out.append({"start": low, "end": high, "talk_s": {p: inside(spans[p], low, high) for p in spans}})
    return out


def median(values: Sequence[float]) -> float:
    """The middle value; 0 of none."""
    return statistics.median(values) if values else 0.0
