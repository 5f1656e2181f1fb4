"""What a pair's check-in begins with: their agreements, their promises, who begins, what was left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicecoach.practice.length import floor_and_rounds, solve_s
from voicecoach.practice.progress import Plan, Progress, Promise, Rule
from voicecoach.practice.wording import wording
from voicecoach.store import practice

SEVERAL = 3
"""Over so many check-ins in a row …"""
MOST = 0.6
"""… one with this share of all speech carries most of the talking."""
GO_ON_H = 24.0
"""A check-in that broke off is gone on with for so many hours; after that a new one begins."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long things take. ``minutes`` of the whole; ``floor_s``, ``rounds``, ``solve_s``, if given, go before it."""

    minutes: float = 30.0
    floor_s: float | None = None
    rounds: int | None = None
    grace_s: float = 60.0
    rest_s: float = 1200.0
    solve_s: float | None = None


def plan(pair: practice.Pair, length: Length, now: datetime, language: str = "en") -> Plan:
    """The plan of a new check-in of ``pair``."""
    held = [c for c in practice.checkins(pair) if c.state == "done"]
    agreed = practice.agreements(pair)
    decided = [a for a in practice.history(pair) if a.state != "proposed"]
    today = now.date().isoformat()
    floor_s, rounds = floor_and_rounds(length.minutes, length.floor_s)
    weekly = practice.schedule(pair)
    first, second = pair.people if len(held) % 2 == 0 else pair.people[::-1]
    return Plan(
        people=(first, second),
        today=today,
        minutes=length.minutes if length.floor_s is None and length.rounds is None else 0.0,
        rounds=length.rounds or rounds,
        floor_s=floor_s,
        grace_s=length.grace_s,
        rest_s=length.rest_s,
        solve_s=length.solve_s or solve_s(length.minutes),
        promises=tuple(Promise(c.id, c.person, c.text, c.due) for c in practice.commitments(pair, state="open")),
        agreements=tuple(Rule(a.text, a.about, a.by, a.number, a.version) for a in agreed),
        proposals=tuple(
            Rule(a.text, a.about, a.by, a.number, a.version) for a in practice.history(pair) if a.state == "proposed"
        ),
        suggestions=() if decided else _suggestions(language),
        heavier=heavier(held),
        first_time=not held,
        weekly=None if weekly is None else (weekly.day, weekly.time),
    )


def heavier(held: Sequence[practice.CheckIn]) -> str | None:
    """Who has carried most of the talking in each of the last `SEVERAL` check-ins, if one has."""
    carried = set[str]()
    for checkin in held[-SEVERAL:]:
        speech = {name: figures.get("speech_s", 0.0) for name, figures in checkin.figures.get("people", {}).items()}
        total = sum(speech.values())
        carried.add(next((n for n, s in speech.items() if total > 0 and s / total >= MOST), ""))
    return carried.pop() or None if len(held) >= SEVERAL and len(carried) == 1 else None


def left_open(pair: practice.Pair, now: datetime) -> tuple[practice.CheckIn, Plan, Progress] | None:
    """The check-in that broke off, its plan, and where it stands; None when there is none, or it is too long ago."""
    checkin = practice.last_open(pair)
    steps = practice.steps(checkin) if checkin is not None else []
    if checkin is None or len(steps) < 2:
        return None
    if now - datetime.fromisoformat(steps[-1][1]) > timedelta(hours=GO_ON_H):
        return None
    return checkin, Plan.from_dict(steps[0][2]), Progress.from_dict(steps[-1][2])


def _suggestions(language: str) -> tuple[Rule, ...]:
    return tuple(Rule(s["text"], s["about"]) for s in wording(language).other("suggestions"))
