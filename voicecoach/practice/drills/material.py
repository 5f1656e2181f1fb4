"""What drills are there, and all their words: read from ``drills/data/<language>.json``."""

from __future__ import annotations

import functools
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from voicecoach.errors import MisuseError

Name = Literal["mirror", "hold", "feeling", "curious", "i-statement", "need", "silence", "repair", "full"]
NAMES: tuple[Name, ...] = ("mirror", "hold", "feeling", "curious", "i-statement", "need", "silence", "repair", "full")
Choice = Literal["again", "next", "example", "stop"]
MINUTES = 5.0
"""How long a drill takes unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drill. ``line``: what it is, in a line; ``measure``: what its curve shows.

    ``intro``, ``short_intro``: spoken at the first time and later; ``ask``: when it is the listener's turn; ``tell``:
    to the person who tells, in a pair; ``nudge``: after a long silence; ``examples``; ``items``: sentences to turn
    round, each with an example, by level (drills without a story).
    """

    name: Name
    line: str
    measure: str
    intro: str
    short_intro: str
    ask: str
    tell: str
    nudge: str
    examples: tuple[str, ...]
    items: Mapping[int, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything said in drills, in one language. ``feedback``: code → ways to say it.

    ``feelings``: patterns with a group ``said``, each with what that means in the words of the stories ("" for any);
    ``needs``: need → how it is said; ``need_words``: need → words for it.
    """

    sheets: Mapping[str, Sheet]
    say: Mapping[str, str]
    feedback: Mapping[str, tuple[str, ...]]
    patterns: Mapping[str, re.Pattern[str]]
    choices: Mapping[Choice, re.Pattern[str]]
    families: tuple[frozenset[str], ...]
    feelings: tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]
    needs: Mapping[str, str]
    need_words: Mapping[str, re.Pattern[str]]

    def related(self, one: str, other: str) -> bool:
        """Whether two feelings are the same or of one family."""
        return one == other or any({one, other} <= family for family in self.families)


@functools.lru_cache(maxsize=4)
def material(language: str = "en") -> Material:
    """The words in ``language`` (ISO 639-1). Raises `MisuseError` when voicecoach has no such file."""
    file = resources.files("voicecoach.practice.drills") / "data" / f"{language}.json"
    if not language.isalpha() or not file.is_file():
        raise MisuseError(f"There are no drills in the language {language!r} yet; see CONTRIBUTING.md to add them.")
    data = json.loads(file.read_text(encoding="utf-8"))
    return Material(
        sheets={name: _sheet(name, data["drills"][name]) for name in NAMES},
        say=data["say"],
        feedback={code: tuple(ways) for code, ways in data["feedback"].items()},
        patterns={name: re.compile("|".join(ways)) for name, ways in data["patterns"].items()},
        choices={
            name: re.compile(rf"(?:{data['before_choice']} )*(?:{'|'.join(ways)})")
            for name, ways in data["choices"].items()
        },
        families=tuple(frozenset(family) for family in data["families"]),
        feelings=tuple(_feelings(way["pattern"], way["words"]) for way in data["feelings"]),
        needs=data["needs"],
        need_words={need: re.compile(rf"\b(?:{'|'.join(ways)})\b") for need, ways in data["need_words"].items()},
    )


def sheet_of(name: str, language: str = "en") -> Sheet:
    """The drill ``name``. Raises `MisuseError` when there is none."""
    sheets = material(language).sheets
    if name not in sheets:
        raise MisuseError(f"There is no drill {name!r}; there are {', '.join(sheets)}.")
    return sheets[name]


def pick(items: Sequence[str], number: int) -> str:
    """Item ``number`` of an order that gives each once before any comes again and looks like no order."""
    round_, at = divmod(number, len(items))
    return random.Random(f"{round_}:{items[0]}").sample(list(items), len(items))[at]


def _feelings(pattern: str, words: Mapping[str, str]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    longest_first = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(pattern.replace("{word}", rf"\b(?P<said>{longest_first})\b")), words


def _sheet(name: Name, data: Mapping[str, object]) -> Sheet:
    def text(key: str) -> str:
        return str(data.get(key, ""))

    items = data.get("items", {})
    examples = data.get("examples", [])
    assert isinstance(items, dict)
    assert isinstance(examples, list)
    return Sheet(
        name=name,
        line=text("line"),
        measure=text("measure"),
        intro=text("intro"),
        short_intro=text("short_intro"),
        ask=text("ask"),
        tell=text("tell"),
        nudge=text("nudge"),
        examples=tuple(examples),
        items={int(level): tuple((a, b) for a, b in pairs) for level, pairs in items.items()},
    )
