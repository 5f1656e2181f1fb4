"""What `voicecoach doctor` finds: nothing is called fine that a session could not use."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from voicecoach import doctor
from voicecoach.audio import Chunk
from voicecoach.coach.voice import Voice
from voicecoach.errors import MisuseError
from voicecoach.store import settings

SYNTHESISER = """
import json, sys
import numpy as np, soundfile
begin = json.loads(input())
print('{"ok": true}', flush=True)
for line in sys.stdin:
    ok = begin["voice"] in sys.argv[1:]
    if ok:
        soundfile.write(json.loads(line)["path"], np.full(8000, 0.2), 16000)
    print(json.dumps({"ok": ok}), flush=True)
"""
"""Starts whatever voice is asked for, and speaks with those given."""


def speaks(monkeypatch: pytest.MonkeyPatch, *voices: str) -> None:
    command = (sys.executable, "-c", SYNTHESISER, *voices)
    monkeypatch.setattr(doctor, "Voice", functools.partial(Voice, command=command))


def find(name: str) -> str:
    if name != "Emma":
        raise MisuseError(f"There is no voice {name!r} on this computer.")
    return "emma-1"


def test_a_voice_that_starts_and_says_nothing_is_no_voice(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    speaks(monkeypatch)
    check = doctor._voice()
    assert check.ok is None
    assert "no sound" in check.what
    assert check.do


def test_the_voice_of_the_settings_is_the_one_that_is_tried(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    speaks(monkeypatch, "emma-1")
    monkeypatch.setattr(doctor, "find_voice", find)
    assert doctor._voice().ok is None
    settings.make()
    settings.path().write_text('voice = "Emma"')
    assert doctor._voice().ok is True
    settings.path().write_text('voice = "Nobody"')
    check = doctor._voice()
    assert check.ok is False
    assert "'Nobody'" in check.do


def test_a_microphone_that_opens_and_gives_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def chunks(self) -> Iterator[Chunk]:
            yield Chunk(np.zeros((0, 1), np.float32), lost=48_000, reason="gone")
            pytest.fail("the doctor waits for it")

        def close(self) -> None: ...

    monkeypatch.setattr(doctor.audio, "list_devices", lambda: [SimpleNamespace(inputs=1)])
    monkeypatch.setattr(doctor.audio, "Microphone", Silent)
    (check,) = doctor._microphone()
    assert check.ok is False
    assert check.what == "The microphone gives no sound."
    assert check.do
