"""What the coach decided, wants to say and said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from voicecoach.events.base import Record, Signal

Choice = Literal["said", "chimed", "wanted", "held", "dropped", "none"]


Sound = Literal["interruption", "listening_on", "listening_off", "prompt", "bell", "back"]
"""Chimes the coach has."""


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
