from __future__ import annotations

import pytest
from scenes import Stretch, provisional, run, signals

from voicecoach.events import Backchannel, Gap, Interruption, Overlap, Speech, Turn

TALK = "I was at the office all day and then my sister called about the house and the garden"


def of(kind: type, stretches: list[Stretch]) -> list:
    return [e for e in run(signals(stretches)) if isinstance(e, kind)]


def test_a_pause_under_200_ms_does_not_divide_an_ipu() -> None:
    assert [(s.start, s.end) for s in of(Speech, [(1, 2, "A", "one"), (2.15, 3, "A", "two")])] == [(1, 3)]


def test_a_longer_pause_does_but_the_turn_goes_on() -> None:
    records = run(signals([(1, 2, "A", "so I went"), (2.5, 4, "A", "to the house.")]))
    assert [r.type for r in records] == ["speech", "turn", "pause", "speech"]
    assert [r.text for r in records if isinstance(r, Turn)] == ["so I went to the house."]


def test_a_floor_change_has_an_offset() -> None:
    (gap,) = of(Gap, [(0, 3, "A", "How was it there?"), (3.4, 6, "B", "It was good.")])
    assert (gap.previous, gap.speaker) == ("A", "B")
    assert gap.fto_s == pytest.approx(0.4)


@pytest.mark.parametrize("said", ["Mm-hm.", "Yeah.", "Right.", "I see.", "Oh no."])
def test_signs_of_listening_are_never_interruptions(said: str) -> None:
    records = run(signals([(0, 8, "A", TALK), (4, 4.5, "B", said)]))
    assert [(r.speaker, r.to) for r in records if isinstance(r, Backchannel)] == [("B", "A")]
    assert not [r for r in records if isinstance(r, Interruption)]
    assert [r.speaker for r in records if isinstance(r, Turn)] == ["A"]


def test_starting_in_the_last_moments_of_a_finished_turn_is_no_interruption() -> None:
    records = run(
        signals([(0, 4, "A", "I called my sister about the house."), (3.8, 7, "B", "What did she say to you?")])
    )
    assert [r.kind for r in records if isinstance(r, Overlap)] == ["terminal"]
    assert not [r for r in records if isinstance(r, Interruption)]


def test_who_gives_up_unfinished_was_interrupted() -> None:
    (cut,) = of(Interruption, [(0, 5, "A", TALK + " because the"), (4.2, 9, "B", "But we said that we would sell it.")])
    assert (cut.kind, cut.speaker, cut.interrupted, cut.yielded) == ("successful", "B", "A", "A")
    assert cut.yielded_at == pytest.approx(5)
    assert cut.overlap_s == pytest.approx(0.8)
    assert cut.words_cut.endswith("because the")
    assert cut.confidence >= 0.8


def test_who_breathes_before_the_word_at_which_they_are_cut_off_was_interrupted() -> None:
    talk = (0, 4, "A", TALK + " and I am so tired")
    (cut,) = of(Interruption, [talk, (4.3, 5, "A", "because"), (4.5, 9, "B", "But we said that we would sell it.")])
    assert (cut.kind, cut.speaker, cut.yielded) == ("successful", "B", "A")
    bid = [(0, 0.7, "A", "and"), (0.2, 9, "B", "But we said that we would sell it.")]
    assert not [c for c in of(Interruption, bid) if c.yielded]


def test_a_lost_start_is_a_failed_one() -> None:
    (cut,) = of(Interruption, [(0, 8, "A", TALK), (3, 4.1, "B", "But I thought that the")])
    assert (cut.kind, cut.yielded) == ("failed", "B")


def test_the_floor_taken_in_a_mid_sentence_pause_is_a_silent_one() -> None:
    (cut,) = of(
        Interruption, [(0, 4, "A", "and then I told her that my"), (4.4, 8, "B", "You never told me any of it.")]
    )
    assert (cut.kind, cut.yielded, cut.overlap_s) == ("silent", "A", 0)


def test_a_short_question_inside_anothers_talk_is_cooperative() -> None:
    records = run(signals([(0, 8, "A", TALK), (4, 4.7, "B", "On Tuesday?")]))
    assert [r.kind for r in records if isinstance(r, Overlap)] == ["cooperative"]
    assert not [r for r in records if isinstance(r, Interruption)]


def test_a_possible_interruption_is_told_early_and_taken_back_if_it_was_none() -> None:
    taken = provisional(signals([(0, 5, "A", TALK + " because the"), (4.2, 9, "B", "But we said that we would.")]))
    assert [e.status for _, e in taken] == ["provisional", "confirmed"]
    assert taken[0][0] - 4.2 <= 0.25  # the clock ticks every 0.1 s
    assert taken[1][0] - 5 <= 1.5
    back = provisional(signals([(0, 9, "A", TALK), (4, 4.7, "B", "On Tuesday?")]))
    assert [e.status for _, e in back] == ["provisional", "withdrawn"]


def test_unwritten_people_are_no_problem() -> None:
    assert run(signals([(0, 1, "", "hello there")]))
