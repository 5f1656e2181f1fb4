"""Anna and Ben at the virtual microphone: they wait for what the coach asks and then say their line of the fixtures."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TextIO

import numpy as np
import numpy.typing as npt
import soundfile
from sound import PulseServer
from truth import FOLDER

from voicecoach.practice.wording import wording
from voicecoach.samples import RATE

SEATS = {"anna": 0, "ben": 1}
KILL, STOP = "kill", "stop"
"""Instead of an answer: end the program as a crash does, or as Ctrl-C does."""


@dataclass(frozen=True)
class Say:
    """A line of ``audio_fixtures/checkin_*.flac``.

    ``overlap_s``: it begins so long before the line before it ends; ``until_s``: the one who says it gives up then.
    """

    line: str
    after_s: float = 0.2
    overlap_s: float = 0.0
    until_s: float | None = None


Script = list[tuple[str, tuple[Say | str, ...]]]


@dataclass
class CoupleAloud:
    """Runs ``voicecoach check-in`` and answers. ``script``: pattern of a prompt → what is said, each used once.

    Asked once more for what they have just said, they say it again, as people do. ``said``: the coach's prompts so far;
    ``unanswered``: those the script has no answer to; ``shows``: gets what is said as it happens; ``repeated``: how
    often they had to say something again.
    """

    pulse: PulseServer
    folder: Path
    script: Script
    said: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    shows: TextIO | None = None
    repeated: int = 0
    killed: bool = False
    _last: tuple[Say, ...] = ()

    def run(self, *options: str, timeout_s: float = 200.0) -> int:
        """One run of the program, until it ends or is killed; its status."""
        self.killed = False
        began = time.monotonic()
        with self._program(options) as program:
            assert program.stdout is not None
            room = self.pulse.room(self.folder)
            watchdog = threading.Timer(timeout_s, program.kill)
            watchdog.daemon = True  # a test that fails does not wait for it
            watchdog.start()
            for line in program.stdout:
                self.output.append(line.rstrip())
                if self.shows is not None:
                    print(f"{time.monotonic() - began:6.1f} ", line.rstrip(), file=self.shows, flush=True)
                spoken = re.match(r"\d+:\d\d  coach: (.*)", line)
                if spoken and spoken[1] != "(chime)":
                    self.said.append(spoken[1])
                    self._answer(spoken[1], program)
                if self.killed:
                    break
            program.wait()
            watchdog.cancel()
            room.terminate()
        return program.returncode

    @contextlib.contextmanager
    def _program(self, options: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "check-in", "--people", "Anna,Ben"]
        program = subprocess.Popen(
            [*command, "--channels", "2", "--plain", *options],
            env=self.pulse.env | {"XDG_DATA_HOME": str(self.folder), "VOICECOACH_KEY": "file", "COLUMNS": "400"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield program
        finally:
            program.kill()
            program.communicate()

    def _answer(self, prompt: str, program: subprocess.Popen[str]) -> None:
        for i, (pattern, answers) in enumerate(self.script):
            if re.search(pattern, prompt):
                del self.script[i]
                if KILL in answers:
                    program.send_signal(signal.SIGKILL)
                    self.killed = True
                elif STOP in answers:
                    program.send_signal(signal.SIGINT)
                else:
                    self._last = tuple(a for a in answers if isinstance(a, Say))
                    self._play(self._last)
                return
        self.unanswered.append(prompt)
        if _asks_again().search(prompt) and self._last:
            self.repeated += 1
            self._play(self._last)

    def _play(self, lines: Sequence[Say]) -> None:
        path = self.folder / f"answer{len(self.said)}.wav"
        soundfile.write(path, together(lines), RATE)
        self.pulse.play(path)


@cache
def _asks_again() -> re.Pattern[str]:
    """The lines with which a check-in, or the question whether it may listen, asks once more."""
    lines = wording("en").lines
    again = [step["again"] for step in lines["steps"].values() if "again" in step]
    ways = [r"May I listen\? \w+, please say", *("[^.]*".join(map(re.escape, re.split(r"\{\w+\}", a))) for a in again)]
    return re.compile("|".join(ways))


IN_THE_MIDDLE = (Say("anna_cut", until_s=3.96), Say("ben_cuts_in", overlap_s=0.6))
"""Anna gives up after "I clean every", which is heard right cut off too. ("clean the": "clean them.", 1 in 8.)"""


def together(lines: Sequence[Say]) -> npt.NDArray[np.float32]:
    """``lines`` one after another, each at its speaker's microphone, ``(n, 2)``."""
    out = np.zeros((0, 2), np.float32)
    for say in lines:
        sound, _ = soundfile.read(FOLDER / f"checkin_{say.line}.flac", dtype="float32")
        heard = np.flatnonzero(np.abs(sound) > 0.02)
        sound = sound[max(0, heard[0] - 800) : heard[-1] + 800]
        if say.until_s is not None:
            sound = sound[: round(say.until_s * RATE)]
        at = max(0, len(out) + round((-say.overlap_s or say.after_s) * RATE))
        out = np.pad(out, ((0, max(0, at + len(sound) - len(out))), (0, 0)))
        out[at : at + len(sound), SEATS[say.line.partition("_")[0]]] += sound
    return np.pad(out, ((0, RATE // 2), (0, 0)))
