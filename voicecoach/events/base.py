"""What every event is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


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
