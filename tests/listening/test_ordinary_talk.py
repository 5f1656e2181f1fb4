"""What couples say every day: praise is no blame, "not my fault" no apology, and who cannot relax belittles nobody."""

from __future__ import annotations

import pytest
from test_listening_judge import FORMS

from voicecoach import models
from voicecoach.listening import judge, understand

SAID = "I came home late on Tuesday and you were upset with me about the dishes."
SPOKEN_OF = 0.75
"""A coach of level standard speaks of an act from here on (`voicecoach.coach.levels`)."""

IS = {
    "apology": [
        "I'm so sorry.",
        "It was my fault.",
        "It was all my fault, I forgot.",
        "I'm sorry that I was late.",
        "I'm sorry if I hurt you.",
        "I should have called you.",
        "I should have known better.",
        "I'm sorry you had to wait for me.",
    ],
    "blame": [
        "You always make me wait.",
        "You make me so angry.",
        "You never listen to me.",
        "You're never there for me.",
        "You never make time for us.",
        "You always work on Sundays.",
        "You keep me waiting.",
        "It's all your fault.",
    ],
    "judging_question": [
        "Why do you always have to be late?",
        "Do you always have to be late?",
        "Do you have to work every single Saturday?",
        "Why didn't you just call me?",
        "What did you expect me to do?",
        "Do you even listen to me?",
        "Do you ever think about us?",
    ],
    "minimising": [
        "It's not that bad.",
        "It wasn't that bad.",
        "That wasn't so bad.",
        "It isn't such a big deal.",
        "It's not the end of the world.",
        "Just calm down.",
        "You need to let it go.",
        "I want you to calm down.",
    ],
}

IS_NOT = {
    "apology": [
        "I'm not sorry.",
        "I'm really not sorry.",
        "It's not my fault.",
        "It wasn't my fault that the train was late.",
        "How is that my fault?",
        "You always say it's my fault.",
        "You said it was my fault.",
        "So it's my fault again.",
        "I'm sorry, but you started it.",
        "I'm sorry you feel that way.",
        "You think I was wrong?",
        "I should have known you would say that.",
    ],
    "blame": [
        "You always make me laugh.",
        "You never let me down.",
        "You are always there for me.",
        "You've always been there for us.",
        "You make me happy.",
        "You make me feel safe.",
        "I love that you always make time for us.",
        "You always work so hard for us.",
        "You started the washing up, thank you.",
        "Thank you for always asking how my day was.",
    ],
    "judging_question": [
        "Do you have to work on Saturday?",
        "What do you want me to do?",
        "Do you ever think about moving to the sea?",
        "Why don't you tell me what happened?",
        "Why do you feel that way?",
        "Must you leave early tomorrow?",
    ],
    "minimising": [
        "I couldn't relax all evening.",
        "I just can't relax when you're away.",
        "I need a minute to calm down.",
        "I can't let it go.",
        "I don't feel heard.",
        "It's not nothing.",
        "That is not nothing to me.",
        "This is important to me.",
    ],
}


def pairs(table):
    return [(act, sentence) for act, sentences in table.items() for sentence in sentences]


@FORMS
@pytest.mark.parametrize(("act", "sentence"), pairs(IS))
def test_it_is_spoken_of(form, act, sentence):
    assert judge(form(sentence), form(SAID)).acts[act] >= SPOKEN_OF


@FORMS
@pytest.mark.parametrize(("act", "sentence"), pairs(IS_NOT))
def test_it_is_not_spoken_of(form, act, sentence):
    assert judge(form(sentence), form(SAID)).acts[act] < SPOKEN_OF


OTHERWISE = {
    ("blame", "You always work so hard for us."),
    ("minimising", "It's not nothing."),
    ("minimising", "You need to let it go."),
    ("minimising", "I want you to calm down."),
}
"""Where the sentence model outweighs the patterns, still."""


@pytest.mark.models
def test_with_the_model_too():
    meaning = understand(models.sentences(), "en")
    does = {
        (act, sentence)
        for act, sentence in pairs(IS) + pairs(IS_NOT)
        if judge(sentence, SAID, meaning=meaning).acts[act] >= SPOKEN_OF
    }
    assert does ^ set(pairs(IS)) == OTHERWISE


LANDS = [
    "Yes. It's not the dishes, it's being alone with it.",
    "Yeah, and it's not just that.",
    "Right, and it's ridiculous.",
    "Exactly. It isn't fair, is it?",
]
LANDS_NOT = [
    "Yeah, that's not what I meant.",
    "Yes, but it's more than that.",
    "Right, not quite.",
    "It's not the dishes.",
]


@FORMS
@pytest.mark.parametrize("answer", LANDS)
def test_a_yes_that_goes_on_is_a_yes(form, answer):
    acts = judge(form(answer), form(SAID)).acts
    assert acts["agreement"] >= 0.5
    assert acts["agreement"] > acts["disagreement"]


@FORMS
@pytest.mark.parametrize("answer", LANDS_NOT)
def test_a_yes_that_takes_itself_back_is_none(form, answer):
    acts = judge(form(answer), form(SAID)).acts
    assert acts["disagreement"] >= 0.5
    assert acts["disagreement"] > acts["agreement"]


GERMAN = "Ich bin am Dienstag spät nach Hause gekommen und du warst sauer wegen dem Geschirr."


@pytest.mark.parametrize(
    ("act", "sentence", "does"),
    [
        ("apology", "Es tut mir nicht leid.", False),
        ("apology", "Das war nicht mein Fehler.", False),
        ("apology", "Tut mir leid, aber du hast angefangen.", False),
        ("apology", "Es tut mir so leid.", True),
        ("apology", "Das war mein Fehler.", True),
        ("blame", "Du bist immer für mich da.", False),
        ("blame", "Du bringst mich immer zum Lachen.", False),
        ("blame", "Danke, dass du immer an mich denkst.", False),
        ("blame", "Du bist nie für mich da.", True),
        ("blame", "Du hörst mir nie zu.", True),
        ("disagreement", "Ja, das war gar nicht schön.", False),
        ("disagreement", "Ja genau, ich war gar nicht mehr ich selbst.", False),
        ("disagreement", "Gar nicht.", True),
        ("disagreement", "Das stimmt gar nicht.", True),
        ("judging_question", "Musst du wirklich immer so spät kommen?", True),
        ("judging_question", "Musst du wirklich morgen arbeiten?", False),
    ],
)
def test_german(act, sentence, does):
    assert (judge(sentence, GERMAN, "de").acts[act] >= SPOKEN_OF) == does


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("I went down to the shop and I lost my keys.", ()),
        ("I sat down and caught the last bus, it was empty.", ()),
        ("I used the old printer and was ready at eight.", ()),
        ("I've forgotten the milk, so I rushed home.", ()),
        ("We were stuck in traffic.", ()),
        ("I loved that film.", ()),
        ("You felt down and lost.", ("down", "lost")),
        ("You feel really lost.", ("lost",)),
        ("It sounds like you feel used.", ("used",)),
        ("I felt let down.", ("let down",)),
        ("You were ignored all evening.", ("ignored",)),
        ("You felt so alone and forgotten.", ("alone", "forgotten")),
        ("Lost?", ("lost",)),
        ("I was sad and you were angry.", ("sad", "angry")),
    ],
)
def test_a_word_is_a_feeling_where_it_is_felt(text, named):
    assert judge(text, SAID).feelings == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Wir haben uns getroffen und die Küche war klein.", ()),
        ("Sicher, ich komme.", ()),
        ("Ich habe mich so leer gefühlt.", ("leer",)),
        ("Du fühlst dich verlassen und einsam.", ("verlassen", "einsam")),
    ],
)
def test_so_in_german(text, named):
    assert judge(text, GERMAN, "de").feelings == named
