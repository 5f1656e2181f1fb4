"""How tense a conversation sounds: voices, overlaps, pace and words of the last minute as one number. Sans-IO.

A hint for the coach to offer a break, and a line in the report; never a diagnosis and never about one person: both
people's moments go into the same sums. There is no recording with labels to fit it to, so the weights are set by hand
and stand here in the open.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

from voicecoach.events import Clock, Event, Gap, Interruption, ReplyAct, Tension, Tone, Turn

WINDOW_S = 60.0
STEP_S = 10.0
"""Told so often, while anybody speaks."""
LEAST_SPEECH_S = 15.0
"""Voices weigh by their seconds in the window, counted as at least so many: one loud word is not a loud minute."""
INTERRUPTIONS = 2.0
"""So many in a minute are halfway to the most (1 - 1/e)."""
QUICK = 1.5
"""Syllables per second over one's own middle that count as the quickest."""
USUAL_OVERLAP, MANY_CHANGES = 0.4, 4
"""About 40 % of floor changes overlap a little (DESIGN: what is common is not tense); fewer changes say less."""
LEAST_REPLIES = 3
HOT: Mapping[str, float] = {
    "contempt": 1.0, "threat": 1.0, "blame": 1.0, "sarcasm": 0.8, "judging_question": 0.8, "minimising": 0.6,
    "defence": 0.5, "disagreement": 0.3,
}  # fmt: skip
COOL: Mapping[str, float] = {
    "repair": 1.0, "apology": 1.0, "reflection": 0.8, "validation": 0.8, "appreciation": 0.8, "agreement": 0.4,
    "i_statement": 0.4,
}  # fmt: skip
WEIGHTS: Mapping[str, float] = {"voice": 0.7, "overlaps": 0.5, "pace": 0.25, "words": 0.6}


class TensionMeter:
    """Gives a `Tension` every `STEP_S` while people talk. Feed it what floor and listening tell, and the clock."""

    def __init__(self) -> None:
        self._voice: deque[tuple[float, float, float]] = deque()
        self._pace: deque[tuple[float, float, float]] = deque()
        self._cut_in: deque[tuple[float, float, float]] = deque()
        self._changes: deque[tuple[float, float, float]] = deque()
        self._words: deque[tuple[float, float, float]] = deque()
        self._next = STEP_S
        self._last = -math.inf

    def push(self, event: Event) -> list[Tension]:
        """Take note of ``event``; what is newly due."""
        match event:
            case Tone():
                seconds = event.end - event.start
                self._voice.append((event.end, seconds, event.raised))
                self._pace.append((event.end, seconds, min(1.0, max(0.0, event.quicker / QUICK))))
                self._last = max(self._last, event.end)
            case Interruption() if event.status == "confirmed":
                self._cut_in.append((event.end, 1.0, event.confidence))
            case Gap():
                self._changes.append((event.end, 1.0, float(event.fto_s < 0)))
            case ReplyAct() if not event.partial:
                self._words.append((event.end, 1.0, heat(event.acts)))
            case Turn():
                self._last = max(self._last, event.end)
                return self._due(event.end)
            case Clock() if math.isfinite(event.start):
                return self._due(event.start)
        return []

    def _due(self, now: float) -> list[Tension]:
        out = []
        while self._next <= now:
            if self._last > self._next - WINDOW_S:
                out.append(self._at(self._next))
            self._next += STEP_S
        return out

    def _at(self, now: float) -> Tension:
        for kept in (self._voice, self._pace, self._cut_in, self._changes, self._words):
            recent = [item for item in kept if now - WINDOW_S < item[0]]
            kept.clear()
            kept.extend(recent)
        changes = _total(self._changes, now, 0.0)
        overlapping = _mean(self._changes, now, MANY_CHANGES) if changes else 0.0
        parts = {
            "voice": _mean(self._voice, now, LEAST_SPEECH_S),
            "overlaps": 1 - math.exp(-sum(v for t, _, v in self._cut_in if t <= now) / INTERRUPTIONS),
            "pace": (_mean(self._pace, now, LEAST_SPEECH_S) + max(0.0, overlapping - USUAL_OVERLAP)) / 1.6,
            "words": max(0.0, _mean(self._words, now, LEAST_REPLIES)),
        }
        calm = math.prod(1 - WEIGHTS[name] * part for name, part in parts.items())
        return Tension(start=max(0.0, now - WINDOW_S), end=now, value=1 - calm, parts=parts)


def heat(acts: Mapping[str, float]) -> float:
    """What one reply adds to or takes from the tension, in [-1, 1]."""
    hot = max((weight * acts.get(act, 0.0) for act, weight in HOT.items()), default=0.0)
    cool = max((weight * acts.get(act, 0.0) for act, weight in COOL.items()), default=0.0)
    return hot - cool


def _total(items: deque[tuple[float, float, float]], now: float, least: float) -> float:
    return max(least, sum(weight for t, weight, _ in items if t <= now))


def _mean(items: deque[tuple[float, float, float]], now: float, least: float) -> float:
    return sum(weight * value for t, weight, value in items if t <= now) / _total(items, now, least)
