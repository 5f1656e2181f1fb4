"""Drills: one listening skill at a time, alone with a voice that tells stories, or as a pair."""

from __future__ import annotations

from voicecoach.practice.drills.judging import Judge, Task
from voicecoach.practice.drills.material import NAMES, material, sheet_of
from voicecoach.practice.drills.outcome import Finding, Outcome

__all__ = ["NAMES", "Finding", "Judge", "Outcome", "Task", "material", "sheet_of"]
