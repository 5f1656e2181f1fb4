"""Somebody at the virtual microphone who does a drill: hears what it says through the loudspeaker, and answers."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sound import PulseServer
from truth import FOLDER

from voicecoach.practice.drills import sheet_of
from voicecoach.practice.stories import stories
from voicecoach.store.practice import Attempt, attempts

STORY = next(s for s in stories() if s.name == "waiting-result")
"""The story of the recordings ``audio_fixtures/drill_*.flac``."""
ENDS_S = 60.0


@dataclass
class DrillAloud:
    """Runs ``voicecoach drill`` and does one go. ``reply``: recordings said when it is one's turn; ``into``: number of
    a line of the story → recording said right after it; ``on``: beginning of a line of the voice → recording.

    ``lines``: what the program printed. It keeps in the data folder of the environment, where there are goes already.
    """

    pulse: PulseServer
    folder: Path
    name: str
    reply: Sequence[str] = ()
    into: Mapping[int, str] = field(default_factory=dict)
    on: Mapping[str, str] = field(default_factory=dict)
    rate: int = 150
    lines: list[str] = field(default_factory=list)

    def run(self, *options: str) -> Attempt:
        """One go, and what was kept of it."""
        before = len(attempts(drill=self.name))
        command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "drill", self.name, "--plain"]
        command += ["--story", STORY.name, "--rate", str(self.rate), *options]
        env = self.pulse.env | {"XDG_DATA_HOME": str(self.folder), "VOICECOACH_KEY": "file", "COLUMNS": "400"}
        told = 0
        self.pulse.room(self.folder)
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as program:
            assert program.stdout is not None
            try:
                for line in program.stdout:  # each is shown as the voice begins to say it
                    said = " ".join(line.split())
                    self.lines.append(said)
                    self._answer(said, told)
                    told += bool(said) and said in STORY.text
                    if len(attempts(drill=self.name)) > before:
                        break
                program.send_signal(signal.SIGINT)
                rest, _ = program.communicate(timeout=ENDS_S)
            finally:
                program.kill()
        self.lines += [" ".join(line.split()) for line in rest.splitlines()]
        assert program.returncode == 0, self.lines
        return attempts(drill=self.name)[before]

    def _answer(self, said: str, told: int) -> None:
        answer = next((name for begins, name in self.on.items() if said.startswith(begins)), None)
        if said.endswith(sheet_of(self.name).ask):
            self._say(said, 1.0, *self.reply)
        elif said and said in STORY.text and told in self.into:
            self._say(said, 0.35, self.into[told])
        elif answer is not None:
            self._say(said, 1.0, answer)

    def _say(self, after: str, later_s: float, *names: str) -> None:
        """Say recordings so long after the voice has said ``after``."""
        time.sleep(len(after.split()) * 60 / self.rate + later_s)
        for name in names:
            self.pulse.play(FOLDER / f"{name}.flac").wait()
            time.sleep(0.4)
