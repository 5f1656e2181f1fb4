"""The figures of one session, from its records alone. Times in seconds since the session began."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from voicecoach.events import (
    Break,
    CaptureGap,
    Interruption,
    Overlap,
    Record,
    SessionEnded,
    SessionStarted,
    Speech,
    Turn,
    Word,
    standing,
)
from voicecoach.report.figures.checkin import parts, places
from voicecoach.report.figures.floor import balance, came_in, gaps, interruption, is_clear
from voicecoach.report.figures.people import person
from voicecoach.report.figures.prompts import prompts
from voicecoach.report.figures.replies import replies
from voicecoach.report.figures.spans import length, merge, together


def summarise(records: Iterable[Record]) -> dict[str, Any]:
    """Everything report.json holds, ready for JSON; floats rounded to a millisecond. Works for no records at all."""
    kept = sorted(records, key=lambda r: (r.start, r.end))
    head = next((r for r in kept if isinstance(r, SessionStarted)), None)
    tail = next((r for r in kept if isinstance(r, SessionEnded)), None)
    people = list(head.people) if head else []
    people += dict.fromkeys(r.speaker for r in kept if isinstance(r, (Speech, Turn)) and r.speaker not in people)
    begin = head.start if head else 0.0
    end = max((r.end for r in kept), default=begin)
    spans = {p: merge((r.start, r.end) for r in kept if isinstance(r, Speech) and r.speaker == p) for p in people}
    talk = {p: length(spans[p]) for p in people}
    whole = sum(talk.values())
    anyone = length(merge(s for p in people for s in spans[p]))
    lost = [{"start": r.start, "end": r.end, "reason": r.reason} for r in kept if isinstance(r, CaptureGap)]
    unheard = merge((r.start, r.end) for r in kept if isinstance(r, (Break, CaptureGap)))
    hours = max(0.0, end - begin - length(unheard)) / 3600
    judged = replies(kept)
    out = {
        "version": 2,
        "date": head.date if head else "",
        "source": head.source if head else "",
        "hearing": head.hearing if head else "",
        "ended": tail.reason if tail else None,
        "duration_s": end - begin,
        "heard_h": hours,
        "somebody_speaks_s": anyone,
        "silence_s": max(0.0, hours * 3600 - anyone),
        "words_known": any(isinstance(r, Word) or (isinstance(r, Turn) and bool(r.text)) for r in kept),
        "together_s": max(0.0, together([s for p in people for s in spans[p]])),
        "people": {p: person(p, kept, talk[p], whole, hours, judged) for p in people},
        "gaps": gaps(kept),
        "overlaps": dict(sorted(Counter(r.kind for r in kept if isinstance(r, Overlap)).items())),
        "overlaps_at": _by_kind(kept),
        "interruptions": [interruption(r) for r in kept if is_clear(r)],
        "unclear": [interruption(r) for r in kept if isinstance(r, Interruption) and not is_clear(r)],
        "came_in": came_in(kept),
        "replies": judged,
        "prompts": prompts(kept),
        "checkin": {"parts": parts(kept), "places": places(kept)},
        "balance": balance(spans, begin, end),
        "lost": lost,
        "breaks": [{"start": r.start, "end": r.end, "reason": r.reason} for r in kept if isinstance(r, Break)],
        "corrections": [
            {"number": n, "start": c.start, "speaker": c.speaker, "label": c.label, "name": c.name}
            for n, c in standing(kept)
        ],
    }
    rounded: dict[str, Any] = _rounded(out)
    return rounded


def _by_kind(records: Iterable[Record]) -> dict[str, list[float]]:
    out: dict[str, list[float]] = {}
    for r in records:
        if isinstance(r, Overlap):
            out.setdefault(r.kind, []).append(r.start)
    return dict(sorted(out.items()))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3) + 0.0
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(v) for v in value]
    return value
