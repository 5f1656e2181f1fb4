"""One microphone, recorded: who speaks when, decided once all of it was heard.

Each window of the segmentation model is twice as long as live (10 s, what it was trained on), and the windows that
hear a frame vote on it from both sides, at half the price. Whose voice is whose is settled last: what spoke alone
anywhere in the recording is compared with the enrolled voices, or sorted into people, and the voices are refined with
all of it before any frame is given to anybody. The rest is as in `mono`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from voicecoach.events import Signal
from voicecoach.hearing.base import FRAME, FRAME_S, STEP, Blocks, Voices
from voicecoach.hearing.level import Levels
from voicecoach.hearing.mono import CLEAN, FLANK, OVER_DB, STEEP, SUREST, MonoSettings, around, share_out
from voicecoach.hearing.segmentation import SEG_CENTRE, SEG_S, SEG_STEP, Floats, Segmentation, runs, solo_runs
from voicecoach.hearing.separated import LEAST_SPAN_S, VoiceFinder, voiceprint
from voicecoach.hearing.voiceprint import DIMENSIONS, Embedder, Embedding, Voiceprint, unit
from voicecoach.samples import RATE, Samples

WINDOW_FRAMES = 589
"""Frames the model gives for a window of 10 s."""
_WINDOW = 592 * SEG_STEP
_HOP_FRAMES = 60
_HOP = _HOP_FRAMES * SEG_STEP
"""Samples from one window to the next (1 s): every frame is heard by ten."""
_CORE = (WINDOW_FRAMES - _HOP_FRAMES) // 2
"""Each window has the frames around its middle to itself: voices that speak there are embedded, and earlier ones that
the model took for two at once, or for different ones, when they were in the middle."""
_RECENT = 50
"""Spans that can lie in the window: three voices, each embedded once a second or so."""
_RMS = 0.1
_MOST_GAIN = 63.0
_SURE = 0.25
"""A voice is refined by spans that fit it this much better than any other."""
_KEPT_S = 90.0
"""What was enrolled weighs as much as so many seconds of what is heard."""
_ROUNDS = 2
_LEAST_VOICE_S = 1.3
_FLOOR_S = 30.0
"""The noise is the 10th percentile of the level in so much sound around a moment, …"""
_FLOOR_STEP_S = 2.0
"""… looked at so often."""
_LEAST_FLOOR_DB = -80.0
"""Silence made by a computer is no room."""
_SMOOTH = (3, 5)
"""Frames that a level is the mean power of, and then of the level over the noise."""
_BLOCK = round(60.0 / FRAME_S)
"""Frames decided at a time, so that memory does not grow with the recording more than what is kept of each window."""

RECORDED = MonoSettings(of_model=0.6, of_level=0.12, bias=2.0, span_s=1.6)
"""Chosen by the mean over the six recordings of two people that there are to measure with. Chosen anew without one of
them each time, that one's error moves by 0.003 or less, and the noisiest's from 0.16 to 0.17."""
GROUP = replace(RECORDED, overlap=0.25)
"""For three and more, as live (`mono.GROUP`): on seven meetings the overlap F1 rises from 0.57 to 0.59."""

_Span = tuple[int, int, Embedding]
"""A stretch of one voice alone, in frames of the model since the beginning, and its embedding."""


class RecordedHearing:
    """Who speaks when in a recording on one channel. Everything is said by `finish`.

    ``voiceprints``: name → enrolled voice, or None to tell up to ``len(people)`` voices apart; then ``people`` are
    given to the voices in order of appearance, and after `finish` only those heard are left. Keeps 3 KB a second.
    """

    def __init__(
        self,
        people: Sequence[str],
        voiceprints: Mapping[str, Voiceprint] | None = None,
        settings: MonoSettings | None = None,
    ) -> None:
        self.people = tuple(people)
        self.mode = "separated" if voiceprints is None else "enrolled"
        self.ahead_s = self.latency_s = float("inf")
        self._prints = None if voiceprints is None else [voiceprints[p] for p in people]
        self._settings = settings or (GROUP if len(people) > 2 else RECORDED)
        self._windows = _Windows(self._settings)
        self._voices: list[Embedding] = []

    def channel_of(self, person: str) -> int:
        """Always 0, the only channel. Raises ValueError for a stranger."""
        self.people.index(person)
        return 0

    def push(self, samples: Samples) -> list[Signal]:
        """Take sound ``(n, 1)`` or ``(n,)``; nothing is certain before all is heard."""
        self._windows.push(samples)
        return []

    def finish(self) -> list[Signal]:
        """Everything there is to say, in order of time."""
        heard = self._windows
        heard.finish()
        if self._prints is None:
            finder = VoiceFinder(_LEAST_VOICE_S)
            for start, stop, embedding in heard.spans:
                finder.learn(embedding, (stop - start) * SEG_S)
            voices = [voice for voice, _ in finder.voices(len(self.people))] or [np.zeros(DIMENSIONS, np.float32)]
            self.people = self.people[: len(voices)]
            least = np.zeros(len(voices))
        else:
            voices = [v.vector() for v in self._prints]
            least = np.array([v.threshold for v in self._prints])
        self._voices = list(_refined(np.stack(voices), least, heard.spans))
        shares = heard.shares(np.stack(self._voices))
        told, out = Voices(self.people), list[Signal]()
        for first in range(0, heard.frames, _BLOCK):
            active, sure = self._decide(shares, first, min(first + _BLOCK, heard.frames))
            out += told.decide(active, sure)
        return out + told.finish(heard.length_s)

    def learned(self) -> dict[str, Voiceprint]:
        """A recording teaches nothing about enrolled voices: it may be of another room and day."""
        return {}

    def found(self) -> dict[str, Voiceprint]:
        """The voices that were told apart."""
        voices = [] if self._prints is not None else self._voices
        return {person: voiceprint(voice) for person, voice in zip(self.people, voices, strict=False)}

    def _decide(self, shares: Floats, first: int, stop: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float32]]:
        """Who speaks in the frames from ``first`` to ``stop``, and how sure it is, both ``(frames, people)``."""
        s, heard = self._settings, self._windows
        hole = round(s.hole_s / FRAME_S)
        low, high = max(first - hole, 0), min(stop + hole, heard.frames)
        speech, overlap = heard.activity(low, high)
        level, over = heard.levels(low, high)
        sure = np.clip(speech, 1.0 - SUREST, SUREST)
        on = s.of_model * np.log(sure / (1.0 - sure)) + s.of_level * over >= s.bias
        on &= level > s.quietest_db
        share = shares[heard.at(low, high)]
        order = np.argsort(-share, axis=1, kind="stable")
        speaks = np.zeros(share.shape, bool)
        speaks[on, order[on, 0]] = True
        if share.shape[1] > 1:
            both = on & (overlap > s.overlap)
            speaks[both, order[both, 1]] = True
        for person in range(share.shape[1]):
            told = runs(speaks[:, person])
            for (_, end), (start, _) in pairwise(told):
                if start - end <= hole:
                    speaks[end:start, person] = True
        inside = slice(first - low, stop - low)
        certain = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-6)
        return speaks[inside], certain[inside].astype(np.float32)


class _Windows:
    """What is kept of the sound while it goes by: windows of the model, spans of single voices, levels."""

    def __init__(self, settings: MonoSettings) -> None:
        self._settings = settings
        self._segment = Segmentation()
        self._embed = Embedder()
        self._hops = Blocks(_HOP, 1)
        self._steps = Blocks(STEP, 1)
        self._meter = Levels()
        self._audio = np.zeros(_WINDOW, np.float32)
        self._first = -WINDOW_FRAMES - 3
        self._voices: list[tuple[int, npt.NDArray[np.uint8]]] = []
        self._activity: list[Floats] = []
        self._level: list[npt.NDArray[np.float32]] = []
        self._samples = 0
        self.spans: list[_Span] = []
        self._sums = self._all_levels = np.zeros((0, 3), np.float32)
        self._floors = np.zeros(0)

    @property
    def length_s(self) -> float:
        return self._samples / RATE

    @property
    def frames(self) -> int:
        """Whole frames of 8 ms."""
        return self._samples // FRAME

    def push(self, samples: Samples) -> None:
        self._samples += len(samples)
        for hop in self._hops.push(samples):
            self._hear(hop[:, 0])

    def finish(self) -> None:
        """No more comes: hear what is left, with silence after it."""
        rest = self._hops.flush()[:, 0]
        silence = np.zeros(_HOP, np.float32)
        last = (self._samples + _WINDOW // 2) // SEG_STEP
        while self._first + WINDOW_FRAMES < last:
            self._hear(np.concatenate((rest, silence[len(rest) :])))
            rest = silence[:0]
        count = max(self._samples // SEG_STEP, 1)
        sums = np.zeros((count, 3), np.float32)
        for (first, _), activity in zip(self._voices, self._activity, strict=True):
            low, high = max(first, 0), min(first + WINDOW_FRAMES, count)
            if high > low:
                sums[low:high, :2] += activity[low - first : high - first]
                sums[low:high, 2] += 1.0
        self._activity.clear()
        self.spans.sort(key=lambda span: span[:2])
        self._sums = (sums[:, :2] / np.maximum(sums[:, 2:], 1.0)).astype(np.float32)
        self._all_levels = np.concatenate([*self._level, np.zeros(0, np.float32)])[: max(self.frames, 1)]
        step, wide = round(_FLOOR_STEP_S / FRAME_S), round(_FLOOR_S / FRAME_S / 2)
        middles = range(0, len(self._all_levels), step)
        around_s = [self._all_levels[max(0, m - wide) : m + wide] for m in middles]
        self._floors = np.array(
            [max(float(np.percentile(x, 10)), _LEAST_FLOOR_DB) if len(x) else 0.0 for x in around_s]
        )

    def at(self, low: int, high: int) -> npt.NDArray[np.int64]:
        """The model's frame nearest to each of these frames of 8 ms."""
        centres = np.arange(low, high) * FRAME + FRAME // 2
        nearest: npt.NDArray[np.int64] = np.rint((centres - SEG_CENTRE) / SEG_STEP).astype(np.int64)
        return nearest.clip(0, len(self._sums) - 1)

    def activity(self, low: int, high: int) -> tuple[Floats, Floats]:
        """Probability of any voice and of two at once in frames of 8 ms; a mere flank of a surer overlap is none."""
        at = self.at(low, high)
        first, last = max(int(at[0]) - FLANK, 0), int(at[-1]) + FLANK + 1
        near = np.pad(self._sums[first:last, 1], FLANK, mode="edge")
        peak = np.lib.stride_tricks.sliding_window_view(near, 2 * FLANK + 1).max(axis=1)[at - first]
        overlap = self._sums[at, 1]
        return self._sums[at, 0], np.where(overlap > STEEP * peak, overlap, 0.0)

    def levels(self, low: int, high: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Level of frames of 8 ms, and how far it is over the noise around, smoothed, both in dB."""
        margin = sum(_SMOOTH)
        inside = np.arange(low - margin, high + margin).clip(0, len(self._all_levels) - 1)
        power = np.convolve(10.0 ** (self._all_levels[inside] / 10.0), np.full(_SMOOTH[0], 1 / _SMOOTH[0]), "same")
        level: npt.NDArray[np.float64] = 10.0 * np.log10(power + 1e-10)
        floor = np.interp(inside, np.arange(len(self._floors)) * round(_FLOOR_STEP_S / FRAME_S), self._floors)
        over = np.convolve(np.clip(level - floor, *OVER_DB), np.full(_SMOOTH[1], 1 / _SMOOTH[1]), "same")
        return level[margin:-margin], over[margin:-margin]

    def shares(self, voices: npt.NDArray[np.float32]) -> Floats:
        """How much each of ``voices`` ``(people, 192)`` speaks in each frame of the model, ``(frames, people)``."""
        count, people, s = len(self._sums), len(voices), self._settings
        scores, weights = np.zeros((count, people)), np.zeros((count, 1))
        for start, stop, embedding in self.spans:
            span = np.arange(start, stop)
            near = np.maximum(1.0 - 0.8 * np.abs(2 * (span - start) + 1 - len(span)) / len(span), 0.1)[:, None]
            scores[start:stop] += near * (voices @ embedding)
            weights[start:stop] += near
        scores /= np.maximum(weights, 1e-9)
        known = (weights > 0).astype(np.float64)
        out = np.zeros((count, people), np.float32)
        wide = round(s.around_s / SEG_S)
        for first, kept in self._voices:
            heard = kept.astype(np.float32) / 255.0
            at = np.arange(first, first + WINDOW_FRAMES).clip(0, count - 1)
            found = [
                (voice, start, stop, _evidence(scores[at[start:stop]], known[at[start:stop]], wide, s))
                for voice, start, stop in solo_runs(heard)
            ]
            low, high = max(first, 0), min(first + WINDOW_FRAMES, count)
            if high > low:
                out[low:high] += share_out(heard, found, people)[low - first : high - first]
        return out

    def _hear(self, hop: Samples) -> None:
        for step in self._steps.push(hop):
            self._level.append(self._meter(step[:, 0]).astype(np.float32))
        self._audio = np.concatenate((self._audio[_HOP:], hop))
        self._first += _HOP_FRAMES
        if self._first < -WINDOW_FRAMES // 2:  # there is more silence before the recording in it than sound
            return
        voices, speech, overlap = self._segment(_even(self._audio))
        self._voices.append((self._first, np.rint(voices * 255.0).astype(np.uint8)))
        self._activity.append(np.stack((speech, overlap), axis=1))
        most, least = round(self._settings.span_s / SEG_S), round(self._settings.shortest_s / SEG_S)
        for _, start, stop in solo_runs(voices):
            now = start < _CORE + _HOP_FRAMES and stop > _CORE
            missed = stop <= _CORE and not self._has(start, stop)
            if stop - start < least or not (now or missed):
                continue
            middle = (max(start, _CORE) + min(stop, _CORE + _HOP_FRAMES)) // 2 if now else (start + stop) // 2
            low = max(start, min(middle - most // 2, stop - most))
            self._span(low, min(stop, low + most), overlap)

    def _has(self, start: int, stop: int) -> bool:
        """Whether half of this part of the window, or more, has been embedded."""
        at = np.zeros(stop - start, bool)
        for a, b, _ in self.spans[-_RECENT:]:
            at[max(a - self._first - start, 0) : max(b - self._first - start, 0)] = True
        return bool(at.mean() >= 0.5)

    def _span(self, start: int, stop: int, overlap: Floats) -> None:
        """Keep what the voice in this part of the window sounds like."""
        end = (self._samples - SEG_CENTRE) // SEG_STEP
        if self._first + start < 0 or self._first + stop > end or overlap[start:stop].mean() >= CLEAN:
            return
        low = start * SEG_STEP + SEG_CENTRE - SEG_STEP // 2
        embedding = self._embed(_even(self._audio[low : low + (stop - start) * SEG_STEP]))
        self.spans.append((self._first + start, self._first + stop, embedding))


def _even(sound: Samples) -> Samples:
    """``sound`` at an even level, so that nothing depends on what came before."""
    out: Samples = sound * np.float32(min(_RMS / max(float(np.sqrt(np.square(sound).mean())), 1e-6), _MOST_GAIN))
    return out


def _evidence(
    scores: npt.NDArray[np.float64], known: npt.NDArray[np.float64], wide: int, s: MonoSettings
) -> npt.NDArray[np.float64] | None:
    """Log-likelihood of each person in a run of one voice, by the spans around each frame. None: nothing tells."""
    if len(scores) * SEG_S < s.shortest_s or not known.any():
        return None
    count = around(known, wide)
    total = around(scores * known, wide)
    mean: npt.NDArray[np.float64] = np.where(
        count > 0, total / np.maximum(count, 1.0), (scores * known).sum(axis=0) / known.sum()
    )
    return mean * s.sharpness * min(len(scores) * SEG_S, 2.0)


def _refined(
    voices: npt.NDArray[np.float32], least: npt.NDArray[np.float64], spans: Sequence[_Span]
) -> npt.NDArray[np.float32]:
    """``voices`` ``(people, 192)`` moved towards all that is clearly theirs, at least ``least`` like them."""
    long = [(embedding, (stop - start) * SEG_S) for start, stop, embedding in spans]
    long = [(embedding, length_s) for embedding, length_s in long if length_s >= LEAST_SPAN_S]
    now = voices
    for _ in range(_ROUNDS if long else 0):
        data, seconds = np.stack([e for e, _ in long]), np.array([x for _, x in long])
        fit = data @ now.T
        best = fit.argmax(axis=1)
        ranked = np.sort(fit, axis=1)
        clear = ranked[:, -1] >= least[best]
        if len(now) > 1:
            clear &= ranked[:, -1] - ranked[:, -2] > _SURE
        new = [
            voice * _KEPT_S + (data * (seconds * (clear & (best == i)))[:, None]).sum(axis=0)
            for i, voice in enumerate(voices)
        ]
        now = np.stack([unit(v) for v in new])
    return now
