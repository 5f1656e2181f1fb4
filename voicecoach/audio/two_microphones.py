"""Two microphones, one person each, as one source."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from voicecoach.audio.alignment import Alignment
from voicecoach.audio.chunk import Chunk
from voicecoach.audio.microphone import Microphone
from voicecoach.audio.residue import FRAME
from voicecoach.audio.track import Track
from voicecoach.errors import VoicecoachError
from voicecoach.samples import RATE


class TwoMicrophones:
    """Two devices, one person each, as one source of two channels.

    What sounds at one time stands side by side, by the clock of the computer (`Alignment`). Where one brings far less
    than the other, so that it is more than `APART_S` behind and nothing more of it has come, silence fills what is
    missing.
    """

    kind = "microphone"
    length_s: float | None = None
    channels = 2
    APART_S = 0.5

    def __init__(self, first: int | str, second: int | str, block_s: float = 0.1) -> None:
        self._first = Microphone(first, 1, block_s)
        try:
            self._second = Microphone(second, 1, block_s)
        except VoicecoachError:
            self._first.close()
            raise

    def chunks(self) -> Iterator[Chunk]:
        """Sound of both, side by side, from now on until `stop`."""
        return self._side_by_side([self._first.chunks(), self._second.chunks()])

    def _side_by_side(self, streams: list[Iterator[Chunk]]) -> Iterator[Chunk]:
        both = (self._first, self._second)
        tracks = (Track(), Track())
        alignment = Alignment(*tracks)
        far = round(self.APART_S * RATE)
        for pair in zip(*streams, strict=False):
            for track, chunk in zip(tracks, pair, strict=True):
                track.add(chunk)
            short = 0 if tracks[0].length < tracks[1].length else 1
            behind, ahead = tracks[short], tracks[1 - short]
            while behind.length < ahead.length and both[short].waiting:
                behind.add(next(streams[short]))
            if ahead.sound - behind.length > far:
                behind.fill(ahead.length - behind.length)
            alignment.look()
            yield from _given(*tracks, _reason(pair))

    def stop(self) -> None:
        """End `chunks` soon."""
        self._first.stop()
        self._second.stop()

    def close(self) -> None:
        """Give both devices back."""
        self._first.close()
        self._second.close()


def _given(first: Track, second: Track, reason: str) -> Iterator[Chunk]:
    """All that there is of both. What both lost, as in a sleep of the computer, is lost; what one lost is silence."""
    while True:
        lost = min(first.lost, second.lost)
        first.skip(lost)
        second.skip(lost)
        n = min(first.piece, second.piece)
        if n == min(first.length, second.length):  # nothing that both lost follows: whole frames of the echo canceller
            n -= n % FRAME
        taken = [track.take(n) for track in (first, second)]
        came_s = None if first.came_s is None else first.came_s - first.length / RATE
        side_by_side = np.stack([sound for sound, _ in taken], axis=1)
        yield Chunk(side_by_side, lost, max(filled for _, filled in taken), came_s, reason)
        if min(first.length, second.length) < FRAME:
            return


def _reason(pair: tuple[Chunk, ...]) -> str:
    return next((c.reason for c in pair if c.reason == "gone"), max(pair, key=lambda c: c.lost).reason)
