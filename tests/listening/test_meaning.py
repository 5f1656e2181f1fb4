from __future__ import annotations

import examples
import numpy as np
import pytest
from test_reply_judge import turn

from voicecoach import models
from voicecoach.listening import judge, judge_all, understand
from voicecoach.listening.language import load
from voicecoach.listening.meaning import Meaning, Weights, load_weights

WIDTH = 4


class Fake:
    """Vectors that depend on the words alone; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts):
        self.asked += texts
        return np.array([[float("alone" in t), float("sorry" in t), 0.0, 1.0] for t in texts], np.float32)


def meaning(embed, **acts) -> Meaning:
    weights = {name: (np.array(w, np.float32), rule, bias) for name, (w, rule, bias) in acts.items()}
    return Meaning(embed, Weights(weights, {"sadness": (np.array([4, 0, 0, -2], np.float32), 0.0)}, 0.5))


def test_meaning_can_make_a_reflection_of_what_no_pattern_knows():
    plain = "Nobody there, all evening, alone with the plates"
    found = meaning(Fake(), reflection=([9, 0, 0, 0], 0.0, -2.0), complex=([0, 0, 0, 0], 1.0, 0.0))
    assert judge(plain, examples.DISHES, meaning=found).acts["reflection"] > 0.9
    assert judge("Two of the plates", examples.DISHES, meaning=found).acts["reflection"] < 0.2


def test_what_only_meaning_decided_has_its_sentence_as_evidence():
    found = meaning(
        Fake(),
        reflection=([9, 0, 0, 0], 0.0, -2.0),
        complex=([0, 0, 0, 0], 1.0, 0.0),
        own_story=([9, 0, 0, 0], 0.0, -2.0),
    )
    judged = judge("The plates. All evening, alone.", "", meaning=found)
    assert judged.evidence["own_story"] == "all evening alone"


def test_a_sentence_is_embedded_once():
    embed = Fake()
    found = meaning(embed, reflection=([0, 0, 0, 0], 1.0, 0.0), complex=([0, 0, 0, 0], 1.0, 0.0))
    for _ in range(3):
        judge("You felt alone. You waited.", examples.DISHES, meaning=found)
    assert len(embed.asked) == len(set(embed.asked)) == 3  # two sentences, and both as one


def test_an_old_sentence_comes_back_when_many_others_were_known_since():
    found = meaning(Fake(), reflection=([9, 0, 0, 0], 0.0, -2.0))
    before = found.act("reflection", "all alone", 0.0)
    found.prepare([f"sentence {i}" for i in range(400)])  # a long turn; "all alone" is the oldest that is remembered
    found.prepare(["all alone", *(f"sentence {i}" for i in range(399))])
    assert found.act("reflection", "all alone", 0.0) == before


def test_what_would_hurt_if_it_were_wrong_is_never_decided_by_meaning():
    weights = load_weights("en")
    assert weights is not None
    assert not load("en").strict & weights.acts.keys()


def test_moods_come_with_vectors_only():
    found = meaning(Fake(), reflection=([0, 0, 0, 0], 1.0, 0.0), complex=([0, 0, 0, 0], 1.0, 0.0))
    assert judge("so alone", "", meaning=found).moods["sadness"] > 0.8
    assert not judge("so alone", "").moods


def test_without_vectors_or_without_weights_rules_decide():
    assert understand(None, "en") is None
    assert understand(Fake(), "xx") is None


def test_weights_are_small_and_know_what_they_judge():
    weights = load_weights("en")
    assert weights is not None
    assert weights.acts.keys() <= {"reflection", "complex", *load("en").acts}
    assert all(w.shape == (768,) and np.isfinite(w).all() for w, _, _ in weights.acts.values())


@pytest.mark.models
@pytest.mark.parametrize(("said", "reply"), examples.REFLECTIONS)
def test_with_the_model_too_what_was_heard_is_said_back(said, reply):
    found = understand(models.sentences(), "en")
    assert judge(reply, said, meaning=found).acts["reflection"] >= 0.5


@pytest.mark.models
@pytest.mark.parametrize("reply", [r for _, r in examples.LOOK_ALIKES] + examples.ANSWERS_TO_A_REFLECTION)
def test_with_the_model_too_look_alikes_are_not_reflections(reply):
    found = understand(models.sentences(), "en")
    assert judge(reply, examples.DISHES, meaning=found).acts["reflection"] < 0.5


def test_a_reply_tells_what_it_named_covered_and_added():
    events = [
        turn("Anna", 0, 9, "I waited all evening with the dinner."),
        turn("Sam", 10, 14, "You waited, you felt lonely, and you wanted to be seen."),
    ]
    (act,) = judge_all(events)
    assert act.covered == ("waited",)
    assert "lonely" in act.added
    assert act.feelings == ("lonely",)
    assert act.needs == ("to be seen",)
    assert act.acts["complex"] >= 0.5


def test_content_alone_is_a_simple_reflection():
    found = judge("So he drove to the station at nine.", "He drove to the station at nine and came back.")
    assert found.acts["complex"] < 0.5


def test_a_question_mark_at_the_end_makes_a_reflection_less_likely_and_no_question_of_it_alone():
    told = judge("You did it all alone.", examples.DISHES).acts
    asked = judge("You did it all alone?", examples.DISHES).acts
    checked = judge("You did it all alone, is that right?", examples.DISHES).acts
    assert asked["reflection"] < told["reflection"] <= checked["reflection"]
    assert asked["closed_question"] > told["closed_question"]


@pytest.mark.parametrize("reply", ["You did not let me finish.", "You didn't let me say it.", "You cut me off again."])
def test_not_being_let_finish_is_a_complaint_and_no_advice(reply):
    acts = judge(reply, "I came home late.", meaning=understand(models.sentences(), "en")).acts
    assert acts["blame"] >= 0.5
    assert acts["advice"] < 0.5
    assert acts["reflection"] < 0.5


@pytest.mark.parametrize(
    "reply", ["I had meant to be there, I really had.", "I did call you, twice.", "Nobody had told me about it."]
)
def test_reasons_for_what_one_did_not_do_are_a_defence(reply):
    said = "You were not there when I came out, and you had promised."
    assert judge(reply, said, meaning=understand(models.sentences(), "en")).acts["defence"] >= 0.5


def test_wondering_aloud_is_no_question_without_its_mark():
    said = "I never know what to say to him."
    assert judge("You're wondering whether he hears you at all.", said).acts["closed_question"] < 0.5
    assert judge("I'm wondering whether he hears you?", said).acts["closed_question"] >= 0.5
