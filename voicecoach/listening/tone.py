"""Calm or raised: how a stretch of speech sounds beside how the same person has spoken so far. Sans-IO.

Nothing is compared between two people, and nothing is absolute: a loud person, a near microphone, a high voice are
each their own middle. Raised voices are louder, higher and quicker together (Juslin & Laukka 2003, table 7), loudness
first; the weights are set by hand so that what is one spread above in all three is not yet called raised.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from voicecoach.events import Prosody, Tone
from voicecoach.listening.rules import logistic

MEMORY_S = 300.0
"""A person's middle is that of so many seconds of their speech."""
KNOWN_S, KNOWN_STRETCHES = 8.0, 4
"""Before so much of a voice was heard, nothing is said about it."""
FULL_S = 1.0
"""A shorter stretch says less."""
FURTHEST = 3.0
"""No measure counts for more than so many spreads, either for a stretch or for what is learnt from it."""
LEAST_SPREAD = {"level": 2.0, "pitch": 1.2, "rate": 0.7}
"""In dB, semitones and syllables per second: everybody varies at least so much."""
UNLEARNT = 0.8
"""A raised voice teaches so much less about the person's middle; not nothing, as somebody may have moved closer."""
WEIGHTS = {"level": 1.2, "pitch": 0.9, "rate": 0.3}
BIAS = -3.0


@dataclass(slots=True)
class _Middle:
    """Mean and spread of one measure, the last `MEMORY_S` of speech counting most."""

    least: float
    mean: float = 0.0
    variance: float = 0.0
    weight_s: float = 0.0

    def off(self, value: float) -> float:
        """How many spreads ``value`` is away."""
        return max(-FURTHEST, min(FURTHEST, (value - self.mean) / max(self.least, math.sqrt(self.variance))))

    def learn(self, value: float, seconds: float) -> None:
        if self.weight_s >= KNOWN_S:
            reach = FURTHEST * max(self.least, math.sqrt(self.variance))
            value = max(self.mean - reach, min(self.mean + reach, value))
        self.weight_s = min(self.weight_s + seconds, MEMORY_S)
        share = seconds / self.weight_s
        step = value - self.mean
        self.mean += share * step
        self.variance += share * ((1 - share) * step * step - self.variance)


@dataclass(slots=True)
class _Voice:
    middles: dict[str, _Middle] = field(default_factory=lambda: {n: _Middle(s) for n, s in LEAST_SPREAD.items()})
    stretches: int = 0


class Tones:
    """Turns `Prosody` into `Tone`, each person against themselves."""

    def __init__(self) -> None:
        self._voices: dict[str, _Voice] = {}

    def push(self, heard: Prosody) -> Tone:
        """Say how a stretch sounds beside those before it, then learn from it."""
        voice = self._voices.setdefault(heard.speaker, _Voice())
        values = {
            "level": heard.level_db,
            "pitch": 12 * math.log2(heard.pitch_hz) if heard.pitch_hz else None,
            "rate": heard.rate_hz,
        }
        there = {name: value for name, value in values.items() if value is not None}
        seconds = heard.end - heard.start
        away = {name: there[name] - voice.middles[name].mean for name in there if voice.middles[name].weight_s > 0}
        known = voice.stretches >= KNOWN_STRETCHES and voice.middles["level"].weight_s >= KNOWN_S
        raised = 0.0
        if known and "pitch" in there:
            off = sum(WEIGHTS[name] * voice.middles[name].off(there[name]) for name in away)
            raised = logistic(BIAS + off * math.sqrt(min(1.0, seconds / FULL_S)))
        for name, value in there.items():
            voice.middles[name].learn(value, seconds * (1 - UNLEARNT * raised))
        voice.stretches += 1
        return Tone(
            start=heard.start,
            end=heard.end,
            speaker=heard.speaker,
            raised=round(raised, 4),
            louder_db=away.get("level", 0.0),
            higher_st=away.get("pitch", 0.0),
            quicker=away.get("rate", 0.0),
            ending_st=heard.ending_st,
        )
