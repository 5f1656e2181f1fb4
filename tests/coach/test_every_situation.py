"""Every kind of help: a scene that asks for it, one like it in which the coach must not give it, and people swapped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scene import ANSWERING, REFLECTING, Scene, run
from test_coach_beside import ADVICE, BLAME, OWN, SORRY, cut, long_talk, tense, understood
from test_coach_properties import swapped

from voicecoach.coach import Coach, Situation, policy
from voicecoach.events import Cue

Play = Callable[[], Scene]


def answered(reply: str) -> Scene:
    """Anna tells something, Sam answers ``reply``."""
    return Scene().say("Anna", 0, 8).say("Sam", 8.5, 12, reply)


def taken_back(slip: str) -> Scene:
    """Sam answers ``slip``, and apologises later."""
    scene = answered(slip).say("Anna", 13, 15, "That is how it was")
    return scene.say("Anna", 28, 29, "Mm").say("Sam", 34, 37, SORRY)


def confirmed(said: str, times: int) -> Scene:
    """Sam says back what Anna told, and she answers ``said``; the same again soon, with more of it between."""
    scene = Scene()
    for i in range(times):
        scene.say("Anna", i * 40, i * 40 + 8).say("Sam", i * 40 + 8.5, i * 40 + 12, REFLECTING)
        scene.say("Anna", i * 40 + 12.5, i * 40 + 13.2, said)
    return scene


def rounds(second: str) -> Scene:
    """Both tell something; Anna is understood, and then Sam answers ``second`` to what Anna said back."""
    scene = understood(Scene(), 0, "Anna", "Sam")
    scene.say("Anna", 20, 21.5, "No that is all of it")
    scene.say("Sam", 80, 88).say("Anna", 88.4, 92, REFLECTING).say("Sam", 92.4, 93, second)
    return scene.say("Sam", 100, 101.5, "No that is all of it")


def silence(quiet_s: float) -> Scene:
    scene = Scene().say("Anna", 0, 4, "I do not know what to say")
    scene.until = 4 + quiet_s
    return scene


SCENES: dict[Situation, tuple[Play, Play]] = {
    Situation.REPEATED: (lambda: cut(cut(Scene(), 6.0), 50.0), lambda: cut(cut(Scene(), 6.0), 200.0)),
    Situation.INTERRUPTION: (lambda: cut(Scene(), 6.0), lambda: cut(Scene(), 6.0, kind="failed")),
    Situation.TENSION: (lambda: tense(0.7), lambda: tense(0.5)),
    Situation.MISREAD: (lambda: confirmed("No, not quite", 1), lambda: confirmed("Yes, exactly.", 1)),
    Situation.AGREEMENT: (lambda: cut(Scene(), 6.0), lambda: answered(BLAME)),
    Situation.BLAME: (lambda: answered(BLAME), lambda: answered("I feel alone with it and I need more help")),
    Situation.JUDGING: (
        lambda: answered("Why would you even think that about me"),
        lambda: answered("What was it like for you when you came in"),
    ),
    Situation.MINIMISING: (
        lambda: answered("It's not that bad other people have it much worse"),
        lambda: answered("That sounds really hard for you all of it"),
    ),
    Situation.ADVICE: (
        lambda: answered(ADVICE),
        lambda: Scene().say("Anna", 0, 4, "It is cold").say("Sam", 5, 8, ADVICE),
    ),
    Situation.REMIND: (lambda: answered(ANSWERING), lambda: answered(REFLECTING)),
    Situation.INVITE: (lambda: Scene().say("Anna", 0, 8), lambda: Scene().say("Anna", 0, 4, "It is cold in here")),
    Situation.REPAIR: (lambda: taken_back("You never do anything around here"), lambda: taken_back(REFLECTING)),
    Situation.ROUND: (lambda: rounds("Yes, exactly."), lambda: rounds("No, not quite")),
    Situation.MORE: (lambda: confirmed("Yes, exactly.", 1), lambda: confirmed("Yes but that is not all of it", 1)),
    Situation.THANKS: (lambda: confirmed("Yes, exactly.", 2), lambda: confirmed("Yes, exactly.", 1)),
    Situation.BALANCE: (lambda: long_talk(6, 2.0), lambda: long_talk(6, 8.0)),
    Situation.REASSURE: (lambda: silence(40.0), lambda: silence(10.0)),
}


def said_in(situation: Situation, scene: Scene) -> list[Cue]:
    """All that is said in words; where it is about agreements, they have one about interrupting."""
    agreements = [OWN] if situation is Situation.AGREEMENT else []
    return [c for c in run(scene.events(), Coach(("Anna", "Sam"), agreements=agreements)) if c.words]


@pytest.mark.parametrize("situation", Situation)
def test_it_is_said_when_it_is_wanted_and_not_when_it_only_looks_alike(situation: Situation) -> None:
    wanted, unwanted = SCENES[situation]
    assert [c.situation for c in said_in(situation, wanted())].count(situation.value) == 1
    assert situation.value not in [c.situation for c in said_in(situation, unwanted())]


@pytest.mark.parametrize("situation", Situation)
def test_the_other_person_is_told_the_same_for_the_same(situation: Situation) -> None:
    events = SCENES[situation][0]().events()
    agreements = [OWN] if situation is Situation.AGREEMENT else []
    cues = run(events, Coach(("Anna", "Sam"), agreements=agreements))
    others = run([swapped(e) for e in events], Coach(("Sam", "Anna"), agreements=agreements))
    assert [swapped(c) for c in cues] == others


def test_each_situation_stands_in_one_of_the_tables_that_are_read_to_know_what_the_coach_does() -> None:
    wanted = [help_ for happenings in policy.TABLE.values() for _, help_ in happenings.values() if help_]
    assert sorted([*set(wanted), *policy.SLIPS.values(), *policy.BESIDE], key=list(Situation).index) == list(Situation)
