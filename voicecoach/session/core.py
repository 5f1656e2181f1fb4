"""The part that decides, whole: floor, listening and coach behind one door. Events in, events out; no I/O, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial

from voicecoach.coach import Agreement, Coach, Commands, Notes
from voicecoach.events import Clock, Command, Cue, Event, Noted, SessionStarted, VoiceOff, VoiceOn
from voicecoach.floor import Floor
from voicecoach.listening import Embed, Listening
from voicecoach.practice import Guide
from voicecoach.session.beat import Beat


class Conversation:
    """Floor → listening → coach. The live session, the analysis of a recording and the tests all use this one.

    ``guide``: guided practice that goes on beside the coach, hears everything, and has the last word on its cues.
    ``agreements``: what the people agreed on (`voicecoach.coach.Agreement`). ``language``: what they speak, ISO 639-1;
    raises `MisuseError` when there are no words for it.
    """

    def __init__(
        self,
        people: Sequence[str],
        *,
        level: str = "standard",
        words: bool = True,
        shared: bool = False,
        embed: Embed | None = None,
        guide: Guide | None = None,
        agreements: Sequence[Agreement] = (),
        language: str = "en",
    ) -> None:
        self.people = tuple(people)
        self._new_floor = partial(Floor, language=language, words=words, shared=shared)
        self._new_listening = partial(Listening, language, embed)
        self._new_commands = partial(Commands, language)
        self.floor = self._new_floor()
        self._beat = Beat()
        self._listening = self._new_listening()
        self._coach = Coach(people, level=level, agreements=agreements, language=language)
        self._agreements = tuple(agreements)
        self._commands = self._new_commands()
        self._notes = Notes()
        self.guide = guide
        self._begun = False

    def hear(self, event: Event) -> list[Event]:
        """``event``, unless it is a word of a command, and everything that follows from it, in order."""
        return [e for heard in self._commands.push(event) for e in (heard, *self.push(heard))]

    def heed(self, event: Event) -> list[Event]:
        """Off the record: of all that is heard only commands count, and what the coach and the guide say to them.

        The guide still follows the clock and that somebody speaks, so that it can end a break itself; never words.
        """
        commands = [e for e in self._commands.push(event) if isinstance(e, Command)]
        out = [e for command in commands for e in (command, *self.pass_on([command])[1:])]
        return out + self._guided(event) if isinstance(event, (VoiceOn, VoiceOff, Clock)) else out

    def leave(self) -> list[Event]:
        """Forget what was heard. Gives what follows from it as if it ended here: turns, replies; no cues."""
        last: list[Event] = []
        for event in self.floor.finish():
            last += [event, *self._listening.push(event)]
        self.floor, self._listening = self._new_floor(), self._new_listening()
        self._commands, self._notes = self._new_commands(), Notes()
        return last

    def push(self, event: Event) -> list[Event]:
        """Everything that follows from ``event``, in order; ``event`` itself is not in it."""
        return self.pass_on([event, *self.floor.push(event)])[1:]

    def pass_on(self, events: Sequence[Event]) -> list[Event]:
        """``events`` of the floor and what listening and the coach make of them."""
        out: list[Event] = []
        waiting = deque(events)
        while waiting:
            event = waiting.popleft()
            out.append(event)
            if isinstance(event, SessionStarted):
                now = event.start
                out += [Noted(start=now, end=now, what="agreement", word=a.text, to=a.about) for a in self._agreements]
            for heard in self._beat.push(event):
                waiting.extendleft(reversed(self._listening.push(heard)))
                out += self._coached(heard)
            out += self._guided(event)
        return out

    def tell_guide(self, event: Event) -> list[Event]:
        """What the guide makes of something that nobody else goes by, such as a microphone that is gone."""
        return self._guided(event)

    def finish(self) -> list[Event]:
        """The conversation is over: everything that was still open."""
        last = [e for heard in self._commands.finish() for e in (heard, *self.push(heard))]
        return [*last, *self.pass_on(self.floor.finish()), *self._notes.finish()]

    def _guided(self, event: Event) -> list[Event]:
        """What the guide makes of ``event``. A command of its own is passed on like one that was said.

        Before the session has started for it (everybody must agree first) nothing happens that it should act on.
        """
        self._begun = self._begun or isinstance(event, SessionStarted)
        made = self.guide.push(event) if self.guide is not None and self._begun else []
        return [e for one in made for e in (self.pass_on([one]) if isinstance(one, Command) else [one])]

    def _coached(self, event: Event) -> list[Event]:
        """What the coach goes by, and what it decides."""
        lines, heard = self._notes.push(event)
        decided = [made for one in heard for made in self._coach.push(one)]
        out: list[Event] = [*lines]
        for made in decided:
            asked = isinstance(made, Cue) and made.situation == "status"  # who asks is answered, whoever leads
            out += self.guide.review(made) if isinstance(made, Cue) and self.guide and not asked else [made]
        return out
