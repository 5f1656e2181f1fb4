"""The sound of a recording while it is analysed: on disk, where nobody else can read it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator

import numpy as np

from voicecoach.errors import VoicecoachError
from voicecoach.samples import RATE, Samples
from voicecoach.session.alike import Alike


class Spool:
    """Sound of a whole file at 16 kHz, on disk in a file without a name, so that hours of it need no memory.

    Nobody else can open that file, and it is gone when it is closed or the program ends. ``channels``: as it is read.
    """

    def __init__(self, channels: int) -> None:
        self.channels = self._width = channels
        self._alike = Alike()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `__exit__`
        self._frames = 0

    @property
    def length_s(self) -> float:
        """Seconds of sound so far."""
        return self._frames / RATE

    def add(self, samples: Samples) -> None:
        """Append ``(n, channels)``. Raises `VoicecoachError` when the disk is full."""
        try:
            self._file.write((np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes())
            self._file.flush()
        except OSError as error:
            raise VoicecoachError(
                f"The sound finds no room in {tempfile.gettempdir()} while it is analysed ({error.strerror}); "
                "make room there: an hour of two channels takes 230 MB."
            ) from error
        self._frames += len(samples)
        self._alike.push(samples)

    def merge(self) -> bool:
        """Have one channel from now on if both hold the same sound; whether they do."""
        if self._alike:
            self.channels = 1
        return bool(self._alike)

    def read(self, channel: int, start_s: float, end_s: float) -> Samples:
        """Sound of one channel between two times, ``(n,)``."""
        first, last = max(0, round(start_s * RATE)), min(self._frames, round(end_s * RATE))
        return self._get(first, last)[:, channel]

    def pieces(self, seconds: float = 10.0) -> Iterator[Samples]:
        """All of it, ``(n, channels)`` at a time."""
        step = int(seconds * RATE)
        for first in range(0, self._frames, step):
            yield self._get(first, min(self._frames, first + step))

    def _get(self, first: int, last: int) -> Samples:
        count = max(0, last - first)
        if not count:
            return np.zeros((0, self.channels), np.float32)
        sound = np.memmap(self._file, "<i2", "r", offset=first * 2 * self._width, shape=(count, self._width))
        samples: Samples = np.asarray(sound[:, : self.channels], np.float32) / np.float32(32767)
        return samples

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *args: object) -> None:
        with contextlib.suppress(OSError):  # what found no room is still in its buffer
            self._file.close()
