"""A conversation written as a script, turned into the events the coach gets, in the order in which they arrive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from voicecoach.coach import Coach
from voicecoach.events import Clock, Cue, Decision, Event, Turn, TurnStarted, VoiceOff, VoiceOn, Word, WordsUntil
from voicecoach.listening import ReplyJudge
from voicecoach.session.beat import Beat

TELLING = (
    "I came home on Tuesday and the kitchen was full of dishes again and I felt so alone with all of it "
    "like nobody sees what I do in this house"
)
REFLECTING = "So you felt alone with the dishes, like nobody sees what you do"
ANSWERING = "Well I was at work until eight and the traffic was terrible"


@dataclass
class Scene:
    """Say things at times; ``lag_s``: how long after they are said words become known."""

    lag_s: float = 1.0
    tick_s: float = 0.1
    turn_after_s: float = 1.0
    arriving: list[tuple[float, int, Event]] = field(default_factory=list)
    floor: str | None = None
    until: float = 0.0

    def say(self, who: str, start: float, end: float, text: str = TELLING, *, takes_floor: bool = True) -> Scene:
        """``who`` speaks without a pause; a new speaker takes the floor 0.3 s in."""
        self.add(start, VoiceOn(start=start, end=start, speaker=who))
        self.add(end, VoiceOff(start=end, end=end, speaker=who))
        words = text.split()
        step = (end - start) / max(1, len(words))
        for i, word in enumerate(words):
            at = start + i * step
            self.add(at + step + self.lag_s, Word(start=at, end=at + step, speaker=who, word=word))
        self.add(end + self.lag_s, WordsUntil(start=end, end=end, speaker=who))
        if takes_floor:
            if who != self.floor:
                self.add(start + 0.3, TurnStarted(start=start, end=start, speaker=who, previous=self.floor))
                self.floor = who
            turn = Turn(start=start, end=end, speaker=who, speech_s=end - start, text=text)
            self.add(end + self.turn_after_s + self.lag_s, turn)
        self.until = max(self.until, end)
        return self

    def add(self, arrives: float, event: Event) -> Scene:
        self.arriving.append((arrives, len(self.arriving), event))
        return self

    def events(self, quiet_s: float = 10.0) -> list[Event]:
        ticks = int((self.until + quiet_s) / self.tick_s)
        clock: list[tuple[float, int, Event]] = [
            (i * self.tick_s, 10**9, Clock(start=i * self.tick_s, end=i * self.tick_s)) for i in range(1, ticks + 1)
        ]
        return [event for *_, event in sorted([*self.arriving, *clock], key=lambda a: (a[0], a[1]))]

    def cues(self, level: str = "standard", *, people: Iterable[str] = ("Anna", "Sam"), seed: int = 0) -> list[Cue]:
        return run(self.events(), Coach(tuple(people), level, seed))

    def decided(self, level: str = "standard", **more: object) -> list[Decision]:
        """Every decision of the coach (``more``: for `Coach`)."""
        coach = Coach(("Anna", "Sam"), level, **more)  # type: ignore[arg-type]
        return [made for made in everything_decided(self.events(), coach) if isinstance(made, Decision)]


def run(events: Iterable[Event], coach: Coach) -> list[Cue]:
    """Through the judge of replies and the coach, as the session wires them; the cues."""
    return [made for made in everything_decided(events, coach) if isinstance(made, Cue)]


def everything_decided(events: Iterable[Event], coach: Coach) -> list[Cue | Decision]:
    """Cues and decisions, in order."""
    replies = ReplyJudge()
    beat = Beat()
    made: list[Cue | Decision] = []
    for heard in (heard for event in events for heard in beat.push(event)):
        made += coach.push(heard)
        for act in replies.push(heard):
            made += coach.push(act)
    return made
