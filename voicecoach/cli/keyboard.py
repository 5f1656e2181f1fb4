"""`Keyboard`: what keys do while a session runs: commands, help, and answers that are typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from voicecoach.cli.naming import Naming
from voicecoach.display import Plain, Screen
from voicecoach.events import Command, CommandName, Typed
from voicecoach.keys import HELP, Line
from voicecoach.session.consent import AGREE_KEY

if TYPE_CHECKING:
    from voicecoach.session import LiveSession

WRITE_KEY = "w"
"""In guided practice: what follows, up to Enter, is an answer. Where nobody is enrolled: who is who."""


class Keyboard:
    """Tells ``session`` what a key means, and ``display`` what it has to show. ``writes``: answers can be typed.

    ``naming``: asks who is who, where voices were told apart that nobody had enrolled.
    """

    def __init__(
        self,
        session: LiveSession,
        display: Screen | Plain,
        commands: Mapping[str, CommandName],
        *,
        writes: bool,
        naming: Naming | None = None,
    ) -> None:
        self._session, self._display = session, display
        self._commands, self._writes, self._naming = commands, writes, naming
        self._line: Line | None = None

    def pressed(self, key: str) -> None:
        """Take one key."""
        if self._line is not None:
            self._write(self._line, key)
            return
        if self._naming is not None and self._names(self._naming, key):
            return
        key = key.lower()
        if self._writes and key == WRITE_KEY:
            self._line = Line()
            self._display.typing("")
        elif key == AGREE_KEY and key not in self._commands:
            self._session.command(Command(start=0.0, end=0.0, name="agree"))
        elif key == HELP and isinstance(self._display, Screen):
            self._display.help()
        elif key in self._commands:
            self._session.command(Command(start=0.0, end=0.0, name=self._commands[key]))

    def _names(self, naming: Naming, key: str) -> bool:
        """Whether ``key`` is part of telling who is who."""
        if naming.text is not None:
            naming.take(key)
        elif key.lower() == WRITE_KEY:
            naming.begin()
        else:
            return False
        self._display.typing(naming.text, naming.question)
        return True

    def _write(self, line: Line, key: str) -> None:
        done = line.take(key)
        self._session.command(Typed(start=0.0, end=0.0, text=line.text, done=done))
        self._line = None if done else line
        self._display.typing(None if done else line.text)
