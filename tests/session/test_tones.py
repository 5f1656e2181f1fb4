"""How voices sound is the same live and in a recording, and reaches the log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from truth import fixtures

from voicecoach.events import Tension, Tone
from voicecoach.samples import RATE
from voicecoach.session import LiveSession, analyze
from voicecoach.store.log import read_log
from voicecoach.testing import FakeDecoder, FakeSource

pytestmark = pytest.mark.models


def live(samples: np.ndarray, people: Sequence[str], out: Path) -> list[Tone | Tension]:
    source = FakeSource(samples, kind="recording")
    LiveSession(source, people, out=out, speak=False, hurry=True, decoder=FakeDecoder([])).run()
    return [r for r in read_log(out / "events.jsonl") if isinstance(r, (Tone, Tension))]


def test_live_and_recorded_voices_sound_the_same_and_one_turned_up_is_raised(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["kitchen_table"])
    sound, _ = soundfile.read(fixture.audio, frames=28 * RATE, dtype="float32", always_2d=True)
    soundfile.write(tmp_path / "talk.wav", sound, RATE)
    told = live(sound, fixture.people, tmp_path / "live")
    tones = [t for t in told if isinstance(t, Tone)]
    analyze(tmp_path / "talk.wav", speakers=fixture.people, out=tmp_path / "recorded")
    again = [r for r in read_log(tmp_path / "recorded" / "events.jsonl") if isinstance(r, Tone)]
    assert len(tones) == len(again) >= 8
    for one, two in zip(*(sorted(ts, key=lambda t: (t.start, t.speaker)) for ts in (tones, again)), strict=True):
        assert (one.start, one.end, one.speaker) == (two.start, two.end, two.speaker)
        assert (one.raised, one.louder_db, one.higher_st) == pytest.approx(
            (two.raised, two.louder_db, two.higher_st),
            abs=0.02,  # a recording is held in 16 bits
        )
    assert max(t.raised for t in tones) < 0.5
    assert all(t.value < 0.4 for t in told if isinstance(t, Tension))

    anna, later_s = fixture.people[0], 18.0
    louder = sound.copy()
    louder[int(later_s * RATE) :, 0] *= 3.5
    turned_up = [t for t in live(louder, fixture.people, tmp_path / "louder") if isinstance(t, Tone)]
    assert [t for t in turned_up if t.end < later_s] == [t for t in tones if t.end < later_s]
    raised = [t.raised for t in turned_up if t.start > later_s and t.speaker == anna]
    assert len(raised) >= 3
    assert np.mean(raised) > 0.5
