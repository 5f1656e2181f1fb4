from __future__ import annotations

import examples

from voicecoach.events import Clock, Event, ReplyAct, Turn, TurnStarted, VoiceOff, VoiceOn, Word, WordsUntil
from voicecoach.listening import ReplyJudge, judge_all

REFLECTION = "So you felt alone with all the dishes on Tuesday and nobody saw it"


def words(speaker: str, start: float, text: str, step: float = 0.3) -> list[Event]:
    return [
        Word(start=start + i * step, end=start + (i + 1) * step, speaker=speaker, word=word)
        for i, word in enumerate(text.split())
    ]


def begins(speaker: str, start: float, previous: str | None = None) -> list[Event]:
    return [
        VoiceOn(start=start, end=start, speaker=speaker),
        TurnStarted(start=start, end=start, speaker=speaker, previous=previous),
    ]


def turn(speaker: str, start: float, end: float, text: str) -> Turn:
    return Turn(start=start, end=end, speaker=speaker, speech_s=end - start, text=text)


def told() -> list[Event]:
    return [*begins("Anna", 0.0), *words("Anna", 0.0, examples.DISHES), turn("Anna", 0.0, 11.0, examples.DISHES)]


def feed(judge: ReplyJudge, events: list[Event]) -> list[ReplyAct]:
    return [act for event in events for act in judge.push(event)]


def test_a_reply_is_judged_early_and_once_more_when_its_turn_is_over():
    judge = ReplyJudge()
    assert feed(judge, told()) == []
    early = feed(judge, [*begins("Sam", 11.5, "Anna"), *words("Sam", 11.5, REFLECTION)])
    assert early
    assert all(act.partial for act in early)
    assert early[0].text.split() == REFLECTION.split()[:8]
    assert early[0].acts["reflection"] >= 0.5
    assert (early[0].speaker, early[0].to, early[0].start) == ("Sam", "Anna", 11.5)
    (final,) = feed(judge, [turn("Sam", 11.5, 15.7, REFLECTION)])
    assert not final.partial
    assert (final.start, final.end, final.text) == (11.5, 15.7, REFLECTION)
    assert {"alone", "dishes", "tuesday"} <= set(final.covered)


def test_three_seconds_of_known_speech_are_enough():
    judge = ReplyJudge()
    feed(judge, [*told(), *begins("Sam", 11.5, "Anna"), *words("Sam", 11.5, "You felt very alone", 0.7)])
    assert feed(judge, [WordsUntil(start=14.4, end=14.4, speaker="Sam")]) == []
    (early,) = feed(judge, [WordsUntil(start=14.5, end=14.5, speaker="Sam")])
    assert early.partial
    assert early.text == "You felt very alone"


def test_the_first_pause_is_enough_once_its_words_are_known():
    judge = ReplyJudge()
    feed(judge, [*told(), *begins("Sam", 11.5, "Anna"), *words("Sam", 11.5, "You felt alone")])
    off = 12.4
    assert feed(judge, [VoiceOff(start=off, end=off, speaker="Sam"), Clock(start=13.0, end=13.0)]) == []
    feed(judge, [WordsUntil(start=off, end=off, speaker="Sam")])
    (early,) = feed(judge, [Clock(start=13.1, end=13.1)])
    assert early.text == "You felt alone"
    assert feed(judge, [Clock(start=14.0, end=14.0)]) == []


def test_the_first_turn_of_all_is_no_reply():
    assert judge_all([turn("Anna", 0.0, 9.0, examples.DISHES)]) == []


def test_going_on_after_a_pause_answers_the_other_person_still():
    acts = judge_all(
        [turn("Anna", 0, 9, examples.DISHES), turn("Sam", 10, 11, "Okay."), turn("Sam", 13, 15, "You felt alone.")]
    )
    assert [(a.start, a.to) for a in acts] == [(10, "Anna"), (13, "Anna")]


def test_words_that_arrive_before_the_turn_is_announced_count():
    judge = ReplyJudge()
    feed(judge, told())
    feed(judge, [VoiceOn(start=11.5, end=11.5, speaker="Sam"), *words("Sam", 11.5, REFLECTION)])
    (early,) = feed(judge, [TurnStarted(start=11.5, end=11.5, speaker="Sam", previous="Anna")])
    assert early.text == REFLECTION


def test_words_of_an_earlier_backchannel_do_not_count():
    judge = ReplyJudge()
    feed(judge, [*told(), *words("Sam", 4.0, "mm yeah right")])
    early = feed(judge, [*begins("Sam", 11.5, "Anna"), *words("Sam", 11.5, REFLECTION)])
    assert early[0].text.startswith("So you felt")


def test_a_reply_waits_for_what_it_replies_to_but_not_for_ever():
    judge = ReplyJudge()
    feed(judge, begins("Anna", 0.0) + words("Anna", 0.0, "I felt alone"))
    feed(judge, begins("Sam", 3.0, "Anna"))
    assert feed(judge, [turn("Sam", 3.0, 5.0, "You felt alone")]) == []
    assert feed(judge, [Clock(start=19.0, end=19.0)]) == []
    (final,) = feed(judge, [Clock(start=21.0, end=21.0)])
    assert final.covered == ("alone",)


def test_a_turn_without_words_gets_no_judgement():
    assert judge_all([turn("Anna", 0, 9, ""), turn("Sam", 10, 11, "")]) == []


def test_any_number_of_people():
    names = ["A", "B", "C", "D"]
    acts = judge_all([turn(names[i % 4], i * 5.0, i * 5.0 + 4, "You felt alone.") for i in range(40)])
    assert [(a.speaker, a.to) for a in acts[:3]] == [("B", "A"), ("C", "B"), ("D", "C")]
    assert len(acts) == 39


def test_hours_of_talk_do_not_pile_up():
    judge = ReplyJudge()
    for i in range(500):
        who, other = ("Anna", "Sam") if i % 2 else ("Sam", "Anna")
        start = i * 10.0
        feed(judge, [*begins(who, start, other), *words(who, start, REFLECTION), turn(who, start, start + 5, "Yes.")])
    assert len(judge._turns) < 20
    assert sum(len(p.words) for p in judge._people.values()) < 400


def test_what_was_said_back_before_a_long_silence_is_no_longer_the_course_of_the_talk():
    answer = "That must have been a long day"

    def talk(at: float) -> list[Event]:
        said, begun = examples.DISHES, begins("Anna", at)
        return [*begun, turn("Anna", at, at + 11.0, said), turn("Sam", at + 11.5, at + 15.0, answer)]

    earlier = [*told(), turn("Sam", 11.5, 15.7, REFLECTION)]
    (alone,) = feed(ReplyJudge(), talk(0.0))
    soon, late = (feed(ReplyJudge(), [*earlier, *talk(at)])[-1] for at in (16.0, 200.0))
    assert soon.acts["reflection"] > alone.acts["reflection"]
    assert late.acts == alone.acts
