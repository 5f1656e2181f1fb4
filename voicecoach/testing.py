"""Fakes for tests of programs that use voicecoach: real interfaces, with sound and words that you give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from voicecoach.audio import Chunk
from voicecoach.events import Word
from voicecoach.samples import RATE, Samples
from voicecoach.transcript import Job, Result


class FakeSource:
    """A `voicecoach.audio.Source` that gives ``samples`` ``(n, channels)`` at 16 kHz.

    ``lost``: chunk number → frames that are missing before it. ``fails``: raised after the last chunk.
    """

    def __init__(
        self,
        samples: Samples,
        *,
        kind: str = "microphone",
        block_s: float = 0.1,
        lost: Mapping[int, int] | None = None,
        fails: Exception | None = None,
    ) -> None:
        self._samples = np.asarray(samples, np.float32).reshape(len(samples), -1)
        self.channels = self._samples.shape[1]
        self.length_s: float | None = len(self._samples) / RATE
        self.kind = kind
        self.closed = False
        self._block = max(1, round(block_s * RATE))
        self._lost = dict(lost or {})
        self._fails = fails
        self._stopped = False

    def chunks(self) -> Iterator[Chunk]:
        """All of it, unless stopped."""
        for number, at in enumerate(range(0, len(self._samples), self._block)):
            if self._stopped:
                return
            yield Chunk(self._samples[at : at + self._block], self._lost.get(number, 0))
        if self._fails is not None:
            raise self._fails

    def stop(self) -> None:
        """End `chunks`."""
        self._stopped = True

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


class FakeDecoder:
    """Gives the words of ``script`` that lie in what is to be decoded, at once and without a model."""

    at_once = 1

    def __init__(self, script: Sequence[Word]) -> None:
        self._script = sorted(script, key=lambda w: w.start)

    def decode(self, job: Job) -> Result:
        """The scripted words of the job's speaker inside its voiced stretches."""
        inside = [
            w
            for w in self._script
            if w.speaker == job.speaker and any(a <= (w.start + w.end) / 2 < b for a, b in job.voiced)
        ]
        return Result(tuple(inside))
