"""What steers the live parts and is never logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from voicecoach.events.base import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOn(Signal):
    """``speaker`` began to speak at ``start``. Raw activity: the floor joins it into IPUs."""

    type: ClassVar[str] = "voice_on"
    speaker: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOff(Signal):
    """``speaker`` stopped speaking at ``start``."""

    type: ClassVar[str] = "voice_off"
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prosody(Signal):
    """The sound of one stretch of ``speaker``'s voice, measured where nobody else speaks on that channel.

    ``level_db``: mean level of its voiced frames in dB full scale; ``pitch_hz``: median pitch; ``rate_hz``: syllables
    per second; ``ending_st``: pitch of its end against that of the moment before, in semitones. None: too little of it
    is voiced to say.
    """

    type: ClassVar[str] = "prosody"
    speaker: str
    level_db: float = -100.0
    pitch_hz: float | None = None
    rate_hz: float | None = None
    ending_st: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Signal):
    """Everything hearing will ever say about the time before ``start`` has been said."""

    type: ClassVar[str] = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial(Signal):
    """Words of ``speaker`` still being decoded; each one replaces the last. ``start``/``end``: the sound it covers."""

    type: ClassVar[str] = "partial"
    speaker: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsUntil(Signal):
    """Every word of ``speaker`` that starts before ``start`` has been committed."""

    type: ClassVar[str] = "words_until"
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnStarted(Signal):
    """``speaker`` has taken the floor at ``start``. ``previous``: who had it before, or None at the beginning."""

    type: ClassVar[str] = "turn_started"
    speaker: str
    previous: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Signal):
    """Loudness of one microphone channel, in dB relative to full scale (RMS)."""

    type: ClassVar[str] = "level"
    channel: int = 0
    dbfs: float = -120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrophoneGone(Signal):
    """The microphone gives no sound since ``start``; the session waits for it. A `CaptureGap` ends that."""
