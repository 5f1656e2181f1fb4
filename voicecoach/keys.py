"""Single keys from the terminal while a session runs. Where there is no terminal, there are no keys."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any

from voicecoach.events import CommandName

COMMANDS: Mapping[str, CommandName] = {
    "p": "pause",
    "o": "off the record",
    "n": "not now",
    "t": "time out",
    "s": "how are we doing",
    "q": "stop listening",
}
"""Key → what it tells voicecoach. ``p`` and ``o`` pressed once more lead back."""
HELP = "?"
LEGEND = "p pause   o off the record   n not now   t time out   s how are we doing   q end   ? help"
"""For the foot of a display."""
LOOK_S = 0.1
"""How often to look whether the keys are still wanted."""
_NO_LETTER = re.compile(r"\x1b(\[[0-9;]*[A-Za-z~]|O[A-Za-z])?")
"""Arrows and the like."""


class Line:
    """A line that is being typed. ``text``: so far."""

    def __init__(self) -> None:
        self.text = ""

    def take(self, key: str) -> bool:
        """Take one key; whether it ended the line."""
        if key in ("\r", "\n"):
            return True
        if key in ("\x7f", "\b"):
            self.text = self.text[:-1]
        elif key.isprintable():
            self.text += key
        return False


class Keys:
    """Calls ``pressed`` with each key, from a thread of its own, while the context is open.

    Keys are not echoed meanwhile, and Ctrl-C works as ever. The terminal is put back as it was, whatever happens.
    """

    def __init__(self, pressed: Callable[[str], None]) -> None:
        self._pressed = pressed
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._restore: Callable[[], None] = lambda: None

    def __enter__(self) -> Keys:
        if sys.stdin is not None and sys.stdin.isatty():
            if sys.platform != "win32":
                self._restore = _raw(sys.stdin.fileno())
            self._thread = threading.Thread(target=self._read, name="keys", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=5.0)
        self._restore()

    def _read(self) -> None:
        keys = _windows(self._ended) if sys.platform == "win32" else _unix(self._ended)
        while (key := _next(keys)) is not None:
            with contextlib.suppress(UnicodeError):  # a letter that this console cannot show
                self._pressed(key)


def _next(keys: Iterator[str]) -> str | None:
    """The next key, None when there will be none."""
    with contextlib.suppress(OSError, ValueError):  # the terminal has gone
        return next(keys, None)
    return None


def _raw(terminal: int) -> Callable[[], None]:
    """Have keys come one by one and unseen; what puts the terminal back."""
    import termios  # noqa: PLC0415 - Windows has none
    import tty  # noqa: PLC0415

    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    return lambda: termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _unix(ended: threading.Event) -> Iterator[str]:
    import select  # noqa: PLC0415 - on Windows it knows no terminals

    terminal = sys.stdin.fileno()
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")  # a letter may come in two parts
    while not ended.is_set():
        if select.select([terminal], [], [], LOOK_S)[0]:
            typed = os.read(terminal, 64)
            if not typed:
                return
            yield from _NO_LETTER.sub("", decoder.decode(typed))


def _windows(ended: threading.Event) -> Iterator[str]:
    import msvcrt  # noqa: PLC0415 - only there

    keys: Any = msvcrt
    while not ended.wait(LOOK_S):
        while keys.kbhit():
            key = keys.getwch()
            if key in ("\x00", "\xe0"):  # an arrow or the like, in two parts
                keys.getwch()
            else:
                yield key
