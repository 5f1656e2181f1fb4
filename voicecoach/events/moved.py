"""The same event at another time: a session that goes on counts from where it stopped."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

from voicecoach.events.base import Event

TIMES = ("start", "end", "at", "about", "yielded_at")
"""The fields that are moments on the timeline, of all events."""

E = TypeVar("E", bound=Event)


def moved(event: E, by_s: float) -> E:
    """``event`` as it is, ``by_s`` seconds later (earlier, if negative)."""
    there = {f.name for f in fields(event)}
    times = {name: getattr(event, name) for name in TIMES if name in there}
    return replace(event, **{name: at + by_s for name, at in times.items() if at is not None})
