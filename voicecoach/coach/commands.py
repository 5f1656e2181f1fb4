"""`Commands`: what is said to voicecoach by name ("coach, pause") is taken out of the stream of words.

A command is the name and a known phrase, said alone: a pause or a new sentence before the name, the whole phrase, and a
pause after it. What people say around it for politeness may be there ("let's …", "… for a moment"), and one word that
calls the coach before its name ("hey"), which stays conversation. Anything else is that, whatever words it has.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources

from voicecoach.events import Command, CommandName, Event, VoiceOff, VoiceOn, Word, WordsUntil

BEFORE_S = 0.3
"""So long a pause before the name …"""
AFTER_S = 0.5
"""… and after the phrase."""
BETWEEN_S = 1.5
"""Longest pause inside a command ("coach … pause")."""
SLACK_S = 0.35
"""Recognised words and voice activity differ by so much at their ends."""

OPENINGS = 2
"""So many openings may stand before a phrase ("could we please")."""


@dataclass(frozen=True, slots=True)
class _Language:
    """``before``: words that may call the coach before its name. ``whole`` and ``beginning``: of what follows it."""

    names: frozenset[str]
    before: frozenset[str]
    phrases: Mapping[str, CommandName]
    whole: re.Pattern[str]
    beginning: re.Pattern[str]


@functools.lru_cache(maxsize=8)
def _language(language: str) -> _Language:
    file = resources.files("voicecoach.coach") / "data" / f"commands_{language}.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    phrases = {phrase: name for name, said in data["phrases"].items() for phrase in said}
    openings, endings = data["openings"], data["endings"]
    before = rf"(?:(?:{'|'.join(openings)}) ){{0,{OPENINGS}}}"
    whole = rf"{before}(?P<phrase>{'|'.join(phrases)})(?: (?:{'|'.join(endings)}))*"
    last = "|".join(map(_so_far, endings))
    return _Language(
        names=frozenset(data["names"]),
        before=frozenset(data["before"]),
        phrases=phrases,
        whole=re.compile(whole),
        beginning=re.compile(rf"{before}(?:{'|'.join(map(_so_far, [*openings, *phrases]))})|{whole}(?: (?:{last}))?"),
    )


def _so_far(words: str) -> str:
    """A pattern for ``words`` and for any beginning of them, word by word."""
    first, _, others = words.partition(" ")
    return f"{first}(?: {_so_far(others)})?" if others else first


@dataclass(slots=True)
class _Person:
    held: list[Word] = field(default_factory=list)
    last: Word | None = None
    on: float | None = None
    off: float = -1e9
    quiet_before: float = -1e9
    until: float = 0.0
    hailed: bool = False
    """The last word began something, and may call the coach."""


class Commands:
    """Give it every event of the hearing and the transcript; it gives them on, without the words of commands.

    Words that may still become a command are held back until it is clear, and so is `WordsUntil`. A command comes out
    as `Command` when the pause after it is certain.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = _language(language)
        self._people: dict[str, _Person] = {}

    def push(self, event: Event) -> list[Event]:
        """``event``, what was held back and is released, or a command."""
        match event:
            case Word():
                return list(self._word(self._person(event.speaker), event))
            case WordsUntil():
                return list(self._until(self._person(event.speaker), event))
            case VoiceOn():
                person = self._person(event.speaker)
                if person.on is None:
                    person.on = event.start
                    if event.start - person.off >= BEFORE_S:
                        person.quiet_before = event.start
            case VoiceOff():
                person = self._person(event.speaker)
                person.on, person.off = None, event.start
        return [event]

    def finish(self) -> list[Event]:
        """No more words come: what is held back is a command or is not."""
        return [event for person in self._people.values() for event in self._close(person)]

    # --- inside ----------------------------------------------------------------------------------------------------

    def _person(self, name: str) -> _Person:
        return self._people.setdefault(name, _Person())

    def _word(self, person: _Person, word: Word) -> Iterator[Event]:
        held = person.held
        if held:
            apart = word.start - held[-1].end
            longer = self._could_be([*held, word])
            if apart <= BETWEEN_S and longer and not (apart >= AFTER_S and self._command(held)):
                held.append(word)
                return
            if apart >= AFTER_S:
                yield from self._close(person)
            else:
                yield from self._release(person)
        said, begins = _plain(word), self._begins(person, word)
        if said and said[0] in self._language.names and (begins or person.hailed) and self._could_be([word]):
            held.append(word)
            return
        person.last, person.hailed = word, begins and len(said) == 1 and said[0] in self._language.before
        yield word

    def _until(self, person: _Person, event: WordsUntil) -> Iterator[Event]:
        person.until = max(person.until, event.start)
        if person.held:
            last = person.held[-1]
            quiet = person.on is None and person.off <= event.start
            patience_s = AFTER_S if self._command(person.held) else BETWEEN_S
            if event.start < last.end + patience_s and not (
                quiet and event.start >= max(last.end, person.off) + patience_s
            ):
                return
            yield from self._close(person)
        yield event

    def _begins(self, person: _Person, word: Word) -> bool:
        """Whether ``word`` begins something: nothing was said before it, or a pause or the end of a sentence is."""
        last = person.last
        if last is None or word.start - last.end >= BEFORE_S or last.word.rstrip().endswith((".", "?", "!")):
            return True
        return abs(word.start - person.quiet_before) <= SLACK_S and last.start < person.quiet_before - SLACK_S / 2

    def _could_be(self, words: list[Word]) -> bool:
        """Whether ``words`` are the beginning of a command, or all of one."""
        said = _after_the_name(words)
        return not said or self._language.beginning.fullmatch(said) is not None

    def _command(self, words: list[Word]) -> CommandName | None:
        found = self._language.whole.fullmatch(_after_the_name(words))
        return None if found is None else self._language.phrases[found["phrase"]]

    def _close(self, person: _Person) -> Iterator[Event]:
        name = self._command(person.held) if person.held else None
        if name is None:
            yield from self._release(person)
            return
        first, last = person.held[0], person.held[-1]
        person.held.clear()
        person.last, person.hailed = last, False
        yield Command(start=first.start, end=max(first.start, last.end), name=name, speaker=first.speaker)

    def _release(self, person: _Person) -> Iterator[Event]:
        held, person.held[:] = list(person.held), []
        if held:
            person.last, person.hailed = held[-1], False
        yield from held


def _after_the_name(words: list[Word]) -> str:
    return " ".join([p for w in words for p in _plain(w)][1:])


def _plain(word: Word) -> list[str]:
    """``word`` in plain lower case; what is written with a hyphen is two."""
    return re.findall(r"(?:[^\W\d_]|')+", word.word.lower().replace("’", "'"))
