"""What short spoken answers mean: yes or no, a day, one of a few words, "skip this". By language, from data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from voicecoach.errors import MisuseError

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
SHORT = 6
"""A yes or no is among the first so many words of an answer; a call ("time out") is all of an utterance this short."""
REASONED_NO = 8
"""A no and why ("no, that one is too hard") has at most so many words; what is longer is words of their own …"""
LONGEST_NO = 12
"""… and nothing but noes at most so many."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The words of one language; see ``data/answers/en.json`` for what each list is for."""

    a_yes: str
    yes: re.Pattern[str]
    yes_by_no: re.Pattern[str]
    no: re.Pattern[str]
    but: re.Pattern[str]
    nothing: re.Pattern[str]
    another: re.Pattern[str]
    no_first: re.Pattern[str]
    done: re.Pattern[str]
    calls: Mapping[str, re.Pattern[str]]
    fillers: re.Pattern[str]
    days: Mapping[str, int]
    numbers: Mapping[str, int]
    spans: Mapping[str, int]
    phrases: Mapping[str, int]
    before: re.Pattern[str]
    let_go: tuple[re.Pattern[str], ...]
    change: re.Pattern[str]
    any_one: frozenset[str]
    places: tuple[re.Pattern[str], ...]

    def yes_no(self, text: str) -> bool | None:
        """Whether ``text`` says yes or no, whichever comes first; None when it is not clear ("yes, but …", "okay, no").

        "No problem" is a yes, and "of course not" a no from where it begins, so that the no comes first in it.
        """
        plain = self.yes_by_no.sub(self.a_yes, " ".join(_words(text)))
        first = " ".join(plain.split()[:SHORT])
        yes, no = self.yes.search(first), self.no.search(first)
        if yes is not None and (no is None or yes.start() < no.start()):
            return None if self.but.search(first[yes.end() :].lstrip()) else True
        return None if no is None else False

    def nothing_said(self, text: str) -> bool:
        """Whether an answer in words holds nothing to keep ("no, nothing", "pass", "I don't know yet")."""
        words = _words(self.tidy(text))
        return not words or (len(words) <= LONGEST_NO and self.nothing.fullmatch(" ".join(words)) is not None)

    def turns_down(self, text: str) -> bool:
        """Whether ``text`` is short and begins with a no that is a word of its own: "no, …", but not "no sarcasm"."""
        return len(_words(text)) <= REASONED_NO and self.no_first.match(_plain(text)) is not None

    def wants_another(self, text: str) -> bool:
        """Whether ``text`` asks for another of what was offered, and nothing else."""
        words = _words(text)
        return len(words) <= LONGEST_NO and self.another.fullmatch(" ".join(words)) is not None

    def says_done(self, text: str) -> bool:
        """Whether ``text`` ends by saying that this was all."""
        return self.done.search(" ".join(_words(text)[-SHORT:])) is not None

    def call(self, text: str) -> str | None:
        """``"next"``, ``"time out"`` …, when an utterance is a call to the coach and nothing else."""
        words = _words(text)
        if not 0 < len(words) <= SHORT:
            return None
        plain = " ".join(words)
        return next((name for name, calls in self.calls.items() if calls.fullmatch(plain)), None)

    def choice(self, text: str, options: Mapping[str, re.Pattern[str]]) -> str | None:
        """The first of ``options`` that ``text`` names."""
        found = {name: match.start() for name, way in options.items() if (match := way.search(" ".join(_words(text))))}
        return min(found, key=lambda name: found[name], default=None)

    def day(self, text: str, today: date) -> date | None:
        """The day that ``text`` names, after ``today`` where it can be: "on Sunday", "in two weeks", "tomorrow"."""
        words = _words(text)
        plain = " ".join(words)
        span = re.search(rf"\b({'|'.join(self.numbers)}|\d+) ({'|'.join(self.spans)})\b", plain)
        if span is not None:
            number = self.numbers.get(span[1]) or int(span[1])
            return today + timedelta(days=min(366, number * self.spans[span[2]]))
        for phrase, days in self.phrases.items():
            if re.search(rf"\b{phrase}\b", plain):
                return today + timedelta(days=days)
        for word in words:
            if word in self.days:
                return today + timedelta(days=(self.days[word] - today.weekday() - 1) % 7 + 1)
        return None

    def lets_go(self, text: str) -> str | None:
        """What ``text`` asks to let go of, as it was said: "the one about sarcasm"; empty for "one", "an agreement".

        None when it asks for no such thing.
        """
        plain = self.before.sub("", " ".join(_words(text)))
        found = next((match for way in self.let_go if (match := way.fullmatch(plain))), None)
        if found is None:
            return None
        return "" if self.any_one.issuperset(found[1].split()) else found[1]

    def changes(self, text: str) -> tuple[str, str] | None:
        """What ``text`` asks to change ("number two"), and into what; None when it asks for no such thing."""
        found = self.change.fullmatch(self.before.sub("", text.strip()))
        return None if found is None else (found[1], found[2])

    def place(self, text: str) -> int:
        """Which place in a list ``text`` names, from 1: "the second one", "number three"; 0 for none, or several."""
        plain = " ".join(_words(text))
        found = [i for i, way in enumerate(self.places, start=1) if way.search(plain)]
        return found[0] if len(found) == 1 else 0

    def tidy(self, text: str) -> str:
        """What was said as it is read back and kept: without fillers at its beginning, one space between words."""
        plain = " ".join(text.split())
        while (match := self.fillers.match(plain)) and match.end() < len(plain):
            plain = plain[match.end() :]
        return plain[:1].upper() + plain[1:]


@cache
def answers(language: str = "en") -> Answers:
    """The words of ``language`` (ISO 639-1). Raises `MisuseError` when voicecoach has no such file."""
    file = resources.files("voicecoach.practice") / "data" / "answers" / f"{language}.json"
    if not language.isalpha() or not file.is_file():
        raise MisuseError(f"There is no practice in the language {language!r}; see CONTRIBUTING.md to add it.")
    data = json.loads(file.read_text(encoding="utf-8"))

    def any_of(key: str) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(data[key])})\b(?!')")  # "can" is not in "can't"

    def only(*keys: str) -> re.Pattern[str]:
        one = "|".join(way for key in keys for way in data[key])
        return re.compile(rf"(?:{one})(?: (?:{one}))*")

    amend = data["amend"]
    return Answers(
        a_yes=data["yes"][0],
        yes=any_of("yes"),
        yes_by_no=any_of("yes_by_no"),
        no=any_of("no"),
        but=any_of("but"),
        nothing=only("nothing"),
        another=only("nothing", "another"),
        no_first=re.compile(data["turns_down"]),
        done=re.compile(rf"\b(?:{'|'.join(data['done'])})$"),
        calls={name: re.compile("|".join(ways)) for name, ways in data["calls"].items()},
        fillers=re.compile(rf"(?:{'|'.join(data['fillers'])})\b[\s,.…]*", re.IGNORECASE),
        days={name: i for i, names in enumerate(data["days"]) for name in names},
        numbers=data["numbers"],
        spans=data["spans"],
        phrases=data["phrases"],
        before=re.compile(rf"^(?:(?:{'|'.join(amend['before'])})\b[\s,.…]*)*", re.IGNORECASE),
        let_go=tuple(re.compile(rf"{way}(?: please)?") for way in amend["let_go"]),
        change=re.compile(amend["change"], re.IGNORECASE | re.DOTALL),
        any_one=frozenset(amend["any"]),
        places=tuple(re.compile(rf"\b(?:{way})\b") for way in data["places"]),
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(_plain(text))


def _plain(text: str) -> str:
    return text.strip().lower().replace("’", "'")
