"""One microphone, enrolled voices: who speaks when, by comparing with what each person sounded like alone."""

from __future__ import annotations

import dataclasses
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
"""What was enrolled weighs as much as so many seconds of what is learnt: in one session a voice moves half way."""
LEARNED_S = 20.0
"""So many seconds of clear spans are worth keeping for the next session."""
MOST_S = 45.0
"""What was learnt never weighs more than so many seconds, and older ones fade."""


class Enrolled:
    """Identity by cosine with enrolled voices, which go on learning gently from what is clearly one person's."""

    def __init__(self, voiceprints: Sequence[Voiceprint]) -> None:
        self.count = len(voiceprints)
        self._voiceprints = tuple(voiceprints)
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

    def learned(self, person: int) -> Voiceprint | None:
        """The voice as it is known now, to be enrolled from here on; None: too little was heard to change it."""
        if self._seconds[person] < LEARNED_S:
            return None
        values = tuple(float(x) for x in self._voices[person])
        return dataclasses.replace(self._voiceprints[person], embedding=values)


class EnrolledHearing(MonoHearing):
    """Who speaks when on one microphone; ``voiceprints``: name → enrolled voice, in the order of ``people``."""

    mode = "enrolled"

    def __init__(self, voiceprints: Mapping[str, Voiceprint], settings: MonoSettings | None = None) -> None:
        self._enrolled = Enrolled(list(voiceprints.values()))
        super().__init__(tuple(voiceprints), self._enrolled, settings)

    def learned(self) -> dict[str, Voiceprint]:
        """Return what the voices sound like now, of those heard clearly for `LEARNED_S` or more."""
        now = {person: self._enrolled.learned(i) for i, person in enumerate(self.people)}
        return {person: voice for person, voice in now.items() if voice is not None}
