"""What is noticed beside the exchange, each with the cases in which the coach must stay silent."""

from __future__ import annotations

import pytest
from scene import ANSWERING, REFLECTING, TELLING, Scene, everything_decided, run

from voicecoach.coach import Agreement, Coach
from voicecoach.errors import MisuseError
from voicecoach.events import Command, Cue, Decision, Interruption, Tension

LAGS = pytest.mark.parametrize("lag_s", [0.1, 1.0, 2.0])
ADVICE = "You should just make a plan and then you should stick to it"
BLAME = "You always leave everything to me and you never listen to anything"
SORRY = "I'm sorry, I interrupted you. Let me start again"


def said(scene, level="standard", **more):
    """Situation and addressee of everything said in words."""
    return [(c.situation, c.to) for c in run(scene.events(), Coach(("Anna", "Sam"), level, **more)) if c.words]


def only(situation, told):
    return [t for t in told if t[0] == situation]


def cut(scene, start, *, who="Sam", whom="Anna", kind="successful", confidence=0.9):
    """``who`` comes in at ``start`` on ``whom``, who gives up, and speaks for 3.6 s."""
    scene.say(whom, start - 5, start + 0.4, TELLING + " and").say(who, start, start + 3.6, ANSWERING)
    return scene.add(
        start + 1.5,
        Interruption(
            start=start, end=start + 1.4, speaker=who, interrupted=whom, kind=kind,
            yielded=whom if kind != "failed" else who, confidence=confidence,
        ),
    )  # fmt: skip


# --- repeated interruption


def test_coming_in_again_asks_both_to_take_turns():
    told = said(cut(cut(Scene(), 6.0), 50.0))
    assert only("interruption", told) == [("interruption", "Anna")]
    assert only("repeated", told) == [("repeated", "Anna")]


@pytest.mark.parametrize("second", [{"who": "Anna", "whom": "Sam"}, {"kind": "failed"}, {"confidence": 0.7}])
def test_once_each_or_not_clearly_is_not_repeated(second):
    assert not only("repeated", said(cut(cut(Scene(), 6.0), 50.0, **second)))


def test_what_was_long_ago_does_not_make_it_repeated():
    assert not only("repeated", said(cut(cut(Scene(), 6.0), 200.0)))


# --- slips: blame, judging questions, minimising, advice


SLIPS = pytest.mark.parametrize(
    ("situation", "reply"),
    [
        ("blame", BLAME),
        ("judging", "Why would you even think that about me"),
        ("minimising", "It's not that bad other people have it much worse"),
        ("advice", ADVICE),
    ],
)


@LAGS
@SLIPS
def test_a_slip_is_answered_at_the_first_pause_of_who_made_it(situation, reply, lag_s):
    (cue,) = Scene(lag_s).say("Anna", 0, 8).say("Sam", 8.5, 12, reply).cues()
    assert (cue.situation, cue.to) == (situation, "Sam")
    assert 12.5 <= cue.start <= 14.6


@SLIPS
def test_a_slip_is_left_alone_when_the_other_answers_already(situation, reply):
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, reply).say("Anna", 12.3, 15, "That is not what happened")
    assert not only(situation, said(scene))


@SLIPS
def test_a_slip_is_left_alone_when_it_turns_to_a_reflection(situation, reply):
    scene = Scene(0.3).say("Anna", 0, 8).say("Sam", 8.5, 11, REFLECTING).say("Sam", 11.2, 16, reply)
    assert not only("advice", said(scene))
    assert not only("remind", said(scene))


def test_blame_and_minimising_are_answered_after_a_short_turn_too_but_advice_is_not():
    for reply, wanted in (("You never do anything around here", ["blame"]), (ADVICE, [])):
        scene = Scene().say("Anna", 0, 4, "I think the kitchen looks fine").say("Sam", 4.5, 7.5, reply)
        assert [s for s, _ in said(scene)] == wanted


def test_a_plain_why_and_an_i_sentence_are_no_slips():
    for reply in ("What was it like for you when you saw it", "I feel tired too and I need a bit of quiet"):
        told = said(Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, reply))
        assert not {s for s, _ in told} & {"blame", "judging", "minimising", "advice"}


def test_both_are_told_as_often_for_the_same():
    scene = Scene()
    for i in range(6):
        a, b = ("Anna", "Sam") if i < 3 else ("Sam", "Anna")
        scene.say(a, i * 70.0, i * 70.0 + 8).say(b, i * 70.0 + 8.5, i * 70.0 + 12, BLAME)
        scene.say(a, i * 70.0 + 30, i * 70.0 + 32, "Mm")
    told = only("blame", said(scene))
    assert told.count(("blame", "Anna")) == told.count(("blame", "Sam")) == 3


# --- advice once both were understood


def understood(scene, at, teller, listener):
    """A telling, its reflection and a yes: 14 s."""
    scene.say(teller, at, at + 8).say(listener, at + 8.4, at + 12, REFLECTING)
    return scene.say(teller, at + 12.4, at + 13, "Yes, exactly.")


def test_ideas_are_welcome_when_both_were_heard_and_both_want_to_move_on():
    def talk(ready, yes):
        scene = understood(understood(Scene(), 0, "Anna", "Sam"), 30, "Sam", "Anna")
        scene.say("Anna", 50, 52, ready).say("Sam", 52.5, 53.5, yes)
        scene.say("Anna", 90, 98).say("Sam", 98.5, 102, ADVICE)
        return only("advice", said(scene))

    assert talk("Shall we look for a solution now", "Yes let's do that") == []
    assert talk("Shall we look for a solution now", "No I am not there yet") == [("advice", "Sam")]
    assert talk("The weather is nice", "Yes it is") == [("advice", "Sam")]
    assert talk("I would like to talk about Saturdays", "Yes of course") == [("advice", "Sam")]


# --- thanks for repair, a whole round


@LAGS
def test_who_takes_it_back_in_the_same_breath_is_not_reminded(lag_s):
    scene = Scene(lag_s).say("Anna", 0, 3, "I came home late again")
    scene.say("Sam", 3.5, 12.0, f"{BLAME} I'm sorry I take that back let me say it differently")
    assert not only("blame", said(scene))


@LAGS
def test_taking_something_back_is_thanked_for(lag_s):
    scene = Scene(lag_s).say("Anna", 0, 8).say("Sam", 8.5, 12, "You never do anything around here")
    scene.say("Anna", 13, 15, "That hurts").say("Anna", 28, 29, "Mm").say("Sam", 34, 37, SORRY)
    assert only("repair", said(scene)) == [("repair", "Sam")]


def test_an_apology_without_a_slip_or_long_after_it_is_simply_heard():
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, SORRY)
    assert not only("repair", said(scene))
    late = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, "You never do anything around here")
    late.say("Anna", 13, 15, "That hurts").say("Sam", 160, 163, SORRY)
    assert not only("repair", said(late))


def test_the_first_whole_round_is_thanked_for_once():
    scene = Scene()
    for i in range(4):
        understood(scene, i * 80.0, *(("Anna", "Sam") if i % 2 == 0 else ("Sam", "Anna")))
        scene.say("Anna" if i % 2 == 0 else "Sam", i * 80 + 20, i * 80 + 21.5, "No that is all of it")
    assert len(only("round", said(scene))) == 1


def test_a_round_with_an_interruption_is_not_whole():
    scene = understood(Scene(), 0, "Anna", "Sam")
    cut(scene, 40.0)
    understood(scene, 60, "Sam", "Anna")
    scene.say("Sam", 80, 81.5, "No that is all of it")
    assert not only("round", said(scene))


# --- air time


def long_talk(minutes, answer_s):
    """Anna talks, Sam reflects ``answer_s`` each time, Anna agrees."""
    scene = Scene()
    for i in range(int(minutes * 2)):
        at = i * 30.0
        scene.say("Anna", at, at + 18).say("Sam", at + 18.4, at + 18.4 + answer_s, REFLECTING)
        scene.say("Anna", at + 19.4 + answer_s, at + 20.4 + answer_s, "Yes that is it")
    return scene


def test_who_hardly_speaks_is_invited():
    assert ("balance", "Sam") in said(long_talk(6, 2.0))


def test_who_speaks_enough_or_only_just_listened_is_not():
    assert not only("balance", said(long_talk(6, 8.0)))
    assert not only("balance", said(long_talk(1, 2.0)))


# --- tension


def tense(value, *, at=20.0, scene=None):
    scene = scene or Scene().say("Anna", 0, 5, ANSWERING).say("Sam", 6, 20, ANSWERING)
    return scene.add(at, Tension(start=max(0.0, at - 60), end=at, value=value))


def test_when_it_sounds_tense_both_are_offered_a_break():
    assert len(only("tension", said(tense(0.7)))) == 1
    assert not only("tension", said(tense(0.5)))
    assert not only("tension", said(tense(0.7), "gentle"))
    assert only("tension", said(tense(0.55), "strict"))


def test_a_break_is_not_offered_again_soon_nor_when_it_calmed_down():
    scene = tense(0.7)
    for i in range(1, 8):
        scene.say("Anna", i * 40, i * 40 + 5, ANSWERING)
        tense(0.8, at=i * 40 + 5, scene=scene)
    assert len(only("tension", said(scene))) == 1
    assert not only("tension", said(tense(0.1, at=20.4, scene=tense(0.7, at=19.0))))


# --- long silence


def test_a_long_silence_is_left_alone_and_then_said_to_be_fine_once():
    scene = Scene().say("Anna", 0, 4, "I do not know what to say")
    scene.until = 90.0
    (cue,) = scene.cues()
    assert cue.situation == "reassure"
    assert cue.start == pytest.approx(29.0, abs=0.2)
    assert "Anna" in cue.text
    assert "Sam" in cue.text


def test_a_silence_that_ends_in_time_is_left_alone():
    scene = Scene().say("Anna", 0, 4, "I do not know what to say").say("Sam", 26, 28, "Neither do I")
    assert said(scene) == []


def test_before_anybody_has_spoken_nothing_is_said():
    scene = Scene()
    scene.until = 60.0
    assert scene.cues() == []


# --- agreements


OWN = Agreement("We let each other finish.", "interruption")


def test_what_they_agreed_is_said_in_their_own_words_in_place_of_other_help():
    cues = [c for c in run(cut(Scene(), 6.0).events(), Coach(("Anna", "Sam"), agreements=[OWN])) if c.words]
    assert [(c.situation, c.to) for c in cues] == [("agreement", "Anna")]
    assert OWN.text in cues[0].text
    assert "Anna" in cues[0].text
    assert "Sam" in cues[0].text


def test_what_they_did_not_agree_about_is_helped_with_as_ever():
    assert said(cut(Scene(), 6.0), agreements=[Agreement("We say I.", "blame")]) == [("interruption", "Anna")]
    assert said(Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING), agreements=[OWN]) == []


def test_an_agreement_is_not_said_again_at_once():
    told = said(cut(cut(Scene(), 6.0), 50.0), agreements=[OWN])
    assert len(only("agreement", told)) == 1
    assert len(only("repeated", told)) == 1


def test_an_agreement_needs_words_and_something_the_coach_can_notice():
    with pytest.raises(MisuseError, match="choose one of interruption, blame"):
        Agreement("We eat together.", "dinner")
    with pytest.raises(MisuseError, match="no words"):
        Agreement(" ", "blame")


# --- commands


def command(scene, at, name, speaker=""):
    return scene.add(at, Command(start=at, end=at, name=name, speaker=speaker))


def test_not_now_means_five_quiet_minutes_and_no_more():
    scene = command(Scene(), 1.0, "not now")
    for i in range(5):
        scene.say("Anna", i * 90.0 + 2, i * 90.0 + 10).say("Sam", i * 90.0 + 30, i * 90.0 + 34, ANSWERING)
    starts = [c.start for c in scene.cues() if c.words]
    assert starts
    assert all(s >= 301.0 for s in starts)
    assert "muted" in [d.why for d in scene.decided()]


def test_how_are_we_doing_is_answered_kindly_and_without_grades():
    scene = Scene().say("Anna", 0, 20).say("Sam", 20.5, 26, REFLECTING).say("Anna", 26.5, 27, "Yes")
    (cue,) = [c for c in command(scene, 40.0, "how are we doing").cues() if c.situation == "status"]
    assert cue.patient
    assert "Anna has spoken most of the time" in cue.text
    assert "Sam's: So you felt alone with the dishes" in cue.text
    assert not {"good", "bad", "well", "score", "%"} & set(cue.text.lower().split())


def test_it_is_answered_even_when_little_was_said_or_it_was_asked_to_be_quiet():
    scene = command(command(Scene().say("Anna", 0, 2, "Hello there"), 3.0, "not now"), 4.0, "how are we doing")
    assert [c.text for c in scene.cues() if c.words and c.start < 10] == ["Nobody has said much yet; take your time."]


@pytest.mark.parametrize("away", ["pause", "off the record", "time out"])
def test_while_they_are_away_nothing_is_said_and_afterwards_all_begins_anew(away):
    scene = Scene().say("Anna", 0, 8)
    command(scene, 8.2, away, "Anna")
    scene.say("Sam", 9, 14, ANSWERING)
    command(scene, 40.0, "on the record" if away == "off the record" else "go on")
    scene.say("Sam", 41, 44, ANSWERING)
    assert [s for s, _ in said(scene) if s != "command"] == []
    scene.say("Anna", 60, 68)
    assert [s for s, _ in said(scene) if s != "command"] == ["invite"]


def test_go_on_does_not_put_anybody_on_the_record_again():
    scene = command(Scene(), 1.0, "off the record")
    command(scene, 2.0, "go on")
    scene.say("Anna", 3, 11)
    assert [s for s, _ in said(scene) if s != "command"] == []


@pytest.mark.parametrize("away", ["pause", "time out"])
def test_off_the_record_takes_the_place_of_a_break(away):
    scene = command(command(command(Scene(), 1.0, away), 2.0, "off the record"), 3.0, "go on")
    scene.say("Anna", 4, 12)
    assert [s for s, _ in said(scene) if s != "command"] == []
    command(scene, 30.0, "on the record").say("Sam", 40, 48)
    assert [s for s, _ in said(scene) if s != "command"] == ["invite"]


@pytest.mark.parametrize(
    ("told", "sounds"),
    [
        (["go on"], []),
        (["pause", "go on", "go on"], ["listening_off", "listening_on"]),
        (["off the record", "go on"], ["listening_off"]),
        (["pause", "off the record", "go on"], ["listening_off", "listening_off"]),
        (["off the record", "pause", "time out"], ["listening_off"]),
        (["off the record", "pause", "on the record"], ["listening_off", "listening_on"]),
        (["pause", "pause", "on the record"], ["listening_off", "listening_off", "listening_on"]),
        (["pause", "time out", "go on"], ["listening_off", "prompt", "listening_on"]),
    ],
)
def test_a_command_that_changes_nothing_is_not_confirmed(told, sounds):
    scene = Scene()
    for i, name in enumerate(told):
        command(scene, 1.0 + i, name)
    assert [c.sound for c in scene.cues() if c.situation == "command"] == sounds


def test_a_break_is_offered_in_words_and_the_others_answered_with_a_chime():
    for name, words in (("time out", True), ("pause", False), ("off the record", False), ("not now", False)):
        (cue,) = [c for c in command(Scene(), 1.0, name).cues() if c.situation == "command"]
        assert cue.words is words
        assert cue.patient is words


def test_a_command_over_somebodys_words_is_no_interruption_and_no_answer():
    scene = Scene().say("Anna", 0, 8.4).say("Sam", 8.0, 9.0, "")
    command(scene, 9.2, "how are we doing", "Sam")
    scene.add(
        9.5,
        Interruption(start=8.0, end=9.0, speaker="Sam", interrupted="Anna", kind="successful", yielded="Anna"),
    )
    made = everything_decided(scene.events(), Coach(("Anna", "Sam")))
    assert not [c for c in made if isinstance(c, Cue) and not c.words]
    assert "command" in [d.why for d in made if isinstance(d, Decision)]


# --- decisions


def test_every_prompt_and_every_silence_has_its_reason():
    scene = Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, REFLECTING).say("Anna", 12.5, 13.2, "Yes, exactly.")
    scene.say("Sam", 14, 16, "Mm").say("Anna", 50, 58).say("Sam", 58.5, 62, ANSWERING)
    decided = scene.decided()
    assert all(d.reason.endswith(".") for d in decided)
    nothing = next(d for d in decided if d.choice == "none")
    assert (nothing.situation, nothing.why) == ("remind", "reflected")
    cues = [c for c in scene.cues() if c.words]
    told = [d for d in decided if d.choice == "said"]
    assert [(d.situation, d.to) for d in told] == [(c.situation, c.to) for c in cues]
    assert all(0 <= d.start - c.start <= 0.11 for d, c in zip(told, cues, strict=True))


def test_the_more_a_prompt_is_talked_over_the_rarer_they_get():
    from voicecoach.events import Prompt

    coach = Coach(("Anna", "Sam"))
    rested = [coach.rested_s]
    for cut_off in (True, True, False):
        coach.push(Prompt(start=1, end=2, text="x", situation="invite", cut=cut_off))
        rested.append(coach.rested_s)
    assert rested[0] < rested[1] < rested[2] > rested[3]
