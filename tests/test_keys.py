"""Keys through a real pseudo-terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

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
sys.stderr.write("".join(got)); sys.stderr.flush()
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
        os.write(ours, b"nq")
        assert child.stderr.read().decode() == "Pnq"
    assert termios.tcgetattr(theirs) == before
    os.set_blocking(ours, False)
    with pytest.raises(BlockingIOError):
        os.read(ours, 100)
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
