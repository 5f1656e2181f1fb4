"""Check-ins, step by step, so that one that broke off can go on where it was; and what was said at their end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicecoach.store.database import leave_nothing, opened, rows
from voicecoach.store.practice.pairs import Pair


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in. ``began``, ``ended``: local date and minute, ISO 8601 (``ended`` empty while it goes on).

    ``state``: ``"open"``, ``"done"`` or ``"left"`` (broken off and not taken up again); ``sessions``: names of the
    sessions it was held in; ``figures``: what is counted of it (see `voicecoach.practice.figures`).
    """

    id: int
    began: str
    ended: str
    state: str
    sessions: tuple[str, ...]
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """What ``person`` said at the end: ``kind`` is ``"learned"``, ``"appreciated"`` or ``"breakthrough"``."""

    checkin: int
    kind: str
    person: str
    text: str
    date: str


_ROW = "id, began, ended, state, sessions, figures"


def begin(pair: Pair, now: str) -> CheckIn:
    """A new check-in; an open one of the same pair is left."""
    with opened() as db, db:
        db.execute("UPDATE checkin SET state = 'left' WHERE pair = ? AND state = 'open'", (pair.id,))
        db.execute("INSERT INTO checkin (pair, began) VALUES (?, ?)", (pair.id, now))
        number = db.last_insert_rowid()
    return CheckIn(number, now, "", "open", (), {})


def last_open(pair: Pair) -> CheckIn | None:
    """The check-in that broke off and could go on, if there is one."""
    found = [c for c in checkins(pair) if c.state == "open"]
    return found[-1] if found else None


def checkins(pair: Pair) -> list[CheckIn]:
    """All check-ins of a pair, oldest first."""
    with opened() as db:
        found = rows(db, f"SELECT {_ROW} FROM checkin WHERE pair = ? ORDER BY id", (pair.id,))
    return [CheckIn(n, b, e, state, tuple(json.loads(s)), json.loads(f)) for n, b, e, state, s, f in found]


def save_step(checkin: CheckIn, name: str, state: Mapping[str, Any], now: str) -> None:
    """Keep that step ``name`` has begun, with all that is needed to go on from there."""
    with opened() as db, db:
        db.execute(
            "INSERT INTO checkin_step (checkin, number, name, at, state)"
            " SELECT ?, ifnull(max(number), 0) + 1, ?, ?, ? FROM checkin_step WHERE checkin = ?",
            (checkin.id, name, now, json.dumps(state), checkin.id),
        )


def steps(checkin: CheckIn) -> list[tuple[str, str, dict[str, Any]]]:
    """The steps that have begun, in order: name, when, and the state to go on from."""
    with opened() as db:
        found = rows(db, "SELECT name, at, state FROM checkin_step WHERE checkin = ? ORDER BY number", (checkin.id,))
    return [(name, at, json.loads(state)) for name, at, state in found]


def add_session(checkin: CheckIn, session: str) -> None:
    """Note that the check-in is held in this session (it may take several)."""
    with opened() as db, db:
        for (held,) in rows(db, "SELECT sessions FROM checkin WHERE id = ?", (checkin.id,)):
            names = json.loads(held)
            if session not in names:
                db.execute("UPDATE checkin SET sessions = ? WHERE id = ?", (json.dumps([*names, session]), checkin.id))


def held_in(session: str) -> bool:
    """Whether a check-in was held in this session."""
    with opened() as db:
        found = rows(db, "SELECT 1 FROM checkin, json_each(checkin.sessions) AS held WHERE held.value = ?", (session,))
    return bool(found)


def close(checkin: CheckIn, now: str, figures: Mapping[str, Any], *, state: str = "done") -> None:
    """The check-in is over; its steps, which were only kept to go on from, go."""
    with opened() as db:
        with db:
            db.execute(
                "UPDATE checkin SET state = ?, ended = ?, figures = ? WHERE id = ?",
                (state, now, json.dumps(figures), checkin.id),
            )
            db.execute("UPDATE checkin_step SET state = '{}' WHERE checkin = ?", (checkin.id,))
        leave_nothing(db)


def add_note(checkin: CheckIn, kind: str, person: str, text: str, today: str) -> None:
    """Keep what ``person`` learned or appreciated, or a breakthrough."""
    with opened() as db, db:
        db.execute(
            "INSERT INTO checkin_note (checkin, kind, person, text, date) VALUES (?, ?, ?, ?, ?)",
            (checkin.id, kind, person, text, today),
        )


def notes(pair: Pair) -> list[Note]:
    """All that was kept so, oldest first."""
    with opened() as db:
        found = rows(
            db,
            "SELECT checkin, kind, person, text, n.date FROM checkin_note AS n JOIN checkin ON checkin.id = n.checkin"
            " WHERE pair = ? ORDER BY n.id",
            (pair.id,),
        )
    return [Note(*row) for row in found]
