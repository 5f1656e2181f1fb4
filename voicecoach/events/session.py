"""The session itself: its beginning and end, what it was told, what it did not hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from voicecoach.events.base import Record

LOG_VERSION = 1
"""Version of the session log; stands in its first line and rises when a reader must change."""


CUT_OFF = "cut off"
"""The reason of the gap with which a session goes on after its program died."""

UNTIL_AGREED = "before you agreed"
"""The reason of the break at the beginning, which ends when everybody has agreed to be listened to."""

CommandName = Literal[
    "pause",
    "go on",
    "off the record",
    "on the record",
    "how are we doing",
    "time out",
    "not now",
    "next",
    "yes",
    "no",
    "again",
    "example",
    "agree",
    "stop listening",
]


CorrectionLabel = Literal[
    "interruption", "not_interruption", "listening", "said_back", "not_said_back", "speaker", "named", "undo"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(Record):
    """First line of a log. ``people``: names in channel or enrolment order; ``channels``: microphone channels used.

    ``source`` is ``"microphone"``, ``"recording"`` or ``"segments"``; ``hearing`` names how voices were told apart
    (``"channels"``, ``"enrolled"``, ``"separated"``, ``"given"``), which decides how sure the figures are.
    ``date`` is the local date and minute the session began, ISO 8601, or empty when unknown. ``level``: how much the
    coach helped (`voicecoach.coach.LEVELS`). ``language``: what was spoken, ISO 639-1.
    """

    type: ClassVar[str] = "session"
    version: int = LOG_VERSION
    people: tuple[str, ...] = ()
    channels: int = 1
    source: str = "recording"
    hearing: str = "channels"
    date: str = ""
    app_version: str = ""
    level: str = "standard"
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(Record):
    """Last line of a log that was closed properly. ``reason``: ``"finished"``, ``"stopped"``, or what went wrong."""

    type: ClassVar[str] = "session_end"
    reason: str = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Record):
    """What somebody who was there says about the moment from ``start`` to ``end``; appended to the log afterwards.

    ``speaker``: who spoke there, as the log has it. ``label``: what it was (``interruption``, ``not_interruption``,
    ``listening``: a sign of listening, ``said_back``, ``not_said_back``), or ``speaker``: it was ``name`` who spoke, or
    ``named``: whom the log calls ``speaker`` is called ``name``, in all of it (said at ``start``, or afterwards: 0), or
    ``undo``: correction number ``undoes`` no longer holds. Corrections are numbered from 1 in the order of the log.
    """

    type: ClassVar[str] = "correction"
    speaker: str = ""
    label: CorrectionLabel = "not_interruption"
    name: str = ""
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVoice(Record):
    """What the voice of ``speaker`` sounded like in this session; only where somebody asked to keep that.

    ``embedding``, ``threshold``, ``model``, ``version``: as in `voicecoach.hearing.Voiceprint`.
    """

    type: ClassVar[str] = "voice"
    speaker: str
    embedding: tuple[float, ...] = ()
    threshold: float = 0.4
    model: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Record):
    """Somebody told voicecoach something: with the voice ("coach, pause") or with a key.

    ``speaker``: who said it, empty for a key. ``start`` and ``end`` bound the words, or are the moment of the key.
    """

    type: ClassVar[str] = "command"
    name: CommandName
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureGap(Record):
    """Sound that never reached us. ``frames``: samples lost at 16 kHz.

    ``reason``: ``"overrun"`` (the computer was too busy), ``"gone"`` (the device was), ``"asleep"`` (the computer was),
    `CUT_OFF`: the program itself was; what follows is heard by another that went on in the same session.
    """

    type: ClassVar[str] = "capture_gap"
    frames: int = 0
    reason: str = "overrun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break(Record):
    """A stretch of which nothing is kept.

    ``reason``: ``"off the record"``, ``"pause"``, ``"time out"`` or `UNTIL_AGREED`.
    """

    type: ClassVar[str] = "break"
    reason: str = "off the record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    """``speaker`` agreed that this session is listened to. ``how``: ``"voice"``, or ``"key"`` at the keyboard."""

    type: ClassVar[str] = "consent"
    speaker: str
    how: str = "voice"
