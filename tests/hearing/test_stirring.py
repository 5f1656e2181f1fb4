from __future__ import annotations

import numpy as np
import pytest
import soundfile
from truth import fixtures, someone_speaks

from voicecoach.events import Speech, VoiceOn
from voicecoach.hearing import Stirring, open_hearing
from voicecoach.samples import RATE

pytestmark = pytest.mark.models
STEP = 512


def follow(sound: np.ndarray) -> np.ndarray:
    """After each 32 ms, whether somebody seems to speak."""
    stirring = Stirring(sound.shape[1])
    return np.array([stirring.push(sound[i : i + STEP]) for i in range(0, len(sound) - STEP + 1, STEP)])


def test_a_voice_is_noticed_before_hearing_has_decided_on_it() -> None:
    sound = someone_speaks(2.0, 2.0, 5.0, channels=2)
    hearing, decided = open_hearing(2, ("Anna", "Ben")), 0
    while not any(isinstance(s, VoiceOn) for s in hearing.push(sound[decided : decided + STEP])):
        decided += STEP
    noticed = int(np.flatnonzero(follow(sound))[0]) * STEP
    assert 2.0 * RATE <= noticed < decided - 0.1 * RATE


def test_it_is_over_soon_after_the_voice() -> None:
    after = follow(someone_speaks(2.0, 1.5, 5.0, channels=2))[int((3.5 + 0.2) * RATE / STEP) :]
    assert len(after) > 30
    assert not after.any()


def test_what_is_no_voice_does_not_stir() -> None:
    rng = np.random.default_rng(4)
    sound = rng.normal(0, 0.0005, (6 * RATE, 1)).astype(np.float32)
    for at in range(RATE, 5 * RATE, RATE // 2):  # somebody types
        sound[at : at + 160, 0] += rng.normal(0, 0.2, 160).astype(np.float32)
    sound[5 * RATE :, 0] += rng.normal(0, 0.02, RATE).astype(np.float32)  # and a kettle begins
    assert not follow(sound).any()


@pytest.mark.parametrize("rendering", ["2ch", "mix", "room"])
def test_in_conversation_it_stirs_while_somebody_speaks_and_not_in_silence(rendering: str) -> None:
    (fixture,) = fixtures(rendering, names=["clean_turns"])
    found = follow(soundfile.read(fixture.audio, dtype="float32", always_2d=True)[0])
    at = (np.arange(len(found)) + 1) * STEP / RATE
    speech = [(s.start, s.end) for s in fixture.truth if isinstance(s, Speech)]
    silent = ~np.any([(at > a) & (at < b + 0.3) for a, b in speech], axis=0)
    noticed = [(a, at[found & (at > a)][0] - a) for a, b in speech if b - a > 0.5]
    assert silent.sum() > 20
    assert found[silent].mean() < 0.05
    assert max(late for _, late in noticed) < 0.3


def test_the_size_of_the_pieces_changes_nothing() -> None:
    sound = someone_speaks(0.5, 1.0, 2.0, channels=2)
    one, other = Stirring(2), Stirring(2)
    for i in range(0, len(sound), 5 * STEP):
        whole = one.push(sound[i : i + 5 * STEP])
        for j in range(i, min(i + 5 * STEP, len(sound)), 100):
            small = other.push(sound[j : min(j + 100, i + 5 * STEP)])
        assert whole == small
