"""How goes at a drill went over time, as a line of blocks: a curve for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

BLOCKS = "▁▂▃▄▅▆▇█"
WIDEST = 40


def curve(values: Sequence[float], width: int = WIDEST) -> str:
    """One block for each of ``values`` in [0, 1], oldest first; of more than ``width``, the mean of neighbours."""
    if len(values) > width:
        edges = [round(i * len(values) / width) for i in range(width + 1)]
        values = [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]
    return "".join(BLOCKS[min(len(BLOCKS) - 1, int(max(0.0, v) * len(BLOCKS)))] for v in values)
