"""A drill for real: the voice tells its story through a loudspeaker that the microphone hears, and somebody answers."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sound
from truth import FOLDER

from voicecoach.coach.voice import Voice
from voicecoach.practice.drills import sheet_of
from voicecoach.practice.stories import stories
from voicecoach.store.practice import add_attempt, attempts

pytestmark = [
    pytest.mark.sound,
    pytest.mark.models,
    pytest.mark.skipif(bool(sound.missing()), reason=f"not installed: {sound.missing()}"),
]

STORY = next(s for s in stories() if s.name == "waiting-result")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of one's own for what is kept, in which Anna has practised once: the introduction is short."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    add_attempt("Anna", "hold", level=1, date="2026-01-01T10:00", figures={"measure": 0.5, "answered": 1.0})
    return tmp_path


def test_a_story_is_told_through_the_loudspeaker_and_its_echo_is_nobody(kept: Path) -> None:
    with Voice() as voice:
        if not voice.available:
            pytest.skip(voice.reason)
    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "drill", "hold", "--plain"]
    command += ["--story", STORY.name]
    with sound.PulseServer(channels=1) as pulse:
        pulse.echo(60)
        pulse.env["XDG_DATA_HOME"] = str(kept)
        process = subprocess.Popen(command, env=pulse.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        lines = []
        try:
            for line in process.stdout:
                lines.append(" ".join(line.split()))
                if sheet_of("hold").ask.endswith(lines[-1]):  # shown as the voice begins to say it
                    time.sleep(5.0)
                    pulse.play(FOLDER / "drill_thanks.flac")
                if len(attempts("Anna", "hold")) > 1:
                    break
            time.sleep(1.0)
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0, errors
    gone = attempts("Anna", "hold")[-1]
    assert gone.figures["false_starts"] == 0, (gone, lines)
    # a busy machine's sound card stumbles, and a line that was cut by that is said again: no pause before it
    assert gone.figures["calm"] >= len(STORY.sentences) - 3, (gone, lines)
    assert 500 < gone.figures["longest_calm_ms"] < 2600
    assert (gone.figures["answered"], gone.figures["measure"]) == (1, 1)
    assert [line for line in lines if line.startswith("Anna: ") and "telling me" in line], lines
    assert "2 times" in rest, "its curve is shown at the end"
