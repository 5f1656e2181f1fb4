"""Silero voice activity as a stream: the model inside faster-whisper, its state carried from step to step."""

from __future__ import annotations

from importlib import resources

import numpy as np
import onnxruntime

from voicecoach.hearing.base import STEP, Samples

_CONTEXT = 64


def quiet_session(path: str) -> onnxruntime.InferenceSession:
    """Open an ONNX Runtime session on one thread: two cores are shared with the decoder."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class Silero:
    """Probability of speech for each step of one channel.

    The model reads ``[1, 576]``: 64 samples before the step and its 512, and carries ``h`` and ``c``.
    """

    def __init__(self) -> None:
        with resources.as_file(resources.files("faster_whisper.assets") / "silero_vad_v6.onnx") as path:
            self._session = quiet_session(str(path))
        self._input = np.zeros((1, _CONTEXT + STEP), np.float32)
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)

    def __call__(self, step: Samples) -> float:
        """Probability that somebody speaks in this step ``(512,)``."""
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = step
        p, self._h, self._c = self._session.run(None, {"input": self._input, "h": self._h, "c": self._c})
        return float(p.reshape(-1)[0])
