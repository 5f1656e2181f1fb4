"""One microphone, enrolled voices: who speaks when, by comparing with what each person sounded like alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from voicecoach.hearing.mono import MonoHearing, MonoSettings
from voicecoach.hearing.voiceprint import DIMENSIONS, Embedding, Voiceprint


class Enrolled:
    """Identity by cosine with enrolled voices."""

    def __init__(self, embeddings: Sequence[Embedding]) -> None:
        self.count = len(embeddings)
        self._voices = np.stack(list(embeddings)).reshape(self.count, DIMENSIONS)

    def scores(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Cosine of ``(n, 192)`` with each enrolled voice, ``(n, count)``."""
        out: npt.NDArray[np.float64] = (embeddings @ self._voices.T).astype(np.float64)
        return out

    def learn(self, embedding: Embedding, seconds: float) -> None:
        """Enrolled voices stay as they were enrolled."""


class EnrolledHearing(MonoHearing):
    """Who speaks when on one microphone; ``voiceprints``: name → enrolled voice, in the order of ``people``."""

    mode = "enrolled"

    def __init__(self, voiceprints: Mapping[str, Voiceprint], settings: MonoSettings | None = None) -> None:
        super().__init__(tuple(voiceprints), Enrolled([v.vector() for v in voiceprints.values()]), settings)
