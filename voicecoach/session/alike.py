"""Whether two channels hold the same sound: then there is no person to a channel, whatever their number says."""

from __future__ import annotations

import numpy as np

from voicecoach.samples import Samples

UNDER = 0.01
"""Power of what differs between two channels, beside what they share, below which they are one (20 dB). A person to a
channel has -15 dB with the other mixed in at -3 dB; one sound on both, through MP3 with a noise of its own, -30 dB."""


class Alike:
    """Listens to sound ``(n, channels)`` and is true when its two channels hold the same."""

    def __init__(self) -> None:
        self._shared = self._differs = 0.0

    def push(self, samples: Samples) -> None:
        """Take a piece."""
        if samples.shape[1] == 2:
            left, right = samples[:, 0], samples[:, 1]
            self._shared += float(np.square(left + right).sum())
            self._differs += float(np.square(left - right).sum())

    def __bool__(self) -> bool:
        return self._shared > 0.0 and self._differs <= UNDER * self._shared
