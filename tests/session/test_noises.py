"""What is no speech gives no words, with the real recogniser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from noises import KINDS

from voicecoach.events import Speech, Word
from voicecoach.session import LiveSession
from voicecoach.store.log import read_log
from voicecoach.testing import FakeSource

pytestmark = pytest.mark.models


def test_rooms_keys_coughs_laughter_and_music_give_no_words(tmp_path: Path) -> None:
    sound = np.concatenate([make(np.random.default_rng(3), 8.0) for make in KINDS.values()])
    both = np.stack((sound, 0.18 * sound), axis=1)
    LiveSession(FakeSource(both), ("A", "B"), out=tmp_path, speak=False, hurry=True).run()
    records = read_log(tmp_path / "events.jsonl")
    assert [r for r in records if isinstance(r, Speech)], "nothing came to the recogniser, so this shows nothing"
    assert not [r.word for r in records if isinstance(r, Word)]


def test_laughter_that_sounds_like_words_gives_none(tmp_path: Path) -> None:
    """In these seconds the recogniser heard "That's a- that's a-" and "I'm sorry"."""
    sound = KINDS["laughter"](np.random.default_rng(21), 240.0)[82 * 16_000 : 95 * 16_000]
    both = np.stack((sound, 0.18 * sound), axis=1)
    LiveSession(FakeSource(both), ("A", "B"), out=tmp_path, speak=False, hurry=True).run()
    records = read_log(tmp_path / "events.jsonl")
    assert sum(r.end - r.start for r in records if isinstance(r, Speech)) > 4.0
    assert not [r.word for r in records if isinstance(r, Word)]
