from __future__ import annotations

import numpy as np
import pytest

from voicecoach.hearing.fbank import fbank

# kaldi-native-fbank 1.23.0 on the sound below: 80 bands, 16 kHz, no dither, no energy floor; frame 20, every tenth band
KALDI = (-5.7811, -10.4387, -15.3712, -13.9718, -7.3416, -8.6181, -15.9424, -15.9424)


def _sound() -> np.ndarray:
    n = np.arange(8000, dtype=np.float64)
    return (0.3 * np.sin(0.05 * n) + 0.2 * np.sin(0.00013 * n * n)).astype(np.float32)


def test_equals_kaldi() -> None:
    got = fbank(_sound(), centre=False)
    assert got.shape == (48, 80)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got[20, ::10], KALDI, atol=1e-3)


def test_centred_bands_have_no_mean_and_no_loudness() -> None:
    noise = 0.3 * np.random.default_rng(0).standard_normal(16000)
    quiet, loud = fbank(0.03 * noise), fbank(noise)
    np.testing.assert_allclose(loud.mean(axis=0), 0.0, atol=1e-5)
    np.testing.assert_allclose(quiet, loud, atol=1e-3)


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16000, 98)])
def test_only_whole_frames_count(samples: int, frames: int) -> None:
    assert fbank(np.zeros(samples, np.float32)).shape == (frames, 80)


def test_silence_gives_numbers() -> None:
    assert np.isfinite(fbank(np.zeros(16000, np.float32), centre=False)).all()
