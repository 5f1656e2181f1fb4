"""What is told in one go of a drill: the lines, the silence before each, and the task that they set."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voicecoach.practice.drills.material import Sheet, material, pick
from voicecoach.practice.drills.task import Task
from voicecoach.practice.stories import Story, stories

FIRST_S = 0.9
BETWEEN_S = 0.3
"""Silence before a story begins, and between its sentences."""
SHORTEST_PAUSE_S = 0.5
LONGEST_PAUSE_S = {1: 1.6, 2: 2.8, 3: 4.0}
"""Pauses in ``hold`` and ``full``, by level."""
LONG_SILENCE_S = {1: 6.0, 2: 9.0, 3: 13.0}
"""The silence before the last sentence in ``silence``, by level."""
CUT_AFTER = 0.6
"""Share of a sentence that is said before it is cut off in ``repair``."""


@dataclass(frozen=True, slots=True)
class Script:
    """``lines``: what is told, each with the silence before it in seconds; ``example``: one for this very task.

    ``cut``: the last line is broken off, with a chime.
    """

    task: Task
    lines: tuple[tuple[str, float], ...]
    example: str
    cut: bool = False


def choose(level: int, number: int, *, topic: str = "", story: str = "", language: str = "en") -> Story:
    """The story for go ``number`` (from 0) at ``level``: each of them once before any comes again."""
    known = {s.name: s for s in stories(language)}
    if story:
        return known[story]
    names = [s.name for s in known.values() if s.level == level and topic in ("", s.topic)]
    return known[pick(names, number)]


def told(sheet: Sheet, story: Story, level: int, number: int) -> Script:
    """The script of a drill that tells ``story``."""
    sentences = story.sentences
    example = sheet.examples[number % len(sheet.examples)]
    if sheet.name == "repair":
        middle = max(1, len(sentences) // 2)
        words = sentences[middle].split()
        begun = " ".join(words[: max(3, round(CUT_AFTER * len(words)))]).rstrip(".?!,;:")
        heard = (*sentences[:middle], begun)
        task = Task("repair", heard, line=begun)
        return Script(task, tuple(zip(heard, _silences(len(heard)), strict=True)), example, cut=True)
    silences = _silences(len(sentences))
    if sheet.name in ("hold", "full"):
        silences = [FIRST_S, *_pauses(len(sentences) - 1, level, number)]
    elif sheet.name == "silence":
        silences[-1] = LONG_SILENCE_S[level]
    task = Task(sheet.name, sentences, story.points, story.feelings, story.needs)
    return Script(task, tuple(zip(sentences, silences, strict=True)), example)


def turned(sheet: Sheet, level: int, number: int, language: str = "en") -> Script:
    """The script of a drill that sets a sentence to turn round."""
    answers = dict(sheet.items[level])
    line = pick(list(answers), number)
    said = material(language).say["line"].format(line=line)
    example = material(language).say["example_line"].format(line=answers[line])
    return Script(Task(sheet.name, line=line), ((said, BETWEEN_S),), example)


def _silences(lines: int) -> list[float]:
    return [FIRST_S, *[BETWEEN_S] * (lines - 1)]


def _pauses(number: int, level: int, seed: int) -> Sequence[float]:
    """From the shortest to the longest of the level, in an order of their own for each go."""
    lengths = np.linspace(SHORTEST_PAUSE_S, LONGEST_PAUSE_S[level], number)
    return random.Random(seed).sample([round(float(s), 2) for s in lengths], number)
