"""Kept sessions: list, read, add to, rename, delete. `writing` writes one while it happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import LOG_VERSION, BadEventError, Record, SessionStarted, called, from_dict
from voicecoach.store import alive, database
from voicecoach.store.database import rows
from voicecoach.store.log import line_of, write_log

LAST = "last"
"""Names the newest session."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept session.

    ``name``: when it began, its name for good; ``title``: what people call it, or empty; ``date``: local date and
    minute, ISO 8601, or empty; ``state``: ``"open"`` (it goes on right now), ``"cut off"`` (its program died) or
    ``"closed"``.
    """

    name: str
    title: str
    date: str
    people: tuple[str, ...]
    length_s: float
    state: str


@dataclass(frozen=True, slots=True)
class Where:
    """Where a session stands: the number of its last record, and what `Kept` says of it."""

    last: int
    length_s: float
    state: str


def kept() -> list[Kept]:
    """All sessions, in the order they began. Those whose program died are noticed here and marked as cut off."""
    if not database.exists():
        return []
    with database.opened() as db:
        _notice_cut_off(db)
        found = rows(db, "SELECT name, title, date, people, length_s, state FROM session ORDER BY id")
    return [Kept(n, t, d, tuple(json.loads(p)), s, state) for n, t, d, p, s, state in found]


def find(name: str) -> str:
    """The name of the session that is meant: its name, its title, or ``last``. Raises `VoicecoachError`."""
    if database.exists():
        with database.opened() as db:
            found = rows(db, "SELECT name FROM session WHERE name = ?", (name,))
            if name and not found:
                found = rows(db, "SELECT name FROM session WHERE title = ?", (name,))
            if not found and name == LAST:
                found = rows(db, "SELECT name FROM session ORDER BY id DESC LIMIT 1")
        if len(found) > 1:
            raise MisuseError(f"{len(found)} sessions are called {name!r}; give the name: `voicecoach sessions list`.")
        if found:
            return str(found[0][0])
    if not kept():
        raise VoicecoachError(
            f"There is no session {name!r}; none is kept yet. One is after: voicecoach listen --people Anna,Ben"
        )
    raise VoicecoachError(f"There is no session {name!r}; `voicecoach sessions list` shows those that are kept.")


def read(name: str) -> list[Record]:
    """The records of a session, in the order written. Raises `VoicecoachError` when there is none or it is newer."""
    with database.opened() as db:
        lines = rows(db, "SELECT line FROM record WHERE session = ? ORDER BY number", (number_of(db, name),))
    try:
        records = [from_dict(json.loads(line)) for (line,) in lines]
    except (ValueError, BadEventError) as error:
        raise VoicecoachError(f"The session {name} was written by a newer voicecoach; please update.") from error
    if records and isinstance(records[0], SessionStarted) and records[0].version > LOG_VERSION:
        raise VoicecoachError(f"The session {name} was written by a newer voicecoach; please update to read it.")
    return records


def append(name: str, records: Iterable[Record]) -> None:
    """Add ``records`` (corrections, say) at the end of a session's log, all or none."""
    with database.opened() as db, db:
        number = number_of(db, name)
        add(db, number, [line_of(r) for r in records])
        name_people(db, number)


def title_of(name: str) -> str:
    """What its people call a session; empty when they gave it no title."""
    return next((k.title for k in kept() if k.name == name), "")


def rename(name: str, title: str) -> None:
    """Give a session a title. Its name stays."""
    with database.opened() as db, db:
        db.execute("UPDATE session SET title = ? WHERE id = ?", (" ".join(title.split()), number_of(db, name)))


def delete(name: str) -> None:
    """Delete a session and all that belongs to it, so that nothing of it is left in the file.

    Raises `VoicecoachError` when there is none, or while it goes on.
    """
    with database.opened() as db:
        with db:
            number = number_of(db, name)
            if alive.holds(number):
                raise VoicecoachError(f"The session {name} goes on right now; end it before you delete it.")
            db.execute("DELETE FROM session WHERE id = ?", (number,))
        database.leave_nothing(db)


def delete_person(person: str) -> int:
    """Delete a person: their voice, all that is kept of them alone, and the sessions they were in; gives their number.

    The other person's words in those sessions go too: a conversation cannot be kept by halves.
    """
    theirs = [k for k in kept() if person in k.people]
    if any(k.state == "open" for k in theirs):
        raise VoicecoachError(f"A session with {person} goes on right now; end it before you delete them.")
    if not database.exists():
        return 0
    with database.opened() as db:
        with db:
            for (table,) in rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table'"):
                if ("person",) in rows(db, "SELECT name FROM pragma_table_info(?)", (table,)):
                    db.execute(f'DELETE FROM "{table}" WHERE person = ?', (person,))
            db.execute(
                "DELETE FROM session WHERE EXISTS (SELECT 1 FROM json_each(session.people) WHERE value = ?)", (person,)
            )
        database.leave_nothing(db)
    return len(theirs)


def export(name: str, folder: Path) -> Path:
    """Write a session's log to ``folder/events.jsonl``, readable by anybody who gets the file; its path."""
    return write_log(folder, read(name))


# --- for the writer ------------------------------------------------------------------------------------------------


def begin(db: database.Connection) -> tuple[int, str]:
    """A new empty session, named by the local date and time: its number and name."""
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    with db:
        taken = {n for (n,) in rows(db, "SELECT name FROM session WHERE name GLOB ?", (stamp + "*",))}
        name = next(n for n in (stamp, *(f"{stamp}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)
        db.execute("INSERT INTO session (name) VALUES (?)", (name,))
        number = db.last_insert_rowid()
    return number, name


def add(db: database.Connection, session: int, lines: Sequence[str]) -> None:
    """Append lines to a session's log; inside a transaction."""
    ((last,),) = rows(db, "SELECT coalesce(max(number), -1) FROM record WHERE session = ?", (session,))
    db.executemany(
        "INSERT INTO record (session, number, line) VALUES (?, ?, ?)",
        [(session, last + i, line) for i, line in enumerate(lines, 1)],
    )


def name_people(db: database.Connection, session: int) -> None:
    """Have a session be that of people as they are called now; inside a transaction."""
    lines = rows(
        db, "SELECT line FROM record WHERE session = ? AND line LIKE '%\"correction\"%' ORDER BY number", (session,)
    )
    first = rows(db, "SELECT line FROM record WHERE session = ? ORDER BY number LIMIT 1", (session,))
    made = [from_dict(json.loads(line)) for (line,) in (*first, *lines)]
    begun = next((r for r in made if isinstance(r, SessionStarted)), None)
    if begun is not None:
        names = called(made)
        people = json.dumps([names.get(p, p) for p in begun.people], ensure_ascii=False)
        db.execute("UPDATE session SET people = ? WHERE id = ?", (people, session))


def revise(db: database.Connection, session: int, change: Callable[[list[str]], list[str]]) -> None:
    """Put ``change`` of all the lines of a session's log in their place; inside a transaction."""
    old = [line for (line,) in rows(db, "SELECT line FROM record WHERE session = ? ORDER BY number", (session,))]
    new = change(old)
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    db.execute("DELETE FROM record WHERE session = ? AND number >= ?", (session, same))
    db.executemany(
        "INSERT INTO record (session, number, line) VALUES (?, ?, ?)",
        [(session, i, line) for i, line in enumerate(new[same:], same)],
    )


def where(db: database.Connection, session: int) -> Where:
    """Where a session stands now."""
    ((length_s, state),) = rows(db, "SELECT length_s, state FROM session WHERE id = ?", (session,))
    ((records,),) = rows(db, "SELECT coalesce(max(number), -1) FROM record WHERE session = ?", (session,))
    return Where(records, length_s, state)


def put_back(name: str, was: Where) -> None:
    """Take out of a session what was written since it stood there."""
    with database.opened() as db:
        with db:
            number = number_of(db, name)
            db.execute("DELETE FROM record WHERE session = ? AND number > ?", (number, was.last))
            db.execute("UPDATE session SET length_s = ?, state = ? WHERE id = ?", (was.length_s, was.state, number))
        database.leave_nothing(db)


def number_of(db: database.Connection, name: str) -> int:
    """The number of the session called ``name``. Raises `VoicecoachError` when there is none."""
    found = rows(db, "SELECT id FROM session WHERE name = ?", (name,))
    if not found:
        raise VoicecoachError(f"There is no session {name!r}; `voicecoach sessions list` shows those that are kept.")
    return int(found[0][0])


def _notice_cut_off(db: database.Connection) -> None:
    gone = [n for (n,) in rows(db, "SELECT id FROM session WHERE state = 'open'") if not alive.holds(n)]
    if gone:
        with db:
            db.executemany("UPDATE session SET state = 'cut off' WHERE id = ? AND state = 'open'", [(n,) for n in gone])
