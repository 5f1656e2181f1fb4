"""One person's speech between two silences, while it grows and when it is done."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

JOIN_S = 0.2
"""Silence up to this long inside one person's speech does not divide it: the definition of an inter-pausal unit."""

Role = Literal["turn", "backchannel", "aside"]


@dataclass(slots=True, eq=False)
class Unit:
    """An IPU (or a given utterance).

    ``off``: when the voice last went off, None while it is on; ``closed``: no more sound will join
    it. ``text`` is what was said, None until the words are known, and ``sure`` how sure the recogniser is of it on
    average. ``role``: see
    `voicecoach.floor`. ``given``: an utterance as somebody marked it, which stands alone.
    """

    speaker: str
    start: float
    off: float | None = None
    closed: bool = False
    confidence: float = 1.0
    text: str | None = None
    sure: float = 1.0
    role: Role | None = None
    given: bool = False
    contacts_made: bool = field(default=False, repr=False)

    @property
    def end(self) -> float:
        """When it ended; infinite while it goes on."""
        return math.inf if self.off is None else self.off

    def length_s(self, now: float) -> float:
        """Its length as far as it is known at ``now``."""
        return min(self.end, now) - self.start

    def on_at(self, time: float) -> bool:
        """Whether it sounds at ``time``."""
        return self.start <= time < self.end
