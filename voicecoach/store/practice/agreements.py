"""A pair's own rules, in their own words, every version with its date."""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.store.database import opened, rows
from voicecoach.store.practice.pairs import Pair


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of one agreement.

    ``number``: which agreement, the same for all its versions, from 1; ``version``: from 1; ``text``: empty to let it
    go; ``state``: ``"proposed"`` (one has proposed it), ``"agreed"`` (both have) or ``"declined"``; ``by``: who
    proposed it; ``about``: what it is about, if known (``"interruption"`` …: see `voicecoach.coach.agreements`);
    ``date``: of the state.
    """

    number: int
    version: int
    text: str
    state: str
    by: str
    about: str
    date: str


_ROW = "number, version, text, state, by, about, date"


def propose(
    pair: Pair, text: str, *, by: str, today: str, about: str = "", number: int | None = None, agreed: bool = False
) -> Agreement:
    """Keep a proposal: a new agreement, or a new version of agreement ``number``. It holds once both agree.

    ``agreed``: both have agreed to it already.
    """
    with opened() as db, db:
        if number is None:
            ((number,),) = rows(db, "SELECT ifnull(max(number), 0) + 1 FROM agreement WHERE pair = ?", (pair.id,))
        ((version,),) = rows(
            db, "SELECT ifnull(max(version), 0) + 1 FROM agreement WHERE pair = ? AND number = ?", (pair.id, number)
        )
        new = Agreement(
            int(number), int(version), " ".join(text.split()), "agreed" if agreed else "proposed", by, about, today
        )
        db.execute(
            f"INSERT INTO agreement (pair, {_ROW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (pair.id, new.number, new.version, new.text, new.state, new.by, new.about, new.date),
        )
    return new


def agree(pair: Pair, agreement: Agreement, today: str) -> None:
    """Both have agreed to ``agreement``: it holds from ``today``, in place of its earlier versions."""
    _set(pair, agreement, "agreed", today)


def decline(pair: Pair, agreement: Agreement, today: str) -> None:
    """One of them does not want ``agreement``: what held before still holds."""
    _set(pair, agreement, "declined", today)


def agreements(pair: Pair) -> list[Agreement]:
    """What holds now: of each agreement the last version that was agreed, unless both let it go; in order of number."""
    holds: dict[int, Agreement] = {}
    for agreement in history(pair):
        if agreement.state == "agreed" and agreement.text:
            holds[agreement.number] = agreement
        elif agreement.state == "agreed":
            holds.pop(agreement.number, None)
    return [holds[number] for number in sorted(holds)]


def history(pair: Pair) -> list[Agreement]:
    """Every version of every agreement, also proposals, in order of number and version."""
    with opened() as db:
        found = rows(db, f"SELECT {_ROW} FROM agreement WHERE pair = ? ORDER BY number, version", (pair.id,))
    return [Agreement(*row) for row in found]


def _set(pair: Pair, agreement: Agreement, state: str, today: str) -> None:
    with opened() as db, db:
        db.execute(
            "UPDATE agreement SET state = ?, date = ? WHERE pair = ? AND number = ? AND version = ?",
            (state, today, pair.id, agreement.number, agreement.version),
        )
