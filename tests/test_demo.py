"""The demo: the whole way from sound to report, where there is no network."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alone import DEBUG, RUN, WATCH, apart, ended, going_on


@pytest.mark.models
def test_the_demo_reaches_for_nobody_and_its_report_renders_again_to_the_same_bytes(tmp_path: Path) -> None:
    demo, counts = tmp_path / "demo", tmp_path / "sent"
    env = os.environ | DEBUG | ({"SENT": str(counts)} if apart() else {})
    with going_on(WATCH + RUN, ["demo", "--fast", "--out", str(demo)], env) as program:
        assert program.stdout is not None
        told = program.stdout.read()
        assert ended(program, counts)[0] == 0
    assert "The report is in" in told
    assert "coach: " in told
    assert stat.S_IMODE((demo / "events.jsonl").stat().st_mode) == 0o600
    again = [sys.executable, "-c", RUN, "report", str(demo / "events.jsonl"), "--out", str(tmp_path / "again")]
    assert subprocess.run(again, check=False).returncode == 0
    for name in ("report.html", "report.json", "transcript.vtt", "speech.rttm", "turns.rttm"):
        assert (demo / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
