"""What a source delivers, in order: sound in steps of one length, silence where some was lost, and what to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from voicecoach.audio import Chunk
from voicecoach.events import CaptureGap, Event, Level, MicrophoneGone
from voicecoach.hearing.base import STEP, Blocks
from voicecoach.samples import RATE, Samples

GAP_PIECE = RATE
"""Lost sound is put back as silence in pieces of so many samples."""
SILENT_DBFS = -120.0


class Intake:
    """Sound of ``channels`` channels; ``now``: seconds of it that the session has heard.

    What it gives is for the session to tell or to hear before it asks for more: each is meant for the moment it is at.
    """

    def __init__(self, channels: int, now: Callable[[], float]) -> None:
        self._channels, self._now = channels, now
        self._steps = Blocks(STEP, channels)
        self._gone: tuple[float, int] | None = None

    def missing(self, chunk: Chunk) -> Iterator[Event | Samples]:
        """What is missing before ``chunk``, and silence ``(512, channels)`` in its place.

        While the device is gone, that is one gap, which is told when it is back.
        """
        gone = chunk.reason == "gone"
        if gone and self._gone is None:
            self._gone = (self._now(), 0)
            yield MicrophoneGone(start=self._now(), end=self._now())
        yield from self._gap(chunk.lost + chunk.filled if gone else chunk.lost, chunk.reason)
        for at in range(0, chunk.lost, GAP_PIECE):
            yield from self.steps(np.zeros((min(GAP_PIECE, chunk.lost - at), self._channels), np.float32))
        if not gone:
            yield from self.back()
            yield from self._gap(chunk.filled, chunk.reason)

    def back(self) -> Iterator[CaptureGap]:
        """The device is back, or the session ends: for how long it was gone, if it was."""
        if self._gone is not None:
            (since_s, frames), self._gone = self._gone, None
            yield CaptureGap(start=since_s, end=since_s + frames / RATE, frames=frames, reason="gone")

    def levels(self, samples: Samples) -> Iterator[Level]:
        """How loud each channel of ``samples`` ``(n, channels)`` is."""
        now = self._now()
        for channel in range(samples.shape[1]):
            power = float(np.mean(np.square(samples[:, channel], dtype=np.float64)))
            dbfs = 10 * float(np.log10(power)) if power > 0 else SILENT_DBFS
            yield Level(start=now, end=now, channel=channel, dbfs=max(SILENT_DBFS, dbfs))

    def steps(self, samples: Samples) -> list[Samples]:
        """Whole steps ``(512, channels)``, so that nothing depends on the size of the pieces sound came in."""
        return self._steps.push(samples)

    def rest(self) -> Samples:
        """What fills no step, at the end."""
        return self._steps.flush()

    def _gap(self, frames: int, reason: str) -> Iterator[CaptureGap]:
        if self._gone is not None:
            self._gone = (self._gone[0], self._gone[1] + frames)
        elif frames:
            now = self._now()
            yield CaptureGap(start=now, end=now + frames / RATE, frames=frames, reason=reason)
