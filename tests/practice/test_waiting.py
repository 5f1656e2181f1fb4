"""Which silences were left alone, and when somebody came in, from times alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.practice.drills.level import Go, level_after
from voicecoach.practice.drills.material import pick
from voicecoach.practice.drills.reply import Stretch
from voicecoach.practice.drills.waiting import Line, waited

LINES = [Line(1, 3, "The tram was late."), Line(4, 6, "I waited with my bag."), Line(8.5, 10, "Then it came.")]


def nothing_is_a_sign(stretch: Stretch) -> bool:
    return False


def test_who_says_nothing_waits_through_every_pause() -> None:
    found = waited(LINES, [], nothing_is_a_sign)
    assert found.pauses_s == (1, 2.5)
    assert found.false_starts == 0
    assert found.share == 1
    assert found.figures["longest_calm_ms"] == 2500


def test_a_story_without_a_pause_that_was_let_be_was_waited_through() -> None:
    assert waited([LINES[0]], [], nothing_is_a_sign).share == 1
    assert waited([LINES[0]], [Stretch(2.0, 2.9, ("You", "should", "walk"))], nothing_is_a_sign).share == 0


def test_coming_into_a_pause_is_measured_from_its_beginning() -> None:
    found = waited(LINES, [Stretch(6.42, 7.5, ("But", "why?"))], nothing_is_a_sign)
    assert found.after_ms == (420,)
    assert found.pauses_s == (1,)
    assert found.share == pytest.approx(1 / 2)


def test_coming_in_over_the_voice_is_a_false_start_too() -> None:
    found = waited(LINES, [Stretch(2.0, 2.9, ("You", "should", "walk"))], nothing_is_a_sign)
    assert (found.over, found.broken, len(found.pauses_s)) == (1, 0, 2)


def test_a_sign_of_listening_is_none() -> None:
    assert waited(LINES, [Stretch(3.2, 3.6, ("Mm-hm.",))], lambda s: True).false_starts == 0


@pytest.mark.parametrize(("words", "sure"), [(("waited", "with", "my"), 0.9), ((), 1.0), (("Waiting", "whiskey"), 0.3)])
@pytest.mark.parametrize("start", [4.5, 6.1])
def test_what_is_left_of_the_voice_itself_is_none(words: tuple[str, ...], sure: float, start: float) -> None:
    assert waited(LINES, [Stretch(start, start + 0.4, words, sure)], nothing_is_a_sign).false_starts == 0


@pytest.mark.parametrize(("until", "over"), [(5.2, 0), (6.5, 1)])
def test_who_makes_the_voice_stop_goes_on_and_its_echo_does_not(until: float, over: int) -> None:
    cut = [LINES[0], Line(4, 4.6, LINES[1].text, cut=True), Line(8, 10, LINES[1].text)]
    assert waited(cut, [Stretch(4.4, until, ("I", "can't", "fold", "it"), 0.8)], nothing_is_a_sign).over == over


def test_what_is_said_after_the_end_is_the_reply() -> None:
    assert waited(LINES, [Stretch(10.2, 13, ("So", "it", "came"))], nothing_is_a_sign).false_starts == 0


def test_a_line_said_again_after_somebody_came_in_makes_no_pause() -> None:
    again = [LINES[0], Line(4, 4.6, LINES[1].text), Line(7, 9, LINES[1].text)]
    found = waited(again, [Stretch(4.3, 6.2, ("But", "why?"))], nothing_is_a_sign)
    assert (found.over, found.pauses_s) == (1, (1,))


@given(st.lists(st.tuples(st.floats(0, 12), st.floats(0.1, 2)), max_size=4))
def test_every_pause_is_either_calm_or_not(spans: list[tuple[float, float]]) -> None:
    stretches = [Stretch(a, a + n, ("no", "really")) for a, n in sorted(spans)]
    found = waited(LINES, stretches, nothing_is_a_sign)
    assert len(found.pauses_s) + found.broken <= len(LINES) - 1
    assert 0 <= found.share <= 1
    assert found.false_starts <= len(stretches) + len(LINES)


def go(level: int, measure: float, answered: bool = True) -> Go:
    return Go(level, measure, answered)


@pytest.mark.parametrize(
    ("goes", "level"),
    [
        ([], 1),
        ([go(1, 1)], 1),
        ([go(1, 1), go(1, 0.8)], 2),
        ([go(1, 1), go(1, 1), go(2, 1)], 2),
        ([go(3, 1), go(3, 1)], 3),
        ([go(2, 0.2), go(2, 0.1)], 1),
        ([go(1, 0), go(1, 0)], 1),
        ([go(1, 1, False), go(1, 1, False)], 1),
        ([go(2, 1, False), go(2, 1, False)], 1),
        ([go(2, 0.5), go(2, 0.6)], 2),
    ],
)
def test_the_level_follows_two_goes_in_a_row(goes: list[Go], level: int) -> None:
    assert level_after(goes) == level


def test_where_waiting_is_practised_the_waiting_alone_makes_it_harder_or_easier() -> None:
    assert level_after([go(2, 1, False), go(2, 1, False)], waits=True) == 3
    assert level_after([go(2, 0.2, False), go(2, 0.2)], waits=True) == 1
    assert level_after([go(2, 0.5, False), go(2, 0.5, False)], waits=True) == 2


def test_everything_comes_once_before_anything_comes_again() -> None:
    items = [f"story {n}" for n in range(7)]
    assert sorted(pick(items, n) for n in range(7)) == sorted(items)
    assert sorted(pick(items, n) for n in range(7, 14)) == sorted(items)
    assert [pick(items, n) for n in range(7)] != items
