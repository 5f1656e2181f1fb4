"""Log mel filter banks as Kaldi computes them, which CAM++ was trained on.

25 ms frames every 10 ms, each without its mean, with 0.97 pre-emphasis and the Povey window; power spectrum of 512
points; 80 triangles from 20 Hz to 8 kHz on Kaldi's mel scale; natural logarithm. No dither. Only whole frames.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from voicecoach.samples import RATE

FRAME = 400
"""Samples in one frame."""
STEP = 160
"""Samples from one frame to the next."""
MELS = 80

_FFT = 512
_LOW_HZ = 20.0
_PREEMPHASIS = 0.97
_FLOOR = float(np.finfo(np.float32).eps)


def fbank(samples: npt.NDArray[np.floating], *, centre: bool = True) -> npt.NDArray[np.float32]:
    """``samples`` (n,) at 16 kHz in [-1, 1] → float32 ``(frames, 80)`` with ``frames = 1 + (n - 400) // 160``.

    ``centre`` takes off each band's mean over the frames, as the embedding expects. Fewer than 400 samples give none.
    """
    if len(samples) < FRAME:
        return np.zeros((0, MELS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(np.asarray(samples, np.float32), FRAME)[::STEP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)  # Kaldi repeats the first sample
    frames = (frames - np.float32(_PREEMPHASIS) * before) * _window()
    spectrum = np.fft.rfft(frames, _FFT, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    bands: npt.NDArray[np.float32] = np.log(np.maximum(power @ _triangles(), np.float32(_FLOOR)))
    if centre:
        bands -= bands.mean(axis=0, keepdims=True)
    return bands


@cache
def _window() -> npt.NDArray[np.float32]:
    n = np.arange(FRAME)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * n / (FRAME - 1))
    return (hann**0.85).astype(np.float32)


@cache
def _triangles() -> npt.NDArray[np.float32]:
    """Weights ``(257, 80)``: triangles evenly spaced and straight-sided in mel, mel = 1127 ln(1 + Hz / 700)."""

    def mel(hz: npt.ArrayLike) -> npt.NDArray[np.float64]:
        return np.asarray(1127.0 * np.log1p(np.asarray(hz, np.float64) / 700.0))

    edges = np.linspace(mel(_LOW_HZ), mel(RATE / 2), MELS + 2)
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    bins = mel(np.arange(_FFT // 2 + 1) * (RATE / _FFT))[:, np.newaxis]
    rising = (bins - left) / (middle - left)
    falling = (right - bins) / (right - middle)
    weights = np.maximum(0.0, np.minimum(rising, falling))
    weights[-1] = 0.0  # Kaldi leaves the bin at half the rate out
    return weights.astype(np.float32)
