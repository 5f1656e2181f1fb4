"""What an echo canceller leaves of an echo, and whether something stands out over it."""

from __future__ import annotations

from collections import deque

from voicecoach.samples import RATE

FRAME = 320
"""Samples of one decision (20 ms)."""
LEFT = 0.32
"""Of an echo a canceller leaves far less than this share (-10 dB), of a person more."""
OVER = 1.5
"""A person is also so many times (3.5 dB) louder than what the canceller would leave now …"""
LATELY_S = 0.05
"""… of the echo as it did lately (time constant), …"""
ROOM_S = 0.5
"""… which a room gives back for so long: between two words its reverberation is left, and nothing else is heard."""
KNOWN_S = 0.5
"""Of what was heard for so long, and is still there, the canceller cannot say that it is an echo: it is somebody."""
STANDS_S = 0.2
"""What stood out goes on for so long: a word is not cut where it is softer."""


class Residue:
    """Follows, in frames of `FRAME` samples, the share of an echo that is left; at first that may be all of it.

    A canceller that has heard little of a room leaves a tenth of an echo and more, which is as loud as a soft voice.
    """

    def __init__(self) -> None:
        self._share = 1.0
        self._learnt = 0
        self._levels: deque[float] = deque(maxlen=round(ROOM_S * RATE / FRAME))
        self._stood: deque[bool] = deque(maxlen=round(STANDS_S * RATE / FRAME))

    def begin(self) -> None:
        """How much will be left is not known."""
        self._share = 1.0
        self._learnt = 0

    def person(self, heard: float, left: float, *, audible: bool) -> bool:
        """Whether what is ``left`` of what was ``heard`` (levels) is somebody's; else it is learnt from if audible."""
        self._levels.append(heard)
        loudest = max(self._levels)
        stands_out = left > OVER * self._share**0.5 * loudest
        person = stands_out and left > LEFT * heard
        if audible and not person:
            self._learnt += FRAME
            most = (LEFT / OVER) ** 2 if self._learnt >= KNOWN_S * RATE else 1.0
            self._share += (min(1.0, (left / loudest) ** 2) - self._share) * FRAME / (LATELY_S * RATE)
            self._share = min(self._share, most)
        self._stood.append(stands_out)
        return person

    @property
    def stood_out(self) -> bool:
        """Whether something stood out just now."""
        return any(self._stood)
