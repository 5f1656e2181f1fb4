"""Sounds that are no speech, made from nothing: float32 ``(n,)`` at 16 kHz."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from voicecoach.samples import RATE

Samples = npt.NDArray[np.float32]
Rng = np.random.Generator


def silence(rng: Rng, seconds: float) -> Samples:
    """A very quiet room: -80 dBFS."""
    return rng.normal(0, 0.0001, int(seconds * RATE)).astype(np.float32)


def room(rng: Rng, seconds: float) -> Samples:
    """A fan and traffic: low noise that swells and fades, with mains hum; -50 to -40 dBFS."""
    n = int(seconds * RATE)
    noise = lfilter([1.0], [1.0, -0.97], rng.normal(0, 0.001, n))
    swell = 1 + 0.7 * np.sin(2 * np.pi * np.arange(n) / RATE / 11.0)
    hum = 0.002 * np.sin(2 * np.pi * 100 * np.arange(n) / RATE)
    return (noise * swell + hum).astype(np.float32)


def keys(rng: Rng, seconds: float) -> Samples:
    """Somebody types, in bursts, close to the microphone."""

    def stroke() -> npt.NDArray[np.float64]:
        n = int(rng.uniform(0.01, 0.05) * RATE)
        burst = rng.normal(0, 1, n) * np.exp(-np.arange(n) / (0.006 * RATE))
        return rng.uniform(0.02, 0.12) * _resonances(burst, [(rng.uniform(1500, 4000), 600)])

    return _scattered(rng, seconds, stroke, lambda: rng.uniform(0.06, 0.25) if rng.random() < 0.93 else 3.0)


def coughs(rng: Rng, seconds: float) -> Samples:
    """One to three bursts of breath through a throat, partly voiced, every few seconds."""

    def cough() -> npt.NDArray[np.float64]:
        parts = []
        for _ in range(rng.integers(1, 4)):
            n = int(rng.uniform(0.15, 0.35) * RATE)
            shape = np.minimum(np.arange(n) / (0.01 * RATE), 1) * np.exp(-np.arange(n) / (0.09 * RATE))
            source = rng.normal(0, 1, n) + 2.0 * _pulses(rng, n, rng.uniform(110, 170)) * (np.arange(n) > n / 3)
            parts += [_resonances(source * shape, [(650, 200), (1300, 250), (2600, 400)]), np.zeros(RATE // 8)]
        return 0.08 * np.concatenate(parts)

    return _scattered(rng, seconds, cough, lambda: rng.uniform(2.0, 6.0))


def laughter(rng: Rng, seconds: float) -> Samples:
    """Bouts of "ha" at five a second, falling in pitch and loudness."""

    def bout() -> npt.NDArray[np.float64]:
        pitch, count, parts = rng.uniform(160, 320), rng.integers(4, 10), []
        for k in range(count):
            n, pause = int(rng.uniform(0.08, 0.13) * RATE), int(rng.uniform(0.07, 0.12) * RATE)
            vowel = _pulses(rng, n, pitch * (1 - 0.03 * k)) + 0.1 * rng.normal(0, 1, n)
            breath = 0.25 * rng.normal(0, 1, pause)
            syllable = np.concatenate((vowel * np.hanning(n), breath * np.hanning(pause)))
            parts.append(0.9**k * _resonances(syllable, [(780, 90), (1250, 110), (2650, 160)]))
        return 0.1 * np.concatenate(parts)

    return _scattered(rng, seconds, bout, lambda: rng.uniform(1.5, 5.0))


def music(rng: Rng, seconds: float) -> Samples:
    """Chords, a tune and a drum, as from a radio in the room."""
    n = int(seconds * RATE)
    out, beat = np.zeros(n), int(0.5 * RATE)
    decay = np.exp(-np.arange(beat) / (0.25 * RATE))
    time = np.arange(beat) / RATE
    for k, at in enumerate(range(0, n - beat, beat)):
        root = 130.8 * 2 ** ((0, 5, 7, 9)[k // 4 % 4] / 12)
        tones = [root * 2 ** (i / 12) for i in (0, 4, 7)] + [4 * root * 2 ** (rng.choice((0, 2, 4, 7, 9)) / 12)]
        sound = sum(np.sin(2 * np.pi * f * h * time) / h for f in tones for h in (1, 2, 3, 4))
        drum = rng.normal(0, 2, beat) * np.exp(-time / 0.03) * (k % 2)
        out[at : at + beat] += 0.012 * (sound * decay + drum)
    return out.astype(np.float32)


KINDS: Mapping[str, Callable[[Rng, float], Samples]] = {
    f.__name__: f for f in (silence, room, keys, coughs, laughter, music)
}


def _scattered(
    rng: Rng, seconds: float, make: Callable[[], npt.NDArray[np.float64]], pause_s: Callable[[], float]
) -> Samples:
    """One after the other over a quiet room."""
    out = rng.normal(0, 0.0004, int(seconds * RATE))
    at = RATE
    while at < len(out):
        piece = make()[: len(out) - at]
        out[at : at + len(piece)] += piece
        at += len(piece) + int(pause_s() * RATE)
    return out.astype(np.float32)


def _pulses(rng: Rng, n: int, pitch_hz: float) -> npt.NDArray[np.float64]:
    """What the vocal folds give: a pulse each period, softened."""
    phase = np.cumsum(pitch_hz * (1 + 0.02 * rng.normal(0, 1, n)) / RATE)
    pulses = 8.0 * np.diff(np.floor(phase), prepend=0.0)
    softened: npt.NDArray[np.float64] = lfilter([1.0], [1.0, -0.9], pulses)
    return softened


def _resonances(source: npt.NDArray[np.float64], formants: list[tuple[float, float]]) -> npt.NDArray[np.float64]:
    """``source`` through resonances, each given as its frequency and bandwidth in Hz; loudest sample 1."""
    out = np.zeros(len(source))
    for frequency, width in formants:
        radius = np.exp(-np.pi * width / RATE)
        out += lfilter([1 - radius], [1.0, -2 * radius * np.cos(2 * np.pi * frequency / RATE), radius**2], source)
    return out / max(float(np.abs(out).max()), 1e-9)
