"""Drills: one listening skill at a time, alone with a voice that tells stories, or as a pair."""

from __future__ import annotations

from voicecoach.practice.drills.drill import Drill
from voicecoach.practice.drills.judging import Judge
from voicecoach.practice.drills.level import Go, level_after
from voicecoach.practice.drills.material import NAMES, material, sheet_of
from voicecoach.practice.drills.outcome import Finding, Outcome
from voicecoach.practice.drills.stage import Stage
from voicecoach.practice.drills.task import Task

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
