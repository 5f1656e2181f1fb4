"""The screen of a session, and the same as lines."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from voicecoach.coach import away_after, in_vain
from voicecoach.display.shown import GONE, TYPING, Showing
from voicecoach.events import (
    CUT_OFF,
    Backchannel,
    Break,
    CaptureGap,
    Command,
    CommandName,
    Correction,
    Cue,
    Event,
    Interruption,
    MicrophoneGone,
    Prompt,
    Save,
    Speech,
    TurnStarted,
    Word,
)
from voicecoach.report.html import clock

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
LINES = 10
"""Captions kept in sight."""
HELP = """Say: "coach, pause", "coach, go on", "coach, off the record", "coach, on the record", "coach, not now",
"coach, time out", "coach, how are we doing?", "coach, stop listening". Leave a moment of silence before and after."""
DONE: Mapping[CommandName, str] = {
    "pause": "Paused. Say “coach, go on” when you are ready.",
    "go on": "Listening again.",
    "off the record": "Off the record: nothing is kept until you say “coach, on the record”.",
    "on the record": "On the record again.",
    "not now": "The coach is quiet for five minutes.",
    "time out": "A break. Say “coach, go on” when you are both ready.",
    "stop listening": "The session ends here.",
}
"""What a command did, for people who do not hear it."""
WHY: Mapping[str, str] = {
    "gone": "the microphone is back",
    "asleep": "the computer slept",
    CUT_OFF: "going on after the session was cut off",
}


class Done:
    """Follows the commands, and says what each one did."""

    def __init__(self) -> None:
        self._away = ""

    def take(self, command: Command) -> str:
        """What ``command`` did, for the screen; empty where there is nothing to tell, or it changed nothing."""
        away, self._away = self._away, away_after(self._away, command.name)
        return "" if in_vain(away, command.name) else DONE.get(command.name, "")


def missing(gap: CaptureGap) -> str:
    """What is to be said about a gap."""
    why = f"{WHY[gap.reason]}; " if gap.reason in WHY else ""
    return f"{clock(gap.start)}  {why}{gap.end - gap.start:.1f} s of sound did not reach us"


class Captions:
    """Committed words as lines, a new one when another person speaks or after a silence."""

    def __init__(self) -> None:
        self.lines: deque[tuple[float, str, list[str]]] = deque(maxlen=200)
        self._until: dict[str, float] = {}

    def add(self, word: Word) -> bool:
        """Take a word; whether it began a new line."""
        fresh = not self.lines or self.lines[-1][1] != word.speaker or word.start - self._until.get(word.speaker, 0) > 2
        if fresh:
            self.lines.append((word.start, word.speaker, []))
        self.lines[-1][2].append(word.word)
        self._until[word.speaker] = word.end
        return fresh

    def forget(self, since_s: float) -> None:
        """Show no line that began after ``since_s``."""
        kept = [line for line in self.lines if line[0] < since_s]
        self.lines.clear()
        self.lines.extend(kept)


class Screen(Showing):
    """The live display: captions by person, who has the floor, talk balance, levels, last prompt, lag.

    ``help_text``: what can be said to the coach, shown on demand.
    """

    def __init__(
        self,
        people: Sequence[str],
        lag_s: Callable[[], float],
        console: Console,
        legend: str = "",
        help_text: str = HELP,
    ) -> None:
        super().__init__(console, legend)
        self._colours = {p: COLOURS[i % len(COLOURS)] for i, p in enumerate(people)}
        self._lag_s = lag_s
        self._help_text = help_text
        self._helped = False
        self._captions = Captions()
        self._talk_s = dict.fromkeys(people, 0.0)
        self._done = Done()
        self._floor = self._prompt = self._note = ""
        self._saying = False
        self._title = "voicecoach"
        self._names: dict[str, str] = {}

    def help(self) -> None:
        """Show what can be said to the coach and what the keys do, or hide it again."""
        self._helped = not self._helped

    def show(self, event: Event) -> None:
        """Take one event."""
        self.heard.take(event)
        match event:
            case Word():
                self._captions.add(event)
            case TurnStarted():
                self._floor = event.speaker
            case Speech():
                self._talk_s[event.speaker] = self._talk_s.get(event.speaker, 0.0) + event.end - event.start
            case Prompt() if event.words or (event.situation != "command" and not self._saying):
                self._prompt, self._saying = event.text or "♪", False
            case Interruption() if event.status == "confirmed":
                who, whom = self._called(event.speaker), self._called(event.interrupted)
                self._note = f"{clock(event.start)}  {who} came in on {whom}"
            case Backchannel():
                self._note = f"{clock(event.start)}  {self._called(event.speaker)} is listening"
            case _:
                self._further(event)

    def _further(self, event: Event) -> None:
        """Breaks, lost sound; and guided practice: its parts, and its lines while they are said, to read along."""
        if isinstance(event, Break):
            self._captions.forget(event.start)
            self.heard.partial.clear()
        elif isinstance(event, Correction) and event.label == "named":
            self._names[event.speaker] = event.name
        elif isinstance(event, Command):
            self._prompt = self._done.take(event) or self._prompt
        elif isinstance(event, MicrophoneGone):
            self._prompt = GONE
        elif isinstance(event, CaptureGap):
            self._note = missing(event)
            self._prompt = "" if self._prompt == GONE else self._prompt
        elif isinstance(event, Cue) and event.patient and event.words:
            self._prompt, self._saying = event.text, True
        elif isinstance(event, Save) and event.part:
            self._title = f"voicecoach: {event.part}"

    def _render(self) -> RenderableType:
        words = Table.grid(padding=(0, 1))
        for start, speaker, said in list(self._captions.lines)[-LINES:]:
            words.add_row(Text(clock(start), "dim"), self._name(speaker), Text(" ".join(said)))
        for speaker, text in list(self.heard.partial.items()):
            if text:
                words.add_row("", self._name(speaker), Text(text, "dim italic"))
        bottom = Table.grid(padding=(0, 3))
        total = sum(self._talk_s.values()) or 1.0
        bottom.add_row(*(self._person(p, s / total) for p, s in self._talk_s.items()))
        meters = Text("  ".join(f"mic {c + 1} {self.heard.meter(c)}" for c in sorted(self.heard.dbfs)), "green")
        foot = Text.assemble((clock(self.heard.now_s), "bold"), "   ", meters, f"   lag {self._lag_s():.1f} s   ")
        foot.append(self._note, "dim")
        coach = Panel(Text(self._prompt, "bold"), title="coach", border_style="yellow") if self._prompt else Text("")
        parts = [Panel(words, title=self._title, border_style="dim"), coach, bottom, foot]
        if self._helped:
            parts.append(Panel(Text(self._help_text), title="help", border_style="dim"))
        return Group(*parts, *self._foot())

    def _called(self, person: str) -> str:
        return self._names.get(person, person)

    def _name(self, person: str) -> Text:
        return Text(self._called(person), f"bold {self._colours.get(person, 'white')}")

    def _person(self, person: str, share: float) -> Text:
        mark = "●" if person in self.heard.speaking else "○"
        floor = " has the floor" if person == self._floor else ""
        bar = "━" * round(share * 20)
        return Text(f"{mark} {self._called(person)} {bar} {share:4.0%}{floor}", self._colours.get(person, "white"))


class Plain:
    """The same as lines, where there is no terminal: what is said, once it is certain, and the prompts."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._captions = Captions()
        self._done = Done()
        self._part = ""
        self._names: dict[str, str] = {}

    def __enter__(self) -> Plain:
        return self

    def __exit__(self, *args: object) -> None:
        self._flush()

    def typing(self, text: str | None, asked: str = TYPING) -> None:
        """Show what is being typed so far, after what was ``asked``; None when nobody types any more."""
        self._console.file.write("\n" if text is None else f"\r{asked}{text} \b")
        self._console.file.flush()

    def show(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, Word):
            if self._captions.lines and self._captions.lines[-1][1] != event.speaker:
                self._flush()
            self._captions.add(event)
        elif isinstance(event, Correction) and event.label == "named":
            self._flush()
            self._names[event.speaker] = event.name
            self._console.print(Text(f"{clock(event.start)}  {event.speaker} is called {event.name} now.", "dim"))
        elif isinstance(event, Save) and event.part and event.part != self._part:
            self._flush()
            self._part = event.part
            self._console.print(Text(f"--- {event.part} ---", "dim"))
        elif isinstance(event, Command) and (done := self._done.take(event)):
            self._flush()
            self._console.print(Text(f"{clock(event.start)}  {done}", "yellow"))
        elif isinstance(event, MicrophoneGone):
            self._flush()
            self._console.print(Text(f"{clock(event.start)}  {GONE}", "yellow"))
        elif isinstance(event, CaptureGap) and event.reason in WHY:
            self._flush()
            self._console.print(Text(missing(event), "yellow"))
        elif isinstance(event, Prompt) and (event.situation != "command" or event.words):
            self._flush()
            said = event.text or "(chime)"
            self._console.print(Text(f"{clock(event.start)}  coach: {said}", "yellow"))

    def _flush(self) -> None:
        while self._captions.lines:
            start, speaker, said = self._captions.lines.popleft()
            who = self._names.get(speaker, speaker)
            self._console.print(Text(f"{clock(start)}  {who}: {' '.join(said)}"))
