"""What has come of one of two microphones and waits for the other: sound, and what was lost in it, in order."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecoach.audio.chunk import Chunk
from voicecoach.samples import RATE, Samples

LONG = RATE
"""From so many samples on, what was lost is not filled in one piece: a computer may sleep for days."""


class Track:
    """One channel. ``length``: samples that wait, ``sound``: those of them that were heard.

    ``came_s``: when the last of them came in, on the clock of `Chunk`.
    """

    def __init__(self) -> None:
        self.length = self.sound = 0
        self.came_s: float | None = None
        self._parts: deque[Samples | int] = deque()

    def add(self, chunk: Chunk) -> None:
        """Take what came of a microphone of one channel."""
        self.lose(chunk.lost)
        if len(chunk.samples):
            self._parts.append(chunk.samples[:, 0])
            self.length += len(chunk.samples)
            self.sound += len(chunk.samples)
        self.came_s = chunk.came_s

    def lose(self, frames: int) -> None:
        """So many samples are missing here."""
        if frames:
            self._parts.append(frames)
            self.length += frames

    @property
    def lost(self) -> int:
        """How much is missing before the next sound."""
        return self._parts[0] if self._parts and isinstance(self._parts[0], int) else 0

    @property
    def piece(self) -> int:
        """So many samples can be taken in one piece."""
        count = 0
        for part in self._parts:
            if isinstance(part, int) and part > LONG:
                return count or LONG
            count += part if isinstance(part, int) else len(part)
        return count

    def skip(self, frames: int) -> None:
        """Let go of ``frames`` of what is `lost`."""
        if frames:
            self._take(frames)

    def take(self, frames: int) -> tuple[Samples, int]:
        """The next ``frames`` samples, and how many of them are silence for what was lost."""
        out, filled = np.zeros(frames, np.float32), 0
        at = 0
        while at < frames:
            part = self._take(frames - at)
            if isinstance(part, int):
                filled += part
                at += part
            else:
                out[at : at + len(part)] = part
                at += len(part)
        return out, filled

    def _take(self, most: int) -> Samples | int:
        """The next of one kind."""
        part = self._parts.popleft()
        if isinstance(part, int):
            taken = min(part, most)
            if taken < part:
                self._parts.appendleft(part - taken)
            self.length -= taken
            return taken
        if len(part) > most:
            self._parts.appendleft(part[most:])
            part = part[:most]
        self.length -= len(part)
        self.sound -= len(part)
        return part
