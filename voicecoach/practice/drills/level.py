"""The level that follows from what was done: up after two good goes, down after two hard ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HIGHEST = 3
GOOD, HARD = 0.75, 0.34
"""A measure from which on a go was easy, and up to which it was hard."""
IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Go:
    """One go: at which level, what the curve shows for it (in [0, 1]), and whether something was answered."""

    level: int
    measure: float
    answered: bool


def level_after(goes: Sequence[Go], *, waits: bool = False) -> int:
    """The level for the next go, from those before it, oldest first. Begins at 1.

    ``waits``: waiting is what is practised, so what was said after it makes it neither harder nor easier.
    """
    if not goes:
        return 1
    level = goes[-1].level
    last = goes[-IN_A_ROW:]
    if len(last) < IN_A_ROW or any(g.level != level for g in last):
        return level
    if all((g.answered or waits) and g.measure >= GOOD for g in last):
        return min(HIGHEST, level + 1)
    if all(g.measure <= HARD or not (g.answered or waits) for g in last):
        return max(1, level - 1)
    return level
