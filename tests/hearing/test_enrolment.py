"""Learning a voice from a source, however long it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import soundfile
from truth import enrolments

from voicecoach.audio import Chunk
from voicecoach.errors import VoicecoachError
from voicecoach.hearing import enroll, enroll_from
from voicecoach.testing import FakeSource

pytestmark = pytest.mark.models
RATE = 16_000


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
