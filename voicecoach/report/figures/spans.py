"""Stretches of time: joined, measured, laid over each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Span = tuple[float, float]


def merge(spans: Iterable[Span]) -> list[Span]:
    """The union of spans as disjoint spans in order."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def length(spans: Iterable[Span]) -> float:
    """Seconds in all; overlapping spans count twice."""
    return sum(end - start for start, end in spans)


def together(spans: Sequence[Span]) -> float:
    """Seconds in which at least two spans run at once."""
    edges = sorted([(s, 1) for s, _ in spans] + [(e, -1) for _, e in spans])
    total, depth, since = 0.0, 0, 0.0
    for at, step in edges:
        if depth >= 2:
            total += at - since
        depth, since = depth + step, at
    return total


def inside(spans: Iterable[Span], low: float, high: float) -> float:
    """Seconds of spans between two times."""
    return sum(max(0.0, min(end, high) - max(start, low)) for start, end in spans)
