"""Commands said by two synthetic voices, through real hearing and the real recogniser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voicecoach.audio import FileSource
from voicecoach.events import Command, Event, Turn
from voicecoach.session import LiveSession
from voicecoach.transcript import Decoder

pytestmark = pytest.mark.models
FOLDER = Path(__file__).parents[2] / "audio_fixtures" / "coach"
NEAR_S = 0.5


def test_spoken_commands_are_heard_and_talk_that_is_like_them_is_not(tmp_path: Path) -> None:
    expected = json.loads((FOLDER / "commands.expected.json").read_text(encoding="utf-8"))
    events: list[Event] = []
    session = LiveSession(
        FileSource(FOLDER / "commands.flac", speed=None), ["Anna", "Ben"], out=tmp_path, speak=False, hurry=True,
        decoder=Decoder(), on_event=events.append,
    )  # fmt: skip
    session.run()
    heard = [e for e in events if isinstance(e, Command)]
    missed = []
    for which, who, name in expected["commands"]:
        start = expected["times"][which][0]
        found = [c for c in heard if (c.speaker, c.name) == (who, name) and abs(c.start - start) <= NEAR_S]
        heard = [c for c in heard if c not in found]
        missed += [] if found else [(which, name)]
    assert heard == [], "nothing else is a command"
    assert len(missed) <= 2, missed  # of a lone "Coach, pause." the recogniser sometimes writes nothing at all
    talk = " ".join(e.text for e in events if isinstance(e, Turn)).lower()
    assert "my coach said that we should pause" in talk
    assert "never liked" not in talk, "said in the time out, so nobody's business"
    assert "how are we doing" not in talk
    assert "coach, go on" not in talk
