"""Keys through a real pseudo-terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time

import pytest
from rich.console import Console

from voicecoach.cli.check_in import KEYS
from voicecoach.cli.check_in import LEGEND as CHECK_IN_LEGEND
from voicecoach.cli.keyboard import WRITE_KEY, Keyboard
from voicecoach.display import Plain, Screen
from voicecoach.display.shown import TYPING
from voicecoach.events import Command, Typed
from voicecoach.keys import COMMANDS, HELP, LEGEND, Keys

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

READ = """
import sys, threading
from voicecoach.keys import Keys
got, done = [], threading.Event()
def pressed(key):
    got.append(key)
    if key == "q":
        done.set()
with Keys(pressed):
    sys.stderr.write("ready\\n"); sys.stderr.flush()
    done.wait(20)
sys.stderr.buffer.write("".join(got).encode("utf-8")); sys.stderr.flush()
"""


def test_each_key_is_told_at_once_without_echo_and_the_terminal_is_put_back() -> None:
    import termios

    ours, theirs = os.openpty()
    before = termios.tcgetattr(theirs)
    with subprocess.Popen([sys.executable, "-c", READ], stdin=theirs, stdout=theirs, stderr=subprocess.PIPE) as child:
        assert child.stderr is not None
        assert child.stderr.readline() == b"ready\n"
        os.write(ours, b"P")
        os.write(ours, b"\x1b[A")
        os.write(ours, b"\x1b[B")
        os.write(ours, b"n\xc3")
        time.sleep(0.3)
        os.write(ours, b"\xbcq")  # the second half of a letter
        assert child.stderr.read().decode("utf-8") == "Pnüq"
    assert termios.tcgetattr(theirs) == before
    os.set_blocking(ours, False)
    with pytest.raises(BlockingIOError):
        os.read(ours, 100)
    os.close(ours)
    os.close(theirs)


def test_a_letter_that_cannot_be_shown_ends_no_keys() -> None:
    """A console of cp1252 does not know all that can be typed."""
    shows = READ.replace("got.append(key)", 'got.append(key.encode("cp1252").decode("cp1252"))')
    ours, theirs = os.openpty()
    with subprocess.Popen([sys.executable, "-c", shows], stdin=theirs, stdout=theirs, stderr=subprocess.PIPE) as child:
        assert child.stderr is not None
        assert child.stderr.readline() == b"ready\n"
        os.write(ours, "pčq".encode())
        assert child.stderr.read().decode("utf-8") == "pq"
    os.close(ours)
    os.close(theirs)


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for stdin in (io.StringIO("q"), None):
        monkeypatch.setattr(sys, "stdin", stdin)
        with Keys(lambda key: pytest.fail("a key without a keyboard")):
            pass


def test_every_key_is_in_the_legend() -> None:
    for key in (*COMMANDS, HELP):
        assert f"{key} " in LEGEND
    for key in (*"ptoq", WRITE_KEY, HELP):
        assert f"{key} " in CHECK_IN_LEGEND
    assert "y/n" in CHECK_IN_LEGEND


class Told:
    """A session, as far as a keyboard needs one."""

    def __init__(self) -> None:
        self.heard: list[Command | Typed] = []

    def command(self, command: Command | Typed) -> None:
        self.heard.append(command)


@pytest.mark.parametrize("kind", ["screen", "lines"])
def test_an_answer_is_typed_between_w_and_enter_and_keys_are_letters_meanwhile(kind: str) -> None:
    file, told = io.StringIO(), Told()
    console = Console(file=file, force_terminal=kind == "screen", width=110, height=30)
    display = Screen(["Anna", "Ben"], lambda: 0.0, console, CHECK_IN_LEGEND) if kind == "screen" else Plain(console)
    keyboard = Keyboard(told, display, {**COMMANDS, **KEYS}, writes=True)  # type: ignore[arg-type]
    with display:
        for key in "Yw" + "No quips\x7f\x7f, pleaseö!" + "\x7f":
            keyboard.pressed(key)
        time.sleep(0.3)
        for key in "\rT":
            keyboard.pressed(key)
    first, *typed, last = told.heard
    assert isinstance(first, Command)
    assert isinstance(last, Command)
    assert (first.name, last.name) == ("yes", "time out")
    assert all(isinstance(t, Typed) and t.done == (t is typed[-1]) for t in typed)
    assert isinstance(typed[-1], Typed)
    assert typed[-1].text == "No qui, pleaseö"
    assert TYPING in file.getvalue()
    assert "No qui, pleaseö" in file.getvalue()


def test_outside_of_guided_practice_there_is_nothing_to_write() -> None:
    told = Told()
    keyboard = Keyboard(told, Plain(Console(file=io.StringIO())), COMMANDS, writes=False)  # type: ignore[arg-type]
    for key in "wP":
        keyboard.pressed(key)
    assert [c.name for c in told.heard if isinstance(c, Command)] == ["pause"]
