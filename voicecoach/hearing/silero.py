"""Silero voice activity as a stream: the model inside faster-whisper, its state carried from step to step."""

from __future__ import annotations

import numpy as np

from voicecoach import models
from voicecoach.hearing.base import STEP
from voicecoach.samples import Samples

_CONTEXT = 64


class Silero:
    """Probability of speech for each step of one channel.

    The model reads ``[1, 576]``: 64 samples before the step and its 512, and carries ``h`` and ``c``.
    """

    def __init__(self) -> None:
        self._session = models.onnx_session("silero-vad")
        self._input = np.zeros((1, _CONTEXT + STEP), np.float32)
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)

    def __call__(self, step: Samples) -> float:
        """Probability that somebody speaks in this step ``(512,)``."""
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = step
        p, self._h, self._c = self._session.run(None, {"input": self._input, "h": self._h, "c": self._c})
        return float(p.reshape(-1)[0])
