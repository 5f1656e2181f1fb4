"""Typing who is who while a session runs, key by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voicecoach.errors import MisuseError
from voicecoach.keys import Line


class Naming:
    """Asks for the name of each of ``people`` in turn and gives it to ``call``; Enter alone leaves one as they are.

    ``call`` may refuse with a `MisuseError`: its sentence is shown, and the name asked for again.
    """

    def __init__(self, people: Sequence[str], call: Callable[[str, str], None]) -> None:
        self._called = {p: p for p in people}
        self._call = call
        self._left: list[str] = []
        self._why = ""
        self._line = Line()

    @property
    def question(self) -> str:
        """What is asked; empty while nothing is."""
        return f"{self._why}Who is {self._called[self._left[0]]}? " if self._left else ""

    @property
    def text(self) -> str | None:
        """What is typed so far; None while nothing is asked."""
        return self._line.text if self._left else None

    def begin(self) -> None:
        """Ask from the first person on."""
        self._left, self._line, self._why = list(self._called), Line(), ""

    def take(self, key: str) -> None:
        """Take a key, while something is asked."""
        if not self._line.take(key):
            return
        person, name, self._line, self._why = self._left[0], self._line.text.strip(), Line(), ""
        if name:
            try:
                self._call(person, name)
            except MisuseError as error:
                self._why = f"{error} "
                return
            self._called[person] = name
        del self._left[0]
