"""Two sound cards have a clock each: where the second one's sound belongs beside the first one's."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecoach.audio.track import Track
from voicecoach.samples import RATE

ALIGNED = RATE // 50
"""The same sound may stand so many samples (0.02 s) apart; from twice as many on, what is heard of one person through
the other's microphone looks like somebody else's speech. Two cards take minutes to drift so far."""
JUMP = 2 * ALIGNED
"""Further apart at once, with nothing lost, is no drift: a sound server delivers later or sooner than before, and what
it delivers still stands where it belongs."""
SURE = 20
"""Blocks (2 s) that have to say the same. Each goes by the one that came least late in 5 s, so a computer that is busy
for a while moves nothing."""
SETTLING = 100
"""Blocks (10 s) after the beginning, and after something was lost, before how far they are apart can be known well."""
LATELY = 300
"""Blocks (30 s) of which the softest says how quiet it is where nobody speaks …"""
QUIET = 2.0
"""… and one up to so many times as loud is a quiet moment: only there sound is left out or put in."""


class Alignment:
    """Keeps ``second`` beside ``first``, by when the blocks of both came in. Look after each block of both.

    At the start silence goes before the one that began later. After that only the second is moved: what the loudspeaker
    gives is compared with the first.
    """

    def __init__(self, first: Track, second: Track) -> None:
        self._first, self._second = first, second
        self._begun = self._settled = False
        self._since = self._missing = self._usual = 0
        self._apart: deque[int] = deque(maxlen=SURE)
        self._levels: deque[float] = deque(maxlen=LATELY)

    def look(self) -> None:
        """Both have brought something."""
        first, second = self._first, self._second
        if first.came_s is None or second.came_s is None:
            return
        later = round((second.begin_s - first.begin_s) * RATE)
        if not self._begun:
            self._begun = True
            (second if later > 0 else first).begin(abs(later))
            later = 0
        missing = first.missing + second.missing
        if missing != self._missing:
            self._missing, self._since, self._settled = missing, 0, False
            self._apart.clear()
            return
        self._since += 1
        self._apart.append(later - self._usual)
        self._follow(quiet=self._quiet())

    def _follow(self, *, quiet: bool) -> None:
        """Move the second, if all of late say that it is too far off."""
        if len(self._apart) < SURE:
            return
        least = min(self._apart, key=abs)
        if abs(least) <= ALIGNED:
            self._settled = self._settled or (self._since > SETTLING and max(map(abs, self._apart)) <= ALIGNED)
        elif all(x * least > 0 for x in self._apart):
            if self._settled and abs(least) > JUMP:
                self._usual += least
                self._apart.clear()
            elif quiet:
                self._second.move(least)
                self._apart.clear()

    def _quiet(self) -> bool:
        newest = self._second.newest
        if not len(newest):
            return False
        level = float(np.sqrt(np.mean(np.square(newest, dtype=np.float64))))
        self._levels.append(level)
        return level <= QUIET * min(self._levels)
