"""Whose voice it is, and what voices learn: with made-up embeddings, so that every case is clear."""

from __future__ import annotations

import numpy as np

from voicecoach.hearing import Voiceprint
from voicecoach.hearing.enrolled import LEARNED_S, Enrolled
from voicecoach.hearing.separated import Found
from voicecoach.hearing.voiceprint import DIMENSIONS, Embedding, unit

ANNA, BEN, EVE = (unit(np.eye(DIMENSIONS, dtype=np.float32)[i]) for i in range(3))
ROOM = unit(np.eye(DIMENSIONS, dtype=np.float32)[9])
TODAY = unit(0.8 * ANNA + 0.6 * ROOM)
"""Anna as she sounds today."""


def known(*voices: Embedding) -> Enrolled:
    return Enrolled([Voiceprint(embedding=tuple(map(float, v)), threshold=0.5) for v in voices])


def fit(identity: Enrolled | Found, voice: Embedding, person: int) -> float:
    return float(identity.scores(voice[None])[0, person])


def test_an_enrolled_voice_follows_how_it_sounds_today_but_only_half_way() -> None:
    voices = known(ANNA, BEN)
    for _ in range(400):
        voices.learn(TODAY, 1.2)
    assert fit(voices, TODAY, 0) > 0.9
    assert fit(voices, ANNA, 0) > 0.9
    assert fit(voices, BEN, 1) == 1.0
    kept = voices.learned(0)
    assert kept is not None
    assert kept.vector() @ TODAY > 0.9
    assert voices.learned(1) is None


def test_doubtful_short_and_strange_speech_teaches_nothing() -> None:
    voices = known(ANNA, BEN)
    for _ in range(round(2 * LEARNED_S)):
        voices.learn(unit(ANNA + 0.95 * BEN), 1.2)  # either of them
        voices.learn(TODAY, 0.5)  # too short
        voices.learn(unit(0.4 * ANNA + EVE), 1.2)  # nobody enrolled
    assert fit(voices, ANNA, 0) == 1.0
    assert (voices.learned(0), voices.learned(1)) == (None, None)


def test_a_stranger_becomes_a_voice_once_heard_for_long_and_one_odd_sound_does_not() -> None:
    voices = Found(3, [(ANNA, 10.0), (BEN, 10.0)])
    voices.learn(EVE, 1.2)
    assert fit(voices, EVE, 2) == -1.0
    for _ in range(4):
        voices.learn(EVE, 1.2)
    assert fit(voices, EVE, 2) > 0.99
    assert fit(voices, ANNA, 0) > 0.99


def test_there_are_never_more_voices_than_people() -> None:
    voices = Found(2, [(ANNA, 10.0), (BEN, 10.0)])
    for _ in range(10):
        voices.learn(EVE, 1.2)
    assert voices.scores(EVE[None]).shape == (1, 2)
