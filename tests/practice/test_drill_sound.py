"""Drills for real: a voice through a loudspeaker that the microphone hears, somebody who answers; a pair, one each.

`scripts/bench drills` does the same with every drill, done well, poorly, and in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sound
import soundfile
from drill_aloud import DrillAloud
from truth import FOLDER

from voicecoach.coach.voice import Voice
from voicecoach.store import keys
from voicecoach.store.practice import add_attempt

pytestmark = [
    pytest.mark.sound,
    pytest.mark.models,
    pytest.mark.skipif(bool(sound.missing()), reason=f"not installed: {sound.missing()}"),
]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place of one's own for what is kept, in which both have practised once: the introduction is short."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("VOICECOACH_KEY", "file")
    with Voice() as voice:
        if not voice.available:
            pytest.skip(voice.reason)
    for drill, name in (("hold", "Anna"), ("mirror", "Anna"), ("mirror", "Ben")):
        add_attempt(name, drill, level=1, date="2026-01-01T10:00", figures={"measure": 0.5, "answered": 1.0})
    yield tmp_path
    keys._known.clear()


def test_a_story_is_told_through_the_loudspeaker_and_its_echo_is_nobody(kept: Path) -> None:
    with sound.PulseServer(channels=1) as pulse:
        pulse.echo(60)
        drill = DrillAloud(pulse, kept, "hold", reply=["drill_thanks"])
        gone = drill.run("--as", "Anna")
    assert gone.figures["false_starts"] == 0, (gone, drill.lines)
    assert gone.figures["calm"] == 3, (gone, drill.lines)
    assert 500 < gone.figures["longest_calm_ms"] < 2600
    assert (gone.figures["answered"], gone.figures["measure"]) == (1, 1)
    assert [line for line in drill.lines if line.startswith("Anna: ") and "telling me" in line], drill.lines
    assert any("2 times" in line for line in drill.lines), "its curve is shown at the end"


def test_a_pair_takes_turns_and_what_one_told_the_other_says_back(kept: Path) -> None:
    """Ben tells something of his own; Anna says it back: his words, written down just now, are her task."""
    with sound.PulseServer() as pulse:
        names = {name: _at(kept, name) for name in ("ben_told", "anna_back")}
        drill = DrillAloud(
            pulse, kept, "mirror", reply=[names["anna_back"]], on={"Ben, tell Anna": names["ben_told"]}, rate=240
        )
        gone = drill.run("--as", "Anna", "--with", "Ben", "--channels", "2")
    assert gone.person == "Anna"
    assert gone.figures["answered"] == 1, drill.lines
    assert gone.figures["points"] >= 1, drill.lines
    assert gone.figures["measure"] > 0.3
    assert any(line.startswith("Ben: ") and "guest" in line for line in drill.lines), drill.lines


def _at(folder: Path, name: str) -> str:
    """A line of the check-in's fixtures at its speaker's microphone, the other silent; where it is."""
    said, rate = soundfile.read(FOLDER / f"checkin_{name}.flac", dtype="float32")
    both = np.zeros((len(said), 2), np.float32)
    both[:, 0 if name.startswith("anna") else 1] = said
    soundfile.write(folder / f"{name}.flac", both, rate)
    return str(folder / name)
