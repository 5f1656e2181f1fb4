"""What the exports for linguists hold: who spoke when with which words, and the moments in it."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.events import Backchannel, Interruption, Prompt, Record, ReplyAct, SessionStarted, Speech, Turn, Word

LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Span:
    """``speaker`` speaks from ``start`` to ``end`` (s) and says ``text`` ("" = not known)."""

    start: float
    end: float
    speaker: str
    text: str


def people_of(records: Sequence[Record]) -> list[str]:
    """Everybody named or heard, in that order, each once."""
    named = [p for r in records if isinstance(r, SessionStarted) for p in r.people]
    return list(dict.fromkeys([*named, *(r.speaker for r in records if isinstance(r, (Speech, Turn)))]))


def spoken(records: Sequence[Record]) -> list[Span]:
    """Each stretch of speech with its words, in order of time; one person's never overlap and are never empty.

    A word belongs to the stretch nearest to its middle. Where a log has turns but no speech, turns stand in for it.
    """
    out: list[Span] = []
    for person in people_of(records):
        own = sorted((r.start, r.end) for r in records if isinstance(r, Speech) and r.speaker == person)
        texts: dict[int, list[str]] = {}
        if own:
            words = sorted((w for w in records if isinstance(w, Word) and w.speaker == person), key=lambda w: w.start)
            for word in words:
                texts.setdefault(_nearest(own, (word.start + word.end) / 2), []).append(word.word)
        else:
            turns = sorted((t for t in records if isinstance(t, Turn) and t.speaker == person), key=lambda t: t.start)
            own = [(t.start, t.end) for t in turns]
            texts = {i: [t.text] for i, t in enumerate(turns)}
        free = 0.0
        for i, (start, end) in enumerate(own):
            begin = max(start, free)
            text = " ".join(" ".join(texts.get(i, [])).split())
            if round(end, 3) > round(begin, 3):
                out.append(Span(begin, end, person, text))
                free = end
    return sorted(out, key=lambda s: (s.start, s.end, s.speaker))


def _nearest(spans: Sequence[tuple[float, float]], at: float) -> int:
    """Index of the span that holds a time, or lies nearest to it."""
    i = max(0, bisect.bisect_right(spans, (at, float("inf"))) - 1)
    after = min(i + 1, len(spans) - 1)
    return after if spans[i][1] < at and spans[after][0] - at < at - spans[i][1] else i


def moments(records: Sequence[Record]) -> list[Span]:
    """Interruptions, signs of listening, what was said back, and prompts: ``text`` says what, in English."""
    out: list[Span] = []
    for r in records:
        match r:
            case Interruption():
                what = f"interruption of {r.interrupted} ({r.kind}, {r.confidence:.2f})"
            case Backchannel():
                what = f"backchannel to {r.to}"
            case ReplyAct() if r.acts.get("reflection", 0.0) >= LIKELY:
                what = f"reflection to {r.to} ({r.acts['reflection']:.2f})"
            case Prompt():
                what = f"prompt to {r.to}: {r.text}" if r.text else "chime"
            case _:
                continue
        out.append(Span(r.start, r.end, r.speaker, what))
    return sorted(out, key=lambda s: (s.start, s.end, s.speaker, s.text))
