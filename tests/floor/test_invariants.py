from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from invariants import broken, differences, heard, renamed, shifted
from invariants import given as marked
from scenes import Stretch, provisional, run, signals

from voicecoach.events import Interruption, Record, Word
from voicecoach.floor import Cues

SAID = st.sampled_from(
    ["Mm-hm.", "yes", "I went to the", "That is what I wanted to say.", "On Tuesday?", "because", "right", "$", ""]
)
WAYS = pytest.mark.parametrize("way", [marked, heard], ids=["given", "heard"])
Way = Callable[..., list[Record]]


@st.composite
def conversations(draw: st.DrawFn) -> list[Stretch]:
    """Up to three people, each on their own line of time with true silences; times on a grid of 1/16 s."""
    out: list[Stretch] = []
    for who in ("A", "B", "C")[: draw(st.integers(1, 3))]:
        at = draw(st.integers(0, 48))
        for _ in range(draw(st.integers(0, 6))):
            length = draw(st.integers(2, 64))
            out.append((at / 16, (at + length) / 16, who, draw(SAID)))
            at += length + draw(st.integers(1, 64))
    return sorted(out) or [(0.0, 1.0, "A", "yes")]


@WAYS
@settings(max_examples=60, deadline=None)
@given(stretches=conversations())
def test_times_add_up(way: Way, stretches: list[Stretch]) -> None:
    assert not list(broken(way(stretches), stretches))


@WAYS
@settings(max_examples=40, deadline=None)
@given(stretches=conversations(), by_s=st.sampled_from([1.0, 64.0, 4096.0]))
def test_later_is_the_same_later(way: Way, stretches: list[Stretch], by_s: float) -> None:
    assert not list(differences(way(stretches), way(shifted(stretches, by_s)), by_s))


@WAYS
@settings(max_examples=40, deadline=None)
@given(stretches=conversations(), names=st.permutations(["Anna", "Ben", "Cleo"]))
def test_names_do_not_matter(way: Way, stretches: list[Stretch], names: list[str]) -> None:
    starts = [a for a, *_ in stretches]
    assume(len(set(starts)) == len(starts))  # who of two that start at once comes first is told by the alphabet
    others = dict(zip("ABC", names, strict=True))
    assert not list(differences(way(stretches), way(renamed(stretches, others)), names=others))


@settings(max_examples=40, deadline=None)
@given(conversations(), st.sampled_from([0.032, 0.25, 1.0]), st.sampled_from([0.3, 2.0]))
def test_neither_the_grain_of_the_clock_nor_late_words_change_what_happened(
    stretches: list[Stretch], tick_s: float, late_s: float
) -> None:
    assert not list(differences(heard(stretches), heard(stretches, tick_s=tick_s, late_s=late_s)))


@settings(max_examples=40, deadline=None)
@given(conversations(), st.randoms(use_true_random=False))
def test_the_order_in_which_signals_arrive_does_not_matter(stretches: list[Stretch], random: object) -> None:
    """Words come in any order before it is said that all are known; voices of different people at one time too."""
    plain = signals(stretches)
    words = [e for e in plain if isinstance(e, Word)]
    random.shuffle(words)  # type: ignore[attr-defined]
    early = [*words, *(e for e in plain if not isinstance(e, Word))]
    assert not list(differences(run(plain), run(early)))


@pytest.mark.parametrize("name", Cues.__dataclass_fields__)
@WAYS
@settings(max_examples=10, deadline=None)
@given(stretches=conversations())
def test_any_cue_may_be_missing(way: Way, name: str, stretches: list[Stretch]) -> None:
    assert not list(broken(way(stretches, Cues(**{name: False})), stretches))


@WAYS
@settings(max_examples=40, deadline=None)
@given(stretches=conversations())
def test_without_words_nothing_is_sure(way: Way, stretches: list[Stretch]) -> None:
    blind = [(a, b, who, "") for a, b, who, _ in stretches]
    records = way(blind)
    assert not list(broken(records, blind))
    assert all(r.confidence < 0.6 for r in records if isinstance(r, Interruption))


@settings(max_examples=60, deadline=None)
@given(conversations())
def test_voices_that_somebody_marked_are_judged_as_if_they_were_heard(stretches: list[Stretch]) -> None:
    blind = [(a, b, who, "") for a, b, who, _ in stretches]
    told = signals(blind)
    assert not list(differences(run(told, words=False), marked(blind)))


@settings(max_examples=60, deadline=None)
@given(conversations(), st.sampled_from([0.032, 0.1, 0.7]))
def test_what_is_shown_as_possible_is_confirmed_or_taken_back_once(stretches: list[Stretch], tick_s: float) -> None:
    told = [e for _, e in provisional(signals(stretches, tick_s=tick_s))]
    shown = [(e.start, e.speaker, e.interrupted) for e in told if e.status == "provisional"]
    over = [(e.start, e.speaker, e.interrupted) for e in told if e.status != "provisional"]
    assert len(set(shown)) == len(shown)
    assert len(set(over)) == len(over)
    assert set(shown) <= set(over)
