"""Away: in a break nothing is kept, nor before all have agreed. What leads there and back, and what is heard then."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from voicecoach.coach import COMING_BACK, away_after
from voicecoach.errors import VoicecoachError
from voicecoach.events import (
    UNTIL_AGREED,
    Break,
    Clock,
    Command,
    CommandName,
    Event,
    Record,
    SessionStarted,
    Signal,
    Typed,
    VoiceOff,
    VoiceOn,
)
from voicecoach.session.breaks import before
from voicecoach.session.consent import Agreeing
from voicecoach.session.core import Conversation
from voicecoach.session.recorder import Recorder
from voicecoach.session.transcription import Transcription

KEYS_BACK: Mapping[tuple[str, CommandName], CommandName] = {
    ("pause", "pause"): "go on",
    ("time out", "pause"): "go on",
    ("time out", "time out"): "go on",
    ("off the record", "off the record"): "on the record",
    (UNTIL_AGREED, "yes"): "agree",
}
"""Why nothing is kept just now, and a key → what it means then: the key that leads away leads back as well."""


class Away:
    """Stands before ``conversation``: what may be kept goes in, and while nothing may, only what is meant for us.

    ``words`` and ``conversation`` forget at both ends of a break, ``recorder`` keeps nothing between them. ``now``:
    seconds of sound heard; ``stop`` ends the session. What it gives is for the session to tell before it asks for more:
    a command is told before it is obeyed.
    """

    def __init__(
        self,
        conversation: Conversation,
        words: Transcription,
        recorder: Recorder,
        *,
        now: Callable[[], float],
        stop: Callable[[], None],
    ) -> None:
        self._conversation, self._words, self._recorder = conversation, words, recorder
        self._now, self._stop = now, stop
        self._asked: tuple[Agreeing, SessionStarted] | None = None
        self._back_s = -math.inf
        self._on: dict[str, VoiceOn] = {}  # who speaks, as it was told
        self._waiting: dict[str, VoiceOn] = {}  # … and who did when the break ended, to be told

    @property
    def agreed(self) -> bool:
        """Whether everybody has agreed that things are kept, or nobody had to."""
        return self._asked is None

    def begin(self, started: SessionStarted, agreeing: Agreeing | None) -> Iterator[Event]:
        """The session begins; for the conversation, if everybody has to agree, once they have."""
        if agreeing is not None:
            self._asked = (agreeing, started)
            self._recorder.leave(started.start, UNTIL_AGREED)
        else:
            yield from self.follow(self._conversation.push(started))

    def meant(self, command: Command | Typed) -> Command | Typed:
        """What something from outside the sound means now."""
        if isinstance(command, Command):
            command = replace(command, name=KEYS_BACK.get((self._recorder.away, command.name), command.name))
        return replace(command, start=self._now(), end=self._now())

    def since_back(self, signal: Signal) -> Iterator[Signal]:
        """What is left of ``signal`` without the break before it.

        Hearing tells things late: of a voice that was over by the end of the break nothing is told, nor what one
        sounded like that began in it. One that goes on begins where the break ended.
        """
        after = signal.start > self._back_s
        if after and self._waiting:
            waiting, self._waiting = self._waiting, {}
            self._on |= waiting
            yield from (replace(on, start=self._back_s, end=self._back_s) for on in waiting.values())
        if isinstance(signal, VoiceOn):
            (self._on if after else self._waiting)[signal.speaker] = signal
        told = None
        if isinstance(signal, VoiceOff):
            self._waiting.pop(signal.speaker, None)
            told = self._on.pop(signal.speaker, None)
        if after or isinstance(signal, Clock):
            yield signal
        elif told is not None:
            yield replace(signal, start=self._back_s, end=self._back_s)

    def hear(self, event: Event) -> Iterator[Event]:
        """``event`` and all that follows from it."""
        if self._asked is not None:
            yield from self._agree(*self._asked, event)
        elif self._recorder.away:
            happened = self._conversation.heed(event)
            if isinstance(event, Clock):
                yield event
            yield from self.follow(happened)
        else:
            yield from self.follow(self._conversation.hear(event))

    def follow(self, happened: Iterable[Event]) -> Iterator[Event]:
        """What ``happened``; a command among it is obeyed."""
        for event in happened:
            yield event
            if isinstance(event, Command):
                yield from self._obey(event)

    def finish(self) -> None:
        """The session ends: of a break it ends in nothing is kept but that it was."""
        over = self._recorder.come_back(self._now()) if self.agreed else None
        if over is not None:
            self._recorder.write(over)

    def _obey(self, command: Command) -> Iterator[Event]:
        if command.name == "stop listening":
            self._stop()
        elif self._recorder.away:
            away = away_after(self._recorder.away, command.name)
            if away:
                self._recorder.stay(away)
            else:
                yield from self._come_back()
        elif command.name in COMING_BACK:
            yield from self._leave(command)

    def _leave(self, command: Command) -> Iterator[Event]:
        """From where ``command`` began nothing is kept: not in the log, not in anything that waits or remembers."""
        for record in self._conversation.leave():
            kept = before(record, command.start) if isinstance(record, Record) else None
            if kept is not None:
                yield kept
        self._words.forget()
        try:
            self._recorder.leave(command.start, command.name)
        except VoicecoachError as error:
            self._recorder.trouble = error
        yield Break(start=command.start, end=command.start, reason=command.name)

    def _come_back(self) -> Iterator[Event]:
        """Things are kept again. What was heard meanwhile is forgotten, and what would have followed from it."""
        self._conversation.leave()
        self._words.forget()
        self._back_s, self._waiting = self._now(), dict(self._on)
        over = self._recorder.come_back(self._back_s)
        if over is not None:
            yield over

    def _agree(self, agreeing: Agreeing, started: SessionStarted, event: Event) -> Iterator[Event]:
        """Before everybody has agreed: hear whether they do."""
        by_key = isinstance(event, Command) and event.name == "agree"
        for command in [] if by_key else self._conversation.heed(event):
            if isinstance(command, Command) and command.name == "stop listening":
                self._stop()
        if isinstance(event, Clock):
            yield event
        yield from agreeing.by_key(self._now()) if by_key else agreeing.push(event)
        if agreeing.done:
            self._asked = None
            yield from self._come_back()
            now = self._now()
            yield from agreeing.opening(now)
            yield from self.follow(self._conversation.push(replace(started, start=now, end=now)))
