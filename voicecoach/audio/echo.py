"""Our own prompt, as the microphone hears it, is not a person: silence it, unless somebody is louder than it can be."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecoach.audio.chunk import RATE, Samples

FRAME = 320
"""Samples of one decision (20 ms)."""
TAIL_S = 0.3
"""The room and the sound card give a prompt back for so long after it was put out."""
LEARN_S = 0.3
"""The first moments of a prompt, in which nobody can have reacted yet, tell how loud the microphone hears it."""
MARGIN = 2.5
"""A person is heard when the microphone is so many times (8 dB) louder than the prompt can make it."""
FLOOR = 0.003
"""… and louder than a quiet room (-50 dBFS)."""
START = 0.05
"""Loudness of the prompt at the microphone, per loudness put out, before any was heard."""


class EchoGate:
    """Half-duplex by level. Sound passes bit for bit while no prompt plays.

    It does not subtract the prompt (an echo canceller damages what a person says over it); it only asks whether there
    is more to hear than the prompt. ``person`` tells whether somebody was heard over it in the last piece.
    """

    def __init__(self) -> None:
        self.person = False
        self._coupling = START
        self._recent: deque[float] = deque([0.0] * round(TAIL_S * RATE / FRAME), maxlen=round(TAIL_S * RATE / FRAME))
        self._played = 0

    def process(self, heard: Samples, reference: Samples) -> Samples:
        """``heard`` ``(n, channels)`` with the prompt silenced; ``reference`` ``(n,)``: what was put out meanwhile."""
        self.person = False
        out = heard
        for at in range(0, len(heard), FRAME):
            self._recent.append(_rms(reference[at : at + FRAME]))
            loudest = max(self._recent)
            if loudest == 0.0:
                self._played = 0
                continue
            piece = heard[at : at + FRAME]
            level = max(_rms(piece[:, c]) for c in range(piece.shape[1]))
            self._played += len(piece)
            if self._played <= LEARN_S * RATE:
                self._coupling = max(self._coupling, level / loudest)
            elif level > max(MARGIN * self._coupling * loudest, FLOOR):
                self.person = True
                continue
            if out is heard:
                out = heard.copy()
            out[at : at + FRAME] = 0.0
        return out


def _rms(sound: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if len(sound) else 0.0
