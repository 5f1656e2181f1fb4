"""What was put out at the time when something was heard, from callbacks that come late but never early."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecoach.samples import RATE, Samples

BEHIND_S = 0.1
"""The reference is read so much later than it was put out, so that neither sound card has to be on time. Both hold more
than this ready between them, so the echo still comes after it."""
REMEMBER_S = 5.0
"""Of so many seconds the callback that was least late says when the others were due."""
ASTRAY_S = 0.03
"""Reading that is further from its place than this begins anew there, in a silence: two sound cards do not run at quite
the same rate, and one that stumbles stays late."""
PAUSE_S = 1.0
"""Silence that ends a prompt."""
KEPT_S = 30.0
"""What nobody has asked for by then is let go."""


class Timeline:
    """When each sample of a stream was due."""

    def __init__(self) -> None:
        self.count = 0
        self._begins: deque[tuple[float, float]] = deque()

    def note(self, samples: int, now: float) -> None:
        """``samples`` more have passed at ``now``, in seconds of a clock that never jumps, or a little before."""
        self.count += samples
        begin = now - self.count / RATE
        while self._begins and self._begins[-1][1] >= begin:
            self._begins.pop()
        self._begins.append((now, begin))
        while self._begins[0][0] < now - REMEMBER_S:
            self._begins.popleft()

    def forget(self) -> None:
        """The stream stopped for a while: what was due before says nothing about now."""
        self._begins.clear()

    @property
    def begin_s(self) -> float:
        """When the first sample was due, on that clock."""
        return self._begins[0][1] if self._begins else 0.0


class Reference:
    """The sound that was put out, beside the sound that is heard.

    It depends on when sound passed the sound cards, not on when somebody gets round to it: a busy computer asks late
    and in bursts. Inside a prompt its place is not changed, unless the loudspeaker ran dry.
    """

    def __init__(self) -> None:
        self._out, self._heard = Timeline(), Timeline()
        self._ring = np.zeros(round(KEPT_S * RATE), np.float32)
        self._prompt = (0, 0)
        self._at: int | None = None
        self._stumbled = False

    def put(self, sound: Samples, now: float, *, stumbled: bool = False) -> None:
        """``sound`` ``(n,)`` was given to the loudspeaker at ``now``; ``stumbled``: it had run dry before that."""
        if stumbled:
            self._out.forget()
            self._stumbled = True
        begin, end = self._out.count, self._out.count + len(sound)
        if sound.any():
            first, last = self._prompt
            self._prompt = (first if begin - last < PAUSE_S * RATE else begin, end)
        self._ring[np.arange(begin, end) % len(self._ring)] = sound
        self._out.note(len(sound), now)

    def take(self, n: int, now: float, lost: int = 0) -> Samples:
        """What was put out beside ``n`` samples that came in by ``now``, after ``lost`` others; ``(n,)``."""
        self._heard.note(lost + n, now)
        if not self._out.count:
            return np.zeros(n, np.float32)
        late_s = self._heard.begin_s - self._out.begin_s - BEHIND_S
        due = self._heard.count - n + round(late_s * RATE)
        at = due if self._at is None else self._at + lost
        first, last = self._prompt
        outside = max(at, due) + n <= first or min(at, due) >= last
        if (outside or self._stumbled) and abs(at - due) > ASTRAY_S * RATE:
            at = due
        at = min(at, self._out.count - n)  # what comes next is not known yet
        self._stumbled = False
        self._at = at + n
        wanted = np.arange(at, at + n)
        there = (wanted >= max(0, self._out.count - len(self._ring))) & (wanted < self._out.count)
        return np.where(there, self._ring[wanted % len(self._ring)], np.float32(0.0))
