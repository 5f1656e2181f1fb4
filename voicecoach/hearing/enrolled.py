"""One microphone, enrolled voices: who speaks when, by comparing with what each person sounded like alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from voicecoach.hearing.mono import MonoHearing, MonoSettings
from voicecoach.hearing.voiceprint import DIMENSIONS, Embedding, Voiceprint, unit


LEAST_SPAN_S = 0.7
"""A voice learns from spans at least this long."""
SURE = 0.15
"""... that fit it this much better than any other, ..."""
KEPT_S = 45.0
"""What was enrolled weighs as much as so many seconds of what is learnt, for ever: a voice cannot drift away."""
MOST_S = 45.0
"""What was learnt never weighs more than so many seconds, and older ones fade."""


class Enrolled:
    """Identity by cosine with enrolled voices, which go on learning gently from what is clearly one person's."""

    def __init__(self, voiceprints: Sequence[Voiceprint]) -> None:
        self.count = len(voiceprints)
        self._enrolled = np.stack([v.vector() for v in voiceprints]).reshape(self.count, DIMENSIONS)
        self._least = np.array([v.threshold for v in voiceprints])
        self._sum = np.zeros((self.count, DIMENSIONS))
        self._seconds = np.zeros(self.count)
        self._voices = self._enrolled

    def scores(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Cosine of ``(n, 192)`` with each voice, ``(n, count)``."""
        out: npt.NDArray[np.float64] = (embeddings @ self._voices.T).astype(np.float64)
        return out

    def learn(self, embedding: Embedding, seconds: float) -> None:
        """Refine the voice that ``embedding`` clearly is; a doubtful one teaches nothing."""
        fit = self._enrolled @ embedding
        order = np.argsort(-fit, kind="stable")
        best = int(order[0])
        clear = self.count == 1 or fit[best] - fit[order[1]] > SURE
        if seconds < LEAST_SPAN_S or fit[best] < self._least[best] or not clear:
            return
        fade = min(1.0, MOST_S / (self._seconds[best] + seconds))
        self._sum[best] = (self._sum[best] + embedding * seconds) * fade
        self._seconds[best] = (self._seconds[best] + seconds) * fade
        self._voices = np.stack([unit(e * KEPT_S + s) for e, s in zip(self._enrolled, self._sum, strict=True)])


class EnrolledHearing(MonoHearing):
    """Who speaks when on one microphone; ``voiceprints``: name → enrolled voice, in the order of ``people``."""

    mode = "enrolled"

    def __init__(self, voiceprints: Mapping[str, Voiceprint], settings: MonoSettings | None = None) -> None:
        super().__init__(tuple(voiceprints), Enrolled(list(voiceprints.values())), settings)
