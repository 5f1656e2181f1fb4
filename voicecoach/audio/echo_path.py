"""How late the loudspeaker comes back to the microphone, and whether that has changed."""

from __future__ import annotations

from enum import Enum, auto

import numpy as np

from voicecoach.samples import RATE, Samples

WINDOW = 4096
"""Samples that are compared (0.26 s): enough speech to be found in a room, few enough to know soon after a change."""
LATEST = RATE * 6 // 10
"""The latest echo looked for, in samples."""
EARLIEST = RATE // 5
"""After a sound card stumbled the echo may come so many samples before what is taken for its prompt."""
CLEAR, SURE = 8.0, 11.0
"""A peak so many times over the root mean square of all delays is taken for the echo where it was before / elsewhere:
other voices make peaks of 6, seldom 10. In simulated rooms the echo's own are 9 to 15, without a room 30."""
APART = 32
"""Samples (2 ms) by which a delay may wander: two sound cards run at slightly different rates."""


class Found(Enum):
    """Where the echo is."""

    UNCLEAR = auto()
    THERE = auto()
    ELSEWHERE = auto()
    MOVED = auto()


class EchoPath:
    """Compares what is heard with what was put out.

    Their cross-correlation, all frequencies weighed alike (the phase transform of Knapp and Carter, 1976), peaks at the
    delay of the direct sound, also under another voice.
    """

    def __init__(self) -> None:
        self._heard = np.zeros(WINDOW, np.float32)
        self._out = np.zeros(WINDOW + LATEST, np.float32)
        self._elsewhere: int | None = None
        self.known: int | None = None

    def push(self, heard: Samples, out: Samples) -> None:
        """Take the next of what is heard ``(n, channels)``, of which the loudest counts, and of what was put out."""
        loudest = heard[:, int(np.argmax(np.square(heard).sum(axis=0)))]
        self._heard = np.concatenate((self._heard, loudest))[-WINDOW:]
        self._out = np.concatenate((self._out, out))[-(WINDOW + LATEST) :]

    def look(self) -> Found:
        """Where the echo is in the last window. Found elsewhere twice in a row it has moved, and is there from then."""
        before, self._elsewhere = self._elsewhere, None
        delay, strength = self._delay(WINDOW)
        if self.known is not None and strength >= CLEAR and abs(delay - self.known) <= APART:
            newest, surely = self._delay(WINDOW // 2)  # a stumble shows there first
            if surely < SURE or abs(newest - delay) <= APART:
                self.known = delay
                return Found.THERE
            delay, strength = newest, surely
        if strength < SURE:
            return Found.UNCLEAR
        if before is None or abs(delay - before) > APART:
            self._elsewhere = delay
            return Found.ELSEWHERE
        self.known = delay
        return Found.MOVED

    def _delay(self, window: int) -> tuple[int, float]:
        """Delay of the best match in the newest ``window`` samples heard, in samples, and its strength."""
        out = self._out[WINDOW - window :]
        size = 1 << (2 * window + LATEST - 1).bit_length()
        cross = np.fft.rfft(self._heard[-window:], size) * np.fft.rfft(out, size).conj()
        strength = np.abs(cross)
        match = np.fft.irfft(cross / (strength + 1e-3 * strength.max() + 1e-12), size)
        by_delay = np.abs(match[np.arange(-LATEST - EARLIEST, 1)])  # index EARLIEST: heard as it is put out
        best = int(np.argmax(by_delay))
        return best - EARLIEST, float(by_delay[best] / (np.sqrt(np.mean(np.square(by_delay))) + 1e-12))
