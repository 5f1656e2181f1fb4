"""Sentence vectors for training and measuring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from voicecoach import models
from voicecoach.listening.language import load
from voicecoach.listening.text import sentences


class Vectors:
    """Sentence vectors, each computed once; `learn` does many at once, which is quicker."""

    def __init__(self) -> None:
        self._model = models.sentences()
        self._known: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str], /) -> np.ndarray:
        new = sorted({t for t in texts if t not in self._known})
        if new:
            self._known.update(zip(new, self._model(new), strict=True))
        return np.array([self._known[t] for t in texts], np.float32)

    def learn(self, replies: Iterable[str]) -> None:
        """Compute the vectors of all sentences of ``replies``."""
        self([s.plain for r in replies for s in sentences(r, load()) if s.words])
