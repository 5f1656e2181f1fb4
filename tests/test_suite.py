"""The suite itself: what `conftest.py` promises about who runs beside whom."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

CRASHING = """
import os
import signal

import pytest


@pytest.mark.parametrize("n", range(6))
def test_it(n):
    if {crashes} and n == 3:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_test_that_takes_its_process_down_fails_alone_and_all_others_run(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    for name in "abcdef":
        (tmp_path / f"test_{name}.py").write_text(CRASHING.format(crashes=name == "b"), encoding="utf-8")
    options = ["-q", "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
    assert "1 failed, 35 passed" in run.stdout, run.stdout + run.stderr
