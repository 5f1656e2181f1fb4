"""Who-changes and overlap on one microphone: segmentation-3.0 over a sliding window.

pyannote's segmentation-3.0 (Plaquet and Bredin 2023) tells for every 17 ms which of up to three voices it hears in its
window, one or two at a time. Its voices have no names: the same person may be voice 0 in one window and 2 in the next.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicecoach import models
from voicecoach.samples import RATE, Samples

SEG_STEP = 270
"""Samples from one frame of the model to the next (17 ms)."""
SEG_CENTRE = 495
"""Samples from the start of a frame's field to its middle."""
SEG_S = SEG_STEP / RATE
HOP = 15 * SEG_STEP
"""Samples from one window to the next (0.25 s)."""
WINDOW = 296 * SEG_STEP
"""Samples of a window (5.0 s): what the model was trained on is 10 s, and 5 s loses little at half the price."""
FRAMES = 293
"""Frames the model gives for a window."""

_MEMBERS = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]],
    np.float32,
)

Floats = npt.NDArray[np.float32]


class Segmentation:
    """The model. Raises `VoicecoachError` when it is not on this computer."""

    def __init__(self) -> None:
        self._session = models.onnx_session("segmentation-3.0")

    def __call__(self, window: Samples) -> tuple[Floats, Floats, Floats]:
        """Probabilities in ``window`` ``(n,)``: each voice ``(frames, 3)``, any voice, two at once ``(frames,)``."""
        classes = np.exp(self._session.run(None, {"waveform": window[None, None, :]})[0][0])
        return classes @ _MEMBERS, 1.0 - classes[:, 0], classes[:, 4:].sum(axis=1)


def runs(active: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches ``[start, stop)`` of True."""
    edges = np.diff(np.concatenate(([0], active.astype(np.int8), [0])))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))


def solo_runs(voices: Floats, close: int = 6) -> list[tuple[int, int, int]]:
    """Stretches ``(voice, start, stop)`` in which one voice of ``voices`` ``(frames, 3)`` speaks alone.

    Holes up to ``close`` frames (0.1 s) are closed where nobody else speaks in them.
    """
    active = voices > 0.5
    alone = active & (active.sum(axis=1, keepdims=True) == 1)
    out: list[tuple[int, int, int]] = []
    for voice in range(voices.shape[1]):
        own: list[tuple[int, int]] = []
        for start, stop in runs(alone[:, voice]):
            if own and start - own[-1][1] <= close and not active[own[-1][1] : start].any():
                own[-1] = (own[-1][0], stop)
            else:
                own.append((start, stop))
        out += [(voice, start, stop) for start, stop in own]
    return out
