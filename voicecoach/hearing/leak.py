"""Whose sound is it: the other person's voice also reaches one's own microphone, only weaker."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicecoach.hearing.base import FRAME_S
from voicecoach.hearing.level import LOWEST_DB, Percentile

_MARGIN_DB = 6.0
"""How far over the expected leak a frame must be to count as one's own voice."""
_FADE_DB = 150.0 * FRAME_S
"""How fast the other's voice is taken to die away in the room, per frame: a reverberation time of 0.4 s."""
_CLEAR_DB = 15.0
"""The other must be this far over the noise for a frame to teach the leak gain."""
_FIRST_GUESS_DB = -14.0
_MEMORY = 12.0 / FRAME_S


class LeakGate:
    """Tells own voice from leak by relative energy, with the leak gain of each pair of channels tracked.

    While one person is clearly the loudest, the level on another channel relative to theirs is mostly leak (people
    speak at once for less than a sixth of the time), so the median over the last 12 s of such frames is the gain.
    """

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._gain: dict[tuple[int, int], Percentile] = {}
        for own in range(channels):
            for other in range(channels):
                if own != other:
                    gain = Percentile(0.5, _MEMORY)
                    for _ in range(64):
                        gain.add(_FIRST_GUESS_DB)
                    self._gain[own, other] = gain
        self._envelope = np.full(channels, LOWEST_DB)

    def __call__(self, levels: npt.NDArray[np.float64], floors: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Which frames are not leak: ``levels`` ``(frames, channels)`` in dB, ``floors`` ``(channels,)``."""
        out = np.ones(levels.shape, bool)
        if self._channels == 1:
            return out
        expected = np.full((self._channels, self._channels), -np.inf)
        for (own, other), gain in self._gain.items():
            g = gain.value()
            expected[own, other] = g + min(_MARGIN_DB, max(-g, 0.0))
        for i, frame in enumerate(levels):
            self._envelope = np.maximum(frame, self._envelope - _FADE_DB)
            out[i] = frame > (self._envelope[None, :] + expected).max(axis=1)
            loudest = int(frame.argmax())
            if frame[loudest] > floors[loudest] + _CLEAR_DB:
                for own in range(self._channels):
                    if own != loudest:
                        self._gain[own, loudest].add(frame[own] - frame[loudest])
        return out
