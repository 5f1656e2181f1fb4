"""The lines of the transcript: turns, signs of listening, starts that came to nothing, and prompts."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicecoach.events import Backchannel, Prompt, Record, Speech, Turn, Word

Kind = Literal["turn", "backchannel", "aside", "prompt"]
NEAR_S = 0.05


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``start`` and ``end`` in seconds, ``speaker`` "" for the coach."""

    start: float
    end: float
    speaker: str
    text: str
    kind: Kind


def transcript_lines(records: Sequence[Record]) -> list[Line]:
    """All lines in order of time. No two have the same start in milliseconds and kind, so each has an id of its own."""
    words: dict[str, list[Word]] = {}
    for r in records:
        if isinstance(r, Word):
            words.setdefault(r.speaker, []).append(r)
    for said in words.values():
        said.sort(key=lambda w: w.start)
    lines: list[Line] = []
    for r in records:
        if isinstance(r, Turn):
            lines.append(Line(r.start, r.end, r.speaker, r.text or _between(words.get(r.speaker, []), r), "turn"))
        elif isinstance(r, Backchannel):
            text = r.text or _between(words.get(r.speaker, []), r)
            lines.append(Line(r.start, r.end, r.speaker, text, "backchannel"))
        elif isinstance(r, Prompt):
            lines.append(Line(r.start, r.end, "", r.text, "prompt"))
    held: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda x: x.start):
        held.setdefault(line.speaker, []).append(line)
    lines += [
        Line(r.start, r.end, r.speaker, _between(words.get(r.speaker, []), r), "aside")
        for r in records
        if isinstance(r, Speech) and not _held(held.get(r.speaker, []), r)
    ]
    return sorted(lines, key=lambda x: (x.start, x.end, x.speaker, x.kind))


def _held(lines: Sequence[Line], speech: Speech) -> bool:
    middle = (speech.start + speech.end) / 2
    last = bisect.bisect_right(lines, middle, key=lambda x: x.start)
    return any(middle <= x.end for x in lines[max(0, last - 4) : last])


def _between(words: Sequence[Word], span: Record) -> str:
    first = bisect.bisect_left(words, span.start - NEAR_S, key=lambda w: w.start)
    last = bisect.bisect_left(words, max(span.end, span.start + NEAR_S), key=lambda w: w.start)
    return " ".join(w.word for w in words[first:last])
