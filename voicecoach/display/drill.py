"""What a drill looks like in a terminal. Nobody has to look: everything shown is spoken too."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from voicecoach.display.session import QUIET_DBFS, clock
from voicecoach.events import Clock, Cue, Event, Level, Partial, Practised, Prompt, VoiceOff, VoiceOn, Word
from voicecoach.practice.drills import Stage
from voicecoach.practice.drills.drill import STORY

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


class DrillScreen:
    """The live display of a drill. ``stage``: where it stands; ``legend``: which keys do what."""

    def __init__(
        self, name: str, people: Sequence[str], stage: Callable[[], Stage], console: Console, legend: str
    ) -> None:
        self._title = f"drill: {name}" + (f" · {people[0]} and {people[1]}" if len(people) > 1 else "")
        self._stage, self._legend = stage, legend
        self._script = Script()
        self._partial = self._note = ""
        self._level = QUIET_DBFS
        self._now = 0.0
        self._on: set[str] = set()
        self._goes = 0
        self._live = Live(console=console, refresh_per_second=8, get_renderable=self._render)

    def __enter__(self) -> DrillScreen:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def show(self, event: Event) -> None:
        """Take one event."""
        self._script.take(event)
        match event:
            case Clock():
                self._now = event.start
            case Level():
                self._level = event.dbfs
            case Word():
                self._partial = ""
            case Partial():
                self._partial = event.text
            case VoiceOn():
                self._on.add(event.speaker)
            case VoiceOff():
                self._on.discard(event.speaker)
            case Practised():
                self._goes += 1
            case Prompt() if event.words:
                self._note = "" if event.spoken else SILENT

    def _render(self) -> RenderableType:
        said = Text()
        for kind, speaker, text in list(self._script.lines)[-LINES:]:
            style = {STORY: "italic", "drill": "yellow"}.get(kind, "cyan")
            said.append(f"{speaker}: {text}\n" if speaker else f"{text}\n", style)
        if self._partial:
            said.append(self._partial, "dim cyan")
        share = min(1.0, max(0.0, 1 - self._level / QUIET_DBFS))
        state = SAYS[self._stage()]
        heard = "●" if self._on else "○"
        foot = Text.assemble(
            (f"{state:18}", "bold green" if state == "your turn" else "bold"),
            (f"{clock(self._now)}   ", "dim"),
            (f"{heard} mic {'▮' * round(share * 10):<10}  ", "green"),
            (f"{self._goes} done" if self._goes else "", "dim"),
        )
        parts: list[RenderableType] = [Panel(said, title=self._title, border_style="dim"), foot]
        if self._note:
            parts.append(Text(self._note, "yellow"))
        return Group(*parts, Text(self._legend, "dim"))


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
        if isinstance(event, Cue):
            self._flush()
        line = self._script.take(event)
        if line is not None:
            self._console.print(Text(line[2], "yellow"))

    def _flush(self) -> None:
        """What a person said is printed once something else follows."""
        if self._script.lines and self._script.lines[-1][0] == "person":
            _, speaker, text = self._script.lines.pop()
            self._console.print(Text(f"{speaker}: {text}"))
