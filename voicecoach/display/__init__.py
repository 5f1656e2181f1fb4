"""What a session or a drill looks like in a terminal: readers of the events, with no way into the engine."""

from __future__ import annotations

from voicecoach.display.drill import DrillLines, DrillScreen
from voicecoach.display.naming import NameTyping
from voicecoach.display.session import Plain, Screen, clock

__all__ = ["DrillLines", "DrillScreen", "NameTyping", "Plain", "Screen", "clock"]
