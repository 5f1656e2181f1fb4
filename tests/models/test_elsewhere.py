"""Models that faster-whisper knows and we do not carry, with its own cache and no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from truth import fixtures

from voicecoach import models

pytestmark = pytest.mark.models
NAME, REPOSITORY = "small.en", "Systran--faster-whisper-small.en"


def voicecoach(cache: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"HF_HOME": str(cache), "HF_HUB_CACHE": str(cache / "hub"), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", *args]
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=120, check=False)


def test_one_that_is_not_here_is_told_at_once_with_how_to_get_it(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    done = voicecoach(tmp_path, "analyze", str(fixture.audio), "--model", NAME, "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"voicecoach: The model {NAME} is not on this computer yet: run 'voicecoach models fetch {NAME}', "
        "or give a folder."
    )
    done = voicecoach(tmp_path, "models", "fetch", NAME)
    assert done.returncode == 1
    assert f"voicecoach: The model {NAME} could not be fetched" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_one_that_faster_whisper_has_fetched_writes_words(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    home, commit = tmp_path / "hub" / f"models--{REPOSITORY}", "0" * 40
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text(commit)
    # small weights stand in for those of that name: what is asked here is where they are found
    shutil.copytree(models.path("whisper-tiny.en"), home / "snapshots" / commit)
    done = voicecoach(tmp_path, "analyze", str(fixture.audio), "--model", NAME, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert '"word"' in (tmp_path / "out" / "events.jsonl").read_text()
