"""What every source of sound gives, and what it promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from voicecoach.samples import Samples


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Sound as it comes. ``samples``: ``(n, channels)`` at 16 kHz; ``lost``: frames missing just before them.

    ``filled``: so many of the samples, at most, are silence in place of what one of several devices lost.
    ``reason``: why something is missing: ``"overrun"``, ``"asleep"`` (the computer was), or ``"gone"`` (a device is,
    and the source waits for it).
    ``came_s``: when the last of them came in, on the clock of `awake_s`; None for a recording.
    """

    samples: Samples
    lost: int = 0
    filled: int = 0
    came_s: float | None = None
    reason: str = "overrun"


class Source(Protocol):
    """Something that can be listened to. ``kind`` is ``"recording"`` or ``"microphone"``."""

    channels: int
    length_s: float | None
    kind: str

    def chunks(self) -> Iterator[Chunk]:
        """Sound until the end or `stop`. Raises `VoicecoachError` when it breaks off, after all that was heard."""
        ...

    def stop(self) -> None:
        """End `chunks` soon; may be called from any thread or a signal handler."""
        ...

    def close(self) -> None:
        """Give the device or file back."""
        ...


def clean(samples: Samples) -> Samples:
    """``samples`` with what is no number as silence."""
    if np.isfinite(samples).all():
        return samples
    return np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
