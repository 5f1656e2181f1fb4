from __future__ import annotations

import re

import examples
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.errors import MisuseError
from voicecoach.listening import judge
from voicecoach.listening.language import load
from voicecoach.listening.text import sentences


def written(text: str) -> str:
    return text


def recognised(text: str) -> str:
    """As a recogniser gives it: no capitals, no punctuation."""
    return re.sub(r"[^\w\s'-]", " ", text).lower()


FORMS = pytest.mark.parametrize("form", [written, recognised])


@FORMS
@pytest.mark.parametrize(("said", "reply"), examples.REFLECTIONS)
def test_says_back_what_was_heard(form, said, reply):
    assert judge(form(reply), form(said)).acts["reflection"] >= 0.5


@FORMS
@pytest.mark.parametrize(("said", "reply"), examples.NOT_REFLECTIONS)
def test_does_something_else(form, said, reply):
    assert judge(form(reply), form(said)).acts["reflection"] < 0.5


@pytest.mark.parametrize(("said", "reply"), examples.LOOK_ALIKES)
def test_a_retort_in_the_form_of_a_reflection(said, reply):
    assert judge(reply, said).acts["reflection"] < 0.5


@FORMS
@pytest.mark.parametrize("reply", examples.ANSWERS_TO_A_REFLECTION)
def test_agreement_and_thanks_are_not_reflections(form, reply):
    said = "So you felt alone with the dishes, and you wanted me to see it and listen to you."
    assert judge(form(reply), form(said)).acts["reflection"] < 0.5


@FORMS
@pytest.mark.parametrize(("act", "said", "reply"), examples.ACTS)
def test_each_act_is_known_and_has_its_evidence(form, act, said, reply):
    found = judge(form(reply), form(said))
    assert found.acts[act] >= 0.5
    assert found.evidence[act]


@FORMS
@pytest.mark.parametrize(("act", "said", "reply"), examples.NOT_ACTS)
def test_words_that_look_like_an_act_and_are_not(form, act, said, reply):
    assert judge(form(reply), form(said)).acts[act] < 0.5


def test_covered_are_the_content_words_said_back_in_any_form():
    found = judge("So you waited alone and the dishes were worrying you", "I wait, I worry about dishes, it's lonely")
    assert set(found.covered) == {"waited", "alone", "dishes", "worrying"}


def test_repeating_the_words_is_not_a_reflection():
    said = "I felt so alone with the dishes and the bills"
    assert judge("Dishes, bills, I do the dishes and I pay the bills too.", said).acts["reflection"] < 0.5


def test_a_reflection_needs_none_of_the_words():
    assert judge("So you feel nobody is on your side.", "Everyone leaves it to me.").acts["reflection"] >= 0.5


@pytest.mark.parametrize("reply", ["", "  ", "...", "?", "[laughter]", "um uh"])
def test_nothing_said_does_nothing(reply):
    found = judge(reply, "I felt alone")
    assert not any(found.acts.values())
    assert not found.evidence
    assert not found.covered


@pytest.mark.parametrize("reply", ["Yeah.", "Mm-hm.", "Okay, right, yeah.", "oh"])
def test_a_bare_acknowledgement_is_one(reply):
    assert judge(reply, "").acts["acknowledgement"] == 1.0


def test_fillers_stutters_and_asides_do_not_matter():
    plain = judge("You felt alone.", "").acts
    assert judge("Um, you- you, uh, felt felt alone. [sighs]", "").acts == plain


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gives_probabilities(reply, said):
    found = judge(reply, said)
    assert all(0.0 <= p <= 1.0 for p in found.acts.values())
    assert set(found.evidence) <= set(found.acts)


def test_evidence_is_words_of_the_reply():
    reply = "It sounds like you felt left out, is that right?"
    plain = " ".join(s.raw for s in sentences(reply, load()))
    for words in judge(reply, "").evidence.values():
        assert all(part in plain for part in words.split(" … "))


def test_a_language_without_a_file_is_refused():
    with pytest.raises(MisuseError, match="'xx'"):
        judge("hallo", "", language="xx")
    with pytest.raises(MisuseError):
        judge("hallo", "", language="../en")


@FORMS
@pytest.mark.parametrize(("act", "reply"), examples.HURTFUL)
def test_what_hurts_is_known_when_it_is_plain(form, act, reply):
    assert judge(form(reply), "").acts[act] >= 0.5


@FORMS
@pytest.mark.parametrize(("act", "reply"), examples.ONLY_SEEMS_HURTFUL)
def test_what_only_seems_to_hurt_is_not_shown(form, act, reply):
    assert judge(form(reply), "").acts[act] < 0.5
