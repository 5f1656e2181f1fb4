"""The sound of a voice while it goes by: loudness, pitch, rate of syllables, and where the melody ends.

`Measured` stands around any hearing and adds a `Prosody` for every stretch of one person's speech. Frames of 64 ms
every 32 ms: level, and pitch by autocorrelation (Boersma 1993: normalised by the window's own, with a cost for octaves
down). Syllables are peaks of the level that stand 2 dB over the dips beside them (after de Jong & Wempe 2009). It takes
about 2 ms of one core for a second of sound, so that it can run beside everything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from voicecoach.events import Clock, Prosody, Signal, VoiceOff, VoiceOn
from voicecoach.hearing.base import Hearing
from voicecoach.hearing.voiceprint import Voiceprint
from voicecoach.samples import RATE, Samples

Floats = npt.NDArray[np.float64]
Span = tuple[float, float]

WINDOW = 1024
HOP = 512
HOP_S = HOP / RATE
FINE = 160
"""The level for syllables is taken every 10 ms: they come up to 8 in a second."""
LOWEST_HZ, HIGHEST_HZ = 70.0, 400.0
VOICED = 0.6
"""Height of the autocorrelation's peak from which on a frame has a pitch. Telephone calls and a room keep vowels."""
OCTAVE_COST = 0.05
"""A candidate an octave lower must be so much higher to be preferred."""
JOIN_S = 0.2
"""A silence up to this long is inside a stretch, as in the floor."""
LONGEST_S = 6.0
"""A longer stretch is told in pieces, so that a long speech is noticed while it goes on."""
SHORTEST_S = 0.25
KEEP_S = 12.0
PIECE = RATE // 4
"""Sound is passed on in pieces up to so long: what is remembered then never depends on how it came."""
DIP_DB = 2.0
END_S, BEFORE_S = 0.16, 0.48
"""The ending: pitch of the last so much of voicing, against so much of it before."""
LOWEST_DB = -100.0


class Measured:
    """A hearing that also tells how voices sound. Its signals are those of ``hearing``, and `Prosody`.

    A `Prosody` comes once its stretch has been silent for `JOIN_S`, and always before the `Clock` that made it certain.
    """

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self.people, self.mode = hearing.people, hearing.mode
        self.latency_s, self.ahead_s = hearing.latency_s, hearing.ahead_s
        self._sound = _Sound()
        self._voices = {person: _Voice() for person in self.people}

    def channel_of(self, person: str) -> int:
        """Tell the channel on which ``person`` is heard best."""
        return self._hearing.channel_of(person)

    def push(self, samples: Samples) -> list[Signal]:
        """Take sound ``(n, channels)``; give what became certain, in order of time."""
        out: list[Signal] = []
        for first in range(0, len(samples), PIECE):
            self._sound.add(np.asarray(samples[first : first + PIECE], np.float32))
            out += self._with_prosody(self._hearing.push(samples[first : first + PIECE]))
        return out

    def finish(self) -> list[Signal]:
        """No more sound comes: give the rest."""
        out = self._with_prosody(self._hearing.finish())
        return [*out, *self._tell(float("inf"))]

    def learned(self) -> dict[str, Voiceprint]:
        """Return what enrolled voices sound like now."""
        return self._hearing.learned()

    def found(self) -> dict[str, Voiceprint]:
        """As the hearing inside."""
        return self._hearing.found()

    def _with_prosody(self, signals: Iterable[Signal]) -> list[Signal]:
        out: list[Signal] = []
        for signal in signals:
            match signal:
                case VoiceOn():
                    self._voices[signal.speaker].on(signal.start)
                case VoiceOff():
                    self._voices[signal.speaker].off(signal.start)
                case Clock():
                    out += self._tell(signal.start)
            out.append(signal)
        return out

    def _tell(self, now: float) -> list[Prosody]:
        out = []
        for person, voice in self._voices.items():
            for spans in voice.done(now):
                alone = _without(spans, self._others(person))
                sound = [self._sound.get(self.channel_of(person), a, b) for a, b in alone]
                if sum(len(x) for x in sound) >= SHORTEST_S * RATE:
                    out.append(measure(sound, person, spans[0][0], spans[-1][1]))
        return sorted(out, key=lambda p: (p.end, p.speaker))

    def _others(self, person: str) -> list[Span]:
        """When others spoke on the channel of ``person``."""
        channel = self.channel_of(person)
        return [
            span
            for other, voice in self._voices.items()
            if other != person and self.channel_of(other) == channel
            for span in voice.lately()
        ]


def measure(sound: list[Samples], speaker: str, start: float, end: float) -> Prosody:
    """The `Prosody` of pieces ``(n,)`` of one person's sound that follow each other between ``start`` and ``end``."""
    track = [_pitch(x) for x in sound if len(x) >= WINDOW]
    if not track:
        return Prosody(start=start, end=end, speaker=speaker)
    hz = np.concatenate([p for p, _ in track])
    power = np.concatenate([q for _, q in track])
    voiced = hz > 0
    loud = power[voiced] if voiced.sum() >= 3 else power[power >= np.median(power)]
    level = 10 * float(np.log10(loud.mean() + 1e-10))
    length_s = sum(len(x) for x in sound) / RATE
    syllables = sum(_syllables(x) for x in sound)
    return Prosody(
        start=start,
        end=end,
        speaker=speaker,
        level_db=level,
        pitch_hz=float(np.median(hz[voiced])) if voiced.sum() >= 5 else None,
        rate_hz=syllables / length_s if length_s >= 0.8 and syllables else None,
        ending_st=_ending(track[-1][0]),
    )


def _pitch(x: Samples) -> tuple[Floats, Floats]:
    """Pitch in Hz (0: none) and power of each frame of ``x`` ``(n,)``, both ``(frames,)``; ``n`` at least `WINDOW`."""
    count = 1 + (len(x) - WINDOW) // HOP
    frames = np.lib.stride_tricks.sliding_window_view(x, WINDOW)[::HOP][:count].astype(np.float64)
    frames = frames - frames.mean(axis=1, keepdims=True)
    power = np.square(frames).mean(axis=1)
    lags = np.arange(int(RATE / HIGHEST_HZ) - 1, int(RATE / LOWEST_HZ) + 2)
    spectrum = np.fft.rfft(frames * _HANN, 2 * WINDOW)
    auto = np.fft.irfft(np.square(np.abs(spectrum)))[:, lags] / _HANN_AUTO[lags]
    auto /= np.maximum(np.square(frames * _HANN).sum(axis=1, keepdims=True), 1e-9)
    inner = auto[:, 1:-1]
    peaks = (inner >= auto[:, :-2]) & (inner > auto[:, 2:])
    score = np.where(peaks, inner - OCTAVE_COST * np.log2(lags[1:-1] / lags[0]), -1.0)
    best = score.argmax(axis=1)
    rows = np.arange(count)
    left, middle, right = auto[rows, best], auto[rows, best + 1], auto[rows, best + 2]
    bend = left - 2 * middle + right
    shift = np.where(np.abs(bend) > 1e-9, 0.5 * (left - right) / np.where(bend == 0, 1.0, bend), 0.0)
    hz = RATE / (lags[best + 1] + np.clip(shift, -0.5, 0.5))
    voiced = peaks[rows, best] & (middle >= VOICED) & (power > power.max() * 1e-3) & (power > 1e-9)
    hz = np.where(voiced, hz, 0.0)
    near = np.lib.stride_tricks.sliding_window_view(np.pad(voiced, 1), 3).sum(axis=1)
    return np.where(near >= 2, hz, 0.0), power


def _ending(hz: Floats) -> float | None:
    """Semitones from the pitch shortly before the end to that at the end. None: hardly anything is voiced."""
    spoken = hz[hz > 0][-round((END_S + BEFORE_S) / HOP_S) :]
    if len(spoken) < 8:
        return None
    semitones = 12 * np.log2(spoken / np.median(spoken))
    semitones = semitones[np.abs(semitones) < 9]
    last = round(END_S / HOP_S)
    if len(semitones) < last + 3:
        return None
    return float(np.median(semitones[-last:]) - np.median(semitones[:-last]))


def _syllables(x: Samples) -> int:
    """Peaks of the level that stand `DIP_DB` over the dips on both sides, none far below the loudest."""
    n = len(x) // FINE
    if n < 5:
        return 0
    power = np.square(x[: n * FINE].reshape(n, FINE).astype(np.float64)).mean(axis=1)
    level = 10 * np.log10(np.convolve(power, np.full(5, 0.2), "same") + 1e-10)
    floor = np.percentile(level, 95) - 25.0
    count, top, dip = 0, -np.inf, level[0]
    rising = True
    for value in level:
        if rising:
            top = max(top, value)
            if value < top - DIP_DB:
                count += int(top > floor and top - dip >= DIP_DB)
                rising, dip = False, value
        else:
            dip = min(dip, value)
            if value > dip + DIP_DB:
                rising, top = True, value
    return count


class _Sound:
    """The last `KEEP_S` seconds of sound."""

    def __init__(self) -> None:
        self._pieces: list[Samples] = []
        self._first = 0
        self._frames = 0

    def add(self, samples: Samples) -> None:
        data = samples[:, None] if samples.ndim == 1 else samples
        self._pieces.append(data)
        self._frames += len(data)
        while self._frames - self._first - len(self._pieces[0]) > KEEP_S * RATE:
            self._first += len(self._pieces.pop(0))

    def get(self, channel: int, start_s: float, end_s: float) -> Samples:
        """Sound of one channel ``(n,)``; what is gone or has not come yet is left out."""
        first, last = max(round(start_s * RATE), self._first), min(round(end_s * RATE), self._frames)
        found, at = [], self._first
        for piece in self._pieces:
            if at < last and at + len(piece) > first:
                found.append(piece[max(0, first - at) : last - at, channel])
            at += len(piece)
        return np.concatenate(found) if found else np.zeros(0, np.float32)


@dataclass(slots=True)
class _Voice:
    """When one person's voice was heard: the stretch it is in, those that are over, and all lately."""

    stretch: list[Span] = field(default_factory=list)
    since: float | None = None
    over: list[list[Span]] = field(default_factory=list)
    heard: list[Span] = field(default_factory=list)

    def on(self, at: float) -> None:
        if self.stretch and at - self.stretch[-1][1] > JOIN_S:
            self.over.append(self.stretch)
            self.stretch = []
        self.since = at

    def off(self, at: float) -> None:
        if self.since is not None:
            self._take(self.since, at)
        self.since = None

    def done(self, now: float) -> list[list[Span]]:
        """Stretches that are over by ``now``, and what is long enough of one that goes on, as spans of voice."""
        if self.since is not None:
            if now - (self.stretch[0][0] if self.stretch else self.since) >= LONGEST_S:
                self._take(self.since, now)
                self.since = now
                self.over.append(self.stretch)
                self.stretch = []
        elif self.stretch and now > self.stretch[-1][1] + JOIN_S:
            self.over.append(self.stretch)
            self.stretch = []
        over, self.over = self.over, []
        return over

    def lately(self) -> list[Span]:
        """When it was heard, also where it goes on."""
        return self.heard if self.since is None else [*self.heard, (self.since, float("inf"))]

    def _take(self, start: float, end: float) -> None:
        if end > start:
            self.stretch.append((start, end))
            self.heard = [*(s for s in self.heard if s[1] > end - KEEP_S), (start, end)]


def _without(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """``spans`` less ``others``."""
    left = list(spans)
    for low, high in others:
        left = [piece for a, b in left for piece in ((a, min(b, low)), (max(a, high), b)) if piece[1] > piece[0]]
    return left


_HANN = np.hanning(WINDOW + 1)[:-1]
_HANN_AUTO = np.fft.irfft(np.square(np.abs(np.fft.rfft(_HANN, 2 * WINDOW))))[:WINDOW]
_HANN_AUTO = _HANN_AUTO / _HANN_AUTO[0]
