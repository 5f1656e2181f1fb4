"""`Story`: one of them, read from ``stories/<language>/<topic>.txt`` (the format is explained in ``work.txt``)."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources

from voicecoach.errors import MisuseError

TOPICS = ("work", "money", "parenting", "family", "health", "closeness")
LEVELS = (1, 2, 3)
_HEAD = re.compile(r"## (?P<name>[a-z0-9-]+), level (?P<level>[123])")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True)
class Story:
    """What somebody tells. ``points``: what one should have heard, each as short as one would name it.

    ``feelings``: what the teller feels, ``needs``: what lies under it, both in words that `voicecoach.listening` knows.
    """

    name: str
    topic: str
    level: int
    text: str
    points: tuple[str, ...]
    feelings: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The text as it is told, sentence by sentence."""
        return tuple(_SENTENCE_END.split(self.text))


@functools.lru_cache(maxsize=4)
def stories(language: str = "en") -> tuple[Story, ...]:
    """All stories in ``language`` (ISO 639-1), by topic. Raises `MisuseError` when there are none."""
    folder = resources.files("voicecoach.practice.stories") / language
    if not language.isalpha() or not folder.is_dir():
        raise MisuseError(f"There are no stories in the language {language!r} yet; see CONTRIBUTING.md to add them.")
    return tuple(s for topic in TOPICS for s in parse((folder / f"{topic}.txt").read_text(encoding="utf-8"), topic))


def parse(text: str, topic: str) -> list[Story]:
    """The stories of one file. Raises `ValueError` that names the line which is not as it should be."""
    found: list[Story] = []
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*text.splitlines(), "## "], start=1):
        if line.startswith("## ") and block:
            found.append(_story(block, topic))
            block = []
        if line.strip() and not (line.startswith("#") and not line.startswith("## ")):
            block.append((number, line.strip()))
    return found


def _story(block: list[tuple[int, str]], topic: str) -> Story:
    number, head = block[0]
    title = _HEAD.fullmatch(head)
    if title is None:
        raise ValueError(f"{topic}, line {number}: not '## name, level N'")
    told, points, marks = [], [], {"feels": "", "needs": ""}
    for number, line in block[1:]:
        mark, colon, rest = line.partition(": ")
        if line.startswith("- "):
            points.append(line[2:])
        elif colon and mark in marks:
            marks[mark] = rest
        elif points:
            raise ValueError(f"{topic}, line {number}: neither a point nor 'feels:' nor 'needs:'")
        else:
            told.append(line)
    return Story(
        name=title["name"],
        topic=topic,
        level=int(title["level"]),
        text=" ".join(told),
        points=tuple(points),
        feelings=tuple(word.strip() for word in marks["feels"].split(",") if word.strip()),
        needs=tuple(word.strip() for word in marks["needs"].split(",") if word.strip()),
    )
