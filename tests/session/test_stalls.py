"""A decoder that stops for a while: the conversation goes on, and afterwards every word is there, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from truth import fixtures

from voicecoach.audio import Chunk
from voicecoach.events import Event, Word
from voicecoach.session import LiveSession
from voicecoach.store.log import read_log
from voicecoach.testing import FakeDecoder, FakeSource
from voicecoach.transcript import Job, Result

SPEED = 40.0
STALL_S = 5.0
"""Of sound that goes by."""


class Paced(FakeSource):
    """Sound `SPEED` times faster than it was spoken."""

    given_s = 0.0

    def chunks(self) -> Iterator[Chunk]:
        for chunk in super().chunks():
            time.sleep(len(chunk.samples) / 16_000 / SPEED)
            self.given_s += len(chunk.samples) / 16_000
            yield chunk


class Stalling(FakeDecoder):
    """Twice waits until `STALL_S` more of sound has gone by."""

    def __init__(self, script: list[Word], source: Paced, at: list[float]) -> None:
        super().__init__(script)
        self._source, self._at = source, at
        self.stalled = 0

    def decode(self, job: Job) -> Result:
        if self._at and job.end >= self._at[0]:
            self._at.pop(0)
            self.stalled += 1
            until = self._source.given_s + STALL_S
            while self._source.given_s < until and not self._source.closed:
                time.sleep(0.005)
        return super().decode(job)


def test_a_decoder_that_stalls_twice_loses_nothing_and_catches_up(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["paraphrase_missed"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    script = [e for e in fixture.truth if isinstance(e, Word)]
    length_s = len(sound) / 16_000
    source = Paced(np.concatenate((sound, np.zeros(((6 * 16_000), 2), np.float32))))
    decoder = Stalling(script, source, [0.2 * length_s, 0.5 * length_s])
    late: list[tuple[float, float]] = []

    def note(event: Event) -> None:
        if isinstance(event, Word):
            late.append((event.end, source.given_s - event.end))

    LiveSession(
        source, fixture.people, out=tmp_path, speak=False, decoder=decoder, on_event=note  # type: ignore[arg-type]
    ).run()  # fmt: skip
    words = [w for w in read_log(tmp_path / "events.jsonl") if isinstance(w, Word)]
    assert decoder.stalled == 2
    assert sorted((w.speaker, w.word) for w in words) == sorted((w.speaker, w.word) for w in script)
    assert max(behind for _, behind in late) >= STALL_S
    assert late[-1][1] < STALL_S / 2, "it did not catch up"
