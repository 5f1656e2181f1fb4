"""`Floor`: voices and words in, turns and what happens between people out."""

from __future__ import annotations

import itertools
import math

from voicecoach.events import (
    Backchannel,
    Clock,
    Event,
    Gap,
    Pause,
    Speech,
    Turn,
    TurnStarted,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
)
from voicecoach.floor.contacts import Contacts
from voicecoach.floor.cues import ALL, Cues
from voicecoach.floor.lexicon import lexicon
from voicecoach.floor.signs import LOOK_S
from voicecoach.floor.timeline import CHAIN_S, KEEP_S, Timeline
from voicecoach.floor.units import JOIN_S, Unit

TAKEN_S = 1.0
"""Who has spoken this long, while nobody who began before still speaks, has taken the floor (told at once, live)."""


class Floor:
    """The state of the floor, for any number of people. Feed it signals and words in any order within the clock.

    Gives `Speech`, `Backchannel`, `Overlap`, `Interruption` (provisional, then confirmed or withdrawn), `TurnStarted`
    as soon as it can be told, `Turn`, `Pause` and `Gap`. What is said of a moment depends on the timeline alone, not on
    when words arrived or how often the clock ticked. ``words`` False: no words will ever come, so nothing waits.
    ``shared``: one microphone hears everybody, so words may be written down for two who speak at once. ``cues``: what
    it judges by.
    """

    def __init__(self, *, language: str = "en", words: bool = True, shared: bool = False, cues: Cues = ALL) -> None:
        known = lexicon(language)
        self._timeline = Timeline(words=words, shared=shared)
        self._contacts = Contacts(self._timeline, known if cues.claims else known.without_claims(), cues)
        self._turn: list[Unit] = []
        self._owner: str | None = None
        self._owner_since = -math.inf

    def push(self, event: Event) -> list[Event]:
        """What is newly known after ``event``."""
        match event:
            case VoiceOn() | VoiceOff():
                self._timeline.hear(event)
            case Word():
                self._timeline.word(event)
            case WordsUntil():
                self._timeline.known_until(event.speaker, event.start)
                return self._advance()
            case Clock():
                self._timeline.now = max(self._timeline.now, event.start)
                return self._advance()
        return []

    def utterance(self, speech: Speech, text: str) -> list[Event]:
        """Take a whole utterance as given, in order of start; its speaker's own words are ``text``.

        Where no words ever come, somebody has marked voices, not utterances: they are taken as if they were heard.
        """
        self._timeline.now = max(self._timeline.now, speech.start)
        events = self._advance()
        if not self._timeline.expects_words:
            self._timeline.voice(speech)
            return events
        self._timeline.give(speech, text)
        return [*events, speech]

    def finish(self) -> list[Event]:
        """The conversation is over: judge what is left with what is known."""
        timeline = self._timeline
        for unit in timeline.units:
            if unit.off is None:
                unit.off = max(timeline.now, unit.start)
            timeline.known_until(unit.speaker, math.inf)
        timeline.now = math.inf
        return [*self._advance(), *self._end_turn()]

    def _advance(self) -> list[Event]:
        events = self._close()
        events += self._taken()
        events += self._contacts.advance()
        events += self._settle()
        horizon = min([self._timeline.now, self._contacts.oldest, *(u.start for u in self._waiting())]) - KEEP_S
        self._timeline.forget(horizon)
        self._contacts.forget(horizon)
        return events

    def _waiting(self) -> list[Unit]:
        return [u for u in self._timeline.units if u.role is None]

    def _close(self) -> list[Event]:
        events: list[Event] = []
        for unit in self._timeline.units:
            if not unit.closed and unit.off is not None and self._timeline.now > unit.off + JOIN_S:
                unit.closed = True
                events.append(Speech(start=unit.start, end=unit.off, speaker=unit.speaker, confidence=unit.confidence))
        return events

    # --- who has the floor, at once --------------------------------------------------------------------------------

    def _taken(self) -> list[Event]:
        timeline = self._timeline
        for unit in timeline.units:
            if unit.role is not None or unit.given or unit.speaker == self._owner or unit.start < self._owner_since:
                continue
            sure_at = unit.start + TAKEN_S
            if timeline.now < sure_at or unit.end < sure_at:
                continue
            holding = [v for v in timeline.others_on(unit, min(timeline.now, unit.end)) if v.start < unit.start]
            if not holding:
                return self._own(unit)
        return []

    def _own(self, unit: Unit) -> list[Event]:
        previous, self._owner, self._owner_since = self._owner, unit.speaker, unit.start
        return [TurnStarted(start=unit.start, end=unit.start, speaker=unit.speaker, previous=previous)]

    # --- turns, once all is known ----------------------------------------------------------------------------------

    def _settle(self) -> list[Event]:
        """Give units their role in order of start; stop at the first that must wait."""
        timeline, events = self._timeline, list[Event]()
        for unit in timeline.units:
            if unit.role is not None:
                continue
            if not unit.closed or timeline.now <= unit.end + LOOK_S + CHAIN_S or not timeline.knows(unit):
                break
            sign = self._contacts.signs.is_one(unit)
            if sign is None:
                break
            if sign:
                unit.role = "backchannel"
                events += self._backchannel(unit)
            elif self._aside(unit):
                unit.role = "aside"
            else:
                unit.role = "turn"
                events += self._extend(unit)
        return events

    def _backchannel(self, unit: Unit) -> list[Event]:
        over = self._timeline.others_on(unit, unit.start)
        before = [u for u in self._timeline.units if u.speaker != unit.speaker and u.start <= unit.start]
        to = over[0].speaker if over else max(before, key=lambda u: u.end).speaker if before else None
        if to is None:
            return []
        sure = self._contacts.signs.sureness(unit)
        return [
            Backchannel(
                start=unit.start, end=unit.end, speaker=unit.speaker, to=to, text=unit.text or "", confidence=sure
            )
        ]

    def _aside(self, unit: Unit) -> bool:
        """Whether ``unit`` was said inside another's talk without taking the floor."""
        timeline, length = self._timeline, unit.end - unit.start
        for v in timeline.others_on(unit, unit.start):
            if v.start >= unit.start or v.role in ("backchannel", "aside"):
                continue
            shared = sum(
                max(0.0, min(w.end, unit.end) - max(w.start, unit.start))
                for w in timeline.units
                if w.speaker == v.speaker
            )
            over = timeline.run_end(v) >= unit.end and shared >= length / 2
            goes_on = timeline.own_after_s(unit, LOOK_S) <= CHAIN_S and timeline.run_end(v) < unit.end + LOOK_S
            if over and not (goes_on and not unit.given):
                return True
        return False

    def _extend(self, unit: Unit) -> list[Event]:
        if self._turn and self._turn[0].speaker == unit.speaker:
            self._turn.append(unit)
            return []
        events = self._end_turn()
        last = max((u.end for u in self._turn), default=None)
        if last is not None:
            silent = min(last, unit.start)
            events.append(
                Gap(
                    start=silent,
                    end=unit.start,
                    speaker=unit.speaker,
                    previous=self._turn[0].speaker,
                    fto_s=unit.start - last,
                )
            )
        self._turn = [unit]
        if self._owner != unit.speaker and unit.start > self._owner_since:
            events += self._own(unit)
        return events

    def _end_turn(self) -> list[Event]:
        if not self._turn:
            return []
        units = self._turn
        speaker, end = units[0].speaker, max(u.end for u in units)
        events: list[Event] = [
            Pause(start=a.end, end=b.start, speaker=speaker)
            for a, b in itertools.pairwise(units)
            if b.start - a.end >= JOIN_S
        ]
        text = " ".join(u.text for u in units if u.text)
        speech_s = sum(u.end - u.start for u in units)
        return [*events, Turn(start=units[0].start, end=end, speaker=speaker, speech_s=speech_s, text=text)]
