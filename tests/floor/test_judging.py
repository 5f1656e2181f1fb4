from __future__ import annotations

import pytest
from invariants import given, heard
from scenes import Stretch, run, signals

from voicecoach.coach.policy import SURE
from voicecoach.events import Backchannel, Interruption, Overlap
from voicecoach.floor.judge import OPEN
from voicecoach.floor.lexicon import lexicon, tokenise

FIRST = (0.0, 4.0, "A", "We went to the house of my sister in the spring.")


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("I told her that the", "article"),
        ("I told her that the.", "article"),
        ("what I meant was", "auxiliary"),
        ("we were in the hou-", "cut"),
        ("she said we --", "cut"),
        ("she said we...", "cut"),
        ("I was late because we.", "clause"),
        ("and then because it", "clause"),
        ("so did I.", "either_way"),
        ("and it", "subject"),
        ("we just", "phrase"),
        ("that is uh", "phrase"),
        ("and um", "loose"),
        ("I like it", "either_way"),
        ("I heard about that", "done"),
        ("mm-hm", "done"),
        ("", "done"),
    ],
)
def test_what_a_text_ends_in(text: str, ending: str) -> None:
    assert lexicon().ending(text) == ending


@pytest.mark.parametrize(
    ("text", "mark"),
    [("Yes.", "full_stop"), ("“No!”", "full_stop"), ("Who?", "question_mark"), ("Yes,", "no_stop"), ("", "no_stop")],
)
def test_how_a_text_is_closed(text: str, mark: str) -> None:
    assert lexicon().mark(text) == mark


@pytest.mark.parametrize(
    ("text", "yielded"),
    [
        ("Every single week I have to clean the.", True),  # the recogniser's full stop; no sentence ends so
        ("Every single week we are late because we.", True),
        ("Every single week I clean it and.", True),
        ("I could not come to see her because.", True),
        ("Every single week I clean it.", False),
        ("That was all that I was thinking about.", False),  # one may end so, and there is a full stop
        ("I was so happy about it, and so was she.", False),
        ("We will go there, I just cannot tell you when.", False),
        ("It was not what I was thinking about", True),
        ("I saw him again and told her that", True),  # a recogniser seldom leaves a full stop out
    ],
)
def test_a_full_stop_does_not_outweigh_words_that_end_no_sentence(text: str, *, yielded: bool) -> None:
    said = [(0.0, 4.0, "A", text), (3.8, 7.0, "B", "You never told me any of that before.")]
    found = [r for r in heard(said) if isinstance(r, Interruption) and r.yielded == "A"]
    assert bool(found) == yielded


def test_a_start_at_a_turn_is_no_sign_of_listening() -> None:
    assert lexicon().sign(tokenise("Oh, I see.")) == "always"
    assert lexicon().sign(tokenise("Um, yeah")) is None
    assert lexicon().sign(tokenise("[laughs] yeah")) == "after_own_silence"


def test_every_ending_has_its_points() -> None:
    words = lexicon()
    assert {*words.endings.values(), *words.in_context.values(), "cut", "done"} == set(OPEN)
    assert words.cannot_end <= set(OPEN)
    assert {kind for pair in words.in_context for kind in pair.split()} <= {*words.endings.values(), "done"}


YEAH = (5.0, 5.4, "B", "yeah")


@pytest.mark.parametrize(
    ("around", "sign"),
    [
        ([], True),
        ([(4.0, 5.0, "B", "it was late"), (5.4, 6.0, "B", "very late")], False),  # in the middle of one's own words
        ([(5.4, 7.0, "B", "I know")], True),  # given utterances stand alone
        ([(6.0, 9.0, "B", "I never said so.")], True),
    ],
)
def test_a_yeah_in_one_s_own_words_is_no_sign_of_listening(
    around: list[tuple[float, float, str, str]], sign: bool
) -> None:
    said = sorted([(0.0, 8.0, "A", "and then we went to the house"), YEAH, *around])
    found = [r for r in given(said) if isinstance(r, Backchannel) and r.start == YEAH[0]]
    assert bool(found) == sign


def test_a_weak_ending_in_a_pause_is_no_interruption_but_a_sure_one_is() -> None:
    def silent(text: str) -> list[str | None]:
        said = [(0.0, 4.0, "A", text), (4.4, 8.0, "B", "You never told me any of that.")]
        return [r.yielded for r in given(said) if isinstance(r, Interruption) and r.yielded]

    assert silent("I went to see him and I") == ["A"]
    assert silent("I went to see him and") == []  # people trail off like this when they are done


def test_a_laugh_is_no_interruption_but_a_remark_is_a_moment_to_look_at() -> None:
    laugh = given([FIRST, (2.5, 5.0, "B", "$")])
    assert [r.kind for r in laugh if isinstance(r, Overlap)] == ["cooperative"]
    assert not [r for r in laugh if isinstance(r, Interruption)]
    (seen,) = (r for r in given([FIRST, (3.6, 5.0, "B", "Do you want it?")]) if isinstance(r, Interruption))
    assert (seen.yielded, seen.confidence < 0.3) == (None, True)


def test_nobody_gives_up_twice_with_the_same_words() -> None:
    cut = [
        (0.0, 4.0, "A", "and I told her that the"),
        (3.0, 6.0, "B", "You never did that."),
        (3.5, 7.0, "C", "No way!"),
    ]
    came_in = [r for r in given(cut) if isinstance(r, Interruption) and r.interrupted == "A"]
    assert [(r.speaker, r.yielded) for r in came_in] == [("B", "A"), ("C", None)]


def test_who_comes_in_over_a_sign_of_listening_comes_in_on_the_one_who_speaks() -> None:
    said = [
        (0.0, 5.0, "A", "and I told her that the"),
        (3.9, 4.6, "B", "Mm-hm."),
        (4.2, 8.0, "C", "You never did that."),
    ]
    records = given(said)
    assert [r.speaker for r in records if isinstance(r, Backchannel)] == ["B"]
    assert [(r.speaker, r.interrupted) for r in records if isinstance(r, Interruption)] == [("C", "A")]


def test_a_breath_is_no_pause_to_take_the_floor_in() -> None:
    said = [
        (0.0, 3.0, "A", "and I told her that the"),
        (3.4, 6.0, "A", "house was sold."),
        (3.2, 5.0, "B", "You never did."),
    ]
    assert not [r for r in heard(said) if isinstance(r, Interruption) and r.kind == "silent"]


def test_who_breaks_off_in_a_pause_may_have_left_the_rest_to_the_other() -> None:
    said = [(0.0, 4.0, "A", "Yes of course, and then what kind of"), (4.4, 8.0, "B", "I would like a guest house.")]
    (silent,) = [r for r in heard(said) if isinstance(r, Interruption)]
    assert (silent.kind, silent.confidence < 0.5) == ("silent", True)


CUT = "and then he just took the whole thing from the"


def sureness(*rest: Stretch, until: float = 4.0) -> list[float]:
    events = signals([(0.0, until, "A", CUT), *rest])
    return [e.confidence for e in run(events) if isinstance(e, Interruption) and e.speaker == "B"]


@pytest.mark.parametrize(
    ("said", "length_s"), [("That's awful.", 0.8), ("I know.", 0.5), ("Haha.", 0.9), ("Disappointment.", 0.8)]
)
def test_a_kind_word_where_somebody_pauses_is_not_spoken_of(said: str, length_s: float) -> None:
    (sure,) = sureness((3.7, 3.7 + length_s, "B", said), (5.4, 8.0, "A", "the table and threw it away."))
    assert sure < SURE


def test_who_comes_in_and_goes_on_is() -> None:
    assert sureness((3.7, 6.7, "B", "But I told you on Monday that we would not go."))[0] >= SURE
    split = ((3.7, 4.2, "B", "But no."), (4.5, 8.0, "B", "We said that we would sell it."))
    assert sureness(*split)[0] >= SURE
