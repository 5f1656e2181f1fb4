"""When to help, what to say, and the voice that says it."""

from __future__ import annotations

from voicecoach.coach.chime import chime
from voicecoach.coach.coach import Coach
from voicecoach.coach.policy import LEVELS, Situation, State
from voicecoach.coach.wording import everything

__all__ = ["LEVELS", "Coach", "Situation", "State", "chime", "everything"]
