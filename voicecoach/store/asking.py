"""Questions that only the person at the keyboard can answer. Where nobody sits, they are answered by the caller."""

from __future__ import annotations

import getpass
import sys

from voicecoach.errors import VoicecoachError


def somebody_is_here() -> bool:
    """Whether there is a terminal to ask at."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()


def tell(text: str) -> None:
    """Say something on stderr, apart from what a command prints."""
    if sys.stderr is not None:
        print(text, file=sys.stderr)  # noqa: T201


def ask(question: str) -> str:
    """One line, visible."""
    try:
        print(question, end=" ", file=sys.stderr, flush=True)  # noqa: T201
        return input().strip()
    except EOFError as error:
        raise VoicecoachError("Nothing was answered; nothing was changed.") from error


def ask_secret(question: str) -> str:
    """One line that is not shown."""
    try:
        return getpass.getpass(question + " ")
    except EOFError as error:
        raise VoicecoachError("Nothing was answered; nothing was changed.") from error
