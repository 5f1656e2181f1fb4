"""What goes into a decoder and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from voicecoach.events import Partial, Word, WordsUntil

RATE = 16_000
"""Samples per second of all sound here."""

Samples = npt.NDArray[np.float32]
"""Sound at 16 kHz in [-1, 1], ``(n,)`` or ``(n, channels)``."""
Span = tuple[float, float]
"""Start and end in seconds."""
Kind = Literal["partial", "final"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """Sound of one person to be decoded.

    ``kind``: ``"partial"`` jobs may be dropped when the decoder is behind, ``"final"`` ones never. ``audio``: ``(n,)``
    from ``start`` on. ``voiced``: the stretches inside (session time) in which ``speaker`` talks; words live only
    there. ``known``: stretches before those whose words are committed already; they are decoded once more, since words
    are understood from what came before, but give none. ``open``: the person goes on talking at the end of ``audio``,
    so its last words are not to be trusted.
    """

    kind: Kind
    speaker: str
    start: float
    audio: Samples
    voiced: tuple[Span, ...]
    known: tuple[Span, ...] = ()
    open: bool = False

    @property
    def end(self) -> float:
        """Where the sound ends, in session time."""
        return self.start + len(self.audio) / RATE


@dataclass(frozen=True, slots=True)
class Result:
    """Words of a job in order of time, inside its voiced stretches. An empty one is a valid answer to any job."""

    words: tuple[Word, ...] = ()


class Step(NamedTuple):
    """What one signal led to: sound to decode, and events that need no decoding."""

    jobs: list[Job]
    events: list[TranscriptEvent]


TranscriptEvent = Word | WordsUntil | Partial


@dataclass(frozen=True, slots=True)
class Heard:
    """One decoded word, in seconds from the beginning of the decoded sound."""

    word: str
    start: float
    end: float
    confidence: float = field(default=1.0)
