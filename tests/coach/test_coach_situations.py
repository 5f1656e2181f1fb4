"""Every situation, each with the cases in which the coach must stay silent."""

from __future__ import annotations

from itertools import pairwise

import pytest
from scene import ANSWERING, REFLECTING, TELLING, Scene, run

from voicecoach.coach import LEVELS, Coach, State
from voicecoach.errors import MisuseError
from voicecoach.events import Backchannel, Interruption, Prompt

LAGS = pytest.mark.parametrize("lag_s", [0.1, 1.0, 2.0])


def situations(cues):
    return [c.situation for c in cues if c.words]


def interruption(start=6.0, end=7.5, *, kind="successful", confidence=0.9, status="confirmed", who="Sam", whom="Anna"):
    yielded = {"successful": whom, "failed": who, "silent": whom}[kind]
    return Interruption(
        start=start, end=end, speaker=who, interrupted=whom, kind=kind, yielded=yielded, yielded_at=end - 0.5,
        confidence=confidence, status=status,
    )  # fmt: skip


# --- invite


@LAGS
def test_silence_after_a_longer_turn_invites_the_listener_by_name(lag_s):
    (cue,) = Scene(lag_s).say("Anna", 0, 8).cues()
    assert cue.situation == "invite"
    assert cue.to == "Sam"
    assert cue.text.startswith("Sam, ")
    assert cue.about == 0.0
    assert "Anna" in cue.reason
    assert 8.85 <= cue.start <= 9.6


def test_an_invitation_comes_within_a_second_when_the_words_are_known_and_finished():
    (cue,) = Scene(lag_s=0.3).say("Anna", 0, 8).cues()
    assert cue.start == pytest.approx(8.9, abs=0.05)


def test_an_invitation_comes_sooner_after_the_end_of_a_sentence():
    (cue,) = Scene(lag_s=0.3).say("Anna", 0, 8, TELLING + ".").cues()
    assert cue.start == pytest.approx(8.6, abs=0.05)


def test_a_turn_that_does_not_sound_finished_is_given_more_time():
    (cue,) = Scene(lag_s=0.3).say("Anna", 0, 8, TELLING + " because").cues()
    assert cue.start == pytest.approx(10.6, abs=0.05)


def test_something_painful_is_given_more_time_still():
    (cue,) = Scene(lag_s=0.3).say("Anna", 0, 8, "and then my father died and I cried for days").cues()
    assert cue.start == pytest.approx(12.0, abs=0.05)


def test_one_invitation_and_then_the_silence_is_left_alone():
    scene = Scene().say("Anna", 0, 8)
    scene.until = 20.0
    assert situations(scene.cues()) == ["invite"]


@pytest.mark.parametrize("end", [2.0, 5.8])
def test_no_invitation_after_a_short_turn(end):
    assert Scene().say("Anna", 0, end).cues() == []


def test_no_invitation_when_the_speaker_goes_on_after_a_pause():
    scene = Scene(lag_s=0.3).say("Anna", 0, 7).say("Anna", 7.8, 15).say("Anna", 15.8, 20)
    assert [c.start > 20 for c in scene.cues()] == [True]


def test_no_invitation_when_the_listener_answers_at_once():
    assert Scene().say("Anna", 0, 8).say("Sam", 8.6, 12, REFLECTING).cues() == []


def test_a_backchannel_is_no_answer_and_does_not_stop_the_invitation():
    cues = Scene(lag_s=0.3).say("Anna", 0, 8).say("Sam", 4, 4.4, "Mm-hm", takes_floor=False).cues()
    assert situations(cues) == ["invite"]


def test_no_invitation_to_say_back_a_reflection():
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.6, 16, REFLECTING + " and you wish that I would see it more often")
    assert scene.cues() == []


def test_without_any_words_a_silence_still_invites_and_nothing_else_happens():
    scene = Scene().say("Anna", 0, 8, "").say("Sam", 12, 16, "").say("Anna", 17, 18, "")
    assert situations(scene.cues()) == ["invite"]


# --- remind


@LAGS
def test_an_answer_without_a_reflection_is_reminded_at_its_first_pause(lag_s):
    (cue,) = Scene(lag_s).say("Anna", 0, 8).say("Sam", 8.5, 12, ANSWERING).cues()
    assert cue.situation == "remind"
    assert cue.to == "Sam"
    assert "Sam" in cue.text
    assert 12.5 <= cue.start <= 14.6


@LAGS
def test_an_answer_that_begins_with_a_reflection_is_never_reminded(lag_s):
    scene = Scene(lag_s).say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING).say("Sam", 13, 18, ANSWERING)
    assert "remind" not in situations(scene.cues())


@LAGS
def test_an_okay_is_not_yet_an_answer(lag_s):
    scene = Scene(lag_s).say("Anna", 0, 8).say("Sam", 8.4, 8.9, "Okay yeah").say("Sam", 10, 14, REFLECTING)
    assert "remind" not in situations(scene.cues())


@pytest.mark.parametrize(
    "answer",
    [
        "What do you mean by that?",
        "What was the hardest part?",
        "I'm so sorry about that.",
        "That must have been hard.",
    ],
)
def test_a_question_that_listens_or_kindness_is_welcome(answer):
    assert Scene().say("Anna", 0, 8).say("Sam", 8.5, 11, answer).cues() == []


def test_no_reminder_after_a_short_turn():
    assert Scene().say("Anna", 0, 4).say("Sam", 4.5, 8, ANSWERING).cues() == []


def test_no_reminder_when_the_other_person_speaks_already():
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, ANSWERING).say("Anna", 12.3, 14, "Wait let me finish this")
    assert scene.cues() == []


def test_a_reminder_without_a_silence_expires():
    scene = Scene().say("Anna", 0, 8)
    start = 8.5
    for _ in range(10):
        scene.say("Sam", start, start + 2.8, ANSWERING)
        start += 3.1
    assert "remind" not in [c.situation for c in scene.cues() if c.start < start - 4]


def test_words_that_come_too_late_are_not_reminded_about():
    assert Scene(lag_s=4.0).say("Anna", 0, 8).say("Sam", 8.5, 12, ANSWERING).cues() == []


def test_only_one_reminder_for_an_answer():
    scene = Scene().say("Anna", 0, 8)
    for start in (8.5, 36.0, 66.0):
        scene.say("Sam", start, start + 3, ANSWERING)
    assert situations(scene.cues()).count("remind") == 1


def test_an_answer_that_turns_to_a_reflection_before_the_pause_is_left_alone():
    scene = Scene(lag_s=0.5).say("Anna", 0, 8).say("Sam", 8.5, 14, ANSWERING + " but okay " + REFLECTING)
    assert "remind" not in situations(scene.cues())


# --- interruption


def cut_in(**how):
    scene = Scene().say("Anna", 0, 6.4, TELLING + " and").say("Sam", 6.0, 10.0, ANSWERING)
    return scene.add(7.6, interruption(**how))


def test_a_clear_interruption_chimes_at_once_and_gives_the_floor_back_at_the_next_pause():
    chime, words = cut_in().cues()
    assert (chime.words, chime.text, chime.situation) == (False, "", "interruption")
    assert chime.start == pytest.approx(7.5, abs=0.2)
    assert (words.words, words.situation, words.to) == (True, "interruption", "Anna")
    assert "Anna" in words.text
    assert "Sam" not in words.text
    assert words.start == pytest.approx(10.5, abs=0.05)
    assert words.about == 6.0


def test_a_floor_taken_in_a_pause_counts_too():
    assert situations(cut_in(kind="silent").cues()) == ["interruption"]


@pytest.mark.parametrize(
    "how", [{"confidence": 0.7}, {"kind": "failed"}, {"status": "provisional"}, {"status": "withdrawn"}]
)
def test_what_is_not_a_clear_interruption_is_not_answered(how):
    assert "interruption" not in [c.situation for c in cut_in(**how).cues()]


def test_no_words_when_the_interrupted_person_goes_on_by_themselves():
    scene = cut_in().say("Anna", 10.2, 14, "What I wanted to say is that it matters")
    assert situations(scene.cues()) == []


def test_no_words_when_no_silence_comes_in_time():
    scene = Scene().say("Anna", 0, 6.4).say("Sam", 6.0, 20.0, ANSWERING).add(7.6, interruption())
    assert situations(scene.cues()) == []


def test_the_turn_taken_by_interrupting_is_not_to_be_said_back():
    scene = Scene().say("Anna", 0, 6.4).say("Sam", 6.0, 20.0, TELLING).add(7.6, interruption())
    assert "invite" not in situations(scene.cues())


def test_no_reminder_while_it_is_open_whether_it_was_an_interruption():
    scene = cut_in(status="provisional").add(16.0, interruption(status="withdrawn"))
    assert "remind" not in situations([c for c in scene.cues() if c.start < 16.0])


def test_two_interruptions_in_a_moment_chime_once():
    scene = cut_in().add(8.0, interruption(start=7.0, end=7.9))
    assert [c.words for c in scene.cues()].count(False) == 1


# --- misread, more and thanks


@LAGS
@pytest.mark.parametrize("answer", ["No, not quite.", "That's not what I meant.", "no that's not it"])
def test_not_quite_asks_the_teller_what_was_missed(lag_s, answer):
    scene = Scene(lag_s).say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING).say("Anna", 12.5, 13.6, answer)
    (cue,) = scene.cues()
    assert cue.situation == "misread"
    assert cue.to == "Anna"
    assert cue.start >= 14.7


def test_a_teller_who_explains_is_not_asked():
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING)
    scene.say("Anna", 12.5, 17.9, "Not quite, it is more that I wish we would do it together and talk about it")
    assert "misread" not in situations(scene.cues())


@LAGS
def test_after_a_confirmed_reflection_the_teller_is_asked_whether_there_is_more(lag_s):
    scene = Scene(lag_s).say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING).say("Anna", 12.5, 13.2, "Yes, exactly.")
    (cue,) = scene.cues()
    assert (cue.situation, cue.to) == ("more", "Anna")


@pytest.mark.parametrize(
    ("answer", "situation"), [("Exactly, that's what I meant.", "more"), ("Yes but no", "misread")]
)
def test_a_yes_with_a_no_in_it_is_what_there_is_more_of(answer, situation):
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING).say("Anna", 12.5, 13.6, answer)
    assert situations(scene.cues()) == [situation]


@LAGS
def test_whether_there_is_more_is_asked_once_and_the_next_time_the_listener_is_thanked(lag_s):
    scene = Scene(lag_s).say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING).say("Anna", 12.5, 13.2, "Yes, exactly.")
    scene.say("Anna", 40, 48).say("Sam", 48.5, 52, REFLECTING).say("Anna", 52.5, 53.2, "Yes, exactly.")
    asked, thanked = [c for c in scene.cues() if c.situation != "reassure"]
    assert (asked.situation, asked.to) == ("more", "Anna")
    assert (thanked.situation, thanked.to) == ("thanks", "Sam")


def test_nobody_is_asked_for_more_while_they_tell_it_already():
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING)
    scene.say("Anna", 12.5, 20.0, "Yes exactly and the thing with the bins is the same every week you see")
    assert "more" not in situations([c for c in scene.cues() if c.start < 20])


def test_a_yes_said_as_a_backchannel_confirms_as_well():
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING)
    scene.say("Anna", 12.1, 12.6, "Exactly", takes_floor=False)
    scene.add(13.4, Backchannel(start=12.1, end=12.6, speaker="Anna", to="Sam", text="Exactly"))
    assert situations(scene.cues()) == ["more"]


SIDE = "I came out of the meeting and the train was gone and I stood in the rain for an hour and nobody picked up"


def said_back(answer, end=16.0, lag_s=1.0):
    return Scene(lag_s).say("Anna", 0, 8).say("Sam", 8.5, 13, REFLECTING).say("Anna", 14, end, answer)


def test_who_was_said_back_without_a_yes_listens_next():
    told = said_back("I just want it to be better.").say("Sam", 40, 54, SIDE)
    assert situations(told.cues()) == ["invite"]
    assert situations(told.say("Anna", 54.6, 60, "You should just take the bus").cues()) == ["advice"]


@LAGS
@pytest.mark.parametrize("answer", ["No, not yet.", "Yes, I did."])
def test_a_yes_or_no_to_what_is_said_later_is_not_about_the_reflection(lag_s, answer):
    scene = said_back("Thank you for saying that.", lag_s=lag_s)
    scene.say("Sam", 20, 22, "Did you call your mother today?").say("Anna", 22.5, 23.5, answer)
    assert situations(scene.cues()) == []


@LAGS
def test_a_yes_counts_though_its_words_are_known_after_the_listener_spoke_again(lag_s):
    scene = said_back("Yes, exactly.", 15.0, lag_s).say("Sam", 15.2, 16, "Okay.")
    assert situations(scene.cues()) == ["more"]


def test_a_listener_who_says_it_back_again_may_be_confirmed_then():
    scene = said_back("I just want it to be better.")
    scene.say("Sam", 20, 24, "So it is that you feel nobody sees how alone you are with it")
    assert situations(scene.say("Anna", 25, 27, "No, not quite").cues()) == ["misread"]


def test_thanks_are_seldom():
    scene = Scene()
    for i in range(6):
        at = i * 25.0
        scene.say("Anna", at, at + 8).say("Sam", at + 8.5, at + 12, REFLECTING).say("Anna", at + 12.5, at + 13.2, "Yes")
        scene.floor = None
    assert situations(scene.cues()).count("thanks") == 1


def test_nobody_is_thanked_while_the_teller_goes_on():
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING)
    scene.say("Anna", 12.5, 18.0, "Yes exactly and the thing with the bins is the same every week you see")
    assert "thanks" not in situations(scene.cues())


def test_yes_but_is_no_confirmation():
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING).say("Anna", 12.5, 13.2, "Yes but no")
    assert "thanks" not in situations(scene.cues())


# --- limits


def conversation(rounds=12):
    """Both answer with something else every time: as many reasons to speak as there can be."""
    scene = Scene()
    at = 0.0
    for i in range(rounds):
        scene.say(("Anna", "Sam")[i % 2], at, at + 10.5, TELLING if i % 3 else ANSWERING)
        at += 12.5 if i % 4 else 11.0
    return scene


@pytest.mark.parametrize("level", list(LEVELS))
def test_prompts_in_words_are_rationed(level):
    starts = [c.start for c in conversation().cues(level) if c.words]
    assert starts
    assert all(b - a >= LEVELS[level].between_s for a, b in pairwise(starts))


def test_strict_says_more_than_gentle():
    assert len(conversation(24).cues("strict")) > len(conversation(24).cues("gentle"))


def test_a_spoken_prompt_counts_from_when_it_was_heard():
    scene = Scene().say("Anna", 0, 8)
    scene.add(25.0, Prompt(start=24.0, end=25.0, text="x", to="Sam", situation="invite", spoken=True))
    scene.say("Sam", 26, 29, ANSWERING)
    assert all(c.start >= 44.0 for c in scene.cues()[1:])


def test_quieter_the_better_it_goes():
    def second(unasked):
        scene = Scene()
        at = 0.0
        for _ in range(unasked):
            scene.say("Anna", at, at + 8).say("Sam", at + 8.4, at + 12, REFLECTING).say(
                "Anna", at + 12.3, at + 13, "Mm"
            )
            at += 14.0
        coach = Coach(("Anna", "Sam"))
        run(scene.events(0.5), coach)
        return coach.rested_s

    assert second(3) > second(1) > second(0)


def test_no_more_than_two_people_are_needed_and_more_are_fine():
    cues = Scene().say("Anna", 0, 3).say("Kim", 3.5, 5).say("Sam", 5.5, 13).cues(people=("Anna", "Sam", "Kim"))
    assert [(c.situation, c.to) for c in cues] == [("invite", "Kim")]
    assert Scene().say("Anna", 0, 8).cues(people=("Anna",)) == []


def test_the_state_can_be_followed():
    coach = Coach(("Anna", "Sam"))
    run(Scene().say("Anna", 0, 8).events(3.0), coach)
    assert coach.state is State.INVITED


def test_an_unknown_level_or_language_is_refused():
    with pytest.raises(MisuseError, match="gentle, standard, strict"):
        Coach(("Anna", "Sam"), "harsh")
    with pytest.raises(MisuseError, match="'xx'"):
        Coach(("Anna", "Sam"), language="xx")
