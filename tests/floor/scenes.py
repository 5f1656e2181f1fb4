"""Conversations for the floor: voices, words and a clock from the truth of a fixture, or from plain stretches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voicecoach.events import Clock, Event, Interruption, Record, VoiceOff, VoiceOn, Word, WordsUntil
from voicecoach.floor import ALL, Cues, Floor

Stretch = tuple[float, float, str, str]
"""start, end, speaker, text"""


def spread(start: float, end: float, who: str, text: str) -> list[Word]:
    """Words of ``text``, evenly over their time."""
    said = text.split()
    step = (end - start) / max(1, len(said))
    return [
        Word(start=start + i * step, end=start + (i + 1) * step, speaker=who, word=word) for i, word in enumerate(said)
    ]


def signals(
    stretches: Sequence[Stretch], *, tick_s: float = 0.1, late_s: float = 0.8, words: Iterable[Word] | None = None
) -> list[Event]:
    """What hearing and transcript would tell of ``stretches``; words come ``late_s`` after their sound."""
    people = sorted({s[2] for s in stretches})
    timed: list[tuple[float, int, Event]] = []
    for start, end, who, _ in stretches:
        timed += [(start, 1, VoiceOn(start=start, end=start, speaker=who))]
        timed += [(end, 0, VoiceOff(start=end, end=end, speaker=who))]
    if words is None:
        words = [w for start, end, who, text in stretches for w in spread(start, end, who, text)]
    timed += [(w.end + late_s, 2, w) for w in words]
    for k in range(int((max(s[1] for s in stretches) + 4) / tick_s)):
        now = k * tick_s
        timed += [(now, 3, WordsUntil(start=now - late_s, end=now - late_s, speaker=p)) for p in people]
        timed.append((now, 4, Clock(start=now, end=now)))
    return [event for _, _, event in sorted(timed, key=lambda t: t[:2])]


def run(events: Iterable[Event], cues: Cues = ALL, *, words: bool = True) -> list[Record]:
    """What stays of a conversation, in order of time."""
    floor = Floor(cues=cues, words=words)
    out = [e for event in events for e in floor.push(event)] + floor.finish()
    kept = [e for e in out if isinstance(e, Record) and getattr(e, "status", "confirmed") == "confirmed"]
    return sorted(kept, key=lambda e: (e.start, e.end, e.type, repr(e)))


def provisional(events: Iterable[Event]) -> list[tuple[float, Interruption]]:
    """Interruptions in the order told, each with the time of the clock then."""
    floor, now, out = Floor(), 0.0, []
    for event in events:
        now = event.start if isinstance(event, Clock) else now
        out += [(now, e) for e in floor.push(event) if isinstance(e, Interruption)]
    return out
