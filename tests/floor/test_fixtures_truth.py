from __future__ import annotations

import pytest
from scenes import run, signals
from truth import Fixture, explain, fixtures, match_events

from voicecoach.events import Speech, Word

TYPES = ("speech", "turn", "pause", "gap", "backchannel", "overlap", "interruption")


@pytest.mark.parametrize("fixture", fixtures("2ch"), ids=str)
def test_true_voices_and_words_give_the_true_events(fixture: Fixture) -> None:
    stretches = [(e.start, e.end, e.speaker, "") for e in fixture.truth if isinstance(e, Speech)]
    words = [e for e in fixture.truth if isinstance(e, Word)]
    scores = match_events(run(signals(stretches, words=words)), fixture.truth, types=TYPES)
    assert all(not s.missed and not s.extra for s in scores.values()), explain(scores)
