"""Typing who is who while a session runs, key by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voicecoach.errors import MisuseError

ENTER = ("\r", "\n")
BACK = ("\x7f", "\b")


class NameTyping:
    """Asks for the name of each of ``people`` in turn and gives it to ``name``; Enter alone leaves one as they are.

    ``name`` may refuse with a `MisuseError`; its sentence is shown and the name typed again. ``line``: what is to be
    shown, empty while nothing is asked.
    """

    def __init__(self, people: Sequence[str], name: Callable[[str, str], None]) -> None:
        self._called = {p: p for p in people}
        self._name = name
        self._left: list[str] = []
        self._typed = self._why = ""

    @property
    def line(self) -> str:
        """What is asked, and what is typed so far."""
        if not self._left:
            return ""
        why = f"{self._why} " if self._why else ""
        return f"{why}Who is {self._called[self._left[0]]}? {self._typed}▏ (Enter: done)"

    def begin(self) -> None:
        """Ask from the first person on."""
        self._left = list(self._called)
        self._typed = self._why = ""

    def key(self, key: str) -> None:
        """Take a key as typed, while something is asked."""
        if key in ENTER:
            self._done()
        elif key in BACK:
            self._typed = self._typed[:-1]
        elif key.isprintable():
            self._typed += key

    def _done(self) -> None:
        person, name, self._typed, self._why = self._left[0], self._typed.strip(), "", ""
        if name:
            try:
                self._name(person, name)
            except MisuseError as error:
                self._why = str(error)
                return
            self._called[person] = name
        del self._left[0]
