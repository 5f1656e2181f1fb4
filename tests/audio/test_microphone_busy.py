"""A microphone that another program holds for itself: the system answers that it is busy, and one sentence says so.

No sound card is needed to be refused for real: ALSA reads this microphone from a terminal, and the kernel lets nobody
else open a terminal that is held exclusively (TIOCEXCL), save a process that may administer the system.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ALSA is Linux's")
ASOUND = """
pcm.!default {{ type file slave.pcm "null" file "/dev/null" infile "{tty}" }}
pcm.their_mic {{
  type file slave.pcm "null" file "/dev/null" infile "{tty}"
  hint {{ show on description "their_mic" }}
}}
"""
VOICECOACH = "from voicecoach.cli import run; run()"
HELD_LATER = """
import fcntl, os, sys, termios
from voicecoach.audio import Microphone, list_devices
from voicecoach.errors import VoicecoachError
assert "their_mic" in [d.name for d in list_devices() if d.inputs]
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY | os.O_NOCTTY), termios.TIOCEXCL)
try:
    Microphone("their_mic")
except VoicecoachError as error:
    print(error)
"""


def _like_a_user() -> None:
    """Without the right to administer the system (CAP_SYS_ADMIN), which root has; users have it not."""
    import ctypes

    pr_capbset_drop, cap_sys_admin = 24, 21
    if os.geteuid() == 0:
        assert ctypes.CDLL(None).prctl(pr_capbset_drop, cap_sys_admin, 0, 0, 0) == 0


def run(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    gone = ("PULSE_SERVER", "PULSE_RUNTIME_PATH", "XDG_RUNTIME_DIR")
    env = {k: v for k, v in os.environ.items() if k not in gone} | {
        "HOME": str(home),
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
    }
    return subprocess.run(
        [sys.executable, "-c", *command], env=env, capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=_like_a_user,
    )  # fmt: skip


@pytest.fixture
def tty(tmp_path: Path) -> Iterator[int]:
    """The terminal that the microphone is read from; `_hold` makes it busy."""
    ours, theirs = os.openpty()
    (tmp_path / ".asoundrc").write_text(ASOUND.format(tty=os.ttyname(theirs)))
    yield theirs
    os.close(theirs)
    os.close(ours)


def _hold(tty: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(tty, termios.TIOCEXCL)


@pytest.mark.parametrize("device", [[], ["--device", "their_mic"]])
@pytest.mark.parametrize("command", [["listen", "--consent", "--people", "Anna,Ben"], ["enroll", "Anna"]])
def test_a_busy_microphone_is_one_sentence(command: list[str], device: list[str], tty: int, tmp_path: Path) -> None:
    _hold(tty)
    done = run(tmp_path, VOICECOACH, *command, *device)
    assert done.returncode == 1
    assert done.stderr.startswith("voicecoach: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "microphone" in done.stderr
    assert "program" in done.stderr
    assert not done.stdout


def test_the_doctor_says_to_close_the_program_that_holds_it(tty: int, tmp_path: Path) -> None:
    _hold(tty)
    done = run(tmp_path, VOICECOACH, "doctor")
    assert done.returncode == 1
    assert not done.stderr
    assert "MEND  microphone" in done.stdout
    assert "close the program that holds it" in done.stdout


def test_a_microphone_taken_by_another_program_just_before_it_is_opened(tty: int, tmp_path: Path) -> None:
    done = run(tmp_path, HELD_LATER, os.ttyname(tty))
    assert done.stdout.startswith("The microphone is in use: another program holds it"), done.stderr
    assert done.stdout.count("\n") == 1
