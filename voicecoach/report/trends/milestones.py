"""Moments worth a smile: firsts and round numbers. Never a grade, and none can be lost again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecoach.report.figures import everyone_finished

ROUND = (10, 50, 100, 500, 1000)


def milestones(sessions: Sequence[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """``{"kind", "count", "name", "date"}`` in order of time; ``sessions``: names and figures, oldest first."""
    out: list[dict[str, Any]] = []
    done: set[str] = set()
    said_back = hours = 0.0
    for number, (name, f) in enumerate(sessions, 1):
        people = f["people"].values()

        def reached(kind: str, count: int = 0, name: str = name, date: str = f["date"]) -> None:
            if f"{kind}{count}" not in done:
                done.add(f"{kind}{count}")
                out.append({"kind": kind, "count": count, "name": name, "date": date})

        reached("first")
        if len(people) > 1 and all(x["reflections"] for x in people):
            reached("both_said_back")
        if any(x["landed"] for x in people):
            reached("landed")
        if everyone_finished(f) and f["heard_h"] >= 1 / 6:
            reached("room")
        if number in ROUND:
            reached("sessions", number)
        before, said_back = said_back, said_back + sum(x["reflections"] for x in people)
        earlier, hours = hours, hours + f["heard_h"]
        for n in ROUND:
            if before < n <= said_back:
                reached("said_back", n)
            if earlier < n <= hours:
                reached("hours", n)
    return out
