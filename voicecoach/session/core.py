"""The part that decides, whole: floor, listening and coach behind one door. Events in, events out; no I/O, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from voicecoach.coach import Coach
from voicecoach.events import Event
from voicecoach.floor import Floor
from voicecoach.listening import Embed, Listening
from voicecoach.practice import Guide
from voicecoach.session.beat import Beat


class Conversation:
    """Floor → listening → coach. The live session, the analysis of a recording and the tests all use this one.

    ``guide``: guided practice that goes on beside the coach, hears everything, and has the last word on its cues.
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
    ) -> None:
        self.people = tuple(people)
        self.floor = Floor(words=words, shared=shared)
        self._beat = Beat()
        self._listening = Listening(embed=embed)
        self._coach = Coach(people, level=level)
        self.guide = guide

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
            for heard in self._beat.push(event):
                waiting.extendleft(reversed(self._listening.push(heard)))
                cues = self._coach.push(heard)
                out += cues if self.guide is None else [cue for wish in cues for cue in self.guide.review(wish)]
            if self.guide is not None:
                out += self.guide.push(event)
        return out

    def finish(self) -> list[Event]:
        """The conversation is over: everything that was still open."""
        return self.pass_on(self.floor.finish())
