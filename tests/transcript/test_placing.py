from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.transcript.jobs import Heard
from voicecoach.transcript.placing import holes, place


def test_words_that_wander_into_silence_are_brought_back() -> None:
    out = place([Heard("so", 0.1, 0.9), Heard("yes", 1.1, 2.9), Heard("no", 2.9, 3.6)], [(0.5, 1.5), (3.0, 3.5)])
    assert [(h.word, h.start, h.end) for h in out] == [("so", 0.5, 0.9), ("yes", 1.1, 1.5), ("no", 3.0, 3.5)]


def test_words_far_from_any_voice_are_dropped() -> None:
    assert place([Heard("Thanks", 5.0, 5.5)], [(0.5, 1.5)]) == []


def test_a_hole_is_voice_without_words() -> None:
    found = [Heard("a", 0.0, 1.0), Heard("b", 2.5, 3.0)]
    assert holes(found, [(0.0, 3.0), (3.5, 4.5)], 0.8) == [(1.0, 2.5), (3.5, 4.5)]
    assert holes(found, [(0.0, 1.2), (2.4, 3.0)], 0.5) == []


spans = st.lists(st.integers(1, 40), min_size=2, max_size=12).map(
    lambda steps: [(sum(steps[:i]) * 0.05, sum(steps[: i + 1]) * 0.05) for i in range(1, len(steps), 2)]
)
heard = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=12).map(
    lambda steps: [
        Heard(str(i), sum(a for a, _ in steps[: i + 1]) * 0.05, sum(a for a, _ in steps[: i + 1]) * 0.05 + b * 0.05)
        for i, (_, b) in enumerate(steps)
    ]
)


@given(heard, spans)
def test_placed_words_keep_their_order_and_lie_in_a_voice(
    words: list[Heard], voiced: list[tuple[float, float]]
) -> None:
    out = place(words, voiced)
    assert [int(h.word) for h in out] == sorted(int(h.word) for h in out)
    for h in out:
        assert any(a - 1e-9 <= h.start <= h.end <= b + 1e-9 for a, b in voiced)
    assert [h.start for h in out] == pytest.approx(sorted(h.start for h in out))
