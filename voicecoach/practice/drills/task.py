"""`Task`: what one go of a drill sets, and how its parts are put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.practice.drills.material import Name

NAMED_POINTS = 2
"""So many points are named in spoken feedback."""


@dataclass(frozen=True, slots=True)
class Task:
    """What was set. ``story``: its sentences; ``points``, ``feelings``, ``needs``: what is in it, as far as known.

    ``line``: a sentence to turn round, or, in ``repair``, what was said of the one that was cut off.
    """

    drill: Name
    story: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    line: str = ""


def named(points: Sequence[str]) -> str:
    """The first points, as one says them: "this, and that"."""
    return ", and ".join(points[:NAMED_POINTS])


def times(number: int) -> str:
    """A number as it is spoken here: "once", "2 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
