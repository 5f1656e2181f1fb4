"""Whose the first syllables of a voice are is hard to tell: so short a start belongs to whoever goes on from it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicecoach.hearing.base import FRAME_S

LONGEST_S = 0.45
"""A longer start of one voice before another's is a remark of its own: a sign of listening lasts 0.3 to 0.8 s …"""
AT_ONCE_S = 0.05
"""… and nobody answers one so soon."""
AHEAD = round((LONGEST_S + 2 * AT_ONCE_S) / FRAME_S)
"""Frames that have to be known beyond the one that is decided."""


class HandOver:
    """Gives a short start of one voice, out of silence, to the voice that follows it without a breath.

    One window of the model hears one voice there, but what is known of a person in 0.2 s is often another's. On four
    telephone calls on one microphone 7 of 23 wrong signs of listening were such starts.
    """

    def __init__(self) -> None:
        self._moved: tuple[int, int, int] | None = None

    def settle(
        self,
        speaks: npt.NDArray[np.bool_],
        sure: npt.NDArray[np.float32],
        at: int,
        first: int,
        since: npt.NDArray[np.int_],
        hole: int,
    ) -> None:
        """Put frame ``at`` of ``speaks`` and ``sure``, both ``(frames, people)``, right, in place.

        ``first``: number of their first frame since the session began; ``since``: frames since each person spoke,
        before that one; up to ``hole`` a voice is not over.
        """
        if self._moved is None:
            self._moved = self._found(speaks, at, first) if bool((since > hole).all()) else None
        if self._moved is not None:
            one, other, end = self._moved
            if first + at >= end:
                self._moved = None
            elif speaks[at, one]:
                speaks[at, [one, other]] = speaks[at, [other, one]]
                sure[at, [one, other]] = sure[at, [other, one]]

    @staticmethod
    def _found(speaks: npt.NDArray[np.bool_], at: int, first: int) -> tuple[int, int, int] | None:
        """Who begins at frame ``at``, who goes on from there, and the frame from which on; None: it is no hand-over."""
        if speaks[at].sum() != 1:
            return None
        one = int(speaks[at].argmax())
        run = speaks[at : at + AHEAD]
        over = np.flatnonzero(~run[:, one])
        if not len(over) or over[0] > round(LONGEST_S / FRAME_S):
            return None
        end = int(over[0])
        near = run[end : end + round(AT_ONCE_S / FRAME_S)]
        others: npt.NDArray[np.bool_] = np.any(near, axis=0)
        if others[one] or others.sum() != 1 or (run[:end].sum(axis=1) != 1).any():
            return None
        return one, int(others.argmax()), first + at + end
