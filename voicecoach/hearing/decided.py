"""Who speaks when is known already: the signals again, while the sound goes by."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.events import Clock, Signal
from voicecoach.hearing.voiceprint import Voiceprint
from voicecoach.samples import RATE, Samples


class Decided:
    """Says ``signals`` (in order of time, of one channel) as soon as their sound has been pushed.

    A recording is heard as a whole; what else listens to it, such as `Measured`, needs signals beside the sound.
    """

    latency_s = ahead_s = 0.0

    def __init__(self, people: Sequence[str], mode: str, signals: Sequence[Signal]) -> None:
        self.people, self.mode = tuple(people), mode
        self._signals, self._next = signals, 0
        self._samples = 0

    def channel_of(self, person: str) -> int:
        """Always 0, the only channel. Raises ValueError for a stranger."""
        self.people.index(person)
        return 0

    def push(self, samples: Samples) -> list[Signal]:
        """Take sound ``(n, 1)`` or ``(n,)``; give what is said of it."""
        self._samples += len(samples)
        return [*self._until(self._samples / RATE), Clock(start=self._samples / RATE, end=self._samples / RATE)]

    def finish(self) -> list[Signal]:
        """Give the rest."""
        return self._until(float("inf"))

    def learned(self) -> dict[str, Voiceprint]:
        """Nothing is learnt here."""
        return {}

    def found(self) -> dict[str, Voiceprint]:
        """Nobody is told apart here."""
        return {}

    def _until(self, now_s: float) -> list[Signal]:
        first = self._next
        while self._next < len(self._signals) and self._signals[self._next].end <= now_s:
            self._next += 1
        return [s for s in self._signals[first : self._next] if not isinstance(s, Clock)]
