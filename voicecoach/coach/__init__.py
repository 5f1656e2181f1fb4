"""When to help, what to say, and the voice that says it."""

from __future__ import annotations

from voicecoach.coach.agreements import Agreement
from voicecoach.coach.chime import chime
from voicecoach.coach.coach import Coach
from voicecoach.coach.commands import Commands
from voicecoach.coach.leaving import COMING_BACK, away_after, in_vain
from voicecoach.coach.levels import LEVELS
from voicecoach.coach.noted import Notes, recall
from voicecoach.coach.policy import Situation, State
from voicecoach.coach.wording import everything

__all__ = [
    "COMING_BACK", "LEVELS", "Agreement", "Coach", "Commands", "Notes", "Situation", "State", "away_after", "chime",
    "everything", "in_vain", "recall",
]  # fmt: skip
