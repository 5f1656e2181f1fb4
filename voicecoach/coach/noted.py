"""What the coach goes by, as lines of the log: with them a session can be decided once more (`voicecoach replay`).

The log's order is the order of arrival. Records that the coach reads (words, replies, interruptions …) stand in it
anyway; what else it heard becomes `Noted` lines; and a ``beat`` line says up to which beat of the clock all that stands
above it had arrived; ``end`` says where the clock stopped. So the coach is given exactly what the log will say, to the
last decimal.
"""

from __future__ import annotations

from voicecoach.coach.room import SLACK_S
from voicecoach.events import (
    Backchannel,
    Clock,
    Command,
    Correction,
    Event,
    Interruption,
    Noted,
    Partial,
    Prompt,
    ReplyAct,
    Status,
    Tension,
    TurnStarted,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
    from_dict,
    to_dict,
)

FAINT = 0.02
"""Acts less probable than this are not noted."""
READ = (Word, Backchannel, Prompt, Tension, Command, Correction)
"""Records the coach reads, beside `ReplyAct` and `Interruption`, of which only those that stay are logged."""


class Notes:
    """Stands between the conversation and the coach: gives what the coach is to hear, and the lines that tell it."""

    def __init__(self) -> None:
        self._dirty = False
        self._now = 0.0
        self._words: dict[str, str] = {}
        self._told: dict[str, float] = {}
        self._until: dict[str, float] = {}
        self._known: dict[str, float] = {}
        self._off: dict[str, float] = {}

    def push(self, event: Event) -> tuple[list[Noted], list[Event]]:
        """The lines about ``event``, and what the coach is to hear of it."""
        if isinstance(event, Clock):
            return self._beat(event)
        lines = self._lines(event)
        heard = [recall(line) for line in lines]
        if isinstance(event, READ) or (isinstance(event, (ReplyAct, Interruption)) and not lines):
            heard.append(from_dict(to_dict(event)))
        self._dirty = self._dirty or bool(heard)
        return lines, heard

    def finish(self) -> list[Noted]:
        """The line that says up to where the clock came: what stands above it since the last beat came after that."""
        return [self._line("end", self._now)]

    def _beat(self, clock: Clock) -> tuple[list[Noted], list[Event]]:
        self._now = clock.start
        lines = [self._line("beat", clock.start)] if self._dirty else []
        self._dirty = False
        return lines, [clock]

    def _lines(self, event: Event) -> list[Noted]:
        lines: list[Noted] = []
        match event:
            case VoiceOn():
                self._off.pop(event.speaker, None)
                lines = [self._line("on", event.start, event.speaker)]
            case VoiceOff():
                self._off[event.speaker] = event.start
                lines = [self._line("off", event.start, event.speaker), *self._knows(event.speaker)]
            case WordsUntil():
                self._until[event.speaker] = max(self._until.get(event.speaker, 0.0), event.start)
                lines = self._knows(event.speaker)
            case Partial() if event.text.split() and self._tells(event):
                self._words[event.speaker] = word = event.text.split()[-1]
                self._told[event.speaker] = event.end
                lines = [self._line("ending", event.end, event.speaker, word=word)]
            case TurnStarted():
                lines = [self._line("turn", event.start, event.speaker, event.previous or "")]
            case Interruption() if event.status != "confirmed":
                doubt = "doubt" if event.status == "provisional" else "no_doubt"
                lines = [self._line(doubt, event.start, event.speaker, event.interrupted)]
            case ReplyAct() if event.partial:
                acts = {name: round(p, 3) for name, p in event.acts.items() if p >= FAINT}
                lines = [self._line("reply", event.start, event.speaker, event.to, acts=acts)]
        return lines

    def _tells(self, partial: Partial) -> bool:
        """Whether its last word is another than before, or is now known to be the last before a silence."""
        if self._words.get(partial.speaker) != partial.text.split()[-1]:
            return True
        off = self._off.get(partial.speaker)
        return off is not None and self._told.get(partial.speaker, -1.0) < off - SLACK_S <= partial.end

    def _knows(self, speaker: str) -> list[Noted]:
        """That the words before a silence are known: said once for each silence, since nothing else hangs on it."""
        off, until = self._off.get(speaker), self._until.get(speaker, 0.0)
        if off is None or until < off - SLACK_S or self._known.get(speaker, -1.0) >= off:
            return []
        self._known[speaker] = off
        return [self._line("known", until, speaker)]

    def _line(
        self,
        what: str,
        at: float,
        speaker: str = "",
        to: str = "",
        *,
        word: str = "",
        acts: dict[str, float] | None = None,
    ) -> Noted:
        return Noted(
            start=self._now,
            end=self._now,
            what=what,
            at=round(at, 3),
            speaker=speaker,
            to=to,
            word=word,
            acts=acts or {},
        )


def recall(line: Noted) -> Event:
    """The event that ``line`` tells of; for a ``beat`` the clock."""
    at, speaker = line.at, line.speaker
    event: Event
    match line.what:
        case "on":
            event = VoiceOn(start=at, end=at, speaker=speaker)
        case "off":
            event = VoiceOff(start=at, end=at, speaker=speaker)
        case "known":
            event = WordsUntil(start=at, end=at, speaker=speaker)
        case "ending":
            event = Partial(start=at, end=at, speaker=speaker, text=line.word)
        case "turn":
            event = TurnStarted(start=at, end=at, speaker=speaker, previous=line.to or None)
        case "reply":
            event = ReplyAct(start=at, end=at, speaker=speaker, to=line.to, acts=line.acts, partial=True)
        case "doubt" | "no_doubt":
            status: Status = "provisional" if line.what == "doubt" else "withdrawn"
            event = Interruption(start=at, end=at, speaker=speaker, interrupted=line.to, kind="silent", status=status)
        case _:
            event = Clock(start=at, end=at)
    return event
