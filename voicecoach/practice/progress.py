"""Where a check-in stands, JSON-ready, so that it can go on from there; and the questions the table asks of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voicecoach.practice.length import FLOOR_S, SHORTEST_FLOOR_S, floor_left_s
from voicecoach.practice.steps import START
from voicecoach.practice.which import alike

CORRECTIONS = 2
"""So often may one thing be said back anew; then it goes on."""
TOPICS = 3
"""So many topics are offered before one is taken."""
LEAST_LEFT_S = 20.0
"""With less time than this left, nobody is asked whether there is more."""
MOST_CARRIED = 0.5
"""Balance changes the next floor by at most this share of it."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to follow up. ``id``: of the store."""

    id: int
    person: str
    text: str
    due: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """An agreement or a proposal. ``about``: what it is about, if known; ``by``: who proposed it; ``number``: which."""

    text: str
    about: str = ""
    by: str = ""
    number: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What one check-in begins with.

    ``people``: in order of today, the first begins; ``minutes``: how long it may take (0: as long as it does);
    ``rounds``, ``floor_s``: how many, and each person's time in one;
    ``rest_s``: length of a cooling off; ``today``: ISO date; ``heavier``: who has for several check-ins carried most
    of the speaking (or None); ``follow_up_days``: until a promise is asked after when no day is named; ``weekly``:
    day (0 is Monday) and time they meet every week.
    """

    people: tuple[str, str]
    today: str
    minutes: float = 0.0
    rounds: int = 1
    floor_s: float = FLOOR_S
    grace_s: float = 60.0
    rest_s: float = 1200.0
    solve_s: float = 420.0
    follow_up_days: int = 7
    promises: tuple[Promise, ...] = ()
    agreements: tuple[Rule, ...] = ()
    proposals: tuple[Rule, ...] = ()
    suggestions: tuple[Rule, ...] = ()
    heavier: str | None = None
    first_time: bool = True
    weekly: tuple[int, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Plan:
        """Inverse of `to_dict`, also once it has been JSON."""
        known = {f.name for f in dataclasses.fields(cls)}
        plan: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items() if key in known}
        plan["promises"] = tuple(Promise(**p) for p in plan.get("promises", ()))
        for key in ("agreements", "proposals", "suggestions"):
            plan[key] = tuple(Rule(**r) for r in plan.get(key, ()))
        return cls(**plan)


@dataclass(slots=True)
class Progress:
    """The state of one check-in. Indices 0 and 1 stand for ``plan.people``.

    ``place``: whose turn it is in a step (in a round: the speaker); ``item``: which promise, suggestion or proposal;
    ``round``: from 0; ``topics``: how many were turned down in it; ``offered``: how many were offered in rounds before;
    ``spoken_s``: how long each has had the floor in this round; ``budget_s``: how long each has it;
    ``floor_s``: in all rounds; ``speech_s``: how long each has spoken in all of the check-in; ``spent_s``: how long the
    check-in has taken, without breaks; ``left``: the step that cooling off interrupted; ``draft``: what was said and is
    being read back; ``about``: what a draft of an agreement is about, if known; ``old``: the agreement it is to
    replace, if they said which; ``by``: who wants to let one go; ``rules``: agreements as they are now; ``counts``: of
    each person, what the figures are made of; ``moments``: names of good moments noticed.
    """

    step: str = START
    place: int = 0
    item: int = 0
    round: int = 0
    topic: str = ""
    topics: int = 0
    offered: int = 0
    depth: str = "middle"
    corrections: int = 0
    draft: str = ""
    about: str = ""
    old: str = ""
    by: str = ""
    heard: list[bool | None] = field(default_factory=lambda: [None, None])
    spoken_s: list[float] = field(default_factory=lambda: [0.0, 0.0])
    budget_s: list[float] = field(default_factory=lambda: [0.0, 0.0])
    floor_s: list[float] = field(default_factory=lambda: [0.0, 0.0])
    speech_s: list[float] = field(default_factory=lambda: [0.0, 0.0])
    spent_s: float = 0.0
    left: str = ""
    rules: list[dict[str, str]] = field(default_factory=list)
    counts: list[dict[str, int]] = field(default_factory=lambda: [{}, {}])
    moments: list[str] = field(default_factory=list)
    rebalance: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Progress:
        """Inverse of `to_dict`; what a newer or older version kept besides is left out."""
        known = {f.name for f in dataclasses.fields(cls)}
        return cls(**{key: value for key, value in data.items() if key in known})

    def begin_round(self, plan: Plan) -> None:
        """Set each person's time: the same, but for what is carried, so that both come to the same in the end.

        What took longer than planned until now shortens what is to come, so that the whole keeps to its time.
        """
        floor_s = plan.floor_s
        if plan.minutes:
            left_s = floor_left_s(plan.minutes, self.spent_s, plan.rounds - self.round)
            floor_s = min(floor_s, SHORTEST_FLOOR_S if left_s is None else left_s)
        behind = (self.floor_s[1] - self.floor_s[0]) / 2
        if self.rebalance and plan.heavier in plan.people:
            behind += floor_s / 5 * (1 if plan.heavier == plan.people[1] else -1)
        behind = max(-MOST_CARRIED * floor_s, min(MOST_CARRIED * floor_s, behind))
        self.budget_s = [floor_s + behind, floor_s - behind]
        self.spoken_s = [0.0, 0.0]
        self.topics = self.corrections = self.place = 0

    def count(self, person: int, what: str) -> None:
        """One more of ``what`` for a person."""
        self.counts[person][what] = self.counts[person].get(what, 0) + 1

    # --- the questions of the table: each answers, and moves on where its name says so -----------------------

    def ask(self, question: str, plan: Plan) -> bool:
        """Answer a `Gate`."""
        answer: bool = getattr(self, f"_{question}")(plan)
        return answer

    def _promise_left(self, plan: Plan) -> bool:
        self.item = 0
        return bool(plan.promises)

    def _another_promise(self, plan: Plan) -> bool:
        return self._another(len(plan.promises))

    def _has_agreements(self, plan: Plan) -> bool:
        self.item = self.place = 0
        return bool(self.rules)

    def _has_suggestions(self, plan: Plan) -> bool:
        return bool(plan.suggestions)

    def _another_suggestion(self, plan: Plan) -> bool:
        return self._another(len(plan.suggestions))

    def _proposal_left(self, plan: Plan) -> bool:
        self.item = 0
        return bool(plan.proposals)

    def _another_proposal(self, plan: Plan) -> bool:
        return self._another(len(plan.proposals))

    def _another(self, items: int) -> bool:
        self.item += 1
        if self.item < items:
            return True
        self.item = 0
        return False

    def same(self) -> str:
        """The agreement that the draft is to replace, or one about the same; empty without one."""
        return self.old or alike(self.draft, self.rules, about=self.about)

    def _one_about_the_same(self, plan: Plan) -> bool:
        return bool(self.same())

    def _says_which(self, plan: Plan) -> bool:
        return bool(self.draft)

    def _one_carries_more(self, plan: Plan) -> bool:
        self.place = 0
        return plan.heavier is not None

    def _another_topic(self, plan: Plan) -> bool:
        self.topics += 1
        return self.topics < TOPICS

    def _corrections_left(self, plan: Plan) -> bool:
        self.corrections += 1
        return self.corrections <= CORRECTIONS

    def _time_left(self, plan: Plan) -> bool:
        self.corrections = 0
        return self.budget_s[self.place] - self.spoken_s[self.place] >= LEAST_LEFT_S

    def _other_turn(self, plan: Plan) -> bool:
        self.corrections = 0
        self.draft = self.about = self.old = ""
        self.place = 1 - self.place
        return self.place == 1

    def _another_round(self, plan: Plan) -> bool:
        self.round += 1
        self.offered += min(self.topics + 1, TOPICS)
        self.topics = 0
        to_come = plan.rounds - self.round
        return to_come > 0 and not (plan.minutes and floor_left_s(plan.minutes, self.spent_s, to_come) is None)

    def _both_heard(self, plan: Plan) -> bool:
        self.place = 0
        return all(self.heard)

    def _has_moment(self, plan: Plan) -> bool:
        return bool(self.moments)
