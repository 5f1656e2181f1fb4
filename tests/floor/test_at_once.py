"""Two who begin or stop at once, which hearing cannot put in order, and how soon a moment is told."""

from __future__ import annotations

import pytest
from scenes import Stretch, provisional, run, signals

from voicecoach.events import Backchannel, Interruption, Overlap


def cuts(stretches: list[Stretch]) -> list[Interruption]:
    return [e for e in run(signals(stretches, words=[]), words=False) if isinstance(e, Interruption)]


@pytest.mark.parametrize("ahead_s", [-0.15, -0.05, 0.0, 0.05, 0.15])
def test_of_two_who_begin_at_once_the_one_who_gives_up_came_in(ahead_s: float) -> None:
    (cut,) = cuts([(5, 6.5, "A", ""), (5 - ahead_s, 9, "B", "")])
    assert (cut.speaker, cut.interrupted, cut.kind, cut.yielded) == ("A", "B", "failed", "A")
    assert cut.start == pytest.approx(5), "A's start, whoever was first"
    assert cut.overlap_s == pytest.approx(6.5 - max(5, 5 - ahead_s))


def test_who_begins_later_than_that_came_in() -> None:
    (cut,) = cuts([(5, 6.5, "A", ""), (5.3, 9, "B", "")])
    assert (cut.speaker, cut.interrupted, cut.kind) == ("B", "A", "successful")


def test_what_was_shown_the_other_way_round_is_taken_back() -> None:
    stretches = [
        (5.0, 6.5, "A", "I thought that we should go to the"),
        (5.1, 9.0, "B", "We could stay here all day long."),
    ]
    told = [(e.speaker, e.status) for _, e in provisional(signals(stretches))]
    assert told == [("B", "provisional"), ("A", "confirmed"), ("B", "withdrawn")]


@pytest.mark.parametrize("tail_s", [-0.1, 0.0, 0.1])
def test_who_stops_together_with_another_does_not_make_them_a_listener(tail_s: float) -> None:
    records = run(signals([(0, 5 + tail_s, "A", ""), (4.5, 5, "B", "")], words=[]), words=False)
    assert not [e for e in records if isinstance(e, Backchannel)]
    assert [e.kind for e in records if isinstance(e, Overlap)] != ["backchannel"]


def test_a_verdict_comes_as_soon_as_the_other_speaks_on_alone() -> None:
    talk = "I was at the office all day and then my sister called because the"
    stretches = [(0.0, 5.0, "A", talk), (4.2, 9.0, "B", "But we said that we would sell it to them.")]
    ((at, cut),) = [(t, e) for t, e in provisional(signals(stretches, late_s=0.3)) if e.status == "confirmed"]
    assert (cut.speaker, cut.yielded) == ("B", "A")
    assert at - 5.0 == pytest.approx(0.6, abs=0.11), "the grain of the clock is 0.1 s"
