"""Two channels that hold the same sound are one microphone."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from truth import fixtures

from voicecoach.samples import Samples
from voicecoach.session import LiveSession
from voicecoach.session.alike import Alike
from voicecoach.testing import FakeDecoder, FakeSource


def alike(sound: Samples) -> bool:
    listens = Alike()
    for piece in np.array_split(sound, 7):
        listens.push(piece)
    return bool(listens)


@pytest.fixture
def talk() -> Samples:
    """A person to a channel."""
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    return sound


def test_a_person_to_a_channel_is_two_however_much_of_the_other_is_heard(talk: Samples) -> None:
    for other in (0.0, 0.25, 0.5, 0.7):
        assert not alike(talk + np.float32(other) * talk[:, ::-1])


def test_one_sound_twice_is_one_with_a_noise_of_its_own_on_each_too(talk: Samples) -> None:
    twice = np.repeat(talk.mean(axis=1, keepdims=True), 2, axis=1)
    assert alike(twice)
    assert alike(twice + np.random.default_rng(1).normal(0, 1e-3, twice.shape).astype(np.float32))


def test_silence_and_one_channel_say_nothing(talk: Samples) -> None:
    assert not alike(np.zeros_like(talk))
    assert not alike(talk[:, :1])


@pytest.mark.parametrize("same", [False, True])
def test_a_session_knows_afterwards(talk: Samples, same: bool) -> None:
    sound = talk[: 5 * 16_000]
    sound = np.repeat(sound[:, :1], 2, axis=1) if same else sound
    session = LiveSession(
        FakeSource(sound), ["Anna", "Ben"], keep=False, speak=False, hurry=True, decoder=FakeDecoder([])
    )
    session.run()
    assert session.alike is same
