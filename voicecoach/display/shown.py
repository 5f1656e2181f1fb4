"""What the screens have in common: how one begins and ends, and what of the events every one shows."""

from __future__ import annotations

from types import TracebackType
from typing import TypeVar

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from voicecoach.events import Clock, Event, Level, Partial, VoiceOff, VoiceOn, Word

QUIET_DBFS = -70.0
"""The level meter's left end; its right end is full scale."""
REFRESH_PER_S = 8
GONE = "The microphone is gone. Plug it in again: the session waits for it, and goes on by itself."
TYPING = "Write, and end with Enter: "

_Self = TypeVar("_Self", bound="Showing")


class Heard:
    """What is heard just now, from the events: the time, who speaks, levels, words that may still change."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.speaking: set[str] = set()
        self.dbfs: dict[int, float] = {}
        self.partial: dict[str, str] = {}

    def take(self, event: Event) -> None:
        """Take one event."""
        match event:
            case Clock():
                self.now_s = event.start
            case Level():
                self.dbfs[event.channel] = event.dbfs
            case Word():
                self.partial.pop(event.speaker, None)
            case Partial():
                self.partial[event.speaker] = event.text
            case VoiceOn():
                self.speaking.add(event.speaker)
            case VoiceOff():
                self.speaking.discard(event.speaker)

    def meter(self, channel: int) -> str:
        """The level of a microphone as a bar of ten."""
        share = min(1.0, max(0.0, 1 - self.dbfs.get(channel, QUIET_DBFS) / QUIET_DBFS))
        return f"{'▮' * round(share * 10):<10}"


class Showing:
    """A screen that is there while the context is open. Each kind draws itself in `_render`, from what it was shown.

    ``legend``: which keys do what, for its foot.
    """

    def __init__(self, console: Console, legend: str = "") -> None:
        self.heard = Heard()
        self._console, self._legend = console, legend
        self._typed: str | None = None
        self._asked = TYPING
        self._live: Live | None = None

    def __enter__(self: _Self) -> _Self:
        self._live = Live(console=self._console, refresh_per_second=REFRESH_PER_S, get_renderable=self._render)
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, trace)

    def typing(self, text: str | None, asked: str = TYPING) -> None:
        """Show what is being typed so far, after what was ``asked``; None when nobody types."""
        self._typed, self._asked = text, asked

    def _foot(self) -> list[RenderableType]:
        """The last lines of every screen: what is being typed, and the keys."""
        typed = [Text.assemble((self._asked, "bold"), self._typed, ("▌", "dim"))] if self._typed is not None else []
        return [*typed, *([Text(self._legend, "dim")] if self._legend else [])]

    def _render(self) -> RenderableType:
        raise NotImplementedError
