"""One microphone, enrolled voices: who speaks when, by comparing with what each person sounded like alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from voicecoach.hearing.kept import Kept, MayKeep, Sums, always
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
    """Identity by cosine with enrolled voices, which go on learning gently from what is clearly one person's.

    ``may_keep``: of what is known of them afterwards, what may have been learnt when.
    """

    def __init__(self, voiceprints: Sequence[Voiceprint], may_keep: MayKeep = always) -> None:
        self.count = len(voiceprints)
        self._voiceprints = tuple(voiceprints)
        self._enrolled = np.stack([v.vector() for v in voiceprints]).reshape(self.count, DIMENSIONS)
        self._least = np.array([v.threshold for v in voiceprints])
        self._heard = Sums(self.count, MOST_S)
        self._kept = Kept(self.count, MOST_S, may_keep)
        self._voices = self._enrolled

    def scores(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Cosine of ``(n, 192)`` with each voice, ``(n, count)``."""
        out: npt.NDArray[np.float64] = (embeddings @ self._voices.T).astype(np.float64)
        return out

    def learn(self, embedding: Embedding, seconds: float, start_s: float = 0.0) -> None:
        """Refine the voice that ``embedding`` clearly is; a doubtful one teaches nothing."""
        fit = self._enrolled @ embedding
        order = np.argsort(-fit, kind="stable")
        best = int(order[0])
        clear = self.count == 1 or fit[best] - fit[order[1]] > SURE
        if seconds < LEAST_SPAN_S or fit[best] < self._least[best] or not clear:
            return
        self._heard.add(best, embedding, seconds)
        self._kept.take(best, embedding, start_s, seconds)
        self._voices = self._now(self._heard)

    def learned(self, person: int) -> Voiceprint | None:
        """The voice as it is known now, to be enrolled from here on; None: too little was heard to change it."""
        kept = self._kept.sums()
        if kept.seconds[person] < LEARNED_S:
            return None
        values = tuple(float(x) for x in self._now(kept)[person])
        return dataclasses.replace(self._voiceprints[person], embedding=values)

    def _now(self, heard: Sums) -> npt.NDArray[np.float32]:
        """What was enrolled together with what was heard, ``(count, 192)``."""
        return np.stack([unit(e * KEPT_S + s) for e, s in zip(self._enrolled, heard.total, strict=True)])


class EnrolledHearing(MonoHearing):
    """Who speaks when on one microphone; ``voiceprints``: name → enrolled voice, in the order of ``people``."""

    mode = "enrolled"

    def __init__(
        self,
        voiceprints: Mapping[str, Voiceprint],
        settings: MonoSettings | None = None,
        may_keep: MayKeep = always,
    ) -> None:
        self._enrolled = Enrolled(list(voiceprints.values()), may_keep)
        super().__init__(tuple(voiceprints), self._enrolled, settings)

    def learned(self) -> dict[str, Voiceprint]:
        """Return what the voices sound like now, of those heard clearly for `LEARNED_S` or more."""
        now = {person: self._enrolled.learned(i) for i, person in enumerate(self.people)}
        return {person: voice for person, voice in now.items() if voice is not None}
