"""What couples say every day: praise is no blame, "not my fault" no apology, and who cannot relax belittles nobody."""

from __future__ import annotations

import pytest
from test_listening_judge import FORMS

from voicecoach import models
from voicecoach.listening import judge, understand

SAID = "I came home late on Tuesday and you were upset with me about the dishes."
SPOKEN_OF = 0.75
"""A coach of level standard speaks of an act from here on (`voicecoach.coach.levels`); others count from 0.5 on."""
COUNTS = {"validation": 0.5, "names_feeling": 0.5, "open_question": 0.5, "repair": 0.75}

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
    "validation": [
        "That makes sense.",
        "It makes total sense.",
        "That was really hard for you.",
        "That must have been hard.",
        "No wonder you were tired.",
        "Of course you were angry.",
    ],
    "names_feeling": [
        "You felt alone.",
        "I can see that you're hurt.",
        "You are always worried about money.",
        "You didn't feel loved.",
    ],
    "open_question": [
        "What's going on?",
        "What's wrong?",
        "How's your mother doing?",
        "What worries you most?",
        "What was it that hurt you?",
        "What is it that you need?",
        "What happened then?",
    ],
    "repair": [
        "Let me say that again.",
        "Let me say it more kindly, can I say that again more calmly?",
        "I got loud, that was wrong.",
        "I take that back.",
        "I don't want to fight with you.",
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
    "validation": [
        "That makes no sense.",
        "That makes no sense at all, I was home at six.",
        "That doesn't make any sense.",
        "This is hard for me too.",
        "That was awful of you.",
        "It's hard to talk to you.",
        "Of course you forgot.",
    ],
    "names_feeling": [
        "I feel attacked.",
        "Well, I feel alone too.",
        "I felt so hurt when you said that.",
        "I was scared too.",
        "You never care how I feel.",
        "You don't care about me.",
        "You're just jealous.",
        "You're always angry.",
    ],
    "open_question": [
        "What makes me angry is that you're late.",
        "What hurts is that you left.",
        "So what?",
    ],
    "repair": [
        "You can say that again.",
        "Let me say that again, I was home at five.",
        "I got so loud because you lied to me.",
        "I messed up at work today too.",
        "Let me say that again, you never listen to me.",
    ],
    "advice": [
        "You think we should talk more.",
        "So you feel we should spend more time at home.",
        "You want that we should do more together.",
    ],
    "sarcasm": [
        "Yes, because you're so tired.",
        "Right, because the kids are so loud.",
        "How can we survive on one salary?",
        "Call the police.",
    ],
    "contempt": ["You're not worthless.", "You're not pathetic.", "You're no loser."],
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
    assert judge(form(sentence), form(SAID)).acts[act] >= COUNTS.get(act, SPOKEN_OF)


@FORMS
@pytest.mark.parametrize(("act", "sentence"), pairs(IS_NOT))
def test_it_is_not_spoken_of(form, act, sentence):
    assert judge(form(sentence), form(SAID)).acts[act] < COUNTS.get(act, SPOKEN_OF)


OTHERWISE = {
    ("blame", "You always work so hard for us."),
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
        if judge(sentence, SAID, meaning=meaning).acts[act] >= COUNTS.get(act, SPOKEN_OF)
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
        ("I'm sorry, I was late.", ()),
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


@pytest.mark.parametrize(
    ("said", "answer", "agrees"),
    [
        ("So you didn't feel heard.", "No, I didn't.", True),
        ("So you didn't feel heard.", "No, not at all.", True),
        ("You weren't happy with it.", "No, I wasn't happy at all.", True),
        ("And nobody helped you.", "No, nobody.", True),
        ("So you didn't sleep at all.", "No.", None),
        ("You felt alone.", "No.", False),
        ("You felt alone.", "No, I was angry.", False),
        ("So you didn't like it.", "No, I did like it.", False),
        ("So you didn't like it.", "No, that's not what I said.", False),
        ("So you didn't like it.", "No, I didn't say that.", False),
        ("So you don't love me.", "No, it's not that.", False),
        ("You didn't feel heard.", "No, not quite.", False),
        ("You weren't there, and you were sad.", "No, but I was angry.", False),
    ],
)
def test_a_no_to_a_no_agrees(said, answer, agrees):
    acts = judge(answer, said).acts
    assert (acts["agreement"] >= 0.5) is (agrees is True)
    assert (acts["disagreement"] >= 0.5) is (agrees is False)


@pytest.mark.parametrize(
    ("said", "answer", "agrees"),
    [
        ("Du hast dich nicht gehört gefühlt.", "Nein, gar nicht.", True),
        ("Du hast nicht geschlafen.", "Nein, ich habe nicht geschlafen.", True),
        ("Du warst allein.", "Nein, gar nicht.", False),
        ("Du hast nicht geschlafen.", "Nein, das stimmt nicht.", False),
    ],
)
def test_so_does_a_nein(said, answer, agrees):
    acts = judge(answer, said, "de").acts
    assert (acts["agreement"] >= 0.5) is agrees
    assert (acts["disagreement"] >= 0.5) is not agrees
