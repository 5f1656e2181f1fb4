"""What guided practice goes through and keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from voicecoach.events.base import Record, Signal


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
class Typed(Signal):
    """Somebody types an answer. ``text``: so far, or, when ``done``, all of it. Comes with each key and at the end."""

    type: ClassVar[str] = "typed"
    text: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Save(Signal):
    """Where guided practice stands: from ``state`` (JSON-ready) it can go on after a break.

    ``name``: of the step that begins; ``part``: what it belongs to.
    """

    type: ClassVar[str] = "save"
    name: str
    part: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)
