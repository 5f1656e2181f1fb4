"""`Holding`: one person has the floor for their time, with a bell at its end and a grace to finish in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from voicecoach.practice.answers import Answers
from voicecoach.practice.ears import Ears

QUIET_S = 4.5
"""Who has been silent so long has finished for now; a shorter silence is theirs to think in."""
DONE_QUIET_S = 0.8
"""After "that's it", or at a call, so much silence is enough …"""
LATE_QUIET_S = 0.9
"""… and once the bell has sounded, so much …"""
PIECE_QUIET_S = 2.0
"""… and after a long piece, which nobody could say back if it went on, so much."""
PIECE_S = 120.0
LEAST_S = 1.0
"""Less speech than this is not yet a beginning."""
TOLD_S = 3.0
REPLY_S = 2.0
"""The listener has begun to answer by themselves when they speak so much after the speaker's silence of `GAP_S`."""
GAP_S = 0.5


@dataclass(frozen=True, slots=True)
class Held:
    """``name``: ``"spoke"``, ``"time"``, ``"answered"`` (the listener began by themselves) or ``"silent"``."""

    name: str


class Holding:
    """Follows ``speaker`` from ``since`` on; ``left_s``: their time, ``grace_s``: how far they may go over it."""

    def __init__(
        self, speaker: str, listener: str, since: float, ears: Ears, answers: Answers, *, left_s: float, grace_s: float
    ) -> None:
        self._speaker = speaker
        self._listener = listener
        self._ears = ears
        self._answers = answers
        self._left_s = left_s
        self._grace_s = grace_s
        self.since = self._quiet_from = since
        self.rung = False

    @property
    def spoken_s(self) -> float:
        """How long the speaker has had the floor, silences inside included, the one at its end not."""
        last = self._ears.silent_since(self._speaker)
        end = self._ears.now if last == math.inf else last
        return max(0.0, min(end, self._ears.now) - self.since)

    @property
    def begun(self) -> bool:
        """Whether the speaker has said anything worth answering."""
        return self._ears.speech_s(self._speaker, self.since) >= LEAST_S

    def bell_is_due(self) -> bool:
        """Whether the time is over and the bell has not sounded; once."""
        due = not self.rung and self._ears.now - self.since >= self._left_s and self.begun
        self.rung = self.rung or due
        return due

    def wait_from(self, time: float) -> None:
        """Silence counts anew from ``time``: the coach has said something."""
        self._quiet_from = max(self._quiet_from, time)

    def look(self, wait_s: float) -> Held | None:
        """Whether it is over. ``wait_s``: how long to wait for the first word."""
        ears, now = self._ears, self._ears.now
        elapsed, last = now - self.since, ears.silent_since(self._speaker)
        if not self.begun:
            return Held("silent") if now - max(self._quiet_from, ears.silent_since()) >= wait_s else None
        if elapsed >= self._left_s + self._grace_s:
            return Held("time")
        if last == math.inf:
            return None
        return self._finished(now - max(ears.silent_since(), self._quiet_from)) or self._answered(last)

    def _finished(self, quiet_s: float) -> Held | None:
        """Whether the speaker has finished for now; nobody has spoken for ``quiet_s``."""
        ears = self._ears
        if ears.silent_since() > ears.now:  # somebody speaks
            return None
        if self.rung and quiet_s >= LATE_QUIET_S:
            return Held("time")
        enough = quiet_s >= QUIET_S
        enough |= quiet_s >= PIECE_QUIET_S and ears.speech_s(self._speaker, self.since) >= PIECE_S
        enough |= quiet_s >= DONE_QUIET_S and self._answers.says_done(ears.said(self._speaker, self.since))
        return Held("spoke") if enough else None

    def _answered(self, last: float) -> Held | None:
        """Whether the listener has begun to answer by themselves, after the speaker fell silent at ``last``."""
        ears = self._ears
        began = ears.began(self._listener, max(last, self._quiet_from))
        told = ears.speech_s(self._speaker, self.since) >= TOLD_S
        if told and began is not None and began >= last + GAP_S and ears.speech_s(self._listener, began) >= REPLY_S:
            return Held("answered")
        return None
