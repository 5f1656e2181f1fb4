"""`Commands`: what is said to voicecoach by name ("coach, pause") is taken out of the stream of words.

A command is the name and a known phrase, said alone: a pause or a new sentence before the name, the whole phrase, and a
pause after it. Anything else is conversation, whatever words it has.
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

Phrases = Mapping[tuple[str, ...], CommandName]


@functools.lru_cache(maxsize=8)
def _phrases(language: str) -> tuple[frozenset[str], frozenset[str], Phrases]:
    """Names, polite endings, and phrases as tuples of plain words."""
    file = resources.files("voicecoach.coach") / "data" / f"commands_{language}.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    phrases = {tuple(p.split()): name for name, said in data["phrases"].items() for p in said}
    return frozenset(data["names"]), frozenset(data["endings"]), phrases


@dataclass(slots=True)
class _Person:
    held: list[Word] = field(default_factory=list)
    last: Word | None = None
    on: float | None = None
    off: float = -1e9
    quiet_before: float = -1e9
    until: float = 0.0


class Commands:
    """Give it every event of the hearing and the transcript; it gives them on, without the words of commands.

    Words that may still become a command are held back until it is clear, and so is `WordsUntil`. A command comes out
    as `Command` when the pause after it is certain.
    """

    def __init__(self, language: str = "en") -> None:
        self._names, self._endings, self._phrases = _phrases(language)
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
        if _plain(word) and _plain(word)[0] in self._names and self._begins(person, word) and self._could_be([word]):
            held.append(word)
            return
        person.last = word
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
        said = tuple(p for w in words[1:] for p in _plain(w))
        first = _plain(words[0])
        said = (*first[1:], *said)
        if any(phrase[: len(said)] == said for phrase in self._phrases):
            return True
        return self._command(words) is not None

    def _command(self, words: list[Word]) -> CommandName | None:
        said = [p for w in words for p in _plain(w)][1:]
        while said and said[-1] in self._endings and tuple(said) not in self._phrases:
            said.pop()
        return self._phrases.get(tuple(said))

    def _close(self, person: _Person) -> Iterator[Event]:
        name = self._command(person.held) if person.held else None
        if name is None:
            yield from self._release(person)
            return
        first, last = person.held[0], person.held[-1]
        person.held.clear()
        person.last = last
        yield Command(start=first.start, end=max(first.start, last.end), name=name, speaker=first.speaker)

    def _release(self, person: _Person) -> Iterator[Event]:
        held, person.held[:] = list(person.held), []
        if held:
            person.last = held[-1]
        yield from held


def _plain(word: Word) -> list[str]:
    """``word`` in plain lower case; what is written with a hyphen is two."""
    return re.findall(r"(?:[^\W\d_]|')+", word.word.lower().replace("’", "'"))
