"""Voices as numbers, on the recorded voices of the fixtures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import parselmouth
import pytest
import soundfile
import soxr
from test_channels import scene, vowel

from voicecoach.events import Clock, Prosody, Signal, VoiceOff, VoiceOn
from voicecoach.hearing import ChannelHearing, Measured
from voicecoach.hearing.prosody import LONGEST_S, measure
from voicecoach.samples import RATE

FIXTURES = Path(__file__).parents[2] / "audio_fixtures"


def voice(name: str) -> np.ndarray:
    samples, rate = soundfile.read(FIXTURES / f"enroll_{name}.flac", dtype="float32")
    assert rate == RATE
    return np.asarray(samples[: 8 * RATE], np.float32)


def gliding(from_hz: float, to_hz: float) -> np.ndarray:
    """A hummed second whose pitch moves at its end."""
    hz = np.interp(np.arange(RATE) / RATE, [0, 0.55, 1], [from_hz, from_hz, to_hz])
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    return np.asarray(0.1 * sum(np.sin(k * phase) / k for k in range(1, 12)), np.float32)


def hear(x: np.ndarray, piece: int) -> list[Signal]:
    hearing = Measured(ChannelHearing(("Sam", "Kim")))
    out: list[Signal] = []
    for i in range(0, len(x), piece):
        out += hearing.push(x[i : i + piece])
    return out + hearing.finish()


@pytest.mark.parametrize("name", ["anna", "ben"])
def test_pitch_is_that_of_praat(name: str) -> None:
    sound = voice(name)
    pitch = parselmouth.Sound(sound.astype(np.float64), RATE).to_pitch(0.032, 70, 400).selected_array["frequency"]
    found = measure([sound], name, 0.0, 8.0).pitch_hz
    assert found == pytest.approx(float(np.median(pitch[pitch > 0])), rel=0.03)


def test_louder_higher_and_quicker_are_measured_as_such() -> None:
    plain = measure([voice("anna")], "Anna", 0.0, 8.0)
    louder = measure([voice("anna") * 2], "Anna", 0.0, 8.0)
    assert louder.level_db - plain.level_db == pytest.approx(6.02, abs=0.05)
    assert louder.pitch_hz == pytest.approx(plain.pitch_hz)
    higher = measure([soxr.resample(voice("anna"), 1.25, 1.0)], "Anna", 0.0, 6.4)  # higher and quicker by a quarter
    assert higher.pitch_hz is not None
    assert higher.rate_hz is not None
    assert higher.pitch_hz / (plain.pitch_hz or 1) == pytest.approx(1.25, rel=0.05)
    assert higher.rate_hz / (plain.rate_hz or 1) == pytest.approx(1.25, rel=0.12)


def test_a_melody_that_rises_and_one_that_falls() -> None:
    rising, falling = (measure([gliding(150, to)], "Sam", 0, 1).ending_st for to in (210, 105))
    assert rising is not None
    assert falling is not None
    assert rising > 2
    assert falling < -2
    assert measure([np.zeros(RATE, np.float32)], "Sam", 0, 1).ending_st is None


def test_every_stretch_is_measured_and_the_signals_of_hearing_stay() -> None:
    x = scene(12.0, [(0, 0.5, vowel(1.5)), (1, 3.0, vowel(2.0, pitch=210)), (0, 6.0, vowel(1.0, db=-14))])
    plain = ChannelHearing(("Sam", "Kim"))
    alone = plain.push(x) + plain.finish()
    signals = hear(x, 1600)
    assert [s for s in signals if not isinstance(s, Prosody)] == alone
    found = [s for s in signals if isinstance(s, Prosody)]
    ons = [s for s in alone if isinstance(s, VoiceOn)]
    offs = [s for s in alone if isinstance(s, VoiceOff)]
    assert [(p.speaker, p.start, p.end) for p in found] == [
        (on.speaker, on.start, off.start) for on, off in zip(ons, offs, strict=True)
    ]
    sam, kim, louder = found
    assert sam.pitch_hz == pytest.approx(130, rel=0.05)
    assert kim.pitch_hz == pytest.approx(210, rel=0.05)
    assert louder.level_db - sam.level_db == pytest.approx(6.0, abs=1.0)


def test_the_size_of_pieces_changes_nothing() -> None:
    x = scene(10.0, [(0, 0.5, vowel(3.0)), (1, 4.0, vowel(0.6, pitch=210)), (0, 6.0, vowel(2.0))])
    assert hear(x, 512) == hear(x, 7 * RATE) == hear(x, 1777)


class Scripted:
    """A hearing of Sam and Kim on one channel that tells what it was given once the sound is there."""

    people, mode, latency_s, ahead_s = ("Sam", "Kim"), "enrolled", 0.0, 0.0

    def __init__(self, *signals: Signal) -> None:
        self._signals = [*signals]
        self._heard = 0

    def channel_of(self, person: str) -> int:
        return 0

    def push(self, samples: np.ndarray) -> list[Signal]:
        self._heard += len(samples)
        now = self._heard / RATE
        due = [s for s in self._signals if s.start <= now]
        self._signals = [s for s in self._signals if s.start > now]
        return [*due, Clock(start=now, end=now)]

    def finish(self) -> list[Signal]:
        return self._signals


def on(at: float, who: str) -> VoiceOn:
    return VoiceOn(start=at, end=at, speaker=who)


def off(at: float, who: str) -> VoiceOff:
    return VoiceOff(start=at, end=at, speaker=who)


def test_a_long_speech_is_told_while_it_goes_on() -> None:
    hearing = Measured(Scripted(on(1.0, "Sam"), off(15.0, "Sam")))
    sound = np.tile(vowel(1.0), 16)
    told = {now: [s for s in hearing.push(sound[:RATE]) if isinstance(s, Prosody)] for now in range(1, 17)}
    assert [(now, p.start, p.end) for now, found in told.items() for p in found] == [
        (1 + LONGEST_S, 1.0, 1.0 + LONGEST_S),
        (1 + 2 * LONGEST_S, 1.0 + LONGEST_S, 1.0 + 2 * LONGEST_S),
        (16, 1.0 + 2 * LONGEST_S, 15.0),
    ]


def test_on_one_channel_nobody_is_measured_under_another_voice() -> None:
    low, high = vowel(1.0, pitch=110), vowel(1.0, pitch=220)
    hearing = Measured(Scripted(on(0.0, "Sam"), on(1.0, "Kim"), off(2.0, "Sam"), off(3.0, "Kim")))
    signals = hearing.push(np.concatenate((low, low + high, high))) + hearing.finish()
    found = {s.speaker: s.pitch_hz for s in signals if isinstance(s, Prosody)}
    assert found["Sam"] == pytest.approx(110, rel=0.05)
    assert found["Kim"] == pytest.approx(220, rel=0.05)
