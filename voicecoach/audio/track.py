"""What has come of one of two microphones and waits for the other: sound, and what was lost in it, in order."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecoach.audio.chunk import Chunk
from voicecoach.audio.reference import Timeline
from voicecoach.samples import RATE, Samples

LONG = RATE
"""From so many samples on, what was lost is not filled in one piece: a computer may sleep for days."""


class Track:
    """One channel. ``length``: samples that wait, ``sound``: those of them that were heard.

    ``missing``: how much was lost since the beginning, as far as it was told.
    ``came_s``: when the last of them came in, on the clock of `Chunk`.
    """

    def __init__(self) -> None:
        self.length = self.sound = self.missing = 0
        self.came_s: float | None = None
        self._due = Timeline()
        self._moved = 0
        self._parts: deque[Samples | int] = deque()

    def add(self, chunk: Chunk) -> None:
        """Take what came of a microphone of one channel."""
        self._lose(chunk.lost)
        self.missing += chunk.lost
        if len(chunk.samples):
            self._parts.append(chunk.samples[:, 0])
            self.length += len(chunk.samples)
            self.sound += len(chunk.samples)
        self.came_s = chunk.came_s
        if chunk.came_s is not None:
            self._due.note(chunk.lost + len(chunk.samples), chunk.came_s)

    @property
    def begin_s(self) -> float:
        """When the first of all its samples would have been heard, going by the newest."""
        return self._due.begin_s - self._moved / RATE

    @property
    def newest(self) -> Samples:
        """The sound that came last, unless something is missing after it."""
        newest = self._parts[-1] if self._parts else 0
        return np.zeros(0, np.float32) if isinstance(newest, int) else newest

    def begin(self, frames: int) -> None:
        """Begin with so many samples of silence."""
        if frames:
            self._parts.appendleft(np.zeros(frames, np.float32))
        self._shifted(frames)

    def move(self, frames: int) -> None:
        """What comes next is to come later by so many samples; or sooner, if negative, without the newest of them."""
        newest = self.newest
        frames = int(np.clip(frames, -len(newest), len(newest)))
        if frames:  # turned round it is as loud as it was, and no silence that nobody has ever heard
            self._parts[-1] = np.concatenate((newest, newest[::-1][:frames])) if frames > 0 else newest[:frames]
        self._shifted(frames)

    def fill(self, frames: int) -> None:
        """So many samples never came, though nothing told that they are lost."""
        self._lose(frames)
        self._moved += frames

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

    def _shifted(self, frames: int) -> None:
        """There is so much more sound than came, or less."""
        self._moved += frames
        self.length += frames
        self.sound += frames

    def _lose(self, frames: int) -> None:
        if frames:
            self._parts.append(frames)
            self.length += frames

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
