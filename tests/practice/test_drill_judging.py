"""Every drill tells a good answer, a poor one and none apart, from its words alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voicecoach.practice.drills import NAMES, Judge, Task, material
from voicecoach.practice.drills.feedback import Feedback
from voicecoach.practice.drills.waiting import Waited
from voicecoach.practice.stories import stories
from voicecoach.session.sentences import embed_if_here

SCENARIO = Path(__file__).parents[2] / "scripts" / "fixtures" / "scenarios" / "drills.json"
SAID = {u["id"]: u["text"] for u in json.loads(SCENARIO.read_text(encoding="utf-8"))["utterances"]}
STORY = next(s for s in stories() if s.name == "waiting-result")
CALM = Waited((0.8, 1.2, 1.4))
HASTY = Waited((0.8,), (400.0,), 1)
CUT = "My wife says no news is good news"
LINES = {
    "repair": CUT,
    "curious": "Why did you buy that without asking me?",
    "i-statement": "You never help in the kitchen.",
}
GOOD = {
    "mirror": ("paraphrase",), "hold": ("thanks",), "feeling": ("feeling",), "curious": ("open_question",),
    "i-statement": ("i_statement",), "need": ("need",), "silence": ("thanks",), "repair": ("repair",),
    "full": ("paraphrase", "need"),
}  # fmt: skip
POOR = {
    "mirror": "advice", "hold": "unrelated", "feeling": "advice", "curious": "judging_question", "i-statement": "blame",
    "need": "advice", "silence": "advice", "repair": "too_soon", "full": "advice",
}  # fmt: skip
WAITING = ("hold", "silence", "full")


def task(drill: str) -> Task:
    line = LINES.get(drill, "")
    if drill in ("curious", "i-statement"):
        return Task(drill, line=line)  # type: ignore[arg-type]
    return Task(drill, STORY.sentences, STORY.points, STORY.feelings, STORY.needs, line)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(embed_if_here())


def held(drill: str, waited: Waited) -> Waited | None:
    return waited if drill in WAITING else None


@pytest.mark.models
@pytest.mark.parametrize("drill", NAMES)
def test_good_poor_and_silent_are_told_apart(drill: str, judge: Judge) -> None:
    good = judge(task(drill), " ".join(SAID[c] for c in GOOD[drill]), held(drill, CALM))
    poor = judge(task(drill), SAID[POOR[drill]], held(drill, HASTY))
    silent = judge(task(drill), "", held(drill, CALM))
    assert (good.kind, silent.kind) == ("answered", "nothing")
    assert good.measure >= 0.75
    assert poor.measure <= 0.5
    assert not good.to_try, [f.code for f in good.to_try]
    assert poor.to_try
    assert silent.to_try[-1].code == f"nothing_{drill}"
    assert silent.measure <= good.measure
    if drill not in WAITING:
        assert silent.measure == 0


@pytest.mark.models
def test_silence_parroting_other_talk_and_a_paraphrase_are_four_things(judge: Judge) -> None:
    found = {
        name: judge(task("mirror"), SAID.get(name, "")) for name in ("silence", "parrot", "unrelated", "paraphrase")
    }
    assert [o.kind for o in found.values()] == ["nothing", "word_for_word", "unrelated", "answered"]
    assert [o.measure for o in found.values()] == [0, 0, 0, 1]
    assert len({tuple(f.code for f in o.to_try[:1]) for o in found.values()}) == 4, "each is told something of its own"


@pytest.mark.models
def test_who_has_all_of_it_in_the_same_words_is_told_to_use_their_own(judge: Judge) -> None:
    """Just under what counts as word for word: the curve shows what was put in one's own words."""
    for name in ("vegetarian-at-ten", "no-thank-you-note", "new-diagnosis", "phone-at-dinner"):
        story = next(s for s in stories() if s.name == name)
        told = " and ".join(s.rstrip(".?!") for s in story.sentences[:3])
        reply = f"So {told}. You must have had quite a time with all of that. Did I get that right?"
        found = judge(Task("mirror", story.sentences, story.points, story.feelings, story.needs), reply)
        assert (found.kind, found.measure) == ("answered", 0)
        assert (found.done[0].code, found.to_try[0].code) == ("points_heard", "own_words"), name
        assert judge(Task("full", story.sentences, story.points), reply, CALM).to_try[0].code == "own_words"


@pytest.mark.models
def test_advice_is_the_first_thing_to_leave_out(judge: Judge) -> None:
    assert judge(task("mirror"), SAID["advice"]).to_try[0].code == "advice"


@pytest.mark.models
@pytest.mark.parametrize("drill", ["curious", "i-statement"])
def test_the_given_examples_are_good_answers(drill: str, judge: Judge) -> None:
    items = material().sheets[drill].items
    assert all(len(pairs) >= 8 for pairs in items.values())
    for line, example in (pair for pairs in items.values() for pair in pairs[::3]):
        found = judge(Task(drill, line=line), example)  # type: ignore[arg-type]
        assert found.measure == 1, (line, example, [f.code for f in found.to_try])
        assert judge(Task(drill, line=line), line).kind == "word_for_word"  # type: ignore[arg-type]


def lines(drill: str) -> list[str]:
    return [line for pairs in material().sheets[drill].items.values() for line, _ in pairs]


FROM_ONES_OWN_SIDE = {
    "You only care about your work.": "I feel lonely, and I would like more time with you.",
    "You never help in the kitchen.": "I feel overwhelmed after work, and I would be grateful if we shared it.",
    "You forgot my birthday again.": "I felt hurt, and it would mean a lot to me to celebrate together.",
    "You're late every single time.": "I feel worried when I wait for you. I would appreciate a short message.",
    "You leave everything with the children to me.": "I'm exhausted, and it would help me if we shared bedtime.",
    "You shout at me all the time.": "I feel scared, and I'd be so happy if we could talk quietly.",
    "You are hiding things from me.": "I feel insecure, and I would like us to be open with each other.",
    "You always run away when we argue.": "I feel abandoned, and I'd really love you to stay and talk with me.",
    "You make every problem mine.": "I feel overwhelmed, and I could use a hand.",
    "You ruined the whole weekend with your mood.": "I felt disappointed, and I hope we can enjoy our free days.",
}


@pytest.mark.models
@pytest.mark.parametrize("line", FROM_ONES_OWN_SIDE)
def test_a_feeling_and_a_wish_of_ones_own_need_no_word_of_the_blame(line: str, judge: Judge) -> None:
    found = judge(Task("i-statement", line=line), FROM_ONES_OWN_SIDE[line])
    assert (found.kind, found.measure, found.to_try) == ("answered", 1, ())


@pytest.mark.models
@pytest.mark.parametrize(
    "question",
    [
        "What was that like for you?", "What was going on for you?", "How did that come about?",
        "What is on your mind?", "Love, what is on your mind?", "Anna, what happened?", "What kept you?",
        "Help me understand what happened for you.",
        "I'd love to know what that was like for you.", "I was wondering what you were thinking about.",
        "How do you feel about it?", "What do you need at the moment?", "How can I help?",
    ],
)  # fmt: skip
def test_an_open_question_that_points_to_what_was_said_is_about_it(question: str, judge: Judge) -> None:
    for line in lines("curious"):
        found = judge(Task("curious", line=line), question)
        assert (found.kind, found.measure) == ("answered", 1), (line, [f.code for f in found.to_try])


@pytest.mark.models
def test_what_the_drills_say_as_examples_is_a_good_answer(judge: Judge) -> None:
    said = {
        "curious": "What happened on your way home today?",
        "i-statement": "I feel lonely when I talk and you read. I would like ten minutes of you this evening.",
    }
    for drill, reply in said.items():
        line, example = material().sheets[drill].examples[0].split(": ", 1)[1].split(" You could ", 1)
        assert reply in example
        found = judge(Task(drill, line=line), reply)  # type: ignore[arg-type]
        assert found.measure == 1, (line, [f.code for f in found.to_try])
    for line in lines("i-statement"):
        found = judge(Task("i-statement", line=line), "I feel lonely.")
        assert (found.measure, found.to_try[0].code) == (0.75, "wish_hint"), line


@pytest.mark.models
@pytest.mark.parametrize(
    ("drill", "reply", "most", "code"),
    [
        ("curious", "The weather is nice.", 0, "topic_hint"),
        ("curious", "Fine.", 0, "topic_hint"),
        ("curious", "Did you buy milk?", 0, "topic_hint"),
        ("curious", "What is for dinner?", 0.67, "topic_hint"),
        ("curious", "How was the football?", 0.67, "topic_hint"),
        ("curious", "What is wrong with you?", 0.67, "judging_hint"),
        ("curious", "How could you be so lazy?", 0.67, "judging_hint"),
        ("curious", "Why are you like this?", 0.34, "open_hint"),
        ("curious", "Are you okay?", 0.67, "open_hint"),
        ("i-statement", "I need you to stop being such a child.", 0.4, "blame_hint"),
        ("i-statement", "The weather is nice today.", 0, "topic_hint"),
        ("i-statement", "I went to the shops.", 0, "topic_hint"),
        ("i-statement", "I like pizza.", 0, "topic_hint"),
        ("i-statement", "I would like a pizza.", 0.6, "topic_hint"),
        ("i-statement", "You are selfish and I feel sad.", 0.5, "blame_hint"),
        ("i-statement", "I feel that you are lazy.", 0.25, "blame_hint"),
        ("i-statement", "I feel angry because you never listen, and I want you to change.", 0.75, "blame_hint"),
    ],
)
def test_what_is_about_something_else_or_still_blames_is_told(
    drill: str, reply: str, most: float, code: str, judge: Judge
) -> None:
    line = {"curious": "Why are you always late?", "i-statement": "You only care about your work."}[drill]
    found = judge(Task(drill, line=line), reply)  # type: ignore[arg-type]
    assert found.measure <= most
    assert found.to_try[0].code == code


GENTLE = [
    "Thank you for telling me.", "Thank you.", "Thanks.", "I'm glad you told me that.", "I'm here with you.",
    "I'm here.", "That must be hard.", "The waiting sounds hard.", "Oh, I'm so sorry.", "I hear you.",
    "You're not alone with it.", "Oh, love.", "Would you like a hug?", "Wow.",
    "I don't know what to say, but I'm with you.",
]  # fmt: skip


@pytest.mark.models
def test_after_a_long_silence_one_gentle_thing_is_enough(judge: Judge) -> None:
    nudge = material().sheets["silence"].nudge.split(": ", 1)[1]
    assert nudge in GENTLE
    for story in (STORY, *stories()[::8]):
        set_ = Task("silence", story.sentences, story.points, story.feelings, story.needs)
        for reply in GENTLE[:: 1 if story is STORY else 7]:
            found = judge(set_, reply, CALM)
            assert (found.kind, found.to_try) == ("answered", ()), (story.name, reply, found.to_try)


@pytest.mark.models
@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("What is for dinner tonight?", "then_about_it"),
        ("The tram was late again this morning.", "then_about_it"),
        ("Did you lock the door?", "then_about_it"),
        ("You should just ring them and put it away.", "advice"),
        ("Why do you always make such a fuss?", "warmer"),
        (" ".join(["I had the same thing last year with my own doctor and I waited and waited"] * 3), "own_story"),
        (" ".join(["Thank you for telling me, it is good to know this about you"] * 3), "shorter"),
    ],
)
def test_what_is_not_gentle_after_a_silence_is_told(reply: str, code: str, judge: Judge) -> None:
    found = judge(task("silence"), reply, CALM)
    assert (found.kind, found.measure) == ("answered", 1), "it waited; that is what the curve shows"
    assert found.to_try[0].code == code


NOUNS = {
    "disappointed": "disappointment", "sad": "sadness", "angry": "anger", "scared": "fear", "relieved": "relief",
    "proud": "pride", "lonely": "loneliness", "grateful": "gratitude", "ashamed": "shame", "frustrated": "frustration",
    "guilty": "guilt", "jealous": "jealousy", "worried": "worry", "happy": "joy", "hurt": "hurt", "loved": "love",
    "helpless": "helplessness", "embarrassed": "embarrassment", "hopeful": "hope", "nervous": "nervousness",
    "excited": "excitement", "exhausted": "exhaustion", "irritated": "irritation", "humiliated": "humiliation",
    "bitter": "bitterness", "resentful": "resentment", "anxious": "anxiety", "stressed": "stress",
}  # fmt: skip


@pytest.mark.parametrize("feeling", NOUNS)
@pytest.mark.parametrize("way", ["I hear {}. Is that right?", "{}?", "You felt a lot of {}. Did I get that right?"])
def test_a_feeling_may_be_said_as_a_noun(feeling: str, way: str) -> None:
    set_ = Task("feeling", STORY.sentences, STORY.points, (feeling,))
    found = Judge(None)(set_, way.format(NOUNS[feeling]).capitalize())
    assert (found.kind, found.measure) == ("answered", 1), [f.code for f in found.to_try]
    assert found.done[0].values == {"feeling": NOUNS[feeling]}


@pytest.mark.parametrize(
    ("reply", "feeling"),
    [
        ("You were touched. Did I hear that right?", "grateful"),
        ("You sound really moved. Is that it?", "loved"),
        ("You must have felt thankful, right?", "grateful"),
        ("You felt appreciated. Is that it?", "respected"),
        ("It sounds as if you felt let down. Is that right?", "disappointed"),
        ("You felt disrespected and overlooked. Is that so?", "ignored"),
        ("You seem worn down. Is that it?", "exhausted"),
        ("You were moved to tears by it. Is that it?", "happy"),
        ("You felt included in all of it. Is that it?", "loved"),
    ],
)
def test_a_feeling_that_is_on_no_list_is_one_too(reply: str, feeling: str) -> None:
    found = Judge(None)(Task("feeling", STORY.sentences, STORY.points, (feeling,)), reply)
    assert found.measure == 1, [f.code for f in found.to_try]


@pytest.mark.parametrize("reply", ["You were surprised. Is that it?", "That must have been hard. Is that right?"])
def test_of_a_feeling_that_may_be_in_any_story_nobody_says_that_it_does_not_fit(reply: str) -> None:
    found = Judge(None)(task("feeling"), reply)
    assert (found.measure, found.to_try) == (1, ())


@pytest.mark.parametrize(
    "reply",
    [
        "I hope you locked the door.", "That's a shame.", "Don't worry about it.", "You moved to another flat.",
        "I have seen the letter.", "He touched the vase, love.", "I fear it is too late for that.", "What a pity.",
    ],
)  # fmt: skip
def test_a_word_that_can_be_a_feeling_need_not_be_one(reply: str) -> None:
    found = Judge(None)(task("feeling"), reply)
    assert "feeling_named" not in {f.code for f in found.done}


def test_another_feeling_than_the_one_told_is_still_asked_for_kindly() -> None:
    found = Judge(None)(task("feeling"), "I hear joy. Is that right?")
    assert 0 < found.measure < 1
    assert found.to_try[0].code == "feeling_other"


@pytest.mark.parametrize(
    ("reply", "need"),
    [
        ("You needed to feel seen. Is that it?", "to be seen"),
        ("Being seen. Is that it?", "to be seen"),
        ("To be seen?", "to be seen"),
        ("Recognition. Is that it?", "to be seen"),
        ("I think it's about being heard. Is that it?", "to be heard"),
        ("You need connection. Is that it?", "closeness"),
        ("Maybe some rest?", "rest"),
        ("Respect. Did I get that right?", "respect"),
        ("I hear a need for justice. Is that right?", "fairness"),
        ("You long for security. Is that it?", "safety"),
    ],
)
def test_a_need_may_be_named_in_a_word(reply: str, need: str) -> None:
    found = Judge(None)(Task("need", STORY.sentences, STORY.points, needs=(need,)), reply)
    assert (found.measure, found.to_try) == (1, ())


@pytest.mark.parametrize("reply", ["I see.", "I hear you.", "Thank you.", "I saw the letter too.", "You were close."])
def test_a_word_that_can_be_a_need_need_not_be_one(reply: str) -> None:
    found = Judge(None)(task("need"), reply)
    assert not {"need_named", "need_fits"} & {f.code for f in found.done}


def test_in_all_other_drills_a_noun_is_a_feeling_too() -> None:
    assert "feeling_named" in {f.code for f in Judge(None)(task("mirror"), SAID["paraphrase"] + " I hear fear.").done}
    own = Judge(None)(Task("i-statement", line=LINES["i-statement"]), "I feel disrespected, and I need help.")
    assert own.measure == 1


def test_a_paraphrase_and_parroting_are_told_apart_without_a_model_too() -> None:
    judge = Judge(None)
    assert judge(task("mirror"), SAID["parrot"]).kind == "word_for_word"
    assert judge(task("mirror"), SAID["paraphrase"]).measure >= 0.6
    assert judge(task("mirror"), SAID["unrelated"]).kind == "unrelated"


def test_whatever_was_found_there_are_words_for_it_and_two_things_are_said() -> None:
    feedback = Feedback(material())
    for drill in NAMES:
        for reply in [*SAID.values(), "", "Mm-hm.", "I", "you never what how sorry need feel sad"]:
            outcome = Judge(None)(task(drill), reply, held(drill, HASTY))
            for finding in (*outcome.done, *outcome.to_try):
                assert "{" not in feedback.words(finding)
            done, to_try = feedback(outcome)
            assert done
            assert to_try
            assert done != to_try


@pytest.mark.parametrize("drill", ["hold", "silence"])
@pytest.mark.parametrize(
    ("held_back", "most", "words"),
    [
        (Waited(), 1, "story"),
        (Waited((1.2,)), 1, "1.2 seconds"),
        (Waited((0.8, 1.2)), 1, "1.2 seconds"),
        (Waited((1.2,), (400.0,)), 0.5, "1.2 seconds"),
        (Waited((), (), 1), 0, ""),
    ],
)
def test_waiting_is_told_as_it_was(drill: str, held_back: Waited, most: float, words: str) -> None:
    feedback = Feedback(material())
    for reply in ("Thank you for telling me about the result.", ""):
        for _ in range(2):  # it is put in two ways
            outcome = Judge(None)(task(drill), reply, held_back)
            done, to_try = feedback(outcome)
            assert outcome.measure == most
            assert words in done
            assert " 0.0 " not in done
            assert "1 pauses" not in done
            assert ("every pause" in done or "pauses" in done) <= (len(held_back.pauses_s) > 1)
            if held_back.false_starts:
                assert "over the voice" in to_try or "while the voice" in to_try or "pause" in to_try


def test_no_feedback_grades_or_blames() -> None:
    words = " ".join(w for ways in material().feedback.values() for w in ways).lower()
    for word in (
        "wrong",
        "bad ",
        "fail",
        "score",
        "points out of",
        "perfect",
        "mistake",
        "poor",
        "you should",
        "must ",
    ):
        assert word not in words, word
