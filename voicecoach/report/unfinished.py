"""What was being said when a log broke off: its words were kept as they came, its speech only when it was over."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.events import CUT_OFF, CaptureGap, Record, SessionEnded, Speech, Word

JOINED_S = 0.5
"""Words closer than this are one stretch of speech here; where a word begins and ends is known to about 0.1 s."""


def unfinished(records: Sequence[Record]) -> list[Speech]:
    """Speech that follows from words in none, in the last moments before a log was cut off, or went on after that."""
    out: list[Speech] = []
    part: list[Record] = []
    for record in records:
        if isinstance(record, CaptureGap) and record.reason == CUT_OFF:
            out += _last(part)
            part = []
        else:
            part.append(record)
    return out if any(isinstance(r, SessionEnded) for r in part) else out + _last(part)


def _last(part: Sequence[Record]) -> list[Speech]:
    """The speech of each person behind their last one that is in the log."""
    out: list[Speech] = []
    for person in dict.fromkeys(r.speaker for r in part if isinstance(r, Word)):
        known = max((r.end for r in part if isinstance(r, Speech) and r.speaker == person), default=0.0)
        words = sorted((r.start, r.end) for r in part if isinstance(r, Word) and r.speaker == person)
        spans: list[tuple[float, float]] = []
        for start, end in ((s, e) for s, e in words if (s + e) / 2 > known):
            if spans and start - spans[-1][1] < JOINED_S:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((max(start, known), end))
        out += (Speech(start=start, end=end, speaker=person) for start, end in spans)
    return out
