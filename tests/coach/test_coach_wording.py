from __future__ import annotations

import re

import pytest

from voicecoach.coach import Situation, everything
from voicecoach.coach.wording import Wording, bank

LANGUAGES = pytest.mark.parametrize("language", ["en", "de"])
TEXTS = [(code, s, t) for code in ("en", "de") for s, texts in bank(code).variants.items() for t in texts]


@LANGUAGES
def test_there_are_at_least_six_ways_to_say_it(language):
    for texts in bank(language).variants.values():
        assert len(set(texts)) == len(texts) >= 6


@pytest.mark.parametrize(("language", "situation", "text"), TEXTS)
def test_short_by_name_and_without_jargon_or_blame(language, situation, text):
    said = text.format(name="Sam", other="Anna", agreement="")
    words = re.findall(r"[\w']+", said.lower())
    assert len(words) < 12
    assert "Sam" in said or "both" in said
    for word in bank(language).forbidden:
        assert not re.search(rf"\b{re.escape(word)}\b", said.lower()), word


@LANGUAGES
@pytest.mark.parametrize("situation", Situation)
def test_nobody_but_the_two_is_spoken_of(situation, language):
    for text in (*bank(language).variants[situation], bank(language).reasons[situation]):
        assert set(re.findall(r"\{(\w*)\}", text)) <= {"name", "other", "agreement"}


@LANGUAGES
def test_giving_the_floor_back_does_not_name_who_took_it(language):
    assert not any("{other}" in text for text in bank(language).variants[Situation.INTERRUPTION])


@pytest.mark.parametrize("name", ["Thomas", "Max", "Moritz", "Anna"])
def test_a_german_name_is_said_as_it_is(name):
    """A genitive would be "Annas", but "Thomas'": no name is put into one."""
    said = [*everything((name, "Sam"), "de"), *bank("de").reasons.values()]
    assert not any(re.search(rf"(?:{name}|\}})['’]?s\b", text) for text in said)


def test_nothing_is_said_twice_before_all_was_said_once():
    wording = Wording(seed=5)
    texts = bank("en").variants[Situation.INVITE]
    said = [wording.pick(Situation.INVITE, "Sam", "Anna") for _ in texts]
    assert len(set(said)) == len(texts)
    assert wording.pick(Situation.INVITE, "Sam", "Anna") == said[0]


def test_the_seed_decides_the_order_and_names_do_not():
    def order(seed, name, other):
        wording = Wording(seed)
        return [wording.pick(Situation.REMIND, name, other).replace(name, "1").replace(other, "2") for _ in range(6)]

    assert order(1, "Sam", "Anna") == order(1, "Anna", "Sam")
    assert order(1, "Sam", "Anna") != order(2, "Sam", "Anna")


def test_everything_has_all_that_can_be_said():
    wording = Wording(seed=2)
    texts = everything(("Anna", "Sam"), agreements=("We let each other finish.",))
    for situation in Situation:
        for _ in range(10):
            agreed = "We let each other finish." if situation is Situation.AGREEMENT else ""
            assert wording.pick(situation, "Sam", "Anna", agreed) in texts
            assert wording.pick(situation, "Anna", "Sam", agreed) in texts


def test_names_with_braces_do_no_harm():
    assert "{x}" in Wording().pick(Situation.INVITE, "{x}", "%s")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "shall we look for a solution now"),
        ("en", "i'd like to find a way that works for both of us"),
        ("en", "let's think of some ideas"),
        ("en", "i think i'm ready to move on"),
        ("en", "can we move on to what we do about it"),
        ("en", "let's move on to ideas"),
        ("en", "what could we try"),
        ("en", "how can we change that"),
        ("en", "maybe we could talk about some other ways"),
        ("de", "was könnten wir versuchen"),
        ("de", "ich möchte gern eine lösung finden"),
        ("de", "ich bin bereit weiterzugehen"),
    ],
)
def test_who_would_now_look_for_ways_is_understood(language, text):
    assert bank(language).ready.search(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "there is something i would like to talk about saturdays"),
        ("en", "i'd like to talk about our holiday"),
        ("en", "you always find a way to make it about you"),
        ("en", "i am not ready to move on"),
        ("en", "i'm not ready to move on to solutions"),
        ("en", "you always move on to what you want"),
        ("en", "can we just move on"),
        ("en", "i don't want to look for solutions yet"),
        ("en", "i want to find my keys"),
        ("de", "ich möchte gern über samstag reden"),
        ("de", "ich bin noch nicht bereit weiterzugehen"),
        ("de", "ich will noch keine lösung finden"),
    ],
)
def test_who_only_wants_to_talk_is_not_taken_to_look_for_ways(language, text):
    assert not bank(language).ready.search(text)
