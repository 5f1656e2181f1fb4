"""One beat for everything that decides, however finely the clock of the hearing ticks."""

from __future__ import annotations

import math

from voicecoach.events import Clock, Event

BEAT_S = 0.1
"""Grain of all decisions."""


class Beat:
    """Turns a clock of any grain into one that shows every multiple of ``BEAT_S`` once; other events pass unchanged.

    So what is decided depends on when things happened, to a tenth of a second, and never on how often somebody looked.
    """

    def __init__(self) -> None:
        self._beats = 0

    def push(self, event: Event) -> list[Event]:
        """``event``, or for a `Clock` the beats it has reached."""
        if not isinstance(event, Clock):
            return [event]
        reached = math.floor(event.start / BEAT_S + 1e-6)
        first, self._beats = self._beats + 1, max(self._beats, reached)
        return [Clock(start=round(i * BEAT_S, 3), end=round(i * BEAT_S, 3)) for i in range(first, self._beats + 1)]
