"""All that practice keeps, at once, to take away. `voicecoach.store.sessions.delete_person` deletes it."""

from __future__ import annotations

import dataclasses
from typing import Any

from voicecoach.store.practice.agreements import history
from voicecoach.store.practice.attempts import attempts
from voicecoach.store.practice.checkins import checkins, notes, steps
from voicecoach.store.practice.commitments import commitments
from voicecoach.store.practice.pairs import pairs, schedule


def export() -> dict[str, Any]:
    """Everything, JSON-ready."""
    found: list[dict[str, Any]] = []
    for pair in pairs():
        weekly = schedule(pair)
        found.append(
            {
                "people": list(pair.people),
                "since": pair.since,
                "schedule": dataclasses.asdict(weekly) if weekly is not None else None,
                "agreements": [dataclasses.asdict(a) for a in history(pair)],
                "checkins": [
                    dataclasses.asdict(c)
                    | {"steps": [{"name": name, "at": at, "state": state} for name, at, state in steps(c)]}
                    for c in checkins(pair)
                ],
                "notes": [dataclasses.asdict(n) for n in notes(pair)],
                "commitments": [dataclasses.asdict(c) for c in commitments(pair)],
            }
        )
    return {"pairs": found, "drills": [dataclasses.asdict(a) for a in attempts()]}
