"""`Stage`: where a drill stands."""

from __future__ import annotations

from enum import Enum, auto


class Stage(Enum):
    """In the order in which they come; from ``CHOICE`` it goes back to ``TELLING``."""

    INTRO = auto()
    TELLING = auto()
    ASKING = auto()
    REPLY = auto()
    FEEDBACK = auto()
    CHOICE = auto()
    CLOSING = auto()
    DONE = auto()
