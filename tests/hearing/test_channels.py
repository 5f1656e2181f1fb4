from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.events import Clock, Signal, VoiceOff, VoiceOn
from voicecoach.hearing import ChannelHearing
from voicecoach.samples import RATE


def vowel(length_s: float, pitch: float = 130.0, db: float = -20.0, seed: int = 0) -> np.ndarray:
    """A voice-like sound: a pulse train with formants and a syllable rhythm."""
    n = int(length_s * RATE)
    t = np.arange(n) / RATE
    rng = np.random.default_rng(seed)
    phase = 2 * np.pi * np.cumsum(pitch * (1 + 0.05 * np.sin(2 * np.pi * 2.3 * t))) / RATE
    x = np.zeros(n)
    for k in range(1, 25):
        f = k * pitch
        gain = sum(1 / (1 + ((f - c) / w) ** 2) for c, w in ((600, 90), (1200, 110), (2500, 160)))
        x += gain * np.sin(k * phase)
    x *= 0.75 + 0.25 * np.sin(2 * np.pi * 4 * t)
    x += 0.01 * rng.standard_normal(n)
    x *= 10 ** (db / 20) / np.sqrt((x**2).mean())
    return x.astype(np.float32)


def scene(length_s: float, voices: list[tuple[int, float, np.ndarray]], noise_db: float = -70.0) -> np.ndarray:
    """Two channels of faint noise with voices put in at (channel, second)."""
    rng = np.random.default_rng(1)
    x = (10 ** (noise_db / 20) * rng.standard_normal((int(length_s * RATE), 2))).astype(np.float32)
    for channel, at, voice in voices:
        i = int(at * RATE)
        x[i : i + len(voice), channel] += voice
    return x


def hear(x: np.ndarray, cuts: list[int] | None = None, people: tuple[str, ...] = ("Sam", "Kim")) -> list[Signal]:
    hearing = ChannelHearing(people)
    out: list[Signal] = []
    for piece in np.split(x, cuts or range(1600, len(x), 1600)):
        out += hearing.push(piece)
    return out + hearing.finish()


def spans(signals: list[Signal], speaker: str) -> list[tuple[float, float]]:
    on = [s.start for s in signals if isinstance(s, VoiceOn) and s.speaker == speaker]
    off = [s.start for s in signals if isinstance(s, VoiceOff) and s.speaker == speaker]
    assert len(on) == len(off)
    out: list[tuple[float, float]] = []
    for a, b in zip(on, off, strict=True):
        if out and a - out[-1][1] < 0.2:
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out


def test_each_voice_is_found_on_its_channel_with_true_edges() -> None:
    x = scene(8.0, [(0, 1.0, vowel(2.0)), (1, 4.0, vowel(2.5, 210))])
    signals = hear(x)
    for who, (a, b) in (("Sam", (1.0, 3.0)), ("Kim", (4.0, 6.5))):
        (found,) = spans(signals, who)
        assert found == pytest.approx((a, b), abs=0.06)


def test_a_voice_leaking_into_the_other_channel_is_not_heard_there() -> None:
    x = scene(14.0, [(0, 1.0, vowel(3.0)), (1, 5.0, vowel(3.0, 210)), (0, 9.0, vowel(3.0, seed=2))])
    signals = hear(x + 10 ** (-12 / 20) * x[:, ::-1])
    assert len(spans(signals, "Sam")) == 2
    assert spans(signals, "Kim") == [pytest.approx((5.0, 8.0), abs=0.08)]


def test_two_voices_at_once_are_both_heard() -> None:
    x = scene(7.0, [(0, 1.0, vowel(4.0)), (1, 2.0, vowel(1.0, 210))])
    signals = hear(x)
    assert spans(signals, "Sam") == [pytest.approx((1.0, 5.0), abs=0.06)]
    assert spans(signals, "Kim") == [pytest.approx((2.0, 3.0), abs=0.06)]


def test_noise_and_clicks_are_no_voice() -> None:
    rng = np.random.default_rng(3)
    x = (0.02 * rng.standard_normal((10 * RATE, 2))).astype(np.float32)
    for i in range(RATE, 9 * RATE, RATE // 3):
        x[i : i + 160] += (0.3 * rng.standard_normal((160, 2))).astype(np.float32)
    assert not [s for s in hear(x) if isinstance(s, VoiceOn)]


def test_silence_of_digital_zeros_is_no_voice_and_the_clock_runs() -> None:
    signals = hear(np.zeros((3 * RATE, 2), np.float32))
    assert all(isinstance(s, Clock) for s in signals)
    assert signals[-1].start == pytest.approx(3.0)


def test_an_open_voice_ends_with_the_sound() -> None:
    x = scene(2.0, [(0, 0.5, vowel(1.5))])
    signals = hear(x)
    assert spans(signals, "Sam")[-1][1] == pytest.approx(2.0, abs=0.01)
    assert isinstance(signals[-1], Clock)


def test_decisions_come_within_the_declared_latency() -> None:
    x = scene(4.0, [(0, 1.0, vowel(2.0))])
    hearing = ChannelHearing(("Sam", "Kim"))
    assert hearing.latency_s <= 0.3
    for i in range(0, len(x), 160):
        clocks = [s.start for s in hearing.push(x[i : i + 160]) if isinstance(s, Clock)]
        if clocks:
            assert clocks[-1] >= (i + 160) / RATE - hearing.latency_s - 1e-9


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(1, 6 * RATE - 1), max_size=25))
def test_the_size_of_the_pieces_changes_nothing(cuts: list[int]) -> None:
    x = scene(6.0, [(0, 0.7, vowel(2.0)), (1, 2.2, vowel(2.5, 210))])
    assert hear(x, sorted(cuts)) == hear(x)


def test_nothing_is_said_about_the_time_before_a_clock() -> None:
    x = scene(6.0, [(0, 0.7, vowel(2.0)), (1, 2.2, vowel(2.5, 210))])
    promised = 0.0
    for signal in hear(x):
        assert signal.start >= promised
        if isinstance(signal, Clock):
            promised = signal.start
