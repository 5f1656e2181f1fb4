"""Replies about the other person that say nothing back: giving in, complaining, wishing; and offers, and thanks."""

from __future__ import annotations

import examples
import pytest
from test_listening_judge import FORMS

from voicecoach import models
from voicecoach.listening import judge, understand

SAY_NOTHING_BACK = [
    (said, reply)
    for said, replies in (
        (examples.FLOOR, examples.CONCESSIONS),
        (examples.FLOOR, examples.COMPLAINTS),
        (examples.KEPT_BACK, examples.WISHES),
    )
    for reply in replies
]


@FORMS
@pytest.mark.parametrize(("said", "reply"), SAY_NOTHING_BACK)
def test_in_the_second_person_and_no_reflection(form, said, reply):
    assert judge(form(reply), form(said)).acts["reflection"] < 0.5


@FORMS
@pytest.mark.parametrize(("said", "reply"), examples.STILL_REFLECTIONS)
def test_what_looks_like_it_and_says_back(form, said, reply):
    assert judge(form(reply), form(said)).acts["reflection"] >= 0.5


@FORMS
@pytest.mark.parametrize("reply", examples.NO_CHECK)
def test_a_statement_that_ends_in_right_asks_nothing(form, reply):
    assert judge(form(reply), examples.FLOOR).acts["invites_confirmation"] < 0.5


@FORMS
@pytest.mark.parametrize("reply", examples.LET_US)
def test_doing_it_together_is_offered_and_not_advised(form, reply):
    acts = judge(form(reply), examples.KEPT_BACK).acts
    assert acts["support_offer"] >= 0.5
    assert acts["advice"] < 0.5


@pytest.mark.parametrize("reply", examples.WHAT_WOULD_HELP)
def test_asking_what_would_help_is_no_advice(reply):
    acts = judge(reply, examples.KEPT_BACK).acts
    assert max(acts["open_question"], acts["closed_question"]) >= 0.5
    assert acts["advice"] < 0.5


@pytest.mark.models
def test_with_the_model_too_they_are_told_apart():
    meaning = understand(models.sentences(), "en")
    found = {
        (reply, act): judge(reply, said, meaning=meaning).acts[act]
        for said, reply, act in (
            *((said, reply, "reflection") for said, reply in SAY_NOTHING_BACK + examples.STILL_REFLECTIONS),
            *((examples.FLOOR, reply, "advice") for reply in ("You did not let me finish.", *examples.COMPLAINTS)),
            *((examples.FLOOR, reply, "invites_confirmation") for reply in examples.NO_CHECK),
            *((examples.KEPT_BACK, reply, "advice") for reply in examples.LET_US + examples.WHAT_WOULD_HELP),
            *((examples.KEPT_BACK, reply, "minimising") for reply in examples.THANKS),
        )
    }
    does = {key for key, p in found.items() if p >= 0.5}
    assert does == {(reply, "reflection") for _, reply in examples.STILL_REFLECTIONS}
