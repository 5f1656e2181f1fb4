from __future__ import annotations

from voicecoach.events import Clock, Cue, Event, Prompt, VoiceOff, VoiceOn
from voicecoach.practice import Sayer


def at(time: float) -> Clock:
    return Clock(start=time, end=time)


def heard(cue: Cue, end: float, *, cut: bool = False) -> Prompt:
    return Prompt(start=cue.start, end=end, text=cue.text, situation=cue.situation, words=cue.words, cut=cut)


def run(sayer: Sayer, *events: Event) -> list[Cue]:
    return [cue for event in events for cue in sayer.push(event)]


def test_lines_come_one_after_another_each_in_a_silence() -> None:
    sayer = Sayer()
    sayer.say("One two three.")
    sayer.say("Four five six.")
    on = VoiceOn(start=0.5, end=0.5, speaker="Anna")
    assert run(sayer, on, at(1.0), at(2.0)) == []
    (first,) = run(sayer, VoiceOff(start=2.0, end=2.0, speaker="Anna"), at(2.2), at(2.4))
    assert (first.text, first.start, first.patient) == ("One two three.", 2.4, True)
    assert run(sayer, at(5.0)) == [], "the first is not over yet"
    (second,) = run(sayer, heard(first, 5.5), at(5.6), at(5.9))
    assert second.text == "Four five six."
    run(sayer, heard(second, 7.0), at(7.0))
    assert not sayer.busy
    assert sayer.ended == 7.0


def test_a_question_answered_before_its_end_is_not_asked_again() -> None:
    sayer = Sayer()
    sayer.say("Is this a good place to talk?")
    (cue,) = run(sayer, at(1.0))
    run(sayer, heard(cue, cue.start + 2.0, cut=True), at(9.0))
    assert not sayer.busy
    assert sayer.ended == cue.start, "what was said over its end counts as an answer"


def test_a_line_cut_early_or_meant_whole_is_said_once_more() -> None:
    for whole, share in ((False, 0.2), (True, 0.9)):
        sayer = Sayer()
        sayer.say("Is this a good place to talk?", whole=whole)
        (cue,) = run(sayer, at(1.0))
        (again,) = run(sayer, heard(cue, cue.start + share * 7 * 0.35, cut=True), at(5.0))
        assert again.text == cue.text
        assert run(sayer, heard(again, 6.0, cut=True), at(9.0)) == []
        assert not sayer.busy


def test_a_prompt_of_the_coach_is_not_taken_for_a_line() -> None:
    sayer = Sayer()
    sayer.say("Is this a good place to talk?")
    run(sayer, at(1.0), Prompt(start=1.0, end=2.0, text="Thank you, Anna.", situation="thanks"))
    assert sayer.busy


def test_chimes_and_what_was_dropped() -> None:
    sayer = Sayer()
    sayer.chime("bell")
    sayer.say("Never said.")
    sayer.drop()
    sayer.chime("back")
    (cue,) = run(sayer, at(1.0))
    assert (cue.words, cue.sound) == (False, "back")
