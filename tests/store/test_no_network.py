"""Nothing reaches for another machine: every command in a network without anything, and under a watch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from kept import keep_one
from truth import fixtures

WATCH = """
import sys
def watch(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request") or (
        event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple)
    ):
        print("REACHED FOR", event, args[1:], file=sys.__stderr__, flush=True)
        import os
        os._exit(99)
sys.addaudithook(watch)
"""
RUN = "from voicecoach.cli import run; run()"


def commands(folder: Path) -> list[list[str]]:
    """Each command that does something, on small things."""
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    rttm = folder / "talk.rttm"
    rttm.write_text("SPEAKER talk 1 0.0 7.0 <NA> <NA> Anna <NA> <NA>\nSPEAKER talk 1 7.4 3.0 <NA> <NA> Ben <NA> <NA>\n")
    with_models = [
        ["analyze", str(fixture.audio), "--out", str(folder / "a")],
        ["listen", "--file", str(fixture.audio), "--speed", "20", "--no-voice", "--plain", "--keep-audio"],
        ["sessions", "export", "last", "--audio", str(folder / "x.flac")],
        ["models", "verify", "segmentation-3.0"],
    ]
    return [
        ["--version"],
        ["models", "list"],
        ["sessions", "list"],
        ["sessions", "show", "last"],
        ["sessions", "rename", "last", "A title"],
        ["sessions", "export", "last", "--out", str(folder / "x.json")],
        ["report", "last", "--out", str(folder / "r")],
        ["privacy"],
        ["analyze", "--segments", str(rttm), "--out", str(folder / "s")],
        ["devices"],
        *with_models,
        ["sessions", "delete", "--all", "--yes"],
        ["privacy", "erase", "--yes"],
    ]


def run(command: list[str], args: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    # models are found by the cache, what is kept by the data folder
    env = {k: v for k, v in os.environ.items() if k != "VOICECOACH_HOME"} | {"XDG_DATA_HOME": str(home)}
    return subprocess.run([*command, *args], env=env, capture_output=True, text=True, timeout=200, check=False)


def apart() -> list[str]:
    """How to run something where there is no network at all; empty where the system does not allow it."""
    for how in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        if shutil.which("unshare") and subprocess.run([*how, "true"], capture_output=True, check=False).returncode == 0:
            return how
    return []


@pytest.fixture
def kept_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VOICECOACH_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("VOICECOACH_KEY", "file")
    keep_one()
    return tmp_path / "share"


@pytest.mark.models
@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
@pytest.mark.skipif(not apart(), reason="this machine does not allow network namespaces")
def test_every_command_works_where_there_is_no_network(kept_home: Path, tmp_path: Path) -> None:
    assert "REACHED" not in run([*apart(), sys.executable, "-c", WATCH], [], kept_home).stderr
    for args in commands(tmp_path):
        done = run([*apart(), sys.executable, "-c", WATCH + RUN], args, kept_home)
        assert "REACHED FOR" not in done.stderr, (args, done.stderr)
        if args != ["devices"]:  # there may be no sound device
            assert done.returncode == 0, (args, done.stderr)


def test_the_watch_sees_what_it_is_to_see(kept_home: Path) -> None:
    for reach in ("socket.getaddrinfo('a.example', 80)", "socket.create_connection(('127.0.0.1', 9))"):
        assert run([sys.executable, "-c", f"{WATCH}\nimport socket\n{reach}"], [], kept_home).returncode == 99


@pytest.mark.models
def test_the_library_of_models_loads_without_asking_anybody(kept_home: Path) -> None:
    """The recogniser's own library knows how to fetch models; loading ours must not try."""
    code = f"{WATCH}\nfrom voicecoach.transcript import Decoder\nDecoder('whisper-base')"
    done = run([sys.executable, "-c", code], [], kept_home)
    assert done.returncode == 0, done.stderr
