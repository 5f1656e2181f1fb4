"""What was said is on the screen and in the encrypted file, and nowhere else: no trace, title, argument or file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alone import RUN
from kept import SECRET, keep_one
from truth import fixtures

from voicecoach import models

CRASH = f"""
import resource
from voicecoach import report
def broken(records):
    raise RuntimeError("in the middle of: " + records[1].word)
report.transcript_lines = broken
import atexit
atexit.register(lambda: print("CORE", resource.getrlimit(resource.RLIMIT_CORE)[0]))
{RUN}
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it writes no cores")
def test_a_crash_tells_where_it_was_and_not_what_was_said(home: Path) -> None:
    keep_one()
    env = {k: v for k, v in os.environ.items() if k != "VOICECOACH_DEBUG"}
    command = [sys.executable, "-c", CRASH, "sessions", "show", "last"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "RuntimeError" in done.stderr
    assert "line " in done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr + done.stdout
    assert "CORE 0" in done.stdout


@pytest.mark.models
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere these variables do not say where programs write")
def test_a_session_leaves_its_words_in_no_other_file_and_no_title(tmp_path: Path) -> None:
    """Everything that a program of this user writes to lies below one folder, which is searched while it runs, too."""
    import pty

    (fixture,) = fixtures("2ch", names=["clean_turns"])
    homes = ["HOME", "TMPDIR", "XDG_RUNTIME_DIR", *(f"XDG_{x}_HOME" for x in ("DATA", "CONFIG", "STATE", "CACHE"))]
    env = os.environ | {name: str(tmp_path / name) for name in homes} | {"TERM": "xterm", "VOICECOACH_KEY": "file"}
    env.pop("VOICECOACH_HOME", None)
    for name in homes:
        (tmp_path / name).mkdir(mode=0o700)
    (tmp_path / "XDG_CACHE_HOME" / "voicecoach").mkdir()
    (tmp_path / "XDG_CACHE_HOME" / "voicecoach" / "models").symlink_to(models.path("whisper-base").parent)
    ours, theirs = pty.openpty()
    args = ["listen", "--file", str(fixture.audio), "--speed", "20", "--no-voice", "--keep-audio"]
    program = subprocess.Popen([sys.executable, "-c", RUN, *args], env=env, stdout=theirs, stderr=theirs, stdin=theirs)
    os.close(theirs)
    shown, found = bytearray(), set[Path]()
    said = [word.encode() for word in ("schedule", "earlier", "Mondays", "Fridays")]
    while True:
        try:
            shown += os.read(ours, 1 << 16)
        except OSError:  # it has ended
            break
        found |= {path for path in (*tmp_path.rglob("*"), *Path("/proc").glob("[0-9]*/cmdline")) if _holds(path, said)}
        time.sleep(0.05)
    os.close(ours)
    assert program.wait(timeout=60) == 0, shown[-2000:]
    assert any(word in shown for word in said)  # on the screen it is
    assert found | {path for path in tmp_path.rglob("*") if _holds(path, said)} == set()
    assert list((tmp_path / "TMPDIR").iterdir()) == []
    assert b"\x1b]" not in shown  # which sets a terminal's title
    others = [p for p in tmp_path.rglob("*") if p.is_file() and "XDG_DATA_HOME" not in p.parts]
    assert others == []


def _holds(path: Path, words: list[bytes]) -> bool:
    try:
        raw = path.read_bytes() if path.is_file() else b""
    except OSError:  # gone meanwhile
        return False
    return any(word in raw for word in words)
