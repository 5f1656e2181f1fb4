"""What is kept of a person's voice: an embedding and how sure one can be of it. Never the sound itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach import models
from voicecoach.errors import VoicecoachError
from voicecoach.hearing.fbank import fbank
from voicecoach.samples import Samples

MODEL = "campplus"
VERSION = 1
DIMENSIONS = 192

Embedding = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiceprint:
    """One voice, without a name.

    ``embedding``: 192 numbers of length 1; ``threshold``: cosine with another piece of sound over which it is this
    voice, as measured on the enrolment itself; ``model`` and ``version``: what made it.
    """

    embedding: tuple[float, ...]
    threshold: float
    model: str = MODEL
    version: int = VERSION

    def to_json(self) -> dict[str, Any]:
        """JSON-ready dict."""
        return {
            "version": self.version,
            "model": self.model,
            "threshold": round(self.threshold, 4),
            "embedding": [round(x, 6) for x in self.embedding],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Voiceprint:
        """Inverse of `to_json`. Raises `VoicecoachError` when it was made by another version or is damaged."""
        try:
            made = (int(data["version"]), str(data["model"]))
            values = tuple(float(x) for x in data["embedding"])
            threshold = float(data["threshold"])
        except (KeyError, TypeError, ValueError) as error:
            raise VoicecoachError("This saved voice is damaged: enroll it again.") from error
        if made != (VERSION, MODEL):
            raise VoicecoachError("This voice was saved by another version of voicecoach: enroll it again.")
        if len(values) != DIMENSIONS or not np.isfinite(values).all() or not np.isfinite(threshold):
            raise VoicecoachError("This saved voice is damaged: enroll it again.")
        return cls(embedding=values, threshold=threshold)

    def vector(self) -> Embedding:
        """The embedding ``(192,)``, length 1."""
        return unit(np.array(self.embedding, np.float32))


def unit(vector: npt.NDArray[np.floating[Any]]) -> Embedding:
    """``vector`` ``(192,)`` scaled to length 1."""
    out: Embedding = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return out


class Embedder:
    """CAM++ (Wang et al. 2023): a piece of one voice → 192 numbers. Raises `VoicecoachError` without the model."""

    def __init__(self) -> None:
        self._session = models.onnx_session(MODEL)

    def __call__(self, samples: Samples) -> Embedding:
        """Embedding ``(192,)`` of length 1 of ``samples`` ``(n,)``, at least 0.1 s."""
        out = self._session.run(None, {"features": fbank(samples)[None]})[0][0]
        return unit(out)
