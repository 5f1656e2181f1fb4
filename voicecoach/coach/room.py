"""What the coach hears in the room: whose voice is on, since when it is silent, which words are known."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from voicecoach.events import Clock, Event, Partial, VoiceOff, VoiceOn, Word, WordsUntil

SLACK_S = 0.35
"""Recognised words and voice activity differ by so much at their ends."""
KEEP_S = 600.0


@dataclass(slots=True)
class _Person:
    speech: list[tuple[float, float]] = field(default_factory=list)
    on: float | None = None
    last_words: str = ""
    known_until: float = -math.inf
    spoken_s: float = 0.0


@dataclass(slots=True)
class Room:
    """Follows `VoiceOn`, `VoiceOff`, `Clock`, `Word`, `WordsUntil` and `Partial`. Time moves only with the clock.

    ``back``: when listening began or began again; ``fresh``: it has just begun again.
    """

    now: float = 0.0
    before: float = 0.0
    back: float = 0.0
    fresh: bool = False
    people: dict[str, _Person] = field(default_factory=dict)

    def push(self, event: Event) -> None:
        """Take note of ``event``."""
        match event:
            case Clock():
                self.before, self.now = self.now, max(self.now, event.start)
                if self.fresh:
                    self.before = self.back = self.now
                    self.fresh = False
            case VoiceOn():
                person = self._person(event.speaker)
                person.on = event.start if person.on is None else person.on
            case VoiceOff():
                person = self._person(event.speaker)
                if person.on is not None:
                    person.speech = [s for s in person.speech if s[1] > event.start - KEEP_S]
                    person.speech.append((person.on, max(person.on, event.start)))
                    person.spoken_s += person.speech[-1][1] - person.on
                    person.on = None
            case Word():
                self._heard(event.speaker, event.word, event.end)
            case Partial() if event.text.strip():
                self._heard(event.speaker, event.text, event.end)
            case WordsUntil():
                person = self._person(event.speaker)
                person.known_until = max(person.known_until, event.start)

    def silent_since(self) -> float | None:
        """When the last voice went off; None while one is on or before anybody has spoken."""
        if any(p.on is not None for p in self.people.values()):
            return None
        ends = [p.speech[-1][1] for p in self.people.values() if p.speech]
        return max(*ends, self.back) if ends else None

    def last_voice(self) -> str | None:
        """Who was the last to be heard."""
        ends = {n: p.speech[-1][1] for n, p in self.people.items() if p.speech}
        return max(ends, key=lambda n: ends[n], default=None)

    def speech_s(self, name: str, since: float, until: float = math.inf) -> float:
        """Seconds of speech of ``name`` between ``since`` and ``until``."""
        person = self._person(name)
        now = [(person.on, max(person.on, self.now))] if person.on is not None else []
        return sum(max(0.0, min(end, until) - max(start, since)) for start, end in person.speech + now)

    def spoken_s(self, name: str) -> float:
        """Seconds of speech of ``name`` in all, up to the last silence."""
        return self._person(name).spoken_s

    def come_back(self) -> None:
        """Nothing was heard until now: no voice is on, as far as is known, and silence begins at the next beat."""
        self.fresh = True
        for person in self.people.values():
            if person.on is not None:
                person.speech.append((person.on, max(person.on, self.now)))
                person.on = None

    def ending(self, name: str) -> str | None:
        """The last words before ``name`` went silent, or None when they are not known yet."""
        person = self._person(name)
        if not person.speech or person.known_until < person.speech[-1][1] - SLACK_S:
            return None
        return person.last_words

    def _person(self, name: str) -> _Person:
        return self.people.setdefault(name, _Person())

    def _heard(self, name: str, words: str, until: float) -> None:
        person = self._person(name)
        if until >= person.known_until - SLACK_S:
            person.last_words = words.rsplit(maxsplit=1)[-1] if words.split() else person.last_words
        person.known_until = max(person.known_until, until)
