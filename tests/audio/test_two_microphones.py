"""Two devices as one source: each has a clock of its own, and may lose sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

from voicecoach.audio import Chunk, TwoMicrophones, two_microphones
from voicecoach.audio.residue import FRAME
from voicecoach.errors import VoicecoachError


class Device:
    """A microphone that gives what ``script`` says: (samples, lost before them) a time."""

    script: ClassVar[dict[object, list[tuple[int, int]]]] = {}
    closed: ClassVar[list[object]] = []
    queued: ClassVar[set[object]] = set()

    def __init__(self, device: Any, channels: int, block_s: float) -> None:
        if device not in self.script:
            raise VoicecoachError("no such device")
        self.device = device

    def chunks(self) -> Iterator[Chunk]:
        while self.script[self.device]:
            n, lost = self.script[self.device].pop(0)
            yield Chunk(np.ones((n, 1), np.float32), lost)

    @property
    def waiting(self) -> bool:
        return self.device in self.queued and bool(self.script[self.device])

    def stop(self) -> None: ...

    def close(self) -> None:
        self.closed.append(self.device)


@pytest.fixture(autouse=True)
def _devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_microphones, "Microphone", Device)
    Device.script, Device.closed, Device.queued = {}, [], set()


def heard(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> list[Chunk]:
    Device.script = {"a": first, "b": second}
    return list(TwoMicrophones("a", "b").chunks())


def test_both_stand_side_by_side() -> None:
    chunks = heard([(1600, 0)] * 3, [(1600, 0)] * 3)
    assert [c.samples.shape for c in chunks] == [(1600, 2)] * 3
    assert sum(c.filled for c in chunks) == 0


def test_whatever_comes_they_give_whole_frames_of_the_echo_canceller() -> None:
    chunks = heard([(1600, 0)] * 40, [(1471, 0), (1700, 33)] * 20)
    assert {len(c.samples) % FRAME for c in chunks} == {0}
    assert sum(len(c.samples) for c in chunks) > 39 * 1600


def test_what_one_loses_is_silence_there_and_told() -> None:
    chunks = heard([(1600, 0)] * 4, [(1600, 0), (1600, 800), (800, 0), (1600, 0)])
    sound = np.concatenate([c.samples for c in chunks])
    assert (sound[:, 0] == 1).all()
    assert (sound[1600:2400, 1] == 0).all()
    assert (sound[2400:, 1] == 1).all()
    assert sum(c.filled for c in chunks) == 800


def test_after_a_sleep_what_both_lost_is_lost_and_not_filled() -> None:
    """One of them has heard a block more before it: the night is not to come twice, nor in one piece of memory."""
    night = 8 * 3600 * 16_000
    first = [(1600, 0), (1600, 0), (1600, night), (1600, 0), (1600, 0)]
    second = [(1600, 0), (1600, night + 400), (1600, 0), (1600, 0), (1600, 0)]
    chunks = heard(first, second)
    (gap,) = [c.lost for c in chunks if c.lost]
    assert night - 1600 <= gap <= night
    assert max(len(c.samples) for c in chunks) <= 16_000
    assert sum(c.lost + len(c.samples) for c in chunks) == pytest.approx(5 * 1600 + night, abs=FRAME)
    assert sum(c.filled for c in chunks) < 2 * 1600 + 400


def test_what_one_lost_for_long_is_filled_in_pieces() -> None:
    Device.queued = {"a"}
    chunks = heard([(1600, 0)] * 100, [(1600, 0), (1600, 98 * 1600)])
    assert max(len(c.samples) for c in chunks) <= 16_000
    sound = np.concatenate([c.samples for c in chunks])
    assert len(sound) == 100 * 1600
    assert (sound[:, 0] == 1).all()
    assert np.array_equal(np.flatnonzero(sound[:, 1] == 0), np.arange(1600, 99 * 1600))
    assert sum(c.filled for c in chunks) == 98 * 1600


def test_a_device_that_runs_slower_is_filled_up() -> None:
    chunks = heard([(1600, 0)] * 40, [(1200, 0)] * 40)
    sound = np.concatenate([c.samples for c in chunks])
    assert len(sound) > 40 * 1600 - 0.6 * 16_000
    assert sum(c.filled for c in chunks) == (sound[:, 1] == 0).sum()


def test_when_the_second_is_not_there_the_first_is_given_back() -> None:
    Device.script = {"a": []}
    with pytest.raises(VoicecoachError):
        TwoMicrophones("a", "b")
    assert Device.closed == ["a"]
