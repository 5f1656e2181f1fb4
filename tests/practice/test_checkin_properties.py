"""Whatever two people do: a check-in comes to its close, is fair, and goes on after a break where it was."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterable

import pytest
from couple import Couple, next_step, time_out
from hypothesis import given, settings
from hypothesis import strategies as st
from test_checkin import PLAN, play
from theatre import Line, Theatre

from voicecoach.events import Event, Prompt
from voicecoach.practice.checkin import CheckIn
from voicecoach.practice.length import floor_and_rounds
from voicecoach.practice.planning import Length
from voicecoach.practice.progress import Plan, Progress, Promise, Rule
from voicecoach.practice.steps import END, TABLE, Gate, Step

FULL = dataclasses.replace(
    PLAN,
    rounds=2,
    promises=(Promise(1, "Ben", "I cook on Friday."),),
    proposals=(Rule("No sarcasm.", "sarcasm", by="Ben", number=1, version=1),),
    heavier="Ben",
    weekly=(6, "19:30"),
)
SAID = (
    "Yes.", "No.", "Not quite.", "Mm-hm.", "I do not know.", "Yes, but it was more than that.", "On Sunday.", "Deep.",
    "You felt alone with the dishes, and that nobody saw it.", "You should have asked me, you never do.",
    "I felt so tired on Tuesday when the whole kitchen was full again and I came home late.", "", "That's it.",
)  # fmt: skip


def test_every_road_leads_to_the_close_and_every_step_is_on_one() -> None:
    reached, waiting = set[str](), ["welcome", "rest", "offer_rest"]
    while waiting:
        name = waiting.pop()
        if name in reached or name in (END, "back"):
            continue
        reached.add(name)
        row = TABLE[name]
        if isinstance(row, Gate):
            assert row.asks.isidentifier()
            assert hasattr(Progress, f"_{row.asks}")
            waiting += [row.yes, row.no]
        else:
            assert "*" in row.then, f"{name} could not be skipped"
            waiting += row.then.values()
    assert reached == set(TABLE)


def test_every_step_can_be_skipped() -> None:
    guide = CheckIn(FULL)
    theatre = Theatre(guide, lambda prompt: [next_step()] if prompt.words else []).run()
    assert guide.done
    assert {s.outcome for s in theatre.steps} <= {"skipped", "done"}
    assert theatre.steps[-1].name == "goodbye"


def test_every_step_can_be_skipped_by_voice() -> None:
    guide = CheckIn(FULL)
    theatre = Theatre(guide, lambda prompt: [Line("Ben", "Coach, next.")] if prompt.words else []).run()
    assert guide.done
    answered = {s.name for s in theatre.steps if s.outcome not in ("skipped", "done")}
    assert answered == set(), answered
    assert not [k for k in theatre.kept if k.what not in ("figures", "followed_up")], "nothing is kept of it"


@given(st.randoms(use_true_random=False), st.floats(0.0, 0.9))
@settings(max_examples=25, deadline=None)
def test_whatever_they_answer_it_comes_to_its_close(chance: random.Random, silent: float) -> None:
    def answer(prompt: Prompt) -> Iterable[Line | Event]:
        if chance.random() < silent:
            return []
        if chance.random() < 0.05:
            return [chance.choice([next_step, time_out])()]
        lines = range(chance.randint(1, 3))
        return [Line(chance.choice(["Anna", "Ben"]), chance.choice(SAID), chance.random() * 4) for _ in lines]

    guide = CheckIn(FULL)
    theatre = Theatre(guide, answer, tick_s=0.5).run(until_s=6 * 3600)
    assert guide.done
    assert theatre.steps[-1].name == "goodbye"
    assert all(p.text and "{" not in p.text for p in theatre.prompts if p.words)


class Talkers(Couple):
    """Each talks in pieces with pauses, for as long as they like (``wish_s``), or until the coach ends it."""

    def __init__(self, guide: CheckIn, chance: random.Random, wish_s: dict[str, float]) -> None:
        super().__init__(guide)
        self.chance = chance
        self.wish_s = wish_s

    def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
        if step != "speak":
            return super().answer(step, one, other)
        lines, total = [], 0.0
        while total < self.wish_s[one]:
            length = 1.5 + self.chance.random() * 4
            lines.append(Line(one, "and then there was so much more", 1.0 + self.chance.random(), length))
            total += length + 1.5
        return list(lines)


@given(st.randoms(use_true_random=False), st.floats(5, 120), st.floats(5, 120))
@settings(max_examples=12, deadline=None)
def test_who_wants_it_gets_the_same_time_within_the_grace(chance: random.Random, anna: float, ben: float) -> None:
    plan = Plan(("Anna", "Ben"), "2026-11-25", rounds=3, floor_s=30.0, grace_s=6.0, agreements=(Rule("Kind."),))
    guide = CheckIn(plan)
    Theatre(guide, Talkers(guide, chance, {"Anna": anna, "Ben": ben}), tick_s=0.5).run()
    assert guide.done
    floor = guide.progress.floor_s
    assert all(total <= 3 * (plan.floor_s + plan.grace_s + 1.0) for total in floor)
    if min(anna, ben) > 100:
        assert abs(floor[0] - floor[1]) <= plan.grace_s + 2.0


@pytest.mark.parametrize("seed", range(6))
def test_it_goes_on_after_a_crash_as_it_would_have_gone_on(seed: int) -> None:
    whole = play(FULL)
    at = random.Random(seed).randrange(len(whole.saves) - 1)
    state = json.loads(json.dumps(whole.saves[at].state))
    rest = play(FULL, progress=Progress.from_dict(state))
    assert [(s.name, s.speaker, s.outcome) for s in rest.steps] == [
        (s.name, s.speaker, s.outcome) for s in whole.steps[at:]
    ]
    assert rest.prompts[0].text == "Welcome back. We go on where we were."
    after = [(k.what, k.person, k.text) for k in whole.kept if k.start > whole.saves[at].start and k.what != "figures"]
    assert [(k.what, k.person, k.text) for k in rest.kept if k.what != "figures"][-len(after) :] == after or not after


@given(st.floats(10, 60), st.none() | st.floats(60, 600))
def test_rounds_and_floor_fit_into_the_time(minutes: float, floor_s: float | None) -> None:
    floor, rounds = floor_and_rounds(minutes, floor_s)
    assert rounds >= 1
    assert floor >= 60
    assert rounds == 1 or 2 * rounds * floor <= minutes * 60


@pytest.mark.parametrize("minutes", [20, 30, 45, 60])
@pytest.mark.parametrize("pace", [0.1, 0.7], ids=["brief", "slow"])
def test_the_time_they_have_is_used_and_kept_to(minutes: int, pace: float) -> None:
    """Whoever wants all of their floor gets it; who takes long over all else has less of it, and not more time."""
    floor_s, rounds = floor_and_rounds(minutes)
    plan = dataclasses.replace(PLAN, minutes=minutes, floor_s=floor_s, rounds=rounds, grace_s=60.0, solve_s=120.0)

    class Slow(Couple):
        def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
            if step == "speak":
                return [Line(one, "and then there was so much more", 1.0, 9.0) for _ in range(45)]
            lines = super().answer(step, one, other)
            longer = (dataclasses.replace(x, length_s=len(x.text) * pace) if isinstance(x, Line) else x for x in lines)
            return [*longer] if step in ("reflect", "sense", "promise", "learned", "support") else lines

    guide = CheckIn(plan)
    theatre = Theatre(guide, Slow(guide), tick_s=0.5).run()
    assert guide.done
    floors = sum(guide.progress.floor_s)
    assert theatre.now <= minutes * 60 * 1.2
    assert floors / 2 >= 60
    if pace < 1:
        assert floors >= minutes * 60 / 3, "a third of it and more is theirs to speak"
        assert theatre.now >= minutes * 60 * 0.5


def test_a_break_takes_none_of_their_time() -> None:
    plan = dataclasses.replace(PLAN, minutes=30, rest_s=1200.0)
    theatre = play(plan, speak=[time_out()])
    assert theatre.now > 1200
    guide = theatre.guide
    assert isinstance(guide, CheckIn)
    assert guide.progress.spent_s < theatre.now - 1190


def test_usual_lengths() -> None:
    assert floor_and_rounds(30) == (300.0, 1), "five minutes each"
    usual = Length()
    assert (usual.minutes, usual.grace_s, usual.rest_s) == (30, 60, 1200)


def test_every_step_is_worded() -> None:
    guide = CheckIn(FULL, progress=Progress(moments=["repaired"]))
    for name, row in TABLE.items():
        if isinstance(row, Step):
            assert guide._text(name, "say"), name
