"""`Attending`: follows one step of a check-in until what it waits for has come, or nobody answers, or time is up."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from datetime import date

from voicecoach.listening import Embed, judge, understand
from voicecoach.practice.amending import Amending
from voicecoach.practice.answers import answers
from voicecoach.practice.asking import Again, Asking, Outcome
from voicecoach.practice.ears import Ears
from voicecoach.practice.holding import Holding
from voicecoach.practice.lines import Lines
from voicecoach.practice.progress import Plan, Progress
from voicecoach.practice.sayer import Sayer
from voicecoach.practice.steps import Hears, Step, Who, step_of
from voicecoach.practice.wording import wording

REFLECTS, LACKS = 0.5, 0.3
"""A reply is (not) taken for a reflection at (below) this probability, as at the coach's level "standard"; in between
it has the benefit of the doubt."""
WELCOME = ("validation", "names_feeling")
OPEN_QUIET_S = 25.0
"""When both have been silent so long, they are done looking for a next step."""


class Attending:
    """What is heard in a step of ``plan``, from when the step `begin`s; ``sayer`` says its line meanwhile.

    ``began``: when the step began, in seconds. What is said counts from the end of the line on.
    """

    def __init__(
        self,
        plan: Plan,
        progress: Progress,
        lines: Lines,
        ears: Ears,
        sayer: Sayer,
        amending: Amending,
        language: str,
        embed: Embed | None,
    ) -> None:
        self._plan, self._progress, self._lines = plan, progress, lines
        self._ears, self._sayer, self._amending = ears, sayer, amending
        self._answers = answers(language)
        self._depths = wording(language).depths
        meaning = understand(embed, language)

        @functools.lru_cache(maxsize=1)  # asked at every tick of the clock, while the words stay the same
        def acts(text: str, told: str) -> Mapping[str, float]:
            return judge(text, told, language, meaning).acts

        self._acts = acts
        self._asking: Asking | None = None
        self._holding: Holding | None = None
        self._listens = self._again = False
        self.began = 0.0
        self._answered_at: float | None = None
        self._told = ""
        self._given_back = -math.inf

    @property
    def _step(self) -> Step:
        return step_of(self._progress.step)

    @property
    def asked(self) -> bool:
        """Whether the line of the step has been said."""
        return self._sayer.ended > self.began

    def begin(self) -> None:
        """The step that ``progress`` names begins."""
        step, ears = self._step, self._ears
        self.began = ears.now if self._answered_at is None else self._answered_at
        if step.unasked:
            self.began = min(self.began, ears.silent_since(self._lines.other))
        self._answered_at = self._holding = None
        self._listens = self._again = False
        self._asking = self._question(step)
        if step.hears is Hears.FLOOR and not self._progress.spoken_s[self._progress.place]:
            self._told = ""

    def resume(self) -> None:
        """Somebody goes on in the step that ``progress`` names, which was thought over: nothing is said to it."""
        self.began, self._listens, self._asking, self._holding = self._ears.now, False, None, None

    def give_back(self) -> None:
        """The floor was taken and is given back: until its speaker goes on, only what says it back is an answer."""
        self._given_back = self._ears.now

    def ask_again(self) -> None:
        """The step is put once more; what was answered meanwhile counts where `Asking` says so."""
        self._listens, self._again = False, True

    def answers_unasked(self) -> bool:
        """Whether the one who is about to be asked has begun to answer by themselves."""
        began = self._ears.began(self._lines.speaker, self.began)
        return self._step.unasked and not self._listens and began is not None

    def look(self) -> Outcome | Again | None:
        """How the step is over, or that it should be asked again; None while it goes on."""
        if not self._listens:
            self._listen()
        match self._step.hears:
            case Hears.NOTHING:
                return Outcome("done")
            case Hears.FLOOR:
                return self._floor()
            case Hears.TIME:
                return Outcome("time") if self._ears.now - self._sayer.ended >= self._plan.rest_s else None
            case Hears.OPEN:
                return self._open()
        assert self._asking is not None
        return self._asking.look()

    def typed(self, text: str, *, done: bool) -> Outcome | None:
        """Somebody types an answer, ``text`` so far: the question waits for them; what it brings once it is ``done``.

        None while they type, and where an answer in words is not what is asked for.
        """
        if self._asking is None:
            return None
        self._asking.wait_from(self._ears.now)
        return self._asking.typed(text) if done else None

    def put_down(self) -> None:
        """Nobody holds the floor any more: note how long it was held, and what was told."""
        if self._holding is not None:
            spoken, place = self._holding.spoken_s, self._progress.place
            self._progress.spoken_s[place] += spoken
            self._progress.floor_s[place] += spoken
            self._told = self._told_by_now(self._holding)
            self._holding = None

    # --- by what a step hears ----------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """What was asked has been said: from now on answers count."""
        self._listens = True
        since = self.began if self._step.unasked else max(self._sayer.ended, self.began)
        if self._asking is not None:
            self._asking.listen(since)
        if self._step.hears is Hears.FLOOR:
            place = self._progress.place
            left = self._progress.budget_s[place] - self._progress.spoken_s[place]
            self._holding = Holding(
                self._lines.speaker, self._lines.other, since, self._ears, self._answers,
                left_s=max(1.0, left), grace_s=self._plan.grace_s,
            )  # fmt: skip

    def _floor(self) -> Outcome | Again | None:
        assert self._holding is not None
        if self._holding.bell_is_due():
            self._sayer.chime("bell", situation="check-in")
        self._holding.wait_from(self._sayer.ended)
        found = self._holding.look(self._step.wait_s)
        if found is None or (found.name == "answered" and self._only_sorry(self._holding)):
            return None
        if found.name == "silent" and not self._again:
            return Again(self._lines.speaker)
        if found.name == "time":
            self._sayer.chime("bell", situation="check-in")
        if found.name == "answered":
            self._answered_at = self._ears.began(self._lines.other, self._ears.silent_since(self._lines.speaker))
        return Outcome(found.name)

    def _only_sorry(self, holding: Holding) -> bool:
        """Whether the listener, asked to say sorry, has said no more than that so far."""
        if self._ears.silent_since(self._lines.speaker) > self._given_back:  # who was come in on has gone on
            return False
        said = self._ears.said(self._lines.other, self._given_back)
        return not _says_back(self._acts(said, self._told_by_now(holding)))

    def _told_by_now(self, holding: Holding) -> str:
        """What the speaker told before, and has while ``holding``."""
        return f"{self._told} {self._ears.said(self._lines.speaker, holding.since)}".strip()

    def _open(self) -> Outcome | None:
        now, since = self._ears.now, max(self._sayer.ended, self.began)
        quiet = now - max(since, self._ears.silent_since())
        return Outcome("time") if now - since >= self._plan.solve_s or quiet >= OPEN_QUIET_S else None

    def _question(self, step: Step) -> Asking | None:
        if step.hears in (Hears.NOTHING, Hears.FLOOR, Hears.TIME, Hears.OPEN):
            return None
        asked = {
            Who.ONE: (self._lines.speaker,),
            Who.EACH: (self._lines.speaker,),
            Who.OTHER: (self._lines.other,),
            Who.OWNER: (self._lines.promise().person,),
        }.get(step.who, self._plan.people)
        return Asking(
            step, asked, self._ears, self._answers,
            today=date.fromisoformat(self._plan.today), choice=self._choice, reflects=self._reflects,
            amending=self._amending,
        )  # fmt: skip

    def _choice(self, text: str) -> str | None:
        if self._progress.step == "depth":
            return self._answers.choice(text, self._depths)
        return self._amending.which(text)

    def _reflects(self, text: str) -> bool | None:
        """Whether ``text`` says back what was told; None for nothing but "okay"."""
        acts = self._acts(text, self._told)
        if acts["acknowledgement"] >= 0.5:
            return None
        return _says_back(acts) or acts["reflection"] >= LACKS


def _says_back(acts: Mapping[str, float]) -> bool:
    return acts["reflection"] >= REFLECTS or any(acts.get(name, 0.0) >= 0.5 for name in WELCOME)
