"""Anna and Ben at the virtual microphone: they wait for what the coach asks and then say their line of the fixtures."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from sound import PulseServer
from truth import FOLDER

RATE = 16_000
SEATS = {"anna": 0, "ben": 1}


@dataclass(frozen=True)
class Say:
    """A line of ``audio_fixtures/checkin_*.flac``. ``overlap_s``: it begins so long before the line before it ends."""

    line: str
    after_s: float = 0.2
    overlap_s: float = 0.0


Answer = Say | str | None
"""What somebody says, or what is done: ``"kill"`` ends the program as a crash does."""


@dataclass
class CoupleAloud:
    """Runs ``voicecoach check-in`` and answers. ``script``: pattern of a prompt → what is said, used in order.

    ``said``: the coach's prompts so far; ``killed``: the script asked for the crash.
    """

    pulse: PulseServer
    folder: Path
    script: list[tuple[str, Sequence[Say | str]]]
    said: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    killed: bool = False

    def run(self, *options: str, timeout_s: float = 200.0) -> int:
        """One run of the program, until it ends or is killed; its status."""
        self.killed = False
        with self._program(options) as program:
            assert program.stdout is not None
            watchdog = threading.Timer(timeout_s, program.kill)
            watchdog.start()
            for line in program.stdout:
                self.output.append(line.rstrip())
                spoken = re.match(r"\d+:\d\d  coach: (.*)", line)
                if spoken and spoken[1] != "(chime)":
                    self.said.append(spoken[1])
                    self._answer(spoken[1], program)
                if self.killed:
                    break
            program.wait()
            watchdog.cancel()
        return program.returncode

    @contextlib.contextmanager
    def _program(self, options: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "check-in", "--people", "Anna,Ben"]
        program = subprocess.Popen(
            [*command, "--channels", "2", "--plain", *options],
            env=self.pulse.env | {"XDG_DATA_HOME": str(self.folder), "VOICECOACH_KEY": "file", "COLUMNS": "400"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            yield program
        finally:
            program.kill()
            program.wait()

    def _answer(self, prompt: str, program: subprocess.Popen[str]) -> None:
        for i, (pattern, answers) in enumerate(self.script):
            if re.search(pattern, prompt):
                del self.script[i]
                if "kill" in answers:
                    program.send_signal(signal.SIGKILL)
                    self.killed = True
                elif answers:
                    self._play([a for a in answers if isinstance(a, Say)])
                return
        self.unanswered.append(prompt)

    def _play(self, lines: Sequence[Say]) -> None:
        path = self.folder / f"answer{len(self.said)}.wav"
        soundfile.write(path, together(lines), RATE)
        self.pulse.play(path)


def together(lines: Sequence[Say]) -> npt.NDArray[np.float32]:
    """``lines`` one after another, each at its speaker's microphone, ``(n, 2)``."""
    out = np.zeros((0, 2), np.float32)
    for say in lines:
        sound, _ = soundfile.read(FOLDER / f"checkin_{say.line}.flac", dtype="float32")
        heard = np.flatnonzero(np.abs(sound) > 0.02)
        sound = sound[max(0, heard[0] - 800) : heard[-1] + 800]
        at = (
            max(0, len(out) + round((say.after_s - say.overlap_s) * RATE))
            if not say.overlap_s
            else max(0, len(out) - round(say.overlap_s * RATE))
        )
        out = np.pad(out, ((0, max(0, at + len(sound) - len(out))), (0, 0)))
        out[at : at + len(sound), SEATS[say.line.partition("_")[0]]] += sound
    return np.pad(out, ((0, RATE // 2), (0, 0)))


FULL: Mapping[str, Sequence[Say | str]] = {}
