"""What a drill looks like in a terminal. Nobody has to look: everything shown is spoken too."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from voicecoach.display.shown import GONE, Showing
from voicecoach.events import CaptureGap, Cue, Event, MicrophoneGone, Practised, Prompt, Word
from voicecoach.practice.drills import Stage
from voicecoach.practice.drills.drill import STORY
from voicecoach.report.html import clock

LINES = 9
APART_S = 3.0
SILENT = "The voice is not heard here, so read along; voicecoach doctor says why."
SAYS = {
    Stage.INTRO: "listen",
    Stage.TELLING: "listen",
    Stage.ASKING: "get ready",
    Stage.REPLY: "your turn",
    Stage.FEEDBACK: "what came across",
    Stage.CHOICE: "again, or next?",
    Stage.CLOSING: "see you next time",
    Stage.DONE: "",
}


class Script:
    """What was said, in lines: by the voice as it begins to speak, by people as their words are certain."""

    def __init__(self) -> None:
        self.lines: deque[tuple[str, str, str]] = deque(maxlen=60)
        self._last_word = 0.0

    def take(self, event: Event) -> tuple[str, str, str] | None:
        """The line (kind, speaker, text) that ``event`` begins, if any; a person's grows with their words."""
        if isinstance(event, Cue) and event.situation in (STORY, "drill"):
            line = (event.situation, "", event.text if event.words else "♪")
            if not self.lines or self.lines[-1] != line:
                self.lines.append(line)
                return line
        elif isinstance(event, Word):
            kind, speaker, text = self.lines[-1] if self.lines else ("", "", "")
            if kind == "person" and speaker == event.speaker and event.start - self._last_word < APART_S:
                self.lines[-1] = (kind, speaker, f"{text} {event.word}")
            else:
                self.lines.append(("person", event.speaker, event.word))
            self._last_word = event.end
        return None


class DrillScreen(Showing):
    """The live display of a drill. ``stage``: where it stands; ``legend``: which keys do what."""

    def __init__(
        self, name: str, people: Sequence[str], stage: Callable[[], Stage], console: Console, legend: str
    ) -> None:
        super().__init__(console, legend)
        self._title = f"drill: {name}" + (f" · {people[0]} and {people[1]}" if len(people) > 1 else "")
        self._stage = stage
        self._script = Script()
        self._note = ""
        self._goes = 0

    def show(self, event: Event) -> None:
        """Take one event."""
        self.heard.take(event)
        self._script.take(event)
        if isinstance(event, Practised):
            self._goes += 1
        elif isinstance(event, Prompt) and event.words:
            self._note = "" if event.spoken else SILENT
        elif isinstance(event, MicrophoneGone):
            self._note = GONE
        elif isinstance(event, CaptureGap) and self._note == GONE:
            self._note = ""

    def _render(self) -> RenderableType:
        said = Text()
        for kind, speaker, text in list(self._script.lines)[-LINES:]:
            style = {STORY: "italic", "drill": "yellow"}.get(kind, "cyan")
            said.append(f"{speaker}: {text}\n" if speaker else f"{text}\n", style)
        said.append("\n".join(t for t in list(self.heard.partial.values()) if t), "dim cyan")
        state = SAYS[self._stage()]
        mark = "●" if self.heard.speaking else "○"
        foot = Text.assemble(
            (f"{state:18}", "bold green" if state == "your turn" else "bold"),
            (f"{clock(self.heard.now_s)}   ", "dim"),
            (f"{mark} mic {self.heard.meter(0)}  ", "green"),
            (f"{self._goes} done" if self._goes else "", "dim"),
        )
        parts: list[RenderableType] = [Panel(said, title=self._title, border_style="dim"), foot]
        if self._note:
            parts.append(Text(self._note, "yellow"))
        return Group(*parts, *self._foot())


class DrillLines:
    """The same as lines, where there is no screen."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._script = Script()

    def __enter__(self) -> DrillLines:
        return self

    def __exit__(self, *args: object) -> None:
        self._flush()

    def show(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, (Cue, MicrophoneGone)):
            self._flush()
        if isinstance(event, MicrophoneGone):
            self._console.print(Text(GONE, "yellow"))
        line = self._script.take(event)
        if line is not None:
            self._console.print(Text(line[2], "yellow"))

    def _flush(self) -> None:
        """What a person said is printed once something else follows."""
        if self._script.lines and self._script.lines[-1][0] == "person":
            _, speaker, text = self._script.lines.pop()
            self._console.print(Text(f"{speaker}: {text}"))
