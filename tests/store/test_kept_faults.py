"""What may go wrong around a session, in programs of their own: a clear sentence, and what was kept is usable."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kept import keep_one, talk
from truth import FOLDER, fixtures

from voicecoach.events import CaptureGap, SessionStarted, Speech, Word
from voicecoach.session.decoding import Inline
from voicecoach.store import database, sessions, voices
from voicecoach.store.log import write_log
from voicecoach.transcript import Job, Result

RUN = "from voicecoach.cli import run; run()"


def program(*args: str, code: str = RUN) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one's own, with the models where they are."""
    monkeypatch.delenv("VOICECOACH_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("VOICECOACH_KEY", "file")
    return tmp_path


@pytest.mark.models
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_session_that_is_killed_is_there_has_a_report_and_goes_on(here: Path) -> None:
    (fixture,) = fixtures("2ch", names=["kitchen_table"])
    listening = program(
        "listen", "--file", str(fixture.audio), "--speed", "8", "--no-voice", "--plain", "--people", "A,B"
    )
    until = time.monotonic() + 90
    while time.monotonic() < until:
        time.sleep(0.2)
        kept = sessions.kept()
        if kept and kept[0].length_s > 8:
            break
    listening.send_signal(signal.SIGKILL)
    listening.communicate()
    (kept_one,) = sessions.kept()
    assert kept_one.state == "cut off"
    assert kept_one.length_s > 8
    assert isinstance(sessions.read(kept_one.name)[0], SessionStarted)
    shown = program("report", kept_one.name, "--out", str(here / "report"))
    shown.communicate(timeout=60)
    assert shown.returncode == 0
    assert (here / "report" / "report.html").exists()
    (short,) = fixtures("2ch", names=["clean_turns"])
    listen = ("listen", "--file", str(short.audio), "--speed", "20", "--no-voice", "--plain")
    refused = program(*listen, "--resume", "--people", "C,D")
    assert "has --people A,B; leave out --people" in refused.communicate(timeout=60)[1]
    going_on = program(*listen, "--resume")
    _, told = going_on.communicate(timeout=120)
    assert going_on.returncode == 0, told
    assert f"Going on in {kept_one.name}, cut off at" in told
    (kept,) = sessions.kept()
    assert (kept.state, kept.people) == ("closed", ("A", "B"))
    speech = [r.start for r in sessions.read(kept.name) if isinstance(r, Speech)]
    (gap,) = [r for r in sessions.read(kept.name) if isinstance(r, CaptureGap)]
    assert min(speech) < gap.start < gap.end < max(speech)
    again = program(*listen, "--resume")
    assert "was not cut off" in again.communicate(timeout=60)[1]


READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


def may_mount(folder: Path) -> bool:
    command = ["unshare", "-m", "sh", "-c", READ_ONLY, str(folder), "true"]
    return (
        shutil.which("unshare") is not None
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def test_a_folder_that_may_not_be_written_to_is_named(home: Path) -> None:
    if not may_mount(home):
        pytest.skip("this machine does not allow to mount a folder read-only")
    keep_one()
    command = ["unshare", "-m", "sh", "-c", READ_ONLY, str(home / "data"), sys.executable, "-c", RUN]
    done = subprocess.run([*command, "sessions", "rename", "last", "x"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be written to" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_locked_by_another_program_is_told(home: Path) -> None:
    keep_one()
    with database.opened() as other:
        other.execute("BEGIN EXCLUSIVE")
        done = program("sessions", "rename", "last", "x")
        _, told = done.communicate(timeout=60)
        other.execute("ROLLBACK")
    assert done.returncode == 1
    assert "in use by another voicecoach" in told


def test_voices_that_are_nonsense_are_told(home: Path) -> None:
    voices.save("Anna", {"x": 1})
    with database.opened() as db, db:
        db.execute("UPDATE voice SET data = '{nonsense'")
    done = program("listen", "--people", "Anna,Ben", "--file", "nothing.wav")
    _, told = done.communicate(timeout=60)
    assert done.returncode in (1, 2)
    assert "Traceback" not in told


@pytest.mark.models
def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    from voicecoach import models

    shutil.copytree(models.path("whisper-tiny.en"), tmp_path / "model")
    with (tmp_path / "model" / "model.bin").open("r+b") as file:
        file.truncate(1000)
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    done = program("analyze", str(fixture.audio), "--model", str(tmp_path / "model"), "--out", str(tmp_path / "out"))
    _, told = done.communicate(timeout=120)
    assert done.returncode in (1, 2)
    assert "models verify" in told
    assert "Traceback" not in told


@pytest.mark.models
def test_a_model_that_is_cut_short_is_not_called_missing(home: Path) -> None:
    for model in ("campplus", "segmentation-3.0"):
        folder = home / "models" / model
        folder.mkdir(parents=True)
        (folder / "model.onnx").write_bytes(b"x" * 1000)
    done = program("enroll", "Anna", "--from", str(FOLDER / "enroll_anna.flac"))
    _, told = done.communicate(timeout=60)
    assert done.returncode == 1
    assert "not whole" in told
    assert "models fetch" in told


WRITES = """
import sys, time
from voicecoach.events import SessionStarted, Word
from voicecoach.store.writing import SessionWriter
with SessionWriter() as log:
    log.write(SessionStarted(start=0, end=0, people=(sys.argv[1],)))
    for i in range(150):
        log.write(Word(start=i, end=i, speaker=sys.argv[1], word=f"{sys.argv[1]}{i}"))
        time.sleep(0.01)
"""


def test_two_programs_keep_a_session_each_at_once(home: Path) -> None:
    both = [program(name, code=WRITES) for name in ("anna", "cleo")]
    told = [p.communicate(timeout=60)[1] for p in both]
    assert [p.returncode for p in both] == [0, 0], told
    for kept in sessions.kept():
        (person,) = kept.people
        words = [r.word for r in sessions.read(kept.name) if isinstance(r, Word)]
        assert (kept.state, words) == ("closed", [f"{person}{i}" for i in range(150)])
    assert {k.people for k in sessions.kept()} == {("anna",), ("cleo",)}


def test_a_damaged_log_gives_what_is_intact_and_names_the_rest(tmp_path: Path) -> None:
    path = write_log(tmp_path, talk())
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1][:20], "[" * 5000, *lines[2:]]) + "\n")
    done = program("report", str(path), "--out", str(tmp_path / "again"))
    _, told = done.communicate(timeout=60)
    assert done.returncode == 0, told
    assert "2 damaged lines of the log are left out: 2, 3." in told
    assert (tmp_path / "again" / "report.html").exists()


class Failing:
    """A decoder that fails a few times, as when memory is short."""

    at_once = 1

    def __init__(self, times: int) -> None:
        self.left = times

    def decode(self, job: Job) -> Result:
        self.left -= 1
        if self.left >= 0:
            raise MemoryError("not said aloud: what it was decoding")
        return Result()


def test_decoding_that_runs_out_of_memory_is_tried_again_then_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    from voicecoach.errors import VoicecoachError
    from voicecoach.session import decoding

    monkeypatch.setattr(decoding, "AGAIN_S", (0.0, 0.0))
    job = Job(speaker="Anna", start=0, audio=np.zeros(160, np.float32), voiced=((0.0, 0.01),))
    once = Inline(Failing(2))  # type: ignore[arg-type]
    once.submit(job)
    assert once.results() == [(job, Result())]
    with pytest.raises(VoicecoachError, match="MemoryError") as told:
        Inline(Failing(9)).submit(job)  # type: ignore[arg-type]
    assert "not said aloud" not in str(told.value)
