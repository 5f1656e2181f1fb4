"""One microphone, nobody enrolled: the voices are found while people talk.

Sound is held back until there are clearly two voices, or, with more people expected, for 30 s; it is then heard from
its beginning with the voices known, so that nothing said before is ever taken back. The voices keep learning after
that, and a stranger who is heard for long enough becomes a voice of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from voicecoach.events import Clock, Signal
from voicecoach.hearing.base import Blocks
from voicecoach.hearing.kept import Kept, MayKeep, Sums, always
from voicecoach.hearing.mono import MonoHearing, MonoSettings, MonoTracker, settings_for
from voicecoach.hearing.segmentation import HOP
from voicecoach.hearing.voiceprint import DIMENSIONS, Embedding, Voiceprint, unit
from voicecoach.samples import RATE, Samples

HOLD_S = 30.0
"""The longest the first words wait for a second voice."""
_TWO_VOICES = 0.64
"""Cosine between two groups of spans below which they are two people; two telephone voices had 0.59."""
_MORE_VOICES = 0.58
"""The same for a third and further voices: people come in twos far more often, and one voice varies."""
_STRANGER = 0.30
"""A span this unlike every known voice may be somebody new: of one's own, 1 in 20 is below 0.45 or so."""
_SAME_STRANGER = 0.45
"""Two such spans this much alike are one person, who is then known."""
_SURE = 0.12
"""A voice learns from spans that fit it this much better than any other."""
LEAST_SPAN_S = 0.7
"""Shorter embeddings say too little about a voice to learn from."""
_LEAST_VOICE_S = 2.0
_SETTLED_S = 7.0
"""Seconds of spans of each of two voices from which on nothing is held back any more."""
_LEAST_STRANGER_S = 4.0
"""The windows overlap, so that two seconds of a voice make four or five seconds of spans."""
_FULL_S = 120.0
"""Seconds of spans that make a voice; older ones fade."""
KEPT_S = 22.0
"""So many seconds of spans, some 11 s of a voice alone, are worth keeping as an enrolment."""


class Found:
    """Identity by voices found so far; unknown ones are founded by the first stranger.

    ``voices``: those known at first, with seconds of each. ``may_keep``: what of that which is learnt then may be kept.
    """

    def __init__(self, count: int, voices: Sequence[tuple[Embedding, float]], may_keep: MayKeep = always) -> None:
        self.count = count
        self._sum = np.zeros((count, DIMENSIONS))
        self._seconds = np.zeros(count)
        self._voices = np.zeros((count, DIMENSIONS), np.float32)
        self._strangers: list[tuple[Embedding, float, float]] = []
        self._kept = Kept(count, _FULL_S, may_keep)
        for i, (voice, seconds) in enumerate(voices):
            self._refine(i, voice, seconds)

    def scores(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Cosine of ``(n, 192)`` with each voice; one that nobody has met yet is like nothing."""
        out = np.full((len(embeddings), self.count), -1.0)
        known = int((self._seconds > 0).sum())
        out[:, :known] = embeddings @ self._voices[:known].T
        return out

    def kept(self) -> Sums:
        """What of each voice may be kept."""
        return self._kept.sums()

    def learn(self, embedding: Embedding, seconds: float, start_s: float = 0.0) -> None:
        """Found or refine a voice, from spans of 0.7 s and more that are clearly one person's."""
        if seconds < LEAST_SPAN_S:
            return
        known = int((self._seconds > 0).sum())
        fit = np.sort(embedding @ self._voices[:known].T)[::-1] if known else np.full(1, -1.0)
        if known < self.count and fit[0] < _STRANGER:
            self._meet(embedding, seconds, start_s)
        elif known == 1 or fit[0] - fit[1] > _SURE:
            self._take(int(np.argmax(embedding @ self._voices[:known].T)), embedding, seconds, start_s)

    def _meet(self, embedding: Embedding, seconds: float, start_s: float) -> None:
        """Take note of a stranger; one heard for long enough becomes a voice."""
        alike = [i for i, (other, _, _) in enumerate(self._strangers) if float(other @ embedding) > _SAME_STRANGER]
        heard_s = seconds + sum(self._strangers[i][1] for i in alike)
        if heard_s < _LEAST_STRANGER_S:
            self._strangers.append((embedding, seconds, start_s))
            return
        new = int((self._seconds > 0).sum())
        self._take(new, embedding, seconds, start_s)
        for i in alike:
            self._take(new, *self._strangers[i])
        self._strangers = [s for i, s in enumerate(self._strangers) if i not in alike]

    def _take(self, voice: int, embedding: Embedding, seconds: float, start_s: float) -> None:
        self._refine(voice, embedding, seconds)
        self._kept.take(voice, embedding, start_s, seconds)

    def _refine(self, voice: int, embedding: Embedding, seconds: float) -> None:
        if self._seconds[voice] > _FULL_S:  # an old voice still follows the room and the day
            self._sum[voice] *= 0.5
            self._seconds[voice] *= 0.5
        self._sum[voice] += embedding * seconds
        self._seconds[voice] += seconds
        self._voices[voice] = unit(self._sum[voice])


class VoiceFinder:
    """Collects what single voices sounded like and sorts it into people, each heard for ``least_s`` or more."""

    count = 1

    def __init__(self, least_s: float = _LEAST_VOICE_S) -> None:
        self._least_s = least_s
        self._embeddings: list[Embedding] = []
        self._seconds: list[float] = []

    def scores(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Everybody is the one person there is, ``(n, 1)``."""
        return np.ones((len(embeddings), 1))

    def learn(self, embedding: Embedding, seconds: float, start_s: float = 0.0) -> None:
        """Take note of one span."""
        if seconds >= LEAST_SPAN_S:
            self._embeddings.append(embedding)
            self._seconds.append(seconds)

    def voices(self, most: int) -> list[tuple[Embedding, float]]:
        """Up to ``most`` voices with the seconds each was heard, in order of their first span."""
        if not self._embeddings:
            return []
        data, weights = np.stack(self._embeddings), np.array(self._seconds)
        groups = [np.arange(len(data))]
        while len(groups) < most:
            alike = _TWO_VOICES if len(groups) == 1 else _MORE_VOICES
            parts = [_split(data[g], weights[g], alike, self._least_s) for g in groups]
            worth = [-1.0 if p is None else p[1] for p in parts]
            widest = int(np.argmax(worth))
            part = parts[widest]
            if part is None:
                break
            group = groups.pop(widest)
            groups += [group[part[0]], group[~part[0]]]
        groups.sort(key=lambda g: int(g[0]))
        return [(unit((data[g] * weights[g, None]).sum(axis=0)), float(weights[g].sum())) for g in groups]


def _split(
    data: npt.NDArray[np.float32], weights: npt.NDArray[np.float64], alike: float, least_s: float
) -> tuple[npt.NDArray[np.bool_], float] | None:
    """Cut embeddings ``(n, 192)`` in two people: who is first, and how unlike. None: they are ``alike`` or more."""
    if len(data) < 2:
        return None
    centred = data - np.average(data, axis=0, weights=weights)
    _, _, axes = np.linalg.svd(centred * np.sqrt(weights)[:, None], full_matrices=False)
    first: npt.NDArray[np.bool_] = centred @ axes[0] > 0
    for _ in range(10):
        if first.all() or not first.any():
            return None
        a, b = (unit((data[side] * weights[side, None]).sum(axis=0)) for side in (first, ~first))
        moved = data @ a > data @ b
        if (moved == first).all():
            break
        first = moved
    enough = min(weights[first].sum(), weights[~first].sum()) >= least_s
    cosine = float(a @ b)
    return (first, 1.0 - cosine) if enough and cosine < alike else None


class SeparatedHearing:
    """Who speaks when on one microphone; the first voice heard is ``people[0]``.

    ``latency_s`` holds from the moment the voices are found, at most 30 s after the start. ``may_keep``: of what was
    heard, what `found` may rest on.
    """

    mode = "separated"

    def __init__(
        self,
        people: Sequence[str] = ("A", "B"),
        settings: MonoSettings | None = None,
        may_keep: MayKeep = always,
    ) -> None:
        self.people = tuple(people)
        self._may_keep = may_keep
        self.settings = settings or settings_for(self.people)
        self.ahead_s = self.settings.lookahead_s
        self.latency_s = self.ahead_s + HOP / RATE
        self._finder = VoiceFinder()
        self._tracker = MonoTracker(self._finder, self.settings)
        self._hops = Blocks(HOP, 1)
        self._held: list[Samples] = []
        self._hearing: MonoHearing | None = None
        self._voices: Found | None = None

    def channel_of(self, person: str) -> int:
        """Always 0, the only channel. Raises ValueError for a stranger."""
        self.people.index(person)
        return 0

    def push(self, samples: Samples) -> list[Signal]:
        """Take sound ``(n, 1)`` or ``(n,)``; give what became certain."""
        out: list[Signal] = []
        for hop in self._hops.push(samples):
            out += self._hear(hop[:, 0])
        return out

    def finish(self) -> list[Signal]:
        """Decide what is left, with the voices found in all of it, and close open voices."""
        hearing = self._hearing or self._begin()
        out = [s for hop in self._held for s in hearing.push(hop)]
        self._held = []
        return _in_one(out + hearing.push(self._hops.flush()) + hearing.finish())

    def learned(self) -> dict[str, Voiceprint]:
        """Nobody is enrolled, so nothing is learnt of anybody."""
        return {}

    def found(self) -> dict[str, Voiceprint]:
        """The voices as they are known now, of those heard alone for `KEPT_S` or more."""
        kept = self._voices.kept() if self._voices is not None else Sums(0, _FULL_S)
        long = np.flatnonzero(kept.seconds >= KEPT_S)
        return {self.people[i]: voiceprint(unit(kept.total[i])) for i in long}

    def _hear(self, hop: Samples) -> list[Signal]:
        if self._hearing is not None:
            return self._hearing.push(hop)
        self._held.append(hop)
        self._tracker.push(hop, _gain(self._held))
        if len(self._held) * HOP / RATE < HOLD_S and not self._enough():
            return [Clock(start=0.0, end=0.0)]  # who has to ask or show something need not wait for the first voice
        hearing = self._begin()
        out = [s for held in self._held for s in hearing.push(held)]
        self._held = []
        return _in_one(out)

    def _enough(self) -> bool:
        """Whether two people are known. How many more there are cannot be told so soon: one voice varies too much."""
        if len(self.people) > 2 or len(self._held) % 4:
            return False
        voices = self._finder.voices(len(self.people))
        return len(voices) == len(self.people) and min(seconds for _, seconds in voices) >= _SETTLED_S

    def _begin(self) -> MonoHearing:
        self._voices = Found(len(self.people), self._finder.voices(len(self.people)), self._may_keep)
        self._hearing = MonoHearing(self.people, self._voices, self.settings)
        return self._hearing


def voiceprint(voice: Embedding) -> Voiceprint:
    """A voice that was told apart, as one that is enrolled."""
    return Voiceprint(embedding=tuple(float(x) for x in voice), threshold=0.4)


def _gain(held: Sequence[Samples]) -> float:
    """What brings the loud parts of the last 30 s to -20 dB."""
    power = [float(np.square(part).mean()) for hop in held[-120:] for part in np.array_split(hop, 10)]
    loud = 10.0 * np.log10(np.percentile(power, 95) + 1e-10)
    return float(10.0 ** (min(max(-20.0 - loud, -12.0), 36.0) / 20.0))


def _in_one(signals: list[Signal]) -> list[Signal]:
    """Leave out every `Clock` that another follows at once: they came from one push."""
    keep = [not (isinstance(a, Clock) and isinstance(b, Clock)) for a, b in pairwise(signals)]
    return [s for s, k in zip(signals, [*keep, True], strict=False) if k]
