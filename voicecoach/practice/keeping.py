"""What is kept of how a step ended, and what changes by it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from voicecoach.events import Keep
from voicecoach.practice.amending import Amending
from voicecoach.practice.asking import Outcome
from voicecoach.practice.progress import Plan, Progress
from voicecoach.practice.steps import AGREE, step_of
from voicecoach.practice.wording import Wording

KEEP_DAYS = 7
"""A promise that is kept for longer is asked after again so many days later."""


class Keeping:
    """Changes ``progress`` by the outcome of its step, and says what of it is to be kept for good."""

    def __init__(self, plan: Plan, progress: Progress, wording: Wording, amending: Amending) -> None:
        self._plan = plan
        self._progress = progress
        self._wording = wording
        self._amending = amending
        self._now = 0.0

    def take(self, outcome: Outcome, now: float) -> tuple[list[Keep], str]:
        """What to keep of how the present step ended, and a sentence to say to it (or none)."""
        self._now = now
        step = step_of(self._progress.step)
        self._count(outcome)
        if not step.keeps:
            return [], ""
        kept: list[Keep] = getattr(self, f"_{step.keeps}")(outcome)
        said = self._follow_up_on(kept[0]) if step.keeps == "commitment" and kept else ""
        return kept, said

    def figures(self, now: float) -> Keep:
        """What is counted of the whole check-in, which is over."""
        progress = self._progress
        people = {
            name: {
                "floor_s": round(progress.floor_s[i], 1),
                "speech_s": round(progress.speech_s[i], 1),
                "heard": progress.heard[i],
                **progress.counts[i],
            }
            for i, name in enumerate(self._plan.people)
        }
        data = {"people": people, "moments": progress.moments, "rounds": progress.round}
        return Keep(start=now, end=now, what="figures", data=data)

    @property
    def _person(self) -> str:
        return self._plan.people[self._progress.place]

    def _keep(self, what: str, text: str = "", person: str = "", **data: Any) -> list[Keep]:
        return [Keep(start=self._now, end=self._now, what=what, person=person, text=text, data=data)]

    def _count(self, outcome: Outcome) -> None:
        progress, name = self._progress, outcome.name
        if name == "let_go":
            progress.draft, progress.by = outcome.value, outcome.by
        elif progress.step == "which":
            progress.draft = outcome.text if name == "chosen" else ""
        elif progress.step in ("promise", "support", "own", "own_words"):
            progress.draft = outcome.text if name == "words" else ""
            if step_of(progress.step).part == AGREE:
                progress.old, progress.draft = self._amending.change(progress.draft)
            progress.about = self._wording.kind(progress.draft)
        elif progress.step == "reflect" and name in ("reflected", "missed"):
            progress.count(1 - progress.place, name)
        elif progress.step == "confirm" and name == "no":
            progress.count(progress.place, "corrected")
        elif progress.step == "confirm" and name == "yes" and progress.corrections:
            progress.moments.append("corrected")

    # --- by what a step keeps ---------------------------------------------------------------------------------------

    def _promise_done(self, outcome: Outcome) -> list[Keep]:
        if outcome.name == "no":
            return []
        return self._followed_up("kept" if outcome.name == "yes" else "open")

    def _promise_keep(self, outcome: Outcome) -> list[Keep]:
        return self._followed_up("let go" if outcome.name == "no" else "open")

    def _followed_up(self, state: str) -> list[Keep]:
        promise = self._plan.promises[self._progress.item]
        due = (date.fromisoformat(self._plan.today) + timedelta(days=KEEP_DAYS)).isoformat()
        return self._keep("followed_up", self._progress.draft, promise.person, id=promise.id, state=state, due=due)

    def _suggested(self, outcome: Outcome) -> list[Keep]:
        rule = self._plan.suggestions[self._progress.item]
        return self._agreed(rule.text, rule.about, "") if outcome.name == "yes" else []

    def _own(self, outcome: Outcome) -> list[Keep]:
        """Where they have one about the same, it is asked first whether this one takes its place."""
        progress = self._progress
        if outcome.name != "yes" or progress.same():
            return []
        return self._agreed(progress.draft, progress.about, self._person)

    def _own_instead(self, outcome: Outcome) -> list[Keep]:
        """Both want the new one, so it is kept however this ends; the old one goes only if both say so."""
        progress, old = self._progress, self._progress.same()
        if outcome.name != "yes":
            return self._agreed(progress.draft, progress.about, self._person)
        progress.rules = [r for r in progress.rules if r["text"] != old]
        return self._agreed(progress.draft, progress.about, self._person, instead_of=old)

    def _let_go(self, outcome: Outcome) -> list[Keep]:
        progress, old = self._progress, self._progress.draft
        if outcome.name != "yes":
            return []
        progress.rules = [r for r in progress.rules if r["text"] != old]
        return self._agreed("", "", progress.by, instead_of=old)

    def _proposed(self, outcome: Outcome) -> list[Keep]:
        rule = self._plan.proposals[self._progress.item]
        numbers = {"number": rule.number, "version": rule.version}
        if outcome.name == "no":
            return self._keep("declined", rule.text, rule.by, **numbers)
        if outcome.name != "yes":
            return []
        before = {r.text for r in self._plan.agreements if r.number == rule.number}
        self._progress.rules = [r for r in self._progress.rules if r["text"] not in before]
        return self._agreed(rule.text, rule.about, rule.by, **numbers)

    def _agreed(self, text: str, about: str, by: str, **which: Any) -> list[Keep]:
        if text:  # else both let it go
            self._progress.rules.append({"text": text, "about": about})
        return self._keep("agreed", text, by, about=about, **which)

    def _rebalance(self, outcome: Outcome) -> list[Keep]:
        self._progress.rebalance = outcome.name == "yes"
        return []

    def _depth(self, outcome: Outcome) -> list[Keep]:
        if outcome.name == "chosen":
            self._progress.depth = outcome.text
        return []

    def _topic(self, outcome: Outcome) -> list[Keep]:
        if outcome.name == "words":
            self._progress.topic = outcome.text.rstrip(".!?")
        return []

    def _felt(self, outcome: Outcome) -> list[Keep]:
        self._progress.heard[self._progress.place] = outcome.name == "yes"
        if all(self._progress.heard) and "both_heard" not in self._progress.moments:
            self._progress.moments.append("both_heard")
        return []

    def _commitment(self, outcome: Outcome) -> list[Keep]:
        if not self._progress.draft:
            return []
        usual = date.fromisoformat(self._plan.today) + timedelta(days=self._plan.follow_up_days)
        due: date = outcome.value or usual
        return self._keep("commitment", self._progress.draft, self._person, due=due.isoformat())

    def _learned(self, outcome: Outcome) -> list[Keep]:
        return self._keep("learned", outcome.text, self._person) if outcome.name == "words" else []

    def _appreciated(self, outcome: Outcome) -> list[Keep]:
        return self._keep("appreciated", outcome.text, self._person) if outcome.name == "words" else []

    def _breakthrough(self, outcome: Outcome) -> list[Keep]:
        return self._keep("breakthrough", self._wording.moment(self._progress.moments))

    def _follow_up_on(self, commitment: Keep) -> str:
        day = date.fromisoformat(commitment.data["due"])
        return self._wording.follow_up(day, date.fromisoformat(self._plan.today))
