"""Two microphones, one person each, as one source."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from voicecoach.audio.chunk import Chunk
from voicecoach.audio.microphone import Microphone
from voicecoach.errors import VoicecoachError
from voicecoach.samples import RATE, Samples


class TwoMicrophones:
    """Two devices, one person each, as one source of two channels.

    They are aligned by what has come so far: whenever one is more than `APART_S` ahead and nothing more has come of the
    other, that one is taken to have begun later or to run slower, and silence fills what is missing.
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
        rest = [np.zeros(0, np.float32), np.zeros(0, np.float32)]
        far = round(self.APART_S * RATE)
        for pair in zip(*streams, strict=False):
            filled = max(chunk.lost for chunk in pair)
            came_s, reason = pair[0].came_s, _reason(pair)
            for i, chunk in enumerate(pair):
                rest[i] = _with(rest[i], chunk)
            short = 0 if len(rest[0]) < len(rest[1]) else 1
            while len(rest[1 - short]) - len(rest[short]) > far and both[short].waiting:
                chunk = next(streams[short])
                rest[short] = _with(rest[short], chunk)
                filled, came_s = max(filled, chunk.lost), came_s if short else chunk.came_s
            missing = len(rest[1 - short]) - len(rest[short])
            if missing > far:
                rest[short] = np.pad(rest[short], (0, missing))
                filled += missing
            ready = min(len(rest[0]), len(rest[1]))
            side_by_side = np.stack((rest[0][:ready], rest[1][:ready]), axis=1)
            rest = [rest[0][ready:], rest[1][ready:]]
            came_s = None if came_s is None else came_s - len(rest[0]) / RATE
            yield Chunk(side_by_side, filled=filled, came_s=came_s, reason=reason)

    def stop(self) -> None:
        """End `chunks` soon."""
        self._first.stop()
        self._second.stop()

    def close(self) -> None:
        """Give both devices back."""
        self._first.close()
        self._second.close()


def _with(rest: Samples, chunk: Chunk) -> Samples:
    return np.concatenate((rest, np.zeros(chunk.lost, np.float32), chunk.samples[:, 0]))


def _reason(pair: tuple[Chunk, ...]) -> str:
    return next((c.reason for c in pair if c.reason == "gone"), max(pair, key=lambda c: c.lost).reason)
