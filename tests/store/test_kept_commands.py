"""The commands for what is kept, as a person runs them."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from kept import SECRET, keep_one, plain_bytes, talk
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.store import asking, keys, legacy, practice, sessions, voices
from voicecoach.store.log import write_log

pytestmark = pytest.mark.usefixtures("home")


def voicecoach(*args: str, status: int = 0) -> str:
    """What a command prints; its one sentence when it is refused."""
    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", *args]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ, timeout=60, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_list_show_rename_export_delete(tmp_path: Path) -> None:
    assert "No session is kept yet" in voicecoach("sessions", "list")
    name = keep_one()
    assert re.search(rf"{name} +0:03  Anna, Ben", voicecoach("sessions", "list"))
    voicecoach("sessions", "rename", "last", "About\x1b[31m summer")
    assert "About [31m summer" in voicecoach("sessions", "show", "last")  # no colours that a title brings along
    assert "0:01  Anna: " + SECRET in voicecoach("sessions", "show", name)
    told = voicecoach("sessions", "export", name, "--out", str(tmp_path / "talk.csv"))
    assert "not encrypted" in told
    assert SECRET in (tmp_path / "talk.csv").read_text()
    for dotted in ("talk.2026.csv", "talk.2026.turns.rttm"):
        voicecoach("sessions", "export", name, "--out", str(tmp_path / dotted))
    assert SECRET in (tmp_path / "talk.2026.csv").read_text()
    for wrong in ("talk.xyz", "talk.csv.xyz", "talk"):
        assert "no format" in voicecoach("sessions", "export", name, "--out", str(tmp_path / wrong), status=2)
    assert "add --yes" in voicecoach("sessions", "delete", name, status=2)
    assert sessions.kept()
    voicecoach("sessions", "delete", name, "--yes")
    assert sessions.kept() == []
    assert "no session" in voicecoach("sessions", "show", name, status=1)
    assert "newest session" in voicecoach("sessions", "rename", "x", "last", status=2)


def test_a_person_is_deleted() -> None:
    keep_one(people=("Anna", "Ben"))
    voices.save("Anna", {"x": 1})
    assert "Nothing is kept of Zoe" in voicecoach("sessions", "delete", "--person", "Zoe", "--yes", status=2)
    voicecoach("sessions", "delete", "--person", "Anna", "--yes")
    assert sessions.kept() == []
    assert voices.list_names() == []


def test_letters_that_the_terminal_does_not_know_end_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one("שלום")
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    assert "0:01  Anna: ????" in voicecoach("sessions", "show", "last")


def test_who_has_only_practised_is_deleted_too() -> None:
    pair = practice.pair_of(["Anna", "Ben"], "2026-11-25")
    practice.propose(pair, "We let each other finish.", by="Ben", today="2026-11-25", agreed=True)
    practice.add_attempt("Cleo", "mirror", level=1, date="2026-11-25T10:00", figures={})
    voicecoach("sessions", "delete", "--person", "Cleo", "--yes")
    assert practice.everybody() == ["Anna", "Ben"]
    voicecoach("sessions", "delete", "--person", "Anna", "--yes")
    assert practice.everybody() == []
    assert "Nothing is kept of Anna" in voicecoach("sessions", "delete", "--person", "Anna", "--yes", status=2)


def asked(monkeypatch: pytest.MonkeyPatch, *args: str) -> str:
    """All that is told before the answer no."""
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return "no"

    monkeypatch.setattr(asking, "somebody_is_here", lambda: True)
    monkeypatch.setattr(asking, "ask", ask)
    told = CliRunner().invoke(app, args)
    assert "Nothing was changed" in str(told.exception)
    return told.output + "".join(questions)


def test_before_sessions_are_deleted_it_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = keep_one(), keep_one(people=("Cleo", "Dan"))
    sessions.rename(second, "About the summer")
    told = asked(monkeypatch, "sessions", "delete", "last")
    assert re.search(rf"{second} .*Cleo, Dan +About the summer\nDelete 1 session\?", told)
    assert f"{first} " not in told
    assert f"{first} " in asked(monkeypatch, "sessions", "delete", "--all")


def test_before_a_person_is_deleted_all_that_goes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    delete = ("sessions", "delete", "--person", "Anna")
    keep_one()
    assert "all that is kept of Anna: 1 session, for both people in it?" in asked(monkeypatch, *delete)
    practice.pair_of(["Anna", "Ben"], "2026-11-25")
    voices.save("Anna", {"x": 1})
    question = asked(monkeypatch, *delete)
    assert (
        "of Anna: the voice; drills; agreements, promises and check-ins, for both people in them; 1 session" in question
    )
    assert sessions.kept()


def test_privacy_says_what_is_kept_and_proves_it(home: Path) -> None:
    assert "Nothing is kept yet" in voicecoach("privacy")
    keep_one()
    told = voicecoach("privacy")
    assert "1 session (" in told
    assert "no check-in; no drill" in told
    assert "until you delete it" in told
    assert re.search(r"Searched these files for \d+ names and words of your sessions: none can be read", told)
    assert "this program has open: 0" in told
    practice.pair_of(["Anna", "Ben"], "2026-11-25")
    practice.add_attempt("Anna", "mirror", level=1, date="2026-11-25T10:00", figures={})
    assert "what Anna and Ben agreed, promised and noted in check-ins; how a drill went" in voicecoach("privacy")
    (home / "data" / "notes.txt").write_text(f"so {SECRET} was said")  # so that the proof can fail
    (home / "data" / "notes.txt").chmod(0o644)
    told = voicecoach("privacy", status=1)
    assert re.search(r"1 can be read in .*notes\.txt", told)
    assert "OTHERS CAN READ IT" in told


def test_privacy_takes_the_words_of_its_own_files_for_nothing_that_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICECOACH_KEY_FILE", str(tmp_path / "documents" / "our.key"))
    for word in ("people", "version", "passphrase", "slots", "documents"):
        keep_one(word)
    assert "none can be read in them" in voicecoach("privacy")
    slots = json.loads(keys.slots_path().read_text())
    for touched in (slots | {"documents": 1}, slots | {"slots": [slots["slots"][0] | {"salt": "documents"}]}):
        keys.slots_path().write_text(json.dumps(touched))
        assert re.search(r"\d can be read in .*key\.json", voicecoach("privacy", status=1))


def test_what_earlier_versions_kept_plain_is_taken_in(home: Path) -> None:
    old = home / "data" / "sessions" / "2026-01-02_03-04-05"
    write_log(old, talk())
    (old / "report.html").write_text(SECRET)
    damaged = home / "data" / "sessions" / "2026-01-01_00-00-00"
    damaged.mkdir()
    (damaged / "events.jsonl").write_text("nonsense\nmore\n")
    (home / "data" / "voices").mkdir()
    (home / "data" / "voices" / "a.json").write_text('{"name": "Anna", "voice": {"x": 1}}')
    assert "2026-01-02_03-04-05" in voicecoach("sessions", "list")
    assert len(sessions.read("2026-01-02_03-04-05")) == 4
    assert voices.load("Anna") == {"x": 1}
    assert not old.exists()
    assert not legacy.voices_dir().exists()
    assert damaged.exists()  # what cannot be read is not thrown away


def test_report_into_a_folder_says_that_it_is_plain(tmp_path: Path) -> None:
    keep_one()
    told = voicecoach("report", "last", "--out", str(tmp_path / "out"))
    assert "not encrypted" in told
    assert SECRET in (tmp_path / "out" / "report.html").read_text()
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "out").iterdir()} == {0o600}


def test_a_report_without_a_folder_is_served_and_written_nowhere(home: Path, tmp_path: Path) -> None:
    import urllib.request

    keep_one()
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "report", "last", "--no-browser"]
    env = os.environ | {"TMPDIR": str(tmp_path / "tmp")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as shown:
        assert shown.stdout is not None
        address = shown.stdout.readline().strip()
        with urllib.request.urlopen(address, timeout=20) as page:
            assert SECRET in page.read().decode()
        shown.terminate()
        assert shown.wait(20) == 0
    for folder in (home, tmp_path / "tmp"):
        for file in folder.rglob("*"):
            assert not file.is_file() or SECRET.encode() not in file.read_bytes()


def test_when_all_is_deleted_nothing_can_be_read_in_the_file() -> None:
    keep_one()
    keep_one(people=("Cleo", "Dan"))
    assert SECRET.encode() in plain_bytes()  # so that this could fail
    assert "Nothing of it is left" in voicecoach("sessions", "delete", "--all", "--yes")
    assert not [word for word in (SECRET, "Cleo", "Anna") if word.encode() in plain_bytes()]
