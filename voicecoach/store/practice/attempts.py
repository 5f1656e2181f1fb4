"""Drills done, with what they showed; never a word that was said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.store.database import exists, opened, rows


@dataclass(frozen=True, slots=True)
class Attempt:
    """One go at a drill. ``date``: local date and minute, ISO 8601; ``figures``: name → value, with units in names."""

    id: int
    person: str
    drill: str
    level: int
    date: str
    figures: Mapping[str, float]


def add_attempt(person: str, drill: str, *, level: int, date: str, figures: Mapping[str, float]) -> Attempt:
    """Keep one go at ``drill``."""
    with opened() as db, db:
        db.execute(
            "INSERT INTO drill_attempt (person, drill, level, date, figures) VALUES (?, ?, ?, ?, ?)",
            (person, drill, level, date, json.dumps(dict(figures))),
        )
        number = db.last_insert_rowid()
    return Attempt(number, person, drill, level, date, dict(figures))


def attempts(person: str | None = None, drill: str | None = None) -> list[Attempt]:
    """What ``person`` (or anybody) did in ``drill`` (or any), oldest first."""
    if not exists():
        return []
    with opened() as db:
        found = rows(db, "SELECT id, person, drill, level, date, figures FROM drill_attempt ORDER BY id")
    every = [Attempt(n, who, what, level, date, json.loads(f)) for n, who, what, level, date, f in found]
    return [a for a in every if person in (None, a.person) and drill in (None, a.drill)]
