"""The real model files, on voices made of buzzing and resonances: enough to be taken for speech."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from voicecoach import models
from voicecoach.errors import VoicecoachError
from voicecoach.hearing.fbank import fbank
from voicecoach.samples import RATE

pytestmark = pytest.mark.models

VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))  # Hz


def voice(pitch_hz: float, tract: float, seed: int, seconds: float = 4.0) -> np.ndarray:
    """Vowels of 0.18 s after one another. ``tract`` scales the resonances: above 1 for a shorter throat."""
    rng = np.random.default_rng(seed)
    n, step = int(seconds * RATE), int(0.18 * RATE)
    t = np.arange(n) / RATE
    cycles = np.cumsum(pitch_hz * (1 + 0.12 * np.sin(2 * np.pi * 0.7 * t + seed))) / RATE
    buzz = np.diff(np.floor(cycles), prepend=0.0) + 0.02 * rng.standard_normal(n)
    out = np.zeros(n)
    for start in range(0, n, step):
        piece = buzz[start : start + step + 800]
        for hz, width_hz in zip(VOWELS[rng.integers(len(VOWELS))], (80, 100, 150), strict=True):
            r = np.exp(-np.pi * width_hz / RATE)
            piece = lfilter([1 - r], [1, -2 * r * np.cos(2 * np.pi * hz * tract / RATE), r * r], piece)
        out[start : start + len(piece)] += piece * np.hanning(len(piece))
    return (0.3 * out / np.abs(out).max()).astype(np.float32)


def embed(samples: np.ndarray) -> np.ndarray:
    vector = models.onnx_session("campplus").run(None, {"features": fbank(samples)[np.newaxis]})[0][0]
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("name", [model.name for model in models.catalogue()])
def test_every_fetched_model_verifies(name: str) -> None:
    seen: list[tuple[int, int]] = []
    models.verify(name, lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]


def test_fetching_what_is_here_does_nothing() -> None:
    before = models.path("campplus").stat().st_mtime_ns
    assert models.fetch("campplus") == models.path("campplus")
    assert models.path("campplus").stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", ["one byte", "another model"])
def test_damage_is_found(tmp_path, monkeypatch, damage: str) -> None:
    import shutil

    good = models.path("segmentation-3.0")
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    shutil.copytree(good, tmp_path / "models" / "segmentation-3.0")
    models.verify("segmentation-3.0")
    file = tmp_path / "models" / "segmentation-3.0" / "model.onnx"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x40
    if damage == "another model":
        data[:] = bytes(len(data))
    file.write_bytes(data)
    with pytest.raises(VoicecoachError, match=r"model\.onnx of the model segmentation-3\.0 is damaged"):
        models.verify("segmentation-3.0")


@pytest.mark.parametrize(("samples", "frames"), [(1261, 2), (16000, 56), (80000, 293), (160000, 589)])
def test_segmentation_gives_log_probabilities_for_any_length(samples: int, frames: int) -> None:
    session = models.onnx_session("segmentation-3.0")
    noise = np.random.default_rng(1).standard_normal((2, 1, samples)).astype(np.float32) * 0.01
    (output,) = session.run(None, {"waveform": noise})
    assert output.shape == (2, frames, 7)
    np.testing.assert_allclose(np.exp(output).sum(axis=-1), 1.0, atol=1e-4)


def test_segmentation_hears_when_somebody_speaks() -> None:
    quiet = np.zeros(2 * RATE, np.float32)
    sound = np.concatenate([quiet, voice(120.0, 1.0, seed=0), quiet])
    sound += 1e-4 * np.random.default_rng(0).standard_normal(len(sound)).astype(np.float32)
    (output,) = models.onnx_session("segmentation-3.0").run(None, {"waveform": sound[np.newaxis, np.newaxis]})
    speech = 1 - np.exp(output[0, :, 0])
    at_s = (np.arange(len(speech)) * 270 + 495) / RATE
    assert np.median(speech[(at_s > 2.3) & (at_s < 5.7)]) > 0.9
    assert np.median(speech[(at_s > 0.5) & (at_s < 1.5)]) < 0.5
    assert np.median(speech[(at_s > 6.5) & (at_s < 7.5)]) < 0.5


def test_a_voice_is_more_like_itself_than_like_another() -> None:
    low, low_again = embed(voice(110.0, 1.0, seed=0)), embed(voice(110.0, 1.0, seed=1))
    high, high_again = embed(voice(210.0, 1.18, seed=2)), embed(voice(210.0, 1.18, seed=3))
    same = min(low @ low_again, high @ high_again)
    different = max(low @ high, low @ high_again, low_again @ high, low_again @ high_again)
    assert same > 0.85
    assert different < 0.75


@pytest.mark.parametrize("frames", [4, 99, 200, 201, 400, 1200])
def test_embedding_has_192_numbers_at_any_length_and_does_not_mix_a_batch(frames: int) -> None:
    session = models.onnx_session("campplus")
    features = np.random.default_rng(frames).standard_normal((3, frames, 80)).astype(np.float32)
    (together,) = session.run(None, {"features": features})
    assert together.shape == (3, 192)
    for row, alone in zip(together, features, strict=True):
        np.testing.assert_allclose(session.run(None, {"features": alone[np.newaxis]})[0][0], row, atol=1e-3)


def test_whisper_loads_from_the_folder() -> None:
    from faster_whisper import WhisperModel

    model = WhisperModel(models.resolve_whisper("tiny.en"), device="cpu", compute_type="int8", cpu_threads=1)
    assert not model.model.is_multilingual
    assert models.resolve_whisper("tiny.en") == str(models.path("whisper-tiny.en"))
