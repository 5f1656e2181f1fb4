"""Several people on one microphone: what the one-microphone hearings share.

Every 0.25 s the segmentation model hears the last 5 s. Where one of its voices speaks alone, CAM++ turns the sound
into an embedding; an `Identity` says whose it is. Each frame is judged by every window that saw it before it must be
decided, and their answers are averaged. The model's sureness and the level over the noise are weighed together: in a
room, the ends of words sink into the noise and only the model hears them; between words, only the level falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voicecoach.events import Signal
from voicecoach.hearing.base import FRAME, FRAME_S, STEP, Blocks, Voices
from voicecoach.hearing.level import LOWEST_DB, Loudness
from voicecoach.hearing.segmentation import (
    FRAMES,
    HOP,
    SEG_CENTRE,
    SEG_S,
    SEG_STEP,
    WINDOW,
    Floats,
    Segmentation,
    solo_runs,
)
from voicecoach.hearing.voiceprint import Embedder, Embedding, Voiceprint
from voicecoach.samples import RATE, Samples

_SHIFT = HOP // SEG_STEP
_LOUD_DB = -20.0
_SMOOTH = 2
"""Frames before and after that a level is the mean of (40 ms in all)."""
OVER_DB = (-5.0, 40.0)
"""What a level over the noise counts at least and at most; …"""
SUREST = 0.99
"""… and the model's sureness: one alone never decides against all the other says."""
FLANK = 15
"""Frames of the model (0.25 s) before and after that belong to one short overlap."""
STEEP = 0.7
"""An overlap reaches to where it is this much less sure than at its surest."""
_WHEN_S = 0.7425
"""Windows that hear a frame so long after it or sooner vote on when somebody speaks; later ones blur the edges."""
CLEAN = 0.3
"""Voices learn only from where the model gives two at once less than this."""


class Identity(Protocol):
    """Whose voice an embedding is."""

    count: int

    def scores(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """How well ``(n, 192)`` fits each person, ``(n, count)``, as cosine-like numbers."""
        ...

    def learn(self, embedding: Embedding, seconds: float, start_s: float) -> None:
        """Take note of one voice that spoke alone for ``seconds`` from ``start_s`` on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MonoSettings:
    """How one microphone is heard. Times in seconds; ``sharpness``: what a cosine difference is worth per second.

    ``of_model``, ``of_level`` and ``bias``: a frame is speech when the logit of the model's probability and the level
    over the noise in dB, so weighted, outweigh ``bias``: a logistic regression over two calls and half of a noisy
    conversation. Fitted to every other recording on its own it was hardly better. Below ``quietest_db`` it is
    nobody here: meetings heard from afar reach down to -66 dB, a next room's to -69. ``overlap``: two speak where the
    model gives that so much probability.
    ``hole_s``: the longest silence that does not end a voice. A voice is compared by pieces of ``span_s``; a frame is
    whose the pieces at most ``around_s`` away are.
    """

    lookahead_s: float = 0.7425
    of_model: float = 0.84
    of_level: float = 0.105
    bias: float = 2.25
    quietest_db: float = -68.0
    overlap: float = 0.4
    shortest_s: float = 0.25
    span_s: float = 1.2
    grow_s: float = 0.3
    sharpness: float = 20.0
    around_s: float = 0.3
    hole_s: float = 0.152


GROUP = MonoSettings(overlap=0.25)
"""For three and more, who sit further from the microphone: the model is seldom sure of two at once there. On seven
meetings the overlap F1 rises from 0.56 to 0.65."""


def settings_for(people: Sequence[str]) -> MonoSettings:
    """How so many people on one microphone are heard."""
    return GROUP if len(people) > 2 else MonoSettings()


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of one voice that was embedded; ``start`` and ``stop`` in frames since the session began."""

    start: int
    stop: int
    embedding: Embedding


class MonoTracker:
    """The moving window over one microphone: activity and identity per frame of the segmentation model."""

    def __init__(self, identity: Identity, settings: MonoSettings) -> None:
        self.identity = identity
        self.settings = settings
        self._segment = Segmentation()
        self._embed = Embedder()
        self._audio = np.zeros(WINDOW, np.float32)
        self.first = -FRAMES - 3
        self._spans: list[_Span | None] = [None] * FRAMES
        self.person = np.zeros((FRAMES, identity.count))
        self.speech = np.zeros(FRAMES)
        self.overlap = np.zeros(FRAMES)
        self._votes = np.zeros(FRAMES)
        self._overlap_now = np.zeros(FRAMES, np.float32)

    def push(self, hop: Samples, gain: float) -> None:
        """Move on by ``hop`` ``(4050,)`` and listen again; ``gain`` brings the voices to an even level."""
        self._audio = np.concatenate((self._audio[HOP:], hop))
        self.first += _SHIFT
        self._spans = self._spans[_SHIFT:] + [None] * _SHIFT
        self.person = np.vstack((self.person[_SHIFT:], np.zeros((_SHIFT, self.identity.count))))
        self.speech, self.overlap, self._votes = (
            np.concatenate((a[_SHIFT:], np.zeros(_SHIFT))) for a in (self.speech, self.overlap, self._votes)
        )
        window = self._audio * np.float32(gain)
        voices, speech, overlap = self._segment(window)
        self._overlap_now = overlap
        waits = self.settings.lookahead_s, min(self.settings.lookahead_s, _WHEN_S)
        who, when = (FRAMES - round((wait_s + 2 * HOP / RATE) / SEG_S) for wait_s in waits)
        self.person[who:] += self._assign(window, voices)[who:]
        self.speech[when:] += speech[when:]
        self.overlap[when:] += overlap[when:]
        self._votes[when:] += 1.0

    def frame(self, index: int) -> tuple[npt.NDArray[np.float64], float, float]:
        """At 8 ms frame ``index``: each person's share, summed over the windows; mean of any voice, of two at once.

        Two at once counts 0 where it is but the flank of a surer overlap: the model widens short ones.
        """
        centre = index * FRAME + FRAME // 2
        i = min(max(round((centre - SEG_CENTRE) / SEG_STEP) - self.first, 0), FRAMES - 1)
        votes = max(self._votes[i], 1.0)
        near = slice(max(i - FLANK, 0), i + FLANK + 1)
        peak = float((self.overlap[near] / np.maximum(self._votes[near], 1.0)).max())
        overlap = float(self.overlap[i] / votes)
        return self.person[i], float(self.speech[i] / votes), overlap if overlap > STEEP * peak else 0.0

    def _assign(self, window: Samples, voices: Floats) -> npt.NDArray[np.float64]:
        """How much each person speaks in each frame, ``(frames, people)``, as this window hears it."""
        found = [(v, a, b, self._evidence(window, a, b)) for v, a, b in solo_runs(voices)]
        return share_out(voices, found, self.identity.count)

    def _evidence(self, window: Samples, start: int, stop: int) -> npt.NDArray[np.float64] | None:
        """Log-likelihood of each person in one run of the window, ``(stop - start, people)``. None: it is too short.

        The model may take two people for one where one follows the other at once; so each frame asks the embeddings
        around it, not those of the whole run.
        """
        s = self.settings
        length = stop - start
        if length * SEG_S < s.shortest_s:
            return None
        known = [self._fits(span, start, stop) for span in self._spans[start:stop]]
        missing = (length - sum(known)) * SEG_S
        if not any(known) or missing >= min(s.grow_s, 0.5 * length * SEG_S):
            self._add(window, max(start, stop - round(s.span_s / SEG_S)), stop, known, start)
        seen = [span for span in self._spans[start:stop] if span is not None]
        if not seen:
            return None
        spans = list({id(span): span for span in seen}.values())
        scores = self.identity.scores(np.stack([span.embedding for span in spans]))
        number = {id(span): i for i, span in enumerate(spans)}
        heard = np.array([span is not None for span in self._spans[start:stop]], np.float64)
        each = np.stack([scores[number[id(x)]] if x else 0.0 * scores[0] for x in self._spans[start:stop]])
        near = min(round(s.around_s / SEG_S), length)
        total = around(each, near)
        count = around(heard[:, None], near)
        mean: npt.NDArray[np.float64] = np.where(
            count > 0, total / np.maximum(count, 1), each.sum(axis=0) / heard.sum()
        )
        return mean * s.sharpness * min(length * SEG_S, 2.0)

    def _add(self, window: Samples, start: int, stop: int, known: list[bool], run: int) -> None:
        low = start * SEG_STEP + SEG_CENTRE - SEG_STEP // 2
        piece = window[low : low + (stop - start) * SEG_STEP]
        span = _Span(self.first + start, self.first + stop, self._embed(piece))
        for i in range(start, stop):
            old = self._spans[i]
            if not known[i - run] or old is None or self._nearer(span, old, i):
                self._spans[i] = span
        if self._overlap_now[start:stop].mean() < CLEAN:
            self.identity.learn(span.embedding, (stop - start) * SEG_S, span.start * SEG_S + SEG_CENTRE / RATE)

    def _nearer(self, new: _Span, old: _Span, frame: int) -> bool:
        """Whether ``frame`` of this window is nearer to the middle of ``new``, or ``new`` is much the longer."""
        if new.stop - new.start >= 2 * (old.stop - old.start):
            return True
        at = 2 * (self.first + frame)
        return abs(new.start + new.stop - at) < abs(old.start + old.stop - at)

    def _fits(self, span: _Span | None, start: int, stop: int) -> bool:
        """Whether ``span`` lies in the run ``[start, stop)`` of this window, save for a little at its edges."""
        if span is None:
            return False
        before = 0 if start == 0 else max(0, self.first + start - span.start)
        outside = before + max(0, span.stop - self.first - stop)
        return outside <= max(6, (span.stop - span.start) // 5)


def share_out(
    voices: Floats, found: Sequence[tuple[int, int, int, npt.NDArray[np.float64] | None]], people: int
) -> npt.NDArray[np.float64]:
    """Give the voices of one window to people: how much each speaks in each frame, ``(frames, people)``.

    ``voices``: as the model hears them, ``(frames, 3)``; ``found``: where one speaks alone, ``(voice, start, stop)``,
    with the log-likelihood of each person there ``(stop - start, people)``, or None. Elsewhere a voice is whose it is
    at the nearest such place; two that overlap are rather not the same person.
    """
    frames = len(voices)
    logs = np.full((voices.shape[1], frames, people), np.nan)
    out = np.zeros((frames, people))
    for voice in range(voices.shape[1]):
        mine = [(np.arange(a, b), e) for v, a, b, e in found if v == voice and e is not None]
        if mine:
            alone = np.concatenate([at for at, _ in mine])
            nearest = np.abs(np.arange(frames)[:, None] - alone).argmin(axis=1)
            logs[voice] = np.concatenate([e for _, e in mine])[nearest]
    active = voices > 0.5
    for voice in range(voices.shape[1]):
        own = np.nan_to_num(logs[voice])
        for other in range(voices.shape[1]):
            both = active[:, voice] & active[:, other]
            if other != voice and both.any():
                own[both] -= np.nan_to_num(logs[other][both])
        share = np.exp(own - own.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        out = np.maximum(out, voices[:, voice, None] * share)
    return out


def around(values: npt.NDArray[np.float64], near: int) -> npt.NDArray[np.float64]:
    """For each row of ``(n, k)`` the sum of the rows at most ``near`` away."""
    total = np.vstack((np.zeros(values.shape[1]), values.cumsum(axis=0)))
    rows = np.arange(len(values))
    out: npt.NDArray[np.float64] = total[np.minimum(rows + near + 1, len(values))] - total[np.maximum(rows - near, 0)]
    return out


class MonoHearing:
    """One microphone, several people: who from a `MonoTracker`, when from it and the level together."""

    mode = "enrolled"

    def __init__(self, people: Sequence[str], identity: Identity, settings: MonoSettings | None = None) -> None:
        self.people = tuple(people)
        self.settings = settings or settings_for(self.people)
        self.ahead_s = self.settings.lookahead_s
        self.latency_s = self.ahead_s + HOP / RATE
        self.tracker = MonoTracker(identity, self.settings)
        self._loudness = Loudness()
        self._hops = Blocks(HOP, 1)
        self._steps = Blocks(STEP, 1)
        self._levels: list[float] = [LOWEST_DB] * _SMOOTH
        self._voices = Voices(self.people)
        self._samples = 0
        self._heard = 0
        self._decided = 0
        self._since = np.full(len(self.people), np.iinfo(np.int32).max // 2)

    def channel_of(self, person: str) -> int:
        """Always 0, the only channel. Raises ValueError for a stranger."""
        self.people.index(person)
        return 0

    def push(self, samples: Samples) -> list[Signal]:
        """Take sound ``(n, 1)`` or ``(n,)``; give what became certain."""
        self._samples += len(samples)
        out: list[Signal] = []
        for hop in self._hops.push(samples):
            out += self._hear(hop[:, 0])
        return out

    def finish(self) -> list[Signal]:
        """Decide what is left and close open voices."""
        out: list[Signal] = []
        rest = self._hops.flush()[:, 0]
        silence = np.zeros(HOP, np.float32)
        while self._decided < self._samples // FRAME:
            out += self._hear(np.concatenate((rest, silence[len(rest) :])))
            rest = silence[:0]
        return out + self._voices.finish(self._samples / RATE)

    def learned(self) -> dict[str, Voiceprint]:
        """Nobody is enrolled, so nothing is learnt of anybody."""
        return {}

    def found(self) -> dict[str, Voiceprint]:
        """No voice had to be told from another by its sound."""
        return {}

    def _hear(self, hop: Samples) -> list[Signal]:
        for step in self._steps.push(hop):
            self._levels += self._loudness(step[:, 0]).tolist()
        self._heard += HOP
        self.tracker.push(hop, self._gain())
        sure = self._heard - round(self.settings.lookahead_s * RATE)
        until = min((sure - FRAME // 2) // FRAME, self._samples // FRAME)
        return self._decide(until) if until > self._decided else []

    def _gain(self) -> float:
        """What brings loud speech to -20 dB; before any is known, what brings the loudest of the window there."""
        voice = self._loudness.voice
        if voice.weight * FRAME_S > 2.0:
            loud = voice.value()
        else:
            loud = float(np.percentile(self._levels, 95)) if self._levels else _LOUD_DB
        return float(10.0 ** (min(max(_LOUD_DB - loud, -12.0), 36.0) / 20.0))

    def _decide(self, until: int) -> list[Signal]:
        s = self.settings
        count = until - self._decided
        hole = round(s.hole_s / FRAME_S)
        speaks, sure = self._speaks(count + hole)
        active = np.zeros((count, len(self.people)), bool)
        for i in range(count):
            self._since = np.where(speaks[i], 0, self._since + 1)
            for person in np.flatnonzero(self._since <= hole):
                active[i, person] = speaks[i : i + hole + 1 - self._since[person], person].any()
        levels = np.array(self._levels[_SMOOTH : _SMOOTH + count])
        self._loudness.learn(levels[active.any(axis=1) & (levels > self._loudness.threshold_db())])
        self._levels = self._levels[count:]
        self._decided = until
        return self._voices.decide(active, sure[:count])

    def _speaks(self, count: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float32]]:
        """Who speaks in the next ``count`` frames as known now, and how sure it is, both ``(count, people)``."""
        s = self.settings
        levels = np.array(self._levels)
        heard = levels[_SMOOTH:] > s.quietest_db
        noise = self._loudness.floor.value()
        if noise <= LOWEST_DB:  # digital silence, of which no room is made
            noise = s.quietest_db
        over = np.clip(levels - noise, *OVER_DB)
        over = np.convolve(
            np.pad(over, (0, _SMOOTH), mode="edge"), np.full(2 * _SMOOTH + 1, 1 / (2 * _SMOOTH + 1)), "valid"
        )
        speaks = np.zeros((count, len(self.people)), bool)
        sure = np.zeros((count, len(self.people)), np.float32)
        for i in range(min(count, len(over))):
            share, speech, overlap = self.tracker.frame(self._decided + i)
            speech = min(max(speech, 1.0 - SUREST), SUREST)
            score = s.of_model * np.log(speech / (1.0 - speech)) + s.of_level * over[i]
            if score < s.bias or not heard[i]:
                continue
            order = np.argsort(-share, kind="stable")
            speaks[i, order[0]] = True
            if overlap > s.overlap and len(order) > 1:
                speaks[i, order[1]] = True
            sure[i] = share / max(float(share.sum()), 1e-6)
        return speaks, sure
