"""The last stretch of sound of every channel."""

from __future__ import annotations

import numpy as np

from voicecoach.samples import RATE, Samples
from voicecoach.transcript.jobs import Span

_BLOCK = 10 * RATE


class Ring:
    """Keeps sound ``(n, channels)`` until it is forgotten; at most ``longest_s`` of it."""

    def __init__(self, channels: int, longest_s: float) -> None:
        self.channels = channels
        self._longest = int(longest_s * RATE)
        self._sound = np.zeros((2 * _BLOCK, channels), np.float32)
        self._first = 0
        self._n = 0

    @property
    def end_s(self) -> float:
        """Length of all the sound that was ever pushed."""
        return (self._first + self._n) / RATE

    @property
    def start_s(self) -> float:
        """Time of the oldest sound kept."""
        return self._first / RATE

    def push(self, samples: Samples) -> None:
        """Take ``(n, channels)``. Raises ValueError for another number of channels."""
        data = np.asarray(samples, np.float32)
        data = data[:, None] if data.ndim == 1 else data
        if data.shape[1] != self.channels:
            raise ValueError(f"expected {self.channels} channels, got {data.shape[1]}")
        need = self._n + len(data)
        if need > len(self._sound):
            grown = np.zeros((need + _BLOCK, self.channels), np.float32)
            grown[: self._n] = self._sound[: self._n]
            self._sound = grown
        self._sound[self._n : need] = data
        self._n = need
        if self._n > self._longest:
            self._drop(self._n - self._longest)

    def forget(self, before_s: float) -> None:
        """Sound before this time will not be asked for again. Frees it in large pieces, so copying stays rare."""
        spare = min(int(before_s * RATE) - self._first, self._n)
        if spare >= _BLOCK:
            self._drop(spare)

    def wipe(self) -> None:
        """Write over all sound there is; its time goes on."""
        self._sound[:] = 0.0
        self._first += self._n
        self._n = 0

    def get(self, channel: int, span: Span) -> tuple[float, Samples]:
        """Copy of what there is of ``span``, and the time at which it starts."""
        a = min(max(round(span[0] * RATE) - self._first, 0), self._n)
        b = min(max(round(span[1] * RATE) - self._first, a), self._n)
        return (self._first + a) / RATE, self._sound[a:b, channel].copy()

    def _drop(self, count: int) -> None:
        left = self._n - count
        kept = self._sound[count : self._n]
        if len(self._sound) > 2 * (left + _BLOCK):
            self._sound = np.zeros((left + 2 * _BLOCK, self.channels), np.float32)
            self._sound[:left] = kept
        else:
            self._sound[:left] = kept.copy()
        self._first += count
        self._n = left
