"""How the time of a check-in is shared out: the rounds, how long each has the floor, what is left for a next step."""

from __future__ import annotations

FLOOR_S = 300.0
SHORTEST_FLOOR_S = 60.0
AROUND_S, AROUND_SHARE = 600.0, 1 / 3
"""Arriving and agreements take half of this, the close the other half; both not more than this share of the whole."""
ROUND_EXTRA_S = 150.0
"""Saying back, confirming and changing places take so long in each person's part of a round."""
SOLVE_S, SOLVE_SHARE = 420.0, 1 / 6
"""For a next step there is so much time, but not more than this share of the whole."""


def floor_and_rounds(minutes: float, floor_s: float | None = None) -> tuple[float, int]:
    """Each person's time in a round, in seconds, and the number of rounds, that fill ``minutes``."""
    for_rounds_s = max(0.0, minutes * 60 - _around_s(minutes) - solve_s(minutes))
    if floor_s is not None:
        return floor_s, max(1, int(for_rounds_s // (2 * (floor_s + ROUND_EXTRA_S))))
    rounds = max(1, round(for_rounds_s / (2 * (FLOOR_S + ROUND_EXTRA_S))))
    return _floor_s(for_rounds_s, rounds), rounds


def solve_s(minutes: float) -> float:
    """Time to look for a next step in, in seconds."""
    return min(SOLVE_S, minutes * 60 * SOLVE_SHARE)


def floor_left_s(minutes: float, spent_s: float, rounds: int) -> float | None:
    """Each person's time in a round when ``spent_s`` of the time is over; None when not even a short one fits.

    ``rounds``: how many are still to come.
    """
    left_s = minutes * 60 - spent_s - _around_s(minutes) / 2 - solve_s(minutes)
    return _floor_s(left_s, rounds) if left_s >= 2 * (SHORTEST_FLOOR_S + ROUND_EXTRA_S) else None


def _around_s(minutes: float) -> float:
    return min(AROUND_S, minutes * 60 * AROUND_SHARE)


def _floor_s(for_rounds_s: float, rounds: int) -> float:
    return min(FLOOR_S, max(SHORTEST_FLOOR_S, for_rounds_s / (2 * rounds) - ROUND_EXTRA_S))
