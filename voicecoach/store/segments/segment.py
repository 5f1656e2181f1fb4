"""One segment of a file of who spoke when, and what is said of a line that holds none."""

from __future__ import annotations

import math
from dataclasses import dataclass

UNNAMED = "A"
"""Whoever speaks where the file names nobody."""


@dataclass(frozen=True, slots=True)
class Segment:
    """``speaker`` speaks from ``start`` to ``end`` (seconds, ``0 <= start <= end``) and says ``text`` ("" = unknown).

    Real annotations hold segments of no length (``start == end``), with words in them; they are kept.
    """

    start: float
    end: float
    speaker: str
    text: str = ""


class BadLineError(Exception):
    """A line (counted from 1) cannot be read; the message says why."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


def segment(line: int, start: float, end: float, speaker: str, text: str = "") -> Segment:
    """A segment with blanks tidied. Raises `BadLineError` for times that cannot be."""
    if not (math.isfinite(start) and math.isfinite(end)):
        raise BadLineError(line, "a time is not a finite number of seconds")
    if start < 0:
        raise BadLineError(line, f"it starts at {start:g} s, before the beginning")
    if end < start:
        raise BadLineError(line, f"it ends at {end:g} s, before its start at {start:g} s")
    return Segment(start, end, " ".join(speaker.split()) or UNNAMED, " ".join(text.split()))
