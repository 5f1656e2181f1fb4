"""Where a prompt was taken out the room goes on, so that what follows is heard as if there had been no prompt."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from test_echo import echoed, speech
from truth import fixtures

from voicecoach.audio import EchoCanceller
from voicecoach.audio.background import Background
from voicecoach.hearing import ChannelHearing
from voicecoach.hearing.base import stretches
from voicecoach.samples import RATE

PEOPLE = ("Anna", "Ben")
BEFORE_S, AFTER_S = 6.0, 4.0


def heard_after(prompted: bool, noise_db: float) -> np.ndarray:
    """Who speaks ``(10 ms, person)`` after a prompt, or without one, in a room with noise."""
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    talk = soundfile.read(fixture.audio, dtype="float32")[0]
    first = np.concatenate((np.zeros((int(BEFORE_S * RATE), 2), np.float32), talk[: int(4.2 * RATE)]))
    pause = np.zeros((int(AFTER_S * RATE), 2), np.float32)
    sound = np.concatenate((first, pause, talk[int(4.2 * RATE) :]))
    played = np.zeros(len(sound), np.float32)
    if prompted:
        prompt = speech("paraphrase_missed", 0, 3.0)
        for at in (RATE, len(first) + int(0.4 * RATE)):  # the canceller knows the room from the first
            played[at : at + len(prompt)] = prompt
    noise = np.random.default_rng(0).normal(0, 10 ** (noise_db / 20), sound.shape)
    sound = (sound + echoed(played, 0.1, 0.3)[:, None] + noise).astype(np.float32)
    canceller, hearing, signals = EchoCanceller(2), ChannelHearing(PEOPLE), []
    for at in range(0, len(sound), 1600):
        signals += hearing.push(canceller.process(sound[at : at + 1600], played[at : at + 1600]))
    on, end = round((len(first) + len(pause)) / RATE * 100), round(len(sound) / RATE * 100)
    speaks = np.zeros((end, 2), bool)
    for person, found in stretches([*signals, *hearing.finish()], PEOPLE).items():
        for start, stop in found:
            speaks[round(start * 100) : round(stop * 100), PEOPLE.index(person)] = True
    return speaks[on:]


@pytest.mark.parametrize("noise_db", [-52.0, -60.0])
def test_what_is_said_after_a_prompt_is_heard_as_without_one(noise_db: float) -> None:
    with_prompt, without = heard_after(True, noise_db), heard_after(False, noise_db)
    assert without.sum() > 1000
    assert (with_prompt ^ without).sum() <= 20


def test_it_sounds_as_the_room_does_between_words() -> None:
    room = np.random.default_rng(0).normal(0, 0.002, (4 * RATE, 2)).astype(np.float32)
    room[:, 1] *= 0.5
    loud = room.copy()
    loud[:RATE] += speech("clean_turns", 0, 1.0)[:, None]
    background = Background(2)
    for at in range(0, len(loud), 700):
        background.hear(loud[at : at + 700])
    taken = np.concatenate([background.take(n) for n in (300, 1600, 5000)])
    assert taken.shape == (6900, 2)
    assert taken.std(axis=0) == pytest.approx(room.std(axis=0), rel=0.1)
    assert np.abs(np.diff(taken, axis=0)).max() < 1.2 * np.abs(np.diff(room, axis=0)).max()


def test_where_nothing_was_heard_yet_it_is_silent() -> None:
    assert not Background(1).take(1600).any()
