"""Learning a voice from a source, however long it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import soundfile
from truth import enrolments

from voicecoach.audio import Chunk
from voicecoach.errors import VoicecoachError
from voicecoach.hearing import enroll, enroll_from, similar
from voicecoach.samples import RATE
from voicecoach.testing import FakeSource

pytestmark = pytest.mark.models


def voice(name: str) -> np.ndarray:
    samples, _ = soundfile.read(enrolments()[name], dtype="float32")
    return np.asarray(samples, np.float32)


class Counted(FakeSource):
    """Counts what is taken of it."""

    given = 0

    def chunks(self) -> Iterator[Chunk]:
        for chunk in super().chunks():
            self.given += len(chunk.samples)
            yield chunk


def test_of_hours_only_the_beginning_is_heard() -> None:
    anna = voice("Anna")
    source = Counted(np.concatenate((anna, np.tile(voice("Ben"), 20))), kind="recording")
    shares: list[float] = []
    found = enroll_from(source, len(anna) / RATE, shares.append)
    assert source.given <= len(anna) + RATE // 10
    assert source.closed
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert np.dot(found.embedding, enroll(anna).embedding) > 0.99


def test_channels_are_put_together_and_a_source_that_fails_is_closed() -> None:
    anna = voice("Anna")
    left_only = FakeSource(np.stack((anna, 0 * anna), axis=1))
    assert np.dot(enroll_from(left_only).embedding, enroll(anna).embedding) > 0.99
    broken = FakeSource(anna[:RATE], fails=VoicecoachError("The microphone went away."))
    with pytest.raises(VoicecoachError, match="went away"):
        enroll_from(broken)
    assert broken.closed


def test_a_microphone_that_gives_nothing_is_not_waited_for() -> None:
    class Gone(FakeSource):
        def chunks(self) -> Iterator[Chunk]:
            yield from super().chunks()
            yield Chunk(np.zeros((0, 1), np.float32), lost=48_000, reason="gone")
            pytest.fail("it is waited for")

    for heard in (voice("Anna")[:RATE], voice("Anna")):
        source = Gone(heard)
        with pytest.raises(VoicecoachError, match="microphone gives no sound"):
            enroll_from(source, 1000.0)
        assert source.closed


def noise(level: float, count: int) -> np.ndarray:
    return np.random.default_rng(3).normal(0.0, level, count).astype(np.float32)


def test_what_would_not_work_later_is_refused_with_its_cause() -> None:
    anna, ben = voice("Anna"), voice("Ben")
    refused = {
        "Nothing can be heard": 0.0 * anna,
        "No voice can be heard": noise(0.01, 5 * RATE),
        "too quiet": anna / 400,
        "too loud and distorted": np.clip(anna * 60, -1.0, 1.0),
        "room is too loud": anna + noise(0.6 * float(anna.std()), len(anna)),
        "Only [1-5] s of speech": anna[: 4 * RATE],
        "More than one voice": np.concatenate((anna[: 8 * RATE], ben[: 8 * RATE])),
    }
    for cause, sound in refused.items():
        with pytest.raises(VoicecoachError, match=cause):
            enroll(sound)


def test_a_voice_in_a_quiet_room_s_noise_is_learnt() -> None:
    anna = voice("Anna")
    assert np.dot(enroll(anna + noise(0.03 * float(anna.std()), len(anna))).embedding, enroll(anna).embedding) > 0.9


def test_two_voices_that_are_hard_to_tell_apart_are_known_as_such() -> None:
    anna, ben = voice("Anna"), voice("Ben")
    some = len(anna) * 7 // 10
    assert similar(enroll(anna[:some]), enroll(anna[-some:]))
    assert not similar(enroll(anna), enroll(ben))
