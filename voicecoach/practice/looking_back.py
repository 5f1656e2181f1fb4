"""How a pair's check-ins developed, in plain sentences, without grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.practice.wording import wording
from voicecoach.store import practice

ENOUGH = 4
"""With fewer check-ins nothing is said about how things developed: a few evenings are no trend."""
CLEAR = 0.5
"""A change of a count by this much a check-in is worth a sentence; less is told as "about the same"."""
CLEAR_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Evening:
    """One check-in. ``shares``: of all speech, by person; counts are of both people together."""

    date: str
    shares: dict[str, float]
    slips: int
    repairs: int
    said_back: int
    not_said_back: int
    heard: int


def evenings(held: Sequence[practice.CheckIn]) -> list[Evening]:
    """The check-ins that came to their close, as figures, oldest first."""
    found = []
    for checkin in held:
        people = checkin.figures.get("people", {})
        if checkin.state != "done" or not people:
            continue
        total = sum(f.get("speech_s", 0.0) for f in people.values()) or 1.0

        def count(what: str, people: dict[str, dict[str, int]] = people) -> int:
            return sum(int(f.get(what, 0) or 0) for f in people.values())

        found.append(
            Evening(
                checkin.began[:10],
                {name: f.get("speech_s", 0.0) / total for name, f in people.items()},
                count("slips"),
                count("repairs"),
                count("reflected"),
                count("missed"),
                count("heard"),
            )
        )
    return found


def developed(found: Sequence[Evening], language: str = "en") -> list[str]:
    """What changed between the first and the last third of the evenings, one sentence each."""
    lines = wording(language).other("developed")
    if len(found) < ENOUGH:
        return [lines["too_few"].format(n=ENOUGH)]
    third = max(1, len(found) // 3)
    first, last = found[:third], found[-third:]
    changes = {"balance": _step(_apart(last) - _apart(first), CLEAR_SHARE)}
    for name in ("said_back", "slips", "repairs", "heard"):
        changes[name] = _step(_mean(last, name) - _mean(first, name), CLEAR)
    return [lines[name][change] for name, change in changes.items()]


def _step(change: float, clear: float) -> str:
    return "more" if change >= clear else "less" if change <= -clear else "same"


def _mean(found: Sequence[Evening], name: str) -> float:
    return sum(float(getattr(e, name)) for e in found) / len(found)


def _apart(found: Sequence[Evening]) -> float:
    """How far from half and half the talking was."""
    return sum(max(e.shares.values()) - 0.5 for e in found) / len(found)
