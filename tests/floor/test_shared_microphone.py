"""One microphone for two: what is said under another's voice is written down for both, so words prove less."""

from __future__ import annotations

import pytest
from scenes import Stretch, signals, spread

from voicecoach.events import Backchannel, Event, Interruption, Overlap, Word
from voicecoach.floor import Floor

TALK = "I was at the office all day and then my sister called about the house and the garden"
BOTH = "then my sister"  # what of TALK sounds from 3.7 s on


def heard(stretches: list[Stretch], words: list[Word], *, shared: bool) -> list[Event]:
    floor = Floor(shared=shared)
    out = [e for event in signals(stretches, words=words) for e in floor.push(event)] + floor.finish()
    kept = [e for e in out if isinstance(e, Backchannel | Overlap | Interruption)]
    return [e for e in kept if getattr(e, "status", "confirmed") == "confirmed"]


def scene(start: float, end: float, said: str) -> tuple[list[Stretch], list[Word]]:
    return [(0, 8, "A", TALK), (start, end, "B", "")], [*spread(0, 8, "A", TALK), *spread(start, end, "B", said)]


def test_the_other_s_words_in_a_short_sound_do_not_make_it_a_remark() -> None:
    stretches, words = scene(4.6, 5.1, BOTH)
    assert [type(e) for e in heard(stretches, words, shared=True) if not isinstance(e, Overlap)] == [Backchannel]
    assert not [e for e in heard(stretches, words, shared=False) if isinstance(e, Backchannel)]


def test_own_words_still_count() -> None:
    stretches, words = scene(4.6, 5.5, "I only wanted to")
    (cut,) = [e for e in heard(stretches, words, shared=True) if isinstance(e, Interruption)]
    assert (cut.speaker, cut.kind, cut.yielded) == ("B", "failed", "B")


@pytest.mark.parametrize(("length_s", "backchannel"), [(0.1, False), (0.4, True), (0.6, True), (0.8, False)])
def test_a_sound_without_words_is_known_by_its_length(length_s: float, backchannel: bool) -> None:
    stretches, words = scene(4.0, 4.0 + length_s, "")
    found = heard(stretches, words, shared=True)
    assert any(isinstance(e, Backchannel) for e in found) == backchannel


def test_a_longer_sound_without_words_on_a_microphone_of_one_s_own_is_one_all_the_same() -> None:
    stretches, words = scene(4.0, 4.8, "")
    assert any(isinstance(e, Backchannel) for e in heard(stretches, words, shared=False))


@pytest.mark.parametrize(("shared", "cut"), [(True, True), (False, False)])
def test_a_whole_sentence_heard_through_another_s_voice_excuses_no_lost_start(*, shared: bool, cut: bool) -> None:
    stretches, words = scene(4.6, 5.7, "You are right.")
    found = [e for e in heard(stretches, words, shared=shared) if isinstance(e, Interruption)]
    assert [(e.speaker, e.kind) for e in found] == ([("B", "failed")] if cut else [])
    assert all(e.confidence < 0.5 for e in found), "a moment to look at, not one to speak about"


@pytest.mark.parametrize(("shared", "last_s", "cut"), [(True, 3.6, False), (True, 3.0, True), (False, 3.6, True)])
def test_a_last_word_heard_through_the_next_speaker_s_voice_leaves_nothing_open(
    *, shared: bool, last_s: float, cut: bool
) -> None:
    stretches = [(0.0, 4.0, "A", ""), (3.6, 8.0, "B", "")]
    own = [
        *spread(0, last_s, "A", "I asked my brother to come a little."),
        Word(start=last_s, end=4.0, speaker="A", word="Then"),
    ]
    words = [*own, *spread(3.6, 8, "B", "That was kind of him and what did he say to you")]
    found = [e for e in heard(stretches, words, shared=shared) if isinstance(e, Interruption)]
    assert [e.speaker for e in found if e.yielded] == (["B"] if cut else [])


def test_a_short_remark_heard_through_another_s_voice_is_still_help() -> None:
    stretches, words = scene(4.6, 5.3, "You are right.")
    assert [e.kind for e in heard(stretches, words, shared=True) if isinstance(e, Overlap)] == ["cooperative"]


def test_a_short_wordless_sound_while_the_other_pauses_is_a_sign_of_listening() -> None:
    stretches: list[Stretch] = [(0, 3, "A", TALK[:40]), (3.3, 3.7, "B", ""), (4.0, 8, "A", TALK[40:])]
    words = [*spread(0, 3, "A", TALK[:40]), *spread(4, 8, "A", TALK[40:])]
    (sign,) = [e for e in heard(stretches, words, shared=False) if isinstance(e, Backchannel)]
    assert (sign.speaker, sign.to) == ("B", "A")


@pytest.mark.parametrize(
    ("begins", "shared", "sign"),
    [(4.0, True, False), (3.8, True, False), (4.3, True, True), (4.0, False, True)],
)
def test_a_sound_that_another_s_turn_follows_on_may_be_the_first_of_it(
    begins: float, *, shared: bool, sign: bool
) -> None:
    stretches: list[Stretch] = [(0, 3, "A", ""), (3.6, 4.0, "B", ""), (begins, 8, "A", "")]
    words = [*spread(0, 3, "A", TALK[:40]), *spread(begins, 8, "A", TALK[40:])]
    assert any(isinstance(e, Backchannel) for e in heard(stretches, words, shared=shared)) == sign
