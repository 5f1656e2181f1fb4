from __future__ import annotations

from datetime import date

import pytest

from voicecoach.practice.answers import answers

KNOWN = answers("en")
WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Yes.", True), ("Yeah, we are.", True), ("Sure, why not.", True), ("Okay.", True), ("Yes, exactly.", True),
        ("That's right.", True), ("Of course I do.", True), ("I do.", True), ("We're ready", True),
        ("No.", False), ("Not quite.", False), ("No, not yet.", False), ("I don't think so.", False),
        ("Not really, no.", False), ("Nope.", False), ("We aren't.", False), ("I'd rather not.", False),
        ("Yes, but not quite.", None), ("Well.", None), ("", None), ("Banana.", None), ("Almost, yes", True),
    ],
)  # fmt: skip
def test_yes_and_no(text: str, meant: bool | None) -> None:
    assert KNOWN.yes_no(text) is meant


@pytest.mark.parametrize(
    "text",
    [
        "Absolutely not.", "Definitely not.", "Of course not.", "Of course I don't.", "I am not sure.", "I do not.",
        "I really do not.", "I do really not know.", "I am afraid not.", "We are still not ready.", "We can’t.",
        "We can not.", "We cannot.", "It was not what I meant.", "It is definitely not.", "Let's not.", "Let’s never.",
        "Please don't.", "Please do not.", "Please, no.", "Please not now.", "I wouldn't.", "I do mind.",
        "I disagree.", "No, no problem.",
    ],
)  # fmt: skip
def test_a_no_after_a_word_of_yes_takes_it_back(text: str) -> None:
    assert KNOWN.yes_no(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "Okay, no.", "Okay, no, we can't.", "Yes no I don't.", "Sure, no way.", "Yeah, no idea.", "Yes, not at all.",
        "Yes and no.", "Yes, no.", "Sure. Well, no.", "Yes, not yet.", "Yeah, I don't think so.",
        "Yes, I don’t know.", "Yes, I'm not sure.", "Yes. Wait, no.", "Okay, rather not.", "Yes, please don't.",
    ],
)  # fmt: skip
def test_who_says_both_is_asked_again(text: str) -> None:
    assert KNOWN.yes_no(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Why not?", "Why not, let's.", "Sure, why not?", "No problem.", "No problem at all.", "That's not a problem.",
        "Okay, no problem.", "Absolutely no problem.", "I don't mind.", "I don’t mind at all.", "I wouldn't mind.",
        "I don't see why not.", "I can't see why not.", "No objection.", "I couldn’t agree more.",
        "Of course, I don't mind.", "No doubt.",
        "Yes, no phones here.", "Yes. Not a soul around.", "Ready, no rush.", "Okay, not only that.",
        "Yes, I'm not angry.", "Yes, I am not angry any more.", "I do feel heard, not judged.", "Yes, nothing to add.",
        "It was good, not bad at all.", "We are, don't worry.", "'Yes'", "I do.", "We can.", "It is.", "Let’s.",
    ],
)  # fmt: skip
def test_a_no_that_takes_nothing_back(text: str) -> None:
    assert KNOWN.yes_no(text) is True


def test_asking_why_not_otherwise_is_no_yes() -> None:
    assert KNOWN.yes_no("Why not say it more kindly?") is not True
    assert KNOWN.yes_no("I don't know why not.") is False


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tomorrow.", "2026-11-26"), ("The day after tomorrow", "2026-11-27"), ("On Sunday, please.", "2026-11-29"),
        ("Next week.", "2026-12-02"), ("In two weeks.", "2026-12-09"), ("In a month", "2026-12-25"),
        ("Wednesday", "2026-12-02"), ("In 3 days.", "2026-11-28"), ("On the weekend", "2026-11-28"),
        ("Tonight", "2026-11-25"), ("I don't know.", None), ("Whenever you like.", None),
    ],
)  # fmt: skip
def test_days(text: str, day: str | None) -> None:
    found = KNOWN.day(text, WEDNESDAY)
    assert (found and found.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("Coach, next.", "next"), ("Coach next please", "next"), ("Skip.", "next"), ("Skip this.", "next"),
        ("Time out.", "time out"), ("Coach, time out please.", "time out"), ("I need a time-out.", "time out"),
        ("Timeout!", "time out"), ("Let's take a time out.", "time out"),
        ("Next time I will call you.", None), ("I ran out of time.", None), ("The next one was better.", None),
        ("We said time out and then went on for an hour", None), ("Coach.", None), ("", None),
    ],
)  # fmt: skip
def test_calls(text: str, call: str | None) -> None:
    assert KNOWN.call(text) == call


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("Let go of number two.", "number two"), ("I'd like to let the second one go, please.", "the second one"),
        ("Yes, let's let one go.", ""), ("We could let it go", ""), ("Drop our agreement.", ""),
        ("I would like to let go of the one about questions.", "the one about questions"),
        ("No.", None), ("We let each other finish.", None), ("Yes, I do.", None), ("Let us go for a walk.", None),
        ("We let the other go first.", None), ("", None),
    ],
)  # fmt: skip
def test_asking_to_let_an_agreement_go(text: str, which: str | None) -> None:
    assert KNOWN.lets_go(text) == which


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The second one.", 2),
        ("Number three, please.", 3),
        ("One.", 1),
        ("2", 2),
        ("The first or the second", 0),
        ("", 0),
    ],
)
def test_places_in_a_list(text: str, place: int) -> None:
    assert KNOWN.place(text) == place


def test_changing_an_agreement_into_another() -> None:
    asked = KNOWN.changes("I'd like to change the first one to: we let each other finish, always.")
    assert asked == ("the first one", "we let each other finish, always.")
    assert KNOWN.changes("We change places when the bell sounds.") is None


@pytest.mark.parametrize(
    "text",
    [
        "No, that's all.", "Nothing.", "I don't know.", "No thanks.", "Pass.", "No, another one.", "Oh, that is all.",
        "No, I don't think so.", "I do not think so, thank you very much.", "No, not for me.", "Not right now.",
        "Not at the moment.", "No, there isn't.", "There isn’t one.", "No, nothing more.", "Nothing comes to mind.",
        "No, that was everything.", "No, I'm done.", "We are done.", "No more.", "I don’t know yet.",
        "I can't think of anything.",
        "I'd rather not.", "Absolutely not.", "I have no idea.", "Well, no.", "Okay, no, thank you.",
        "I'm not sure yet.",
    ],
)  # fmt: skip
def test_nothing_to_keep(text: str) -> None:
    assert KNOWN.nothing_said(text)


@pytest.mark.parametrize(
    "text",
    [
        "No sarcasm.", "Nothing you say leaves this room.", "I will cook.", "No more shouting.", "Not at the table.",
        "We are done by ten.", "None of us shouts.", "Nothing more than one glass.", "There is no rush.",
        "Please knock.",
        "I don't know everything, and I ask.", "Okay.", "Yes, please.", "Let's not shout.", "Another chance for both.",
    ],
)  # fmt: skip
def test_something_to_keep(text: str) -> None:
    assert not KNOWN.nothing_said(text)


@pytest.mark.parametrize(
    "text",
    [
        "No.", "No, another one please.", "No, that one is too hard for us.", "No I like them as they are.",
        "Nope. I am done here.",
        "Yeah, no.", "Well, no, I feel complete.", "No — not today, love.", "No, it’s fine the way it is.",
    ],
)  # fmt: skip
def test_a_short_answer_that_begins_with_no_turns_it_down(text: str) -> None:
    assert KNOWN.turns_down(text)


@pytest.mark.parametrize(
    "text",
    [
        "No sarcasm.", "No sarcasm before noon, please.", "No phones, no laptops.", "No-phone evenings.",
        "Nobody shouts.",
        "Not after ten.", "No, let's talk about money.", "No, how about the holidays?",
        "No, the trip to Rome instead.", "Yes.",
        "No, because when I came home on Tuesday there was nothing left.", "Never in front of the children.", "",
    ],
)  # fmt: skip
def test_what_only_begins_like_a_no_turns_nothing_down(text: str) -> None:
    assert not KNOWN.turns_down(text)


@pytest.mark.parametrize(
    "text",
    [
        "Another, please.",
        "Something else please.",
        "Can we have another one?",
        "The next one, please.",
        "No, a different topic.",
    ],
)
def test_asking_for_another(text: str) -> None:
    assert KNOWN.wants_another(text)
    assert not KNOWN.wants_another(f"{text} You know the one about my mother.")


def test_what_is_read_back_is_tidy() -> None:
    assert KNOWN.tidy("um, well, I think I will  cook on Friday.") == "I will cook on Friday."
    assert KNOWN.tidy("well") == "Well"
    assert KNOWN.tidy("No, let's talk about money.") == "Let's talk about money."
    assert KNOWN.tidy("No sarcasm.") == "No sarcasm."


@pytest.mark.parametrize("text", ["and so it was. That's it.", "so I'm done.", "Over to you!"])
def test_saying_that_this_was_all(text: str) -> None:
    assert KNOWN.says_done(text)
    assert not KNOWN.says_done(text + " And then I went home to my sister")
