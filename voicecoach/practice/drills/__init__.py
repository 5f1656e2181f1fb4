"""Drills: one listening skill at a time, alone with a voice that tells stories, or as a pair."""

from __future__ import annotations

from voicecoach.practice.drills.drill import Drill, Stage
from voicecoach.practice.drills.judging import Judge, Task
from voicecoach.practice.drills.level import Go, level_after
from voicecoach.practice.drills.material import NAMES, material, sheet_of
from voicecoach.practice.drills.outcome import Finding, Outcome

__all__ = [
    "NAMES",
    "Drill",
    "Finding",
    "Go",
    "Judge",
    "Outcome",
    "Stage",
    "Task",
    "level_after",
    "material",
    "sheet_of",
]
