from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
    assert taken[0][0] - 4.2 <= 0.6 + 1e-6
    assert taken[1][0] - 5 <= 1.5
    back = provisional(signals([(0, 9, "A", TALK), (4, 4.7, "B", "On Tuesday?")]))
    assert [e.status for _, e in back] == ["provisional", "withdrawn"]


def test_unwritten_people_are_no_problem() -> None:
    assert run(signals([(0, 1, "", "hello there")]))


SAID = st.sampled_from(
    ["Mm-hm.", "yes", "I went to the", "That is what I wanted to say.", "On Tuesday?", "because", ""]
)


@st.composite
def conversations(draw: st.DrawFn) -> list[Stretch]:
    """Up to three people, each on their own line of time with true silences; times on a grid of 50 ms."""
    out: list[Stretch] = []
    for who in ("A", "B", "C")[: draw(st.integers(1, 3))]:
        at = draw(st.integers(0, 60))
        for _ in range(draw(st.integers(0, 6))):
            length = draw(st.integers(2, 80))
            out.append((at / 20, (at + length) / 20, who, draw(SAID)))
            at += length + draw(st.integers(1, 80))
    return sorted(out) or [(0.0, 1.0, "A", "yes")]


def overlapping(spans: list[tuple[float, float]]) -> bool:
    spans = sorted(spans)
    return any(b[0] < a[1] - 1e-9 for a, b in itertools.pairwise(spans))


@settings(max_examples=60, deadline=None)
@given(conversations())
def test_invariants(stretches: list[Stretch]) -> None:
    records = run(signals(stretches))
    assert all(r.start <= r.end for r in records)
    for who in {s[2] for s in stretches}:
        speech = [r for r in records if isinstance(r, Speech) and r.speaker == who]
        turns = [r for r in records if isinstance(r, Turn) and r.speaker == who]
        assert not overlapping([(s.start, s.end) for s in speech])
        assert not overlapping([(t.start, t.end) for t in turns])
        total = sum(s.end - s.start for s in speech)
        told = sum(b - a for a, b, w, _ in stretches if w == who)
        assert told - 1e-6 <= total <= told + 0.2 * len(stretches) + 1e-6
        assert sum(t.speech_s for t in turns) <= total + 1e-6


@settings(max_examples=40, deadline=None)
@given(conversations(), st.sampled_from([0.032, 0.25]), st.sampled_from([0.3, 2.0]))
def test_neither_the_grain_of_the_clock_nor_late_words_change_what_happened(
    stretches: list[Stretch], tick_s: float, late_s: float
) -> None:
    assert run(signals(stretches)) == run(signals(stretches, tick_s=tick_s, late_s=late_s))


@settings(max_examples=30, deadline=None)
@given(conversations())
def test_names_do_not_matter(stretches: list[Stretch]) -> None:
    names = {"A": "Anna", "B": "Ben", "C": "Cleo"}  # the same order by alphabet: simultaneous starts are told in it
    renamed = run(signals([(a, b, names[w], t) for a, b, w, t in stretches]))

    def rename(value: object) -> object:
        return names.get(value, value) if isinstance(value, str) else value

    for before, after in zip(run(signals(stretches)), renamed, strict=True):
        fields = [f.name for f in dataclasses.fields(before)]
        assert {f: rename(getattr(before, f)) for f in fields} == {f: getattr(after, f) for f in fields}
