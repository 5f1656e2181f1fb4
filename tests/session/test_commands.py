"""The door for what comes from outside the sound."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from voicecoach.events import Command, Event, SessionEnded, VoiceOn
from voicecoach.session import LiveSession
from voicecoach.store.log import read_log
from voicecoach.testing import FakeDecoder, FakeSource


def test_a_command_from_another_thread_is_on_the_timeline_and_in_the_log(tmp_path: Path) -> None:
    pressed: list[float] = []

    def press(event: Event) -> None:
        if not pressed and session.now_s > 1.0:
            pressed.append(session.now_s)
            for name in ("not now", "stop listening"):
                command = Command(start=0.0, end=0.0, name=name)  # type: ignore[arg-type]
                thread = threading.Thread(target=session.command, args=(command,))
                thread.start()
                thread.join()

    session = LiveSession(
        FakeSource(np.zeros((16_000 * 60, 2), np.float32)),
        ["Anna", "Ben"],
        out=tmp_path,
        speak=False,
        hurry=True,
        decoder=FakeDecoder([]),  # type: ignore[arg-type]
        on_event=press,
    )
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    commands = [r for r in records if isinstance(r, Command)]
    assert [c.name for c in commands] == ["not now", "stop listening"]
    assert all(abs(c.start - pressed[0]) < 0.2 for c in commands)
    assert isinstance(records[-1], SessionEnded)
    assert records[-1].reason == "stopped"
    assert records[-1].end < 5.0
    assert not any(isinstance(r, VoiceOn) for r in records)
