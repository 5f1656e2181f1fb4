"""Read what is intact out of a damaged database. A damaged page takes only what stands on it along."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

import apsw

from voicecoach.store import database, keys
from voicecoach.store.database import Connection, rows

MOST = 1 << 20
"""More records than any session has."""


@dataclass(slots=True)
class Rescued:
    """Lines of a session's log that could be read, and how many numbers are missing between them."""

    lines: list[str] = field(default_factory=list)
    lost: int = 0


def read_intact() -> dict[str, Rescued]:
    """All sessions that can be found, by name (or ``session-N`` where the name is lost). Raises `VoicecoachError`."""
    with database.told():
        db = database.connect(keys.find(lambda key: True))
    try:
        names = dict(_around(db, "SELECT id, name FROM session WHERE id"))
        numbers = set(names) | _numbers(db)
        found: dict[str, Rescued] = {}
        for number in sorted(numbers):
            session = Rescued()
            last = -1
            for at, line in _around(db, "SELECT number, line FROM record WHERE session = ? AND number", (number,)):
                session.lost += at - last - 1
                session.lines.append(line)
                last = at
            if session.lines:
                found[str(names.get(number, f"session-{number}"))] = session
        return found
    finally:
        db.close()


def _numbers(db: Connection) -> set[int]:
    """Numbers of sessions that have records, found by stepping from one to the next."""
    found: set[int] = set()
    at = 0
    with contextlib.suppress(apsw.Error):
        while next_ones := rows(db, "SELECT session FROM record WHERE session > ? ORDER BY session LIMIT 1", (at,)):
            at = int(next_ones[0][0])
            found.add(at)
    return found


def _around(db: Connection, table: str, values: tuple[int, ...] = ()) -> list[tuple[int, str]]:
    """Rows of ``table`` (number and text, with a condition) by number: on to a damaged place, and on behind it.

    What lies behind is found by steps that double, and read from there back to the damage.
    """
    found: dict[int, str] = {}
    at = 0
    while at < MOST:
        got, whole = _until_damage(db, f"{table} >= ? ORDER BY 1", (*values, at))
        found.update(got)
        if whole:
            break
        at = max(found, default=at - 1) + 1
        step = 1
        while step < MOST:
            behind, _ = _until_damage(db, f"{table} >= ? ORDER BY 1 LIMIT 1", (*values, at + step))
            if behind:
                break
            step *= 2
        else:
            break
        before, _ = _until_damage(db, f"{table} < ? ORDER BY 1 DESC", (*values, behind[0][0]))
        found.update((n, line) for n, line in before if n >= at)
        found.update(behind)
        at = behind[0][0] + 1
    return sorted(found.items())


def _until_damage(db: Connection, sql: str, values: tuple[int, ...]) -> tuple[list[tuple[int, str]], bool]:
    """Rows until there are no more, or until one cannot be read; and whether there were no more."""
    got: list[tuple[int, str]] = []
    try:
        for number, text in db.execute(sql, values):
            got.append((int(str(number)), str(text)))
    except apsw.Error:
        return got, False
    return got, True
