"""Small sounds made of a few sine partials: soft, short, and each its own."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from voicecoach.events import Sound
from voicecoach.samples import RATE, Samples

PEAK = 0.25

_NOTES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "interruption": ((0.0, 523.25),),
    "listening_on": ((0.0, 392.00), (0.13, 587.33)),
    "listening_off": ((0.0, 587.33), (0.13, 392.00)),
    "prompt": ((0.0, 440.00), (0.10, 523.25)),
    "bell": ((0.0, 293.66),),
    "back": ((0.0, 293.66), (0.12, 392.00), (0.24, 493.88)),
}
"""Start of each note in seconds, and its frequency in hertz."""

_PARTIALS = ((1.0, 1.0, 0.16), (2.0, 0.35, 0.08), (3.01, 0.12, 0.04))
"""Multiple of the note's frequency, amplitude, time constant of its decay in seconds: a small wooden bar."""

_LENGTH_S, _BREATH_S = 0.45, 0.9
_BREATH = 0.025
"""Level (root mean square) of the breath under "listening_on", all frequencies of a voice: from it the echo canceller
learns the room and how late the loudspeaker comes back, so that the first prompt is not taken for a person and a person
is heard over it. Half as long it taught too little: 1 of 4 first prompts was heard as a voice (`bench echo`)."""


def chime(kind: Sound = "interruption") -> Samples:
    """Float32 mono samples at 16 kHz, shape (n,), under a second, peak 0.25, beginning and ending at zero."""
    length = int((_BREATH_S if kind == "listening_on" else _LENGTH_S) * RATE)
    out = np.zeros(length)
    for start, frequency in _NOTES[kind]:
        t = np.arange(length - int(start * RATE)) / RATE
        attack = np.minimum(1.0, t / 0.008)
        note = sum(a * np.exp(-t / decay) * np.sin(2 * np.pi * m * frequency * t) for m, a, decay in _PARTIALS)
        out[int(start * RATE) :] += attack * note
    fade = int(0.05 * RATE)
    out[-fade:] *= np.linspace(1.0, 0.0, fade)
    if kind == "listening_on":
        out = out * PEAK / np.abs(out).max() + _breath(length)
    return np.asarray(out * PEAK / np.abs(out).max(), dtype=np.float32)


def _breath(length: int) -> npt.NDArray[np.float64]:
    """Noise as soft as a brush, the same every time, from silence to silence: ``(length,)``."""
    noise = np.random.default_rng(0).normal(0.0, 1.0, length + 3)
    soft = np.convolve(noise, (0.5, 0.3, 0.15, 0.05), "valid")  # less of what is high
    rise, fall = np.arange(length) / (0.05 * RATE), np.arange(length)[::-1] / (0.1 * RATE)
    shape = np.minimum(1.0, np.minimum(rise, fall))
    return np.asarray(_BREATH * shape * soft / np.sqrt(np.mean(np.square(soft))))
