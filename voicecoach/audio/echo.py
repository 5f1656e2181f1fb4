"""Our own prompt, as the microphone hears it, is not a person: take it out, and notice who speaks over it."""

from __future__ import annotations

from collections import deque

import numpy as np
from pywebrtc_audio import EchoCanceller as Aec3

from voicecoach.audio.chunk import RATE, Samples

FRAME = 320
"""Samples of one decision (20 ms)."""
TAIL_S = 0.6
"""Sound cards and room give a prompt back for so long after it was put out."""
FLOOR = 0.003
"""A person is louder than a quiet room (-50 dBFS) …"""
LEFT = 0.32
"""… and is left by the canceller: of an echo it leaves far less than this share (-10 dB), of a person more."""
SETTLING_S = 1.0
"""The longest that the first echo may take to be known; until then nothing passes while a prompt sounds."""
SETTLED_S = 0.2
"""Known is an echo that was taken out for so long."""
PERSON_S = 0.08
"""Somebody speaks when so much of the last `WITHIN_S` was a person's."""
WITHIN_S = 0.16


class EchoCanceller:
    """Subtracts the prompt with WebRTC's AEC3 (it finds the delay, up to half a second, and the room by itself).

    Sound passes bit for bit while no prompt plays. ``person``: somebody was heard over the prompt in the last piece.
    Measured by `scripts/bench echo`. A half-duplex gate by level, tried before, heard nobody over a prompt.
    """

    def __init__(self, channels: int) -> None:
        self.person = False
        self._cancel = [Aec3(sample_rate=RATE) for _ in range(channels)]
        self._sounding: deque[bool] = deque(maxlen=round(TAIL_S * RATE / FRAME))
        self._persons: deque[bool] = deque(maxlen=round(WITHIN_S * RATE / FRAME))
        self._echo = self._removed = 0

    def process(self, heard: Samples, reference: Samples) -> Samples:
        """``heard`` ``(n, channels)`` without the prompt; ``reference`` ``(n,)``: the next of what was put out."""
        self.person = False
        far = np.ascontiguousarray(reference, np.float32)
        clean = np.stack([c.process(np.ascontiguousarray(x), far) for c, x in zip(self._cancel, heard.T, strict=True)])
        out = heard
        for at in range(0, len(heard), FRAME):
            here = slice(at, at + FRAME)
            self._sounding.append(bool(np.any(far[here])))
            if not any(self._sounding):
                self._persons.clear()
                continue
            if out is heard:
                out = heard.copy()
            self._follow(_rms(heard[here].T), _rms(clean[:, here]))
            self.person = self.person or sum(self._persons) * FRAME >= PERSON_S * RATE
            out[here] = clean[:, here].T if self._settled else 0.0
        return out

    @property
    def _settled(self) -> bool:
        return self._removed >= SETTLED_S * RATE or self._echo >= SETTLING_S * RATE

    def _follow(self, heard: float, left: float) -> None:
        """Take note of one frame under a prompt, and of what the canceller left of it."""
        audible = heard > FLOOR
        self._echo += FRAME * audible
        self._removed += FRAME * (audible and left < LEFT * heard)
        self._persons.append(self._settled and left > FLOOR and left > LEFT * heard)


def _rms(sound: Samples) -> float:
    """Level of the loudest channel of ``(channels, n)``."""
    return float(np.sqrt(np.square(sound, dtype=np.float64).mean(axis=1).max())) if sound.size else 0.0
