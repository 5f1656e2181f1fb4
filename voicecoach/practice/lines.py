"""`Lines`: what a step of the check-in says, filled in with names, times and the pair's own words."""

from __future__ import annotations

from datetime import date

from voicecoach.practice.progress import Plan, Progress, Promise, Rule
from voicecoach.practice.steps import TABLE, Hears, Step, Who
from voicecoach.practice.wording import Wording, sentence


class Lines:
    """The lines of one check-in, from its ``plan``, where it stands (``progress``), and the ``wording``."""

    def __init__(self, plan: Plan, progress: Progress, wording: Wording) -> None:
        self._plan, self._progress, self._wording = plan, progress, wording

    @property
    def speaker(self) -> str:
        """Whose place it is."""
        return self._plan.people[self._progress.place]

    @property
    def other(self) -> str:
        """The other one."""
        return self._plan.people[1 - self._progress.place]

    def topic(self) -> str:
        """What the next round could be about."""
        progress = self._progress
        if progress.round == 0 and progress.topics == 0:
            return str(self._wording.other("first_topic"))
        bank = self._wording.topics(progress.depth, date.fromisoformat(self._plan.today).toordinal())
        return bank[(progress.offered + progress.topics) % len(bank)]

    def promise(self) -> Promise:
        """The promise that is being asked after."""
        plan, item = self._plan, self._progress.item
        return plan.promises[item] if item < len(plan.promises) else Promise(0, plan.people[0], "")

    def addressed(self, step: Step) -> str:
        """Whom ``step`` speaks to by name; empty for both."""
        if step.who in (Who.ONE, Who.EACH) or step.hears is Hears.FLOOR:
            return self.speaker
        if step.who is Who.OTHER:
            return self.other
        return self.promise().person if step.who is Who.OWNER else ""

    def next_up(self, step: Step, missing: str = "") -> tuple[str, ...]:
        """What may be said after ``step``, the present one: asked again, or what follows right on it."""
        following = (name for name in step.then.values() if isinstance(TABLE.get(name), Step))
        texts = [self.text(self._progress.step, "again", missing), *(self.text(name, "say") for name in following)]
        return tuple(text for text in texts if text)

    def text(self, name: str, way: str, missing: str = "") -> str | None:
        """What step ``name`` says in one ``way``; None when it says nothing. ``missing``: who has not answered yet."""
        if way == "answered":
            return None
        if name == "welcome" and way == "say" and not self._plan.first_time:
            way = "short"
        template = self._wording.line(name, way) or (self._wording.line(name, "say") if way != "again" else None)
        if template is None:
            return None
        progress, plan = self._progress, self._plan
        items = {"suggest": plan.suggestions, "proposal": plan.proposals}.get(name, ())
        rule = items[progress.item] if progress.item < len(items) else Rule(progress.draft)
        text = rule.text
        if name == "proposal" and not rule.text and way == "say":
            template = self._wording.line(name, "let_go") or template
            text = next((r.text for r in plan.agreements if r.number == rule.number), "")
        if name == "promise":
            text = self.promise().text
        elif name == "read":
            text = " ".join(sentence(r["text"]) for r in progress.rules)
        listed = " ".join(
            place.format(text=sentence(r["text"]))
            for place, r in zip(self._wording.other("places"), progress.rules, strict=False)
        )
        owner = self.promise().person if name.startswith("promise") else self.speaker
        length = {"solve": plan.solve_s, "rest": plan.rest_s}.get(name)
        if length is None:
            length = progress.budget_s[progress.place] - progress.spoken_s[progress.place]
        filled = template.format(
            first=plan.people[0], second=plan.people[1], name=owner, other=self.other,
            text=sentence(text), by=rule.by, missing=missing or plan.people[1], heavier=plan.heavier or "",
            lighter=next((p for p in plan.people if p != plan.heavier), ""),
            listed=listed, topic=progress.topic, old=sentence(progress.same()), round=progress.round + 1,
            time=self._wording.length(length), moment=self._wording.moment(progress.moments), next=self._next_time(),
        )  # fmt: skip
        return " ".join(filled.split())

    def _next_time(self) -> str:
        if self._plan.weekly is None:
            return ""
        day, time = self._plan.weekly
        return str(self._wording.other("next_time")["scheduled"]).format(
            day=self._wording.other("days")[day], time=time
        )
