"""One language's words and patterns for judging replies, read from ``listening/data/<language>.json``.

A pattern is a regular expression over normalised text (see `voicecoach.listening.text`): lower-case words with one
space between them, matched at word boundaries. ``{feeling}`` and the like stand for any phrase of that class,
``{end}`` for the end of the sentence, ``{asked}`` for an end with a question mark.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from voicecoach.errors import MisuseError


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression and what finding it adds to the log-odds; ``group`` names the kind of evidence."""

    weight: float
    regex: re.Pattern[str]
    group: str = ""


@dataclass(frozen=True, slots=True)
class ActModel:
    """Log-odds of one act: ``bias`` + the weights of the patterns found.

    ``asked`` is added if a question mark ends it and no pattern was found (``asked_of_you`` instead, where it is a
    statement about the other in form: "so you waited?"); ``as_said``: look at the sentence with its
    "yeah, …" and "…, right?" too; ``caps``: the most that the patterns of one group add together.
    """

    bias: float
    patterns: tuple[Pattern, ...]
    asked: float = 0.0
    asked_of_you: float = 0.0
    as_said: bool = False
    caps: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Felt:
    """``words`` that mean a feeling only behind ``before`` or in front of ``after`` ("I felt down", "I sat down")."""

    words: frozenset[str]
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Agreeing:
    """A "no" that agrees with a sentence that was ``told`` with a no in it ("So you didn't sleep." "No, I didn't.").

    ``answer``: the whole of it; ``unless`` this stands in it.
    """

    told: re.Pattern[str]
    answer: re.Pattern[str]
    unless: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the judge knows about one language.

    ``counted``: acts that count for or against a reflection; ``level``: see `voicecoach.listening.meaning.Weights`;
    ``context``: log-odds that the course of the talk adds to a reflection (see `voicecoach.listening.judge`);
    ``strict``: acts that only their patterns may decide, because a wrong one would hurt.
    """

    code: str
    fillers: frozenset[str]
    filler_phrases: re.Pattern[str]
    acknowledgement: re.Pattern[str]
    concession: re.Pattern[str]
    check: re.Pattern[str]
    joiners: frozenset[str]
    pointing: frozenset[str]
    stop_words: frozenset[str]
    suffixes: tuple[str, ...]
    shortest_stem: int
    same_stem: Mapping[str, str]
    you: frozenset[str]
    me: frozenset[str]
    acts: Mapping[str, ActModel]
    reflection: ActModel
    features: Mapping[str, float]
    counted: tuple[str, ...]
    context: Mapping[str, float]
    complex: ActModel
    level: float
    strict: frozenset[str]
    feeling: re.Pattern[str]
    felt: tuple[Felt, ...]
    no_that_agrees: Agreeing
    wishing: re.Pattern[str]
    needs: Mapping[str, re.Pattern[str]]

    def stem(self, word: str) -> str:
        """``word`` without its ending, so that forms of one word are equal: ``"waited"`` → ``"wait"``."""
        word = self.same_stem.get(word, word)
        for suffix in self.suffixes:
            if word.endswith(suffix) and len(word) - len(suffix) >= self.shortest_stem:
                word = word[: -len(suffix)]
                break
        word = word.rstrip("e") if len(word) > self.shortest_stem else word
        if len(word) > self.shortest_stem and word[-1] == word[-2]:
            word = word[:-1]
        return self.same_stem.get(word, word)


@functools.lru_cache(maxsize=8)
def load(code: str = "en") -> Language:
    """Read the language ``code`` (ISO 639-1). Raises `MisuseError` when voicecoach has no such file."""
    folder = resources.files("voicecoach.listening") / "data"
    file = folder / f"{code}.json"
    if not code.isalpha() or not file.is_file():
        raise MisuseError(f"voicecoach cannot judge replies in the language {code!r}; see CONTRIBUTING.md to add it.")
    return _parse(json.loads(file.read_text(encoding="utf-8")))


def _parse(data: Mapping[str, Any]) -> Language:
    classes = {name: _any_of(phrases) for name, phrases in data["classes"].items()}
    return Language(
        code=data["language"],
        fillers=frozenset(data["fillers"]),
        filler_phrases=_whole(_any_of(data["filler_phrases"])),
        acknowledgement=re.compile(rf"^{_any_of(data['acknowledgements'])}(?!\S)\s*"),
        concession=re.compile(rf"^(?:{'|'.join(data['concessions'])})(?=\s)\s*"),
        check=re.compile(rf"(?:^|(?<=\s))(?:{'|'.join(data['checks'])})$"),
        joiners=frozenset(data["joiners"]),
        pointing=frozenset(data["pointing"]),
        stop_words=frozenset(data["stop_words"]),
        suffixes=tuple(sorted(data["stems"]["suffixes"], key=len, reverse=True)),
        shortest_stem=data["stems"]["shortest"],
        same_stem=data["stems"]["same"],
        you=frozenset(data["you"]),
        me=frozenset(data["me"]),
        acts={name: _act(act, classes) for name, act in data["acts"].items()},
        reflection=_act(data["reflection"], classes),
        features=data["reflection"]["features"],
        counted=tuple(name for name in data["acts"] if name in data["reflection"]["features"]),
        context=data["reflection"]["context"],
        complex=_act(data["reflection"]["complex"], classes),
        level=data["reflection"]["level"],
        strict=frozenset(data["strict"]),
        feeling=_whole(classes["feeling"]),
        no_that_agrees=Agreeing(**{name: _whole(source) for name, source in data["no_that_agrees"].items()}),
        felt=tuple(_felt(row, classes) for row in data["felt"]),
        wishing=_whole("|".join(data["wishing"])),
        needs={name: _whole(_any_of(words)) for name, words in data["needs"].items()},
    )


def _felt(data: Mapping[str, Any], classes: Mapping[str, str]) -> Felt:
    return Felt(
        words=frozenset(data["words"]),
        before=_whole(f"(?:{_filled(data['before'], classes)}) $"),
        after=_whole(f"^ (?:{_filled(data['after'], classes)})") if "after" in data else re.compile("(?!)"),
    )


def _filled(source: str, classes: Mapping[str, str]) -> str:
    """``source`` with any phrase of a class in place of its name."""
    for name, alternatives in classes.items():
        source = source.replace(f"{{{name}}}", alternatives)
    return source


def _act(data: Mapping[str, Any], classes: Mapping[str, str]) -> ActModel:
    patterns = []
    for row in data["patterns"]:
        weight, source = row[0], _filled(row[-1], classes)
        source = source.replace("{end}", r"(?: \?)?$").replace("{asked}", r" \?$")
        patterns.append(Pattern(weight, _whole(source), row[1] if len(row) == 3 else ""))
    return ActModel(
        bias=data["bias"],
        patterns=tuple(patterns),
        asked=data.get("asked", 0.0),
        asked_of_you=data.get("asked_of_you", 0.0),
        as_said=data.get("as_said", False),
        caps=data.get("caps", {}),
    )


def _any_of(phrases: list[str]) -> str:
    return "(?:" + "|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True)) + ")"


def _whole(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{source})(?!\S)")
