"""Nothing reaches for another machine: every command where there is no network, and under two watches.

The list of commands is the program's own: a new one fails until it is tried here.
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sound
import soundfile
from alone import DEBUG, RUN, WATCH, apart, ended, environment, going_on, sent
from kept import keep_one
from truth import FOLDER, fixtures
from typer.main import get_command

from voicecoach.cli import app
from voicecoach.store import practice

RUN_ALL = """
import json
from voicecoach.cli import run
for args in json.loads(sys.argv.pop()):
    sys.argv[1:], status = args, 0
    try:
        run()
    except SystemExit as end:
        status = end.code
    print("RAN", json.dumps([args, status]), file=sys.__stderr__, flush=True)
"""
WAIT = """
from voicecoach.transcript import Decoder
from voicecoach import models
decoder, hearing = Decoder('whisper-base'), models.onnx_session('segmentation-3.0')
import time
time.sleep(25)
"""
"""What libraries wish to tell their makers they tell some time after they were loaded (ONNX Runtime: within 20 s)."""
SERVED = ("report", "last", "--no-browser")
"""Goes on until it is ended."""
ONLINE = "models fetch"
"""The one command that is for the network."""


def commands(folder: Path) -> dict[str, list[list[str]]]:
    """For each command of the program how it is tried, in this order; those at the microphone are tried apart."""
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    rttm = folder / "talk.rttm"
    rttm.write_text("SPEAKER talk 1 0.0 7.0 <NA> <NA> Anna <NA> <NA>\nSPEAKER talk 1 7.4 3.0 <NA> <NA> Ben <NA> <NA>\n")
    fast = ("--speed", "20", "--no-voice", "--plain", "--keep-audio")
    return {
        "analyze": [["--segments", str(rttm), "--out", str(folder / "s")]],
        "listen": [["--file", str(fixture.audio), *fast]],
        "report": [["last", "--out", str(folder / "r")]],
        "replay": [["last"]],
        "correct": [["last"]],
        "trends": [[], ["--out", str(folder / "t.html")]],
        "enroll": [["Anna", "--from", str(FOLDER / "enroll_anna.flac")]],
        "devices": [[]],
        "voices": [[]],
        "settings": [["--new"]],
        "doctor": [[]],
        "drill": [[], ["--progress"]],
        "check-in": [],
        "next": [["--people", "Anna,Ben", "--day", "sunday", "--ics", str(folder / "c.ics")]],
        "agreements": [[]],
        "agreements propose": [["We put the phones away.", "--by", "Anna"]],
        "agreements list": [[]],
        "agreements let-go": [["1", "--by", "Ben"]],
        "agreements history": [[]],
        "reflect": [[], ["--export", str(folder / "practice.json")]],
        "sessions list": [[]],
        "sessions show": [["last"]],
        "sessions rename": [["last", "A title"]],
        "sessions export": [["last", "--out", str(folder / "x.json")], ["last", "--audio", str(folder / "x.flac")]],
        "sessions rescue": [["--out", str(folder / "rescued")]],
        "models list": [[]],
        "models path": [["whisper-base"]],
        "models verify": [["segmentation-3.0"]],
        ONLINE: [[]],
        "privacy": [[]],
        "privacy key": [["passphrase", "--yes"]],
        "sessions delete": [["--all", "--yes"]],
        "privacy erase": [["--yes"]],
    }


AT_THE_MICROPHONE = (
    ("listen", "--people", "Anna,Ben", "--plain", "--channels", "2", "--consent"),
    ("check-in", "--people", "Anna,Ben", "--plain", "--channels", "2", "--consent"),
    ("drill", "hold", "--plain"),
    ("devices",),
    ("doctor",),
)
GOES_ON = ("listen", "check-in", "drill")
"""Until they are ended."""
ELSEWHERE = {"demo"}
"""Tried in the same way in ``tests/test_demo.py``; with it, the analysis of sound."""
MAY_FAIL = {"devices", "doctor"}
"""Where there is no sound device they end in a sentence; with one, they are tried at the microphone."""


def names() -> set[str]:
    """Every command that the program has, groups by their parts, and a group that does something by itself."""
    found = set()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        parts = getattr(command, "commands", None)
        if parts is None or command.invoke_without_command:
            found.add(name)
        found |= {f"{name} {part}" for part in parts or ()}
    return found


@pytest.fixture
def kept_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VOICECOACH_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("VOICECOACH_KEY", "file")
    keep_one()
    pair = practice.pair_of(["Anna", "Ben"], "2026-11-25")
    practice.propose(pair, "We let each other finish.", by="", today="2026-11-25", about="interruption", agreed=True)
    return tmp_path / "share"


def test_every_command_there_is_is_tried(tmp_path: Path) -> None:
    assert set(commands(tmp_path)) | ELSEWHERE == names()
    assert {name for name, ways in commands(tmp_path).items() if not ways} <= {args[0] for args in AT_THE_MICROPHONE}


def needs_a_network_of_its_own(test: Callable[..., None]) -> Callable[..., None]:
    for mark in (
        pytest.mark.models,
        pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's"),
        pytest.mark.skipif(not apart(), reason="this machine does not allow network namespaces"),
    ):
        test = mark(test)
    return test


@needs_a_network_of_its_own
def test_every_command_works_where_there_is_no_network(kept_home: Path, tmp_path: Path) -> None:
    tried = [[*name.split(), *args] for name, ways in commands(tmp_path).items() for args in ways]
    counted = environment(kept_home, SENT=str(tmp_path / "sent"))
    waiting = environment(kept_home, SENT=str(tmp_path / "waited"))
    with going_on(WATCH + WAIT, [], waiting) as waits:
        with going_on(WATCH + RUN, list(SERVED), environment(kept_home, SENT=str(tmp_path / "served"))) as program:
            assert program.stdout is not None
            assert program.stdout.readline().startswith("http://127.0.0.1:")
            program.send_signal(signal.SIGTERM)
            assert ended(program, tmp_path / "served")[0] == 0
        with going_on(WATCH + RUN_ALL, [json.dumps(tried)], counted) as program:
            _, told = ended(program, tmp_path / "sent")
        assert ended(waits, tmp_path / "waited")[0] == 0
    ran = [json.loads(line[4:]) for line in told.splitlines() if line.startswith("RAN ")]
    assert [args for args, _ in ran] == tried
    assert [args for args, status in ran if status and args[0] not in MAY_FAIL] == []


@needs_a_network_of_its_own
@pytest.mark.sound
@pytest.mark.skipif(bool(sound.missing()), reason=f"not installed: {sound.missing()}")
def test_neither_does_anything_at_the_microphone(kept_home: Path, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "room.wav", np.random.default_rng(1).normal(0, 0.002, (16_000 * 30, 2)), 16_000)
    with sound.PulseServer() as pulse, contextlib.ExitStack() as closing:
        pulse.play(tmp_path / "room.wav")
        at_once = [
            closing.enter_context(
                going_on(WATCH + RUN, list(args), pulse.env | DEBUG | {"SENT": str(tmp_path / f"sent{i}")})
            )
            for i, args in enumerate(AT_THE_MICROPHONE)
        ]
        time.sleep(12.0)  # asks for the microphone, opens the models, speaks
        for i, program in enumerate(at_once):
            if AT_THE_MICROPHONE[i][0] in GOES_ON:
                assert program.poll() is None, program.communicate()
                program.send_signal(signal.SIGTERM)
            assert ended(program, tmp_path / f"sent{i}")[0] == 0


@needs_a_network_of_its_own
@pytest.mark.parametrize("reach", [
    "import ctypes; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
    "a = struct.pack('!2sH4s8x', (2).to_bytes(2, sys.byteorder), 53, bytes([9, 9, 9, 9])); "
    "ctypes.CDLL(None).sendto(s.fileno(), b'x', 1, 0, a, 16)",
    "import ctypes; s = socket.socket(); "
    "a = struct.pack('!2sH4s8x', (2).to_bytes(2, sys.byteorder), 443, bytes([9, 9, 9, 9])); "
    "ctypes.CDLL(None).connect(s.fileno(), a, 16)",
    "import subprocess; code = 'import socket; socket.socket().connect((\"9.9.9.9\", 1))'; "
    "subprocess.run([sys.executable, '-c', code])",
])  # fmt: skip
def test_the_count_sees_what_no_watch_in_python_does(reach: str, kept_home: Path, tmp_path: Path) -> None:
    env = environment(kept_home, SENT=str(tmp_path / "sent"))
    with going_on(f"{WATCH}\nimport socket\n{reach}", [], env) as program:
        program.communicate(timeout=60)
    assert sent(tmp_path / "sent") != {}


def test_the_watch_sees_what_it_is_to_see(kept_home: Path) -> None:
    for reach in ("socket.getaddrinfo('a.example', 80)", "socket.create_connection(('127.0.0.1', 9))"):
        code = f"{WATCH}\nimport socket\n{reach}"
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment(kept_home), capture_output=True, check=False
        )
        assert done.returncode == 99


@pytest.mark.models
def test_the_library_of_models_loads_without_asking_anybody(kept_home: Path) -> None:
    """The recogniser's own library knows how to fetch models; loading ours must not try."""
    code = f"{WATCH}\nfrom voicecoach.transcript import Decoder\nDecoder('whisper-base')"
    env = environment(kept_home)
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
