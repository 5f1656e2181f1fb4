"""What a session or a drill looks like in a terminal: readers of the events, with no way into the engine."""

from __future__ import annotations

from voicecoach.display.drill import DrillLines, DrillScreen
from voicecoach.display.session import HELP, Plain, Screen

__all__ = ["HELP", "DrillLines", "DrillScreen", "Plain", "Screen"]
