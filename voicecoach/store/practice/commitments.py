"""What one promised the other, and how it went."""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.store.database import opened, rows
from voicecoach.store.practice.pairs import Pair


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise of ``person``. ``made``, ``due``: dates, ISO 8601; ``state``: ``"open"``, ``"kept"`` or ``"let go"``.

    ``outcome``: how it went, in that person's words, when last asked.
    """

    id: int
    person: str
    text: str
    made: str
    due: str
    state: str
    outcome: str


_ROW = "id, person, text, made, due, state, outcome"


def add_commitment(pair: Pair, person: str, text: str, *, made: str, due: str) -> Commitment:
    """Keep a promise."""
    with opened() as db, db:
        db.execute(
            "INSERT INTO commitment (pair, person, text, made, due) VALUES (?, ?, ?, ?, ?)",
            (pair.id, person, text, made, due),
        )
        number = db.last_insert_rowid()
    return Commitment(number, person, text, made, due, "open", "")


def commitments(pair: Pair, *, state: str | None = None) -> list[Commitment]:
    """All promises of a pair, or those in ``state``; by due date."""
    with opened() as db:
        found = rows(db, f"SELECT {_ROW} FROM commitment WHERE pair = ? ORDER BY due, id", (pair.id,))
    return [c for c in (Commitment(*row) for row in found) if state is None or c.state == state]


def follow_up(number: int, *, state: str, outcome: str, due: str | None = None) -> None:
    """Keep how promise ``number`` went, and, if it stays open, until when."""
    with opened() as db, db:
        db.execute(
            "UPDATE commitment SET state = ?, outcome = ?, due = ifnull(?, due) WHERE id = ?",
            (state, outcome, due, number),
        )
