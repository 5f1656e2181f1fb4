"""How loud, how far over the noise, and how voiced the sound of one channel is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicecoach.hearing.base import FRAME, FRAME_S, STEP
from voicecoach.samples import RATE, Samples

LOWEST_DB = -100.0


class Levels:
    """Level of each 8 ms frame in dB full scale, rumble taken away first.

    The mean of the 10 ms around each sample is subtracted: nothing is lost from 100 Hz up, 9 dB at 50 Hz, 20 dB at
    25 Hz. The levels lag the sound by those 5 ms.
    """

    _AROUND = RATE // 100

    def __init__(self) -> None:
        self._tail: npt.NDArray[np.float64] = np.zeros(self._AROUND)

    def __call__(self, step: Samples) -> npt.NDArray[np.float64]:
        """Levels ``(n / 128,)`` of a step ``(n,)``."""
        x: npt.NDArray[np.float64] = np.concatenate((self._tail, step.astype(np.float64)))
        self._tail = x[-self._AROUND :]
        total: npt.NDArray[np.float64] = np.cumsum(np.concatenate((np.zeros(1), x)))
        mean = (total[self._AROUND : -1] - total[: -self._AROUND - 1]) / self._AROUND
        clean = x[self._AROUND // 2 : -self._AROUND // 2] - mean
        power = np.square(clean.reshape(-1, FRAME)).mean(axis=1)
        levels: npt.NDArray[np.float64] = 10.0 * np.log10(power + 10.0 ** (LOWEST_DB / 10.0))
        return levels


class Percentile:
    """A percentile of values in dB that forgets: a histogram of 1 dB bins whose counts fade with ``memory`` values."""

    def __init__(self, share: float, memory: float, low: float = -100.0, high: float = 0.0) -> None:
        self.share = share
        self.low = low
        self._counts = np.zeros(round(high - low) + 1)
        self._grow = 1.0
        self._rate = 1.0 / (1.0 - 1.0 / memory)
        self.weight = 0.0
        self._memory = memory

    def add(self, value: float) -> None:
        """Count one value. Growing the weight of the new instead of fading the old costs nothing per value."""
        index = min(max(round(value - self.low), 0), len(self._counts) - 1)
        self._counts[index] += self._grow
        self._grow *= self._rate
        self.weight = min(self.weight + 1.0, self._memory)
        if self._grow > 1e12:
            self._counts /= self._grow
            self._grow = 1.0

    def value(self) -> float:
        """Return the percentile now, in dB. ``low`` before anything was counted."""
        total = np.cumsum(self._counts)
        if total[-1] <= 0.0:
            return self.low
        return self.low + float(np.searchsorted(total, self.share * total[-1]))


class Loudness:
    """What on one microphone is loud enough to be a voice: levels against the tracked noise and the tracked voice.

    The noise floor is the 10th percentile of the last 12 s or so, the voice's level the 90th percentile of 30 s of what
    was found to be voice. A person's softest sounds lie some 30 dB under their loudest, so what is more than
    ``below_voice_db`` under them is breath, room or line.
    """

    def __init__(self, over_floor_db: float = 12.0, quietest_db: float = -62.0, below_voice_db: float = 36.0) -> None:
        self.over_floor_db = over_floor_db
        self.quietest_db = quietest_db
        self.below_voice_db = below_voice_db
        self.floor = Percentile(0.10, 12.0 / FRAME_S)
        self.voice = Percentile(0.90, 30.0 / FRAME_S)
        self._levels = Levels()
        self._tail = np.full(2, LOWEST_DB)

    def __call__(self, step: Samples) -> npt.NDArray[np.float64]:
        """Levels ``(n / 128,)`` of a step ``(n,)`` in dB, each the mean power of three frames (24 ms)."""
        raw = self._levels(step)
        for level in raw:
            self.floor.add(float(level))
        joined = np.concatenate((self._tail, raw))
        self._tail = joined[-2:]
        power = 10.0 ** (joined / 10.0)
        smooth: npt.NDArray[np.float64] = 10.0 * np.log10((power[:-2] + power[1:-1] + power[2:]) / 3.0)
        return smooth

    def learn(self, levels: npt.NDArray[np.float64]) -> None:
        """These levels in dB are voice."""
        for level in levels:
            self.voice.add(float(level))

    def threshold_db(self) -> float:
        """Sound louder than this can be a voice."""
        low = max(self.floor.value() + self.over_floor_db, self.quietest_db)
        if self.voice.weight * FRAME_S < 0.5:
            return low
        return max(low, self.voice.value() - self.below_voice_db)


class Voicing:
    """How periodic the last 64 ms are, in [0, 1]: the highest autocorrelation at the pitch of a voice (70–400 Hz).

    Vowels on the telephone stay periodic where Silero doubts; breath, keys and paper do not. The normalisation by the
    lag's share of the window follows Boersma (1993).
    """

    def __init__(self) -> None:
        self._window = np.zeros(2 * STEP)
        lags = np.arange(RATE // 400, RATE // 70)
        self._lags = lags
        self._share = 1.0 - lags / (2 * STEP)

    def __call__(self, step: Samples) -> float:
        """Voicing after this step ``(512,)``."""
        self._window[:STEP] = self._window[STEP:]
        self._window[STEP:] = step
        x = self._window - self._window.mean()
        spectrum = np.fft.rfft(x, 4 * STEP)
        auto = np.fft.irfft(spectrum.real**2 + spectrum.imag**2)
        if auto[0] < 1e-7:
            return 0.0
        return float(min(1.0, (auto[self._lags] / (auto[0] * self._share)).max()))
