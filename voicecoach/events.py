"""Every type that flows through voicecoach, on one timeline.

All events are frozen and carry ``start`` and ``end``: seconds since the session began, counted in samples of the
capture stream and never in wall-clock time. An event at an instant has ``start == end``. Lengths are floats named
``*_s``; confidences and probabilities lie in [0, 1].

Two families:

* **Records** (`Record`) are what happened. They go to the session log, and the report, the exports and the trends are
  pure functions of them.
* **Signals** (`Signal`) steer the live parts: voices going on and off, words still changing, levels, progress. They
  are never logged.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

LOG_VERSION = 1
"""Version of the session log; stands in its first line and rises when a reader must change."""

InterruptionKind = Literal["successful", "failed", "silent"]
OverlapKind = Literal["backchannel", "terminal", "cooperative", "interruption"]
Choice = Literal["said", "chimed", "wanted", "held", "dropped", "none"]
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
Sound = Literal["interruption", "listening_on", "listening_off", "prompt", "bell", "back"]
"""Chimes the coach has."""
Status = Literal["provisional", "confirmed", "withdrawn"]
CorrectionLabel = Literal[
    "interruption", "not_interruption", "listening", "said_back", "not_said_back", "speaker", "undo"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Anything on the timeline. ``start`` and ``end`` in seconds since the session began."""

    type: ClassVar[str] = "event"
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Event):
    """An event that is kept in the session log."""

    type: ClassVar[str] = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Event):
    """An event that steers the live parts and is not kept."""

    type: ClassVar[str] = "signal"


# --- records -------------------------------------------------------------------------------------------------------


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
    ``undo``: correction number ``undoes`` no longer holds. Corrections are numbered from 1 in the order of the log.
    """

    type: ClassVar[str] = "correction"
    speaker: str = ""
    label: CorrectionLabel = "not_interruption"
    name: str = ""
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech(Record):
    """One inter-pausal unit: one person's speech with no silence over 200 ms inside."""

    type: ClassVar[str] = "speech"
    speaker: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Record):
    """One committed word, as written (capitals and punctuation kept, no surrounding space). Never changes after."""

    type: ClassVar[str] = "word"
    speaker: str
    word: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Record):
    """The IPUs with which one person holds the floor. ``speech_s``: speech inside, pauses left out."""

    type: ClassVar[str] = "turn"
    speaker: str
    speech_s: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Record):
    """Silence inside a turn of ``speaker``."""

    type: ClassVar[str] = "pause"
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Record):
    """A change of the floor. ``speaker``: who speaks next; ``previous``: who spoke before.

    ``fto_s`` (floor transfer offset) = next turn's start − previous turn's end; negative when the turns overlap.
    ``start``/``end`` bound the silence; for a negative offset both are the next turn's start.
    """

    type: ClassVar[str] = "gap"
    speaker: str
    previous: str
    fto_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backchannel(Record):
    """A short sign of listening by ``speaker`` while ``to`` has the floor. Never an interruption."""

    type: ClassVar[str] = "backchannel"
    speaker: str
    to: str
    text: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap(Record):
    """Two people speaking at once. ``speaker``: who came in; ``over``: who was speaking already."""

    type: ClassVar[str] = "overlap"
    speaker: str
    over: str
    kind: OverlapKind = "terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption(Record):
    """``speaker`` came in at ``start`` while ``interrupted`` was not finished, with more than a backchannel.

    ``kind``: ``successful`` (the one who was speaking gives up unfinished), ``failed`` (the one who came in gives up),
    ``silent`` (the floor is taken in a mid-sentence pause). ``yielded``: who gave up unfinished, or None;
    ``yielded_at``: when that person stopped. ``overlap_s``: speech at once. ``words_cut``: the last words of the one
    who yielded.
    ``evidence``: the cues that decided it, each with its weight. ``end``: when its outcome was known on the timeline.
    Only ``status == "confirmed"`` is logged; ``provisional`` and ``withdrawn`` are shown live.
    """

    type: ClassVar[str] = "interruption"
    speaker: str
    interrupted: str
    kind: InterruptionKind
    overlap_s: float = 0.0
    yielded: str | None = None
    yielded_at: float | None = None
    words_cut: str = ""
    confidence: float = 1.0
    evidence: Mapping[str, float] = field(default_factory=dict)
    status: Status = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAct(Record):
    """What the reply of ``speaker`` that starts at ``start`` does to the person who spoke before (``to``).

    ``acts``: act → probability. ``evidence``: act → the words that decided it. ``covered``: content words of the other
    person's turn that were said back; ``added``: those that are new. ``feelings``, ``needs``: named in the reply.
    ``moods``: mood → probability that the reply shows it (empty without sentence vectors).
    ``partial``: judged from the first part of the reply (live only, never logged).
    """

    type: ClassVar[str] = "reply_act"
    speaker: str
    to: str
    acts: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    covered: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    moods: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone(Record):
    """How ``speaker`` said a stretch of speech, beside how that person has spoken so far in this session.

    ``raised``: probability that the voice is raised (louder, higher, quicker than this person's own middle), in [0, 1];
    0.5 is never reached before enough is known of it. ``louder_db``, ``higher_st`` (semitones) and ``quicker``
    (syllables per second): differences to the person's middle. ``ending_st``: how far the melody rises (+) or falls (-)
    at the end, in semitones; None where it cannot be told. Nothing here says what anybody feels.
    """

    type: ClassVar[str] = "tone"
    speaker: str
    raised: float = 0.0
    louder_db: float = 0.0
    higher_st: float = 0.0
    quicker: float = 0.0
    ending_st: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tension(Record):
    """How tense the conversation sounds at ``end``, from the minute before it (``start``). Never a diagnosis.

    ``value`` in [0, 1]; ``parts``: what it is made of, each in [0, 1]: ``voice``, ``overlaps``, ``pace``, ``words``.
    It is about the conversation, never about one of the two.
    """

    type: ClassVar[str] = "tension"
    value: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(Record):
    """What the coach said, or, in a recording, would have said. ``speaker`` is always ``"coach"``.

    ``situation``: which row of the policy fired (``invite``, ``remind``, ``interruption`` …); ``to``: whom it
    addresses; ``about``: start of the event it answers; ``spoken``: heard at the loudspeaker; ``cut``: stopped because
    somebody spoke; ``words`` False for a chime alone.
    """

    type: ClassVar[str] = "prompt"
    speaker: str = "coach"
    text: str = ""
    to: str = ""
    situation: str = ""
    reason: str = ""
    about: float | None = None
    spoken: bool = False
    cut: bool = False
    words: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Record):
    """What the coach decided at ``start``, also when it decided to stay silent. No word of the conversation is in it.

    ``choice``: ``said`` or ``chimed``; ``wanted``: help waits for its moment from here on; ``held``: its moment could
    be now, but something speaks against it; ``dropped``: it is no longer wanted; ``none``: nothing was wanted.
    ``why``: one word for the reason, ``reason``: the same as a sentence. ``situation``, ``to``, ``about``: as in
    `Prompt`; ``state``: where the exchange stands (`voicecoach.coach.State`).
    """

    type: ClassVar[str] = "decision"
    choice: Choice
    situation: str = ""
    to: str = ""
    about: float | None = None
    why: str = ""
    reason: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Record):
    """Somebody told voicecoach something: with the voice ("coach, pause") or with a key.

    ``speaker``: who said it, empty for a key. ``start`` and ``end`` bound the words, or are the moment of the key.
    """

    type: ClassVar[str] = "command"
    name: CommandName
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Record):
    """What the coach went by that no other record tells, so that it can decide once more: `voicecoach.coach.noted`.

    ``what``: ``on``, ``off`` (voices), ``known`` (words), ``ending``, ``turn``, ``doubt``, ``no_doubt``, ``reply``;
    ``beat``: all that stands above arrived before the coach's clock reached ``at``; ``end``: the clock stopped there.
    ``acts``, ``to``: of a reply that is not over; ``word``: the last one so far. ``agreement``: what the two agreed
    (``word``), and about what (``to``).
    """

    type: ClassVar[str] = "noted"
    what: str
    at: float = 0.0
    speaker: str = ""
    to: str = ""
    word: str = ""
    acts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureGap(Record):
    """Sound that never reached us. ``frames``: samples lost at 16 kHz.

    ``reason``: ``"overrun"`` (the computer was too busy), ``"gone"`` (the device was), ``"asleep"`` (the computer was).
    """

    type: ClassVar[str] = "capture_gap"
    frames: int = 0
    reason: str = "overrun"


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrophoneGone(Signal):
    """The microphone gives no sound since ``start``; the session waits for it. A `CaptureGap` ends that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break(Record):
    """A stretch of which nothing is kept. ``reason``: ``"off the record"``, ``"pause"`` or ``"time out"``."""

    type: ClassVar[str] = "break"
    reason: str = "off the record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    """``speaker`` agreed that this session is listened to. ``how``: ``"voice"``, or ``"key"`` at the keyboard."""

    type: ClassVar[str] = "consent"
    speaker: str
    how: str = "voice"


# --- signals -------------------------------------------------------------------------------------------------------


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
class Cue(Signal):
    """The coach wants to speak now. ``words`` False: a chime only. The voice makes it a `Prompt` once it is done.

    ``patient``: it belongs to the practice, so it waits until nobody speaks and until the voice has made all of it;
    ``sound``: which chime, see `voicecoach.coach.chime`.
    """

    type: ClassVar[str] = "cue"
    text: str = ""
    to: str = ""
    situation: str = ""
    reason: str = ""
    about: float | None = None
    words: bool = True
    patient: bool = False
    sound: Sound = "interruption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepare(Signal):
    """A guide will soon say ``texts``: the voice makes them ahead, in this order, before anything else that waits."""

    type: ClassVar[str] = "prepare"
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Record):
    """A step of guided practice is over. ``name``: which; ``part``: what it belongs to; ``speaker``: whose step.

    ``outcome``: how it ended (``"answered"``, ``"yes"``, ``"time"``, ``"skipped"`` …); nothing that was said.
    ``turn``: which time round, from 1, where steps come again.
    """

    type: ClassVar[str] = "step"
    name: str
    part: str = ""
    speaker: str = ""
    outcome: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Practised(Record):
    """One go at a drill by ``speaker``: what it showed, and nothing that was said.

    ``kind``: ``"answered"``, ``"nothing"``, ``"unrelated"`` or ``"word_for_word"``; ``measure``: in [0, 1], what the
    drill's curve shows; ``figures``: more numbers, with their units in their names.
    """

    type: ClassVar[str] = "practised"
    speaker: str
    drill: str
    level: int = 1
    kind: str = "answered"
    measure: float = 0.0
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Signal):
    """Guided practice wants something kept. ``what``: ``"agreed"``, ``"commitment"``, ``"learned"`` … (see `practice`).

    ``person``: whose it is; ``text``: in their words; ``data``: what else belongs to it, JSON-ready.
    """

    type: ClassVar[str] = "keep"
    what: str
    person: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Save(Signal):
    """Where guided practice stands: from ``state`` (JSON-ready) it can go on after a break.

    ``name``: of the step that begins; ``part``: what it belongs to.
    """

    type: ClassVar[str] = "save"
    name: str
    part: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)


# --- JSON ----------------------------------------------------------------------------------------------------------

_RECORDS: dict[str, type[Record]] = {cls.type: cls for cls in Record.__subclasses__()}


LONGEST = 1e308
"""No number in a log is larger; not-a-number is not smaller either."""


class BadEventError(ValueError):
    """A line is not an event of this version; the message says why."""


def to_dict(event: Record) -> dict[str, Any]:
    """One record as a JSON-ready dict: ``type``, ``start``, ``end`` first, floats rounded to a millisecond or 1e-3."""
    out: dict[str, Any] = {"type": event.type}
    for f in dataclasses.fields(event):
        if f.name not in ("status", "partial"):
            out[f.name] = _plain(getattr(event, f.name))
    return out


def from_dict(data: Mapping[str, Any]) -> Record:
    """Inverse of `to_dict`. Unknown keys are ignored (a newer writer). Raises `BadEventError`."""
    cls = _RECORDS.get(str(data.get("type")))
    if cls is None:
        raise BadEventError(f"unknown event type {data.get('type')!r}")
    hints = typing.get_type_hints(cls)
    known: dict[str, Any] = {}
    for f in dataclasses.fields(cls):
        if f.name in data:
            known[f.name] = _read(data[f.name], hints[f.name], f"{cls.type}.{f.name}")
    try:
        event = cls(**known)
    except TypeError as error:
        raise BadEventError(f"{cls.type}: {error}") from error
    if not event.start <= event.end:
        raise BadEventError(f"{cls.type}: start {event.start} is after end {event.end}")
    return event


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3) + 0.0  # + 0.0 turns -0.0 into 0.0, so the same log gives the same bytes
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return value


def _read(value: Any, hint: Any, where: str) -> Any:
    """Check one JSON value against a field's type; ints pass for floats. Raises `BadEventError`."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        ok = value in args
    elif origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _read(value, next(a for a in args if a is not type(None)), where)
    elif hint is float:
        ok = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LONGEST
        value = float(value) if ok else value
    elif origin is tuple:
        ok = isinstance(value, list) and all(isinstance(v, args[0]) for v in value)
        value = tuple(value) if ok else value
    elif origin is not None:
        ok = isinstance(value, Mapping) and all(isinstance(k, str) for k in value)
        value = {k: _read(v, args[1], where) for k, v in value.items()} if ok else value
    else:
        ok = isinstance(value, hint) and not (hint is int and isinstance(value, bool))
    if not ok:
        raise BadEventError(f"{where}: {value!r} does not fit")
    return value
