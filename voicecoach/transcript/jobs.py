"""What goes into a decoder and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from voicecoach.events import Partial, Word, WordsUntil
from voicecoach.samples import RATE, Samples

Span = tuple[float, float]
"""Start and end in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """Sound of one person to be decoded.

    ``audio``: ``(n,)`` from ``start`` on. ``voiced``: the stretches inside (session time) whose words are wanted; words
    live only there. ``said``: the words before those that are in ``audio`` too and are committed already; what follows
    is understood from them. ``open``: the person goes on talking at the end of ``audio``, so its last words are not to
    be trusted.
    """

    speaker: str
    start: float
    audio: Samples
    voiced: tuple[Span, ...]
    said: tuple[Word, ...] = ()
    open: bool = False

    @property
    def end(self) -> float:
        """Where the sound ends, in session time."""
        return self.start + len(self.audio) / RATE


@dataclass(frozen=True, slots=True)
class Result:
    """Words of a job in order of time, inside its voiced stretches. An empty one is a valid answer to any job."""

    words: tuple[Word, ...] = ()


class Decodes(Protocol):
    """What turns jobs into words: a `voicecoach.transcript.Decoder`, or what you put in its place."""

    def decode(self, job: Job) -> Result:
        """Return the new words of ``job``. Called from one thread at a time; may take its time, may raise."""
        ...


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
