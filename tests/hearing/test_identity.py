"""Whose voice it is, and what voices learn: with made-up embeddings, so that every case is clear."""

from __future__ import annotations

import numpy as np

from voicecoach.hearing import Voiceprint
from voicecoach.hearing.enrolled import LEARNED_S, Enrolled
from voicecoach.hearing.kept import LATE_S, Kept
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


def on_the_record(start_s: float, end_s: float) -> bool:
    """All but what is heard from 100 s to 200 s."""
    return end_s <= 100.0 or start_s >= 200.0


def test_what_is_heard_off_the_record_helps_to_know_a_voice_but_nothing_of_it_is_kept() -> None:
    voices = Enrolled([Voiceprint(embedding=tuple(map(float, v)), threshold=0.5) for v in (ANNA, BEN)], on_the_record)
    for i in range(80):
        voices.learn(TODAY, 1.2, 99.0 + i)  # each overlaps the break
    assert fit(voices, TODAY, 0) > 0.85
    assert voices.learned(0) is None
    for i in range(80):
        voices.learn(ANNA, 1.2, 200.0 + i)
    kept = voices.learned(0)
    assert kept is not None
    assert kept.vector() @ ANNA > 0.9999


def test_of_voices_that_were_told_apart_what_is_on_the_record_is_kept() -> None:
    voices = Found(2, [(BEN, 10.0)], on_the_record)
    for i in range(40):
        voices.learn(TODAY, 1.2, 150.0 + i)  # she is met off the record
        voices.learn(ANNA, 1.2, 200.0 + i)
    assert fit(voices, TODAY, 1) > 0.9
    kept = voices.kept()
    assert (kept.seconds[0], round(float(kept.seconds[1]))) == (0, 48)
    assert unit(kept.total[1]) @ ANNA > 0.9999


def test_what_turns_out_to_be_off_the_record_is_not_kept_either() -> None:
    """A command holds from where it was begun to be said, and is understood later."""
    since = [1000.0]
    kept = Kept(1, 45.0, lambda start_s, end_s: end_s <= since[0])
    for i in range(40):
        kept.take(0, ANNA, float(i), 1.0)
    assert kept.sums().seconds[0] == 40
    since[0] = 30.0
    assert kept.sums().seconds[0] == 30
    kept.take(0, ANNA, 25.5 + LATE_S, 1.0)
    since[0] = 0.0  # too late for what began before 25.5 s
    assert kept.sums().seconds[0] == 26
