"""What may go wrong while a session runs: each ends in one sentence, and what was heard until then is kept."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from truth import fixtures

from voicecoach.events import SessionStarted
from voicecoach.store.log import read_log

pytestmark = [pytest.mark.models]


def voicecoach(*args: str, room: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command; ``room``: no file may become longer than so many bytes, as if the disk were full then."""

    def limit() -> None:
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, preexec_fn=limit)


@pytest.mark.parametrize("room", [3_000, 8_000])
def test_a_disk_that_fills_up_ends_the_session_and_keeps_its_log(room: int, tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    out = tmp_path / "session"
    done = voicecoach("listen", "--file", str(fixture.audio), "--speed", "20", "--no-voice", "--plain",
                      "--out", str(out), room=room)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "make room on the disk" in done.stderr
    assert str(out) in done.stderr
    records = read_log(out / "events.jsonl")
    assert isinstance(records[0], SessionStarted)
    assert len(records) > 5
    assert not [p for p in out.iterdir() if p.name != "events.jsonl" and os.stat(p).st_size >= room]


def test_an_analysis_without_room_says_so(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    done = voicecoach("analyze", str(fixture.audio), "--out", str(tmp_path / "out"), room=100_000)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "room" in done.stderr
