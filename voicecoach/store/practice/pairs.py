"""Two people who practise together, and when they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.errors import MisuseError
from voicecoach.store.database import exists, opened, rows

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Pair:
    """``people``: both names, in the order first given; ``since``: date they first practised together, ISO 8601."""

    id: int
    people: tuple[str, str]
    since: str


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekly time. ``day``: 0 is Monday; ``time``: ``HH:MM``, local; ``minutes``: how long to plan for."""

    day: int
    time: str
    minutes: int


def pair_of(people: Sequence[str], today: str) -> Pair:
    """The pair of two people, whatever their order; made on ``today`` when they are new.

    Raises `MisuseError` unless there are two different names.
    """
    names = tuple(name.strip() for name in people)
    if len(names) != 2 or not all(names) or names[0] == names[1]:
        raise MisuseError("A pair is two people with different names; write them like Anna,Ben.")
    found = [pair for pair in pairs() if set(pair.people) == set(names)]
    if found:
        return found[0]
    with opened() as db, db:
        db.execute("INSERT INTO pair (since) VALUES (?)", (today,))
        number = db.last_insert_rowid()
        for seat, name in enumerate(names):
            db.execute("INSERT INTO pair_person (pair, person, seat) VALUES (?, ?, ?)", (number, name, seat))
    return Pair(number, (names[0], names[1]), today)


def pairs() -> list[Pair]:
    """All pairs, oldest first."""
    if not exists():
        return []
    with opened() as db:
        found = rows(
            db,
            "SELECT pair.id, a.person, b.person, pair.since FROM pair"
            " JOIN pair_person AS a ON a.pair = pair.id AND a.seat = 0"
            " JOIN pair_person AS b ON b.pair = pair.id AND b.seat = 1 ORDER BY pair.id",
        )
    return [Pair(number, (first, second), since) for number, first, second, since in found]


def everybody() -> list[str]:
    """Names of all who have practised, sorted."""
    if not exists():
        return []
    with opened() as db:
        found = rows(db, "SELECT person FROM pair_person UNION SELECT person FROM drill_attempt")
    return sorted((name for (name,) in found), key=str.casefold)


def schedule(pair: Pair) -> Weekly | None:
    """When the pair meets every week, if they said."""
    with opened() as db:
        for day, time, minutes in rows(db, "SELECT day, time, minutes FROM schedule WHERE pair = ?", (pair.id,)):
            return Weekly(day, time, minutes)
    return None


def set_schedule(pair: Pair, weekly: Weekly) -> None:
    """Keep when the pair meets every week, in place of an earlier time."""
    with opened() as db, db:
        db.execute(
            "INSERT OR REPLACE INTO schedule (pair, day, time, minutes) VALUES (?, ?, ?, ?)",
            (pair.id, weekly.day, weekly.time, weekly.minutes),
        )
