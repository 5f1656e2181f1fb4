"""What people are called: names given while a session is heard or after. Its records keep the names they began with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from voicecoach.events.base import Event
from voicecoach.events.coaching import Decision, Prompt
from voicecoach.events.session import Correction, SessionStarted

E = TypeVar("E", bound=Event)
_WHOSE = ("speaker", "to", "over", "interrupted", "previous", "yielded")
"""Fields that hold a person's name."""


def standing(records: Iterable[Event]) -> list[tuple[int, Correction]]:
    """The corrections that hold, each with its number; those undone and the undoing itself are left out."""
    made = [r for r in records if isinstance(r, Correction)]
    undone = {c.undoes for c in made if c.label == "undo"}
    return [(n, c) for n, c in enumerate(made, 1) if c.label != "undo" and n not in undone]


def called(records: Iterable[Event]) -> dict[str, str]:
    """Name in the log → what that person is called, of those who were given another name; the last one holds."""
    given = {c.speaker: c.name for _, c in standing(records) if c.label == "named"}
    return {before: now for before, now in given.items() if before != now}


def retold(records: Iterable[E]) -> list[E]:
    """``records`` in the order of the log, with what the coach said to people told by their last names.

    It called them what they were called then.
    """
    logged = list(records)
    now, then = called(logged), dict[str, str]()
    seen: list[Correction] = []
    out: list[E] = []
    for record in logged:
        if isinstance(record, Correction):
            seen.append(record)
            then = called(seen)
        elif isinstance(record, Prompt) and record.situation != "agreement" and now != then:
            names = {then.get(p, p): now.get(p, p) for p in {**then, **now}}
            record = replace(record, text=_said(record.text, names))  # noqa: PLW2901
        out.append(record)
    return out


def renamed(event: E, names: Mapping[str, str]) -> E:
    """``event`` with everybody in it called by ``names``, all at once: two people may have changed names.

    Also in the coach's reasons, though not in the people's own words. A naming then names what it led to, so that to
    name once more changes nothing.
    """
    if not names:
        return event
    changes: dict[str, Any] = {}
    if isinstance(event, SessionStarted):
        changes["people"] = tuple(names.get(p, p) for p in event.people)
    elif isinstance(event, Correction) and event.label == "named":
        return replace(event, speaker=event.name)
    elif isinstance(event, Correction):
        changes["name"] = names.get(event.name, event.name)
    elif isinstance(event, (Prompt, Decision)):
        changes["reason"] = _said(event.reason, names)
    for field in _WHOSE:
        person = getattr(event, field, None) or ""
        if person in names:
            changes[field] = names[person]
    return replace(event, **changes) if changes else event


def _said(text: str, names: Mapping[str, str]) -> str:
    """``text`` with the names in it. The coach's sentences have no word that is a capital letter alone, such as A."""
    one = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{one})(?!\w)", lambda m: names[m[0]], text)
