"""`Ears`: who has said what, since when, as a guide needs it to know that an answer is over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from voicecoach.events import Clock, Event, SessionStarted, VoiceOff, VoiceOn, Word, WordsUntil

SLACK_S = 0.35
"""Recognised words and voice activity differ by so much at their ends."""
LATE_S = 12.0
"""Words that are not known so long after the voice will not come. Half an answer must not be taken for all of it, so a
computer that is busy with other things is waited for."""
KEEP_S = 1200.0
SHORT_S = 0.15
"""Less sound than this is no answer."""


@dataclass(slots=True)
class _Person:
    speech: list[tuple[float, float]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    on: float | None = None
    known_until: float = -math.inf


class Ears:
    """Follows voices and words of ``people``. ``now``: as far as everything is heard."""

    def __init__(self, people: Sequence[str]) -> None:
        self._people = {name: _Person() for name in people}
        self.now = 0.0

    def push(self, event: Event) -> None:
        """Take note of ``event``."""
        match event:
            case Clock() | SessionStarted():
                self.now = max(self.now, event.start)
            case VoiceOn() if event.speaker in self._people:
                person = self._people[event.speaker]
                person.on = event.start if person.on is None else person.on
            case VoiceOff() if event.speaker in self._people:
                person = self._people[event.speaker]
                if person.on is not None:
                    person.speech = [s for s in person.speech if s[1] > event.start - KEEP_S]
                    person.speech.append((person.on, max(person.on, event.start)))
                    person.on = None
            case Word() if event.speaker in self._people:
                person = self._people[event.speaker]
                person.words = [w for w in person.words if w.end > event.end - KEEP_S]
                person.words.append(event)
            case WordsUntil() if event.speaker in self._people:
                person = self._people[event.speaker]
                person.known_until = max(person.known_until, event.start)

    def said(self, name: str, since: float, until: float = math.inf) -> str:
        """The words of ``name`` known so far whose middle lies between ``since`` and ``until``."""
        words = (w for w in self._people[name].words if since <= (w.start + w.end) / 2 < until)
        return " ".join(w.word for w in sorted(words, key=lambda w: w.start))

    def speech_s(self, name: str, since: float) -> float:
        """Seconds of speech of ``name`` since ``since``."""
        person = self._people[name]
        now = [(person.on, max(person.on, self.now))] if person.on is not None else []
        return sum(max(0.0, end - max(start, since)) for start, end in person.speech + now)

    def began(self, name: str, since: float) -> float | None:
        """When ``name`` began to speak after ``since``, or went on speaking through it."""
        person = self._people[name]
        starts = [max(since, start) for start, end in person.speech if end > since]
        starts += [max(since, person.on)] if person.on is not None else []
        return min(starts, default=None)

    def speaks(self, name: str) -> bool:
        """Whether ``name`` is speaking."""
        return self._people[name].on is not None

    def silent_since(self, *names: str) -> float:
        """When the last of ``names`` (or of everybody) stopped; `inf` while one speaks, `-inf` before any has."""
        last = -math.inf
        for name in names or tuple(self._people):
            person = self._people[name]
            if person.on is not None:
                return math.inf
            if person.speech:
                last = max(last, person.speech[-1][1])
        return last

    def known(self, name: str) -> bool:
        """Whether all words of ``name`` until they fell silent are known, or will not come any more."""
        person = self._people[name]
        if person.on is not None or not person.speech:
            return person.on is None
        end = person.speech[-1][1]
        return person.known_until >= end - SLACK_S or self.now >= end + LATE_S

    def answered(self, name: str, since: float, silence_s: float) -> str | None:
        """What ``name`` has said since ``since``, once they have been silent for ``silence_s`` and the words are known.

        None while there is no answer, or it is not over.
        """
        if self.speech_s(name, since) < SHORT_S or self.now < self.silent_since(name) + silence_s:
            return None
        return self.said(name, since) if self.known(name) else None
