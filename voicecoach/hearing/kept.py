"""What of voices may be kept: a hearing learns from all that it hears, this only from what is on the record."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from copy import deepcopy

import numpy as np
import numpy.typing as npt

from voicecoach.hearing.voiceprint import DIMENSIONS, Embedding

LATE_S = 60.0
"""A span is counted so long after it was heard: "off the record" holds from where somebody began to say it, and is
understood later, the later the busier the computer."""

MayKeep = Callable[[float, float], bool]
"""Whether what is heard between two times, in seconds since the session began, may be kept."""


def always(start_s: float, end_s: float) -> bool:
    """Nothing is off the record."""
    return True


class Sums:
    """Embeddings by voice, each with the seconds it is of; ``most_s``: older ones fade so that no voice has more."""

    def __init__(self, count: int, most_s: float) -> None:
        self.total: npt.NDArray[np.float64] = np.zeros((count, DIMENSIONS))
        self.seconds: npt.NDArray[np.float64] = np.zeros(count)
        self._most_s = most_s

    def add(self, voice: int, embedding: Embedding, seconds: float) -> None:
        """Add a span of ``voice``."""
        fade = min(1.0, self._most_s / (self.seconds[voice] + seconds))
        self.total[voice] = (self.total[voice] + embedding * seconds) * fade
        self.seconds[voice] = (self.seconds[voice] + seconds) * fade


class Kept:
    """`Sums` of the spans that ``may_keep`` lets be kept."""

    def __init__(self, count: int, most_s: float, may_keep: MayKeep) -> None:
        self._sums = Sums(count, most_s)
        self._may_keep = may_keep
        self._fresh: deque[tuple[int, Embedding, float, float]] = deque()

    def take(self, voice: int, embedding: Embedding, start_s: float, seconds: float) -> None:
        """Take a span of ``voice`` that begins at ``start_s``."""
        self._fresh.append((voice, embedding, start_s, seconds))
        while self._fresh[0][2] < start_s - LATE_S:
            self._count(self._sums, *self._fresh.popleft())

    def sums(self) -> Sums:
        """All that may be kept by now."""
        now = deepcopy(self._sums)
        for span in self._fresh:
            self._count(now, *span)
        return now

    def _count(self, sums: Sums, voice: int, embedding: Embedding, start_s: float, seconds: float) -> None:
        if self._may_keep(start_s, start_s + seconds):
            sums.add(voice, embedding, seconds)
