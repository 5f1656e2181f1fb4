"""`Asking`: one question of a check-in, from the moment it was asked until it is answered, or nobody answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from voicecoach.practice.amending import Amending
from voicecoach.practice.answers import Answers
from voicecoach.practice.ears import Ears
from voicecoach.practice.steps import Hears, Step, Who

SILENCE_S: Mapping[Hears, float] = {
    Hears.VOICE: 0.4,
    Hears.YES_NO: 0.6,
    Hears.CHOICE: 0.8,
    Hears.DATE: 0.8,
    Hears.YES_NO_OR_WORDS: 1.6,
    Hears.REFLECTION: 2.0,
    Hears.WORDS: 2.2,
}
"""An answer of this kind is over after so much silence of the one who gives it."""
VOICE_S = 0.3
LONG_YES = 4
"""Where own words may come too, a yes is no longer than this."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended: a key of `Step.then`, what was said, and, where it matters, by whom (``by``)."""

    name: str
    text: str = ""
    value: Any = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """Nobody has answered, or not clearly: ask again. ``missing``: who has not answered yet."""

    missing: str
    unclear: bool = False


class Asking:
    """Listens for the answer to ``step`` by ``people`` since ``since`` (seconds).

    ``choice``: what a text chooses; ``today`` for days; ``reflects``: whether a text says back what was told;
    ``amending``: of their agreements.
    """

    def __init__(
        self,
        step: Step,
        people: Sequence[str],
        ears: Ears,
        answers: Answers,
        *,
        today: date,
        choice: Callable[[str], str | None],
        reflects: Callable[[str], bool | None],
        amending: Amending,
    ) -> None:
        self._step = step
        self._people = tuple(people)
        self._ears = ears
        self._answers = answers
        self._today = today
        self._choice = choice
        self._reflects = reflects
        self._amending = amending
        self._votes: dict[str, bool] = {}
        self._asked = 1
        self._since: float | None = None
        self._wait_from = 0.0

    def listen(self, since: float) -> None:
        """The question was put, until ``since``: from then on what is said counts.

        Where it was put once more because nobody had answered, what was said since the first time still counts: words
        can come late.
        """
        if self._since is None:
            self._since = since

    def wait_from(self, time: float) -> None:
        """Somebody is answering in another way than by voice: it is not asked again so soon."""
        self._wait_from = max(self._wait_from, time)

    def typed(self, text: str) -> Outcome | None:
        """The outcome of an answer that was typed; None where it is none.

        A yes or no on its own is one, as the key is; more than that is to be said by those who are asked.
        """
        if not text.strip():
            return None
        match self._step.hears:
            case Hears.WORDS | Hears.YES_NO_OR_WORDS | Hears.CHOICE | Hears.DATE:
                return self._meaning(self._people[0], text)
            case Hears.YES_NO if len(text.split()) == 1 and (yes := self._answers.yes_no(text)) is not None:
                return Outcome("yes" if yes else "no", text)
        return self._letting_go(text)

    @property
    def since(self) -> float:
        """From when on what is said counts, in seconds."""
        return self._since or 0.0

    def look(self) -> Outcome | Again | None:
        """What has come of it by now; None while it is open."""
        ears, unclear = self._ears, False
        for name in self._people:
            if name in self._votes:
                continue
            text = ears.answered(name, self.since, SILENCE_S[self._step.hears])
            if text is None or (not text.strip() and self._step.hears is not Hears.VOICE):
                continue  # nothing yet, or a sound without words: those may still come
            outcome = self._meaning(name, text)
            if outcome is not None:
                return outcome
            unclear = unclear or name not in self._votes
        missing = next(name for name in self._people if name not in self._votes)
        waited = ears.now - max(self.since, self._wait_from, ears.silent_since())
        if unclear or waited >= self._step.wait_s:
            self._asked += 1
            self._since = None if unclear else self._since
            if self._asked > self._step.asks:
                return Outcome("silent")
            return Again(missing, unclear)
        return None

    def _meaning(self, name: str, text: str) -> Outcome | None:
        """The outcome that ``text``, said by ``name``, brings; None when it brings none (yet)."""
        outcome = self._letting_go(text) or self._answer(name, text)
        return None if outcome is None else replace(outcome, by=name)

    def _answer(self, name: str, text: str) -> Outcome | None:
        match self._step.hears:
            case Hears.VOICE:
                return Outcome("done") if self._ears.speech_s(name, self.since) >= VOICE_S else None
            case Hears.YES_NO:
                return self._vote(name, text)
            case Hears.CHOICE:
                return self._chosen(text)
            case Hears.DATE:
                return self._day(text)
            case Hears.REFLECTION:
                return self._reflection(text)
        return self._words(text)

    def _words(self, text: str) -> Outcome | None:
        answers, offered = self._answers, self._step.hears is Hears.YES_NO_OR_WORDS
        if answers.nothing_said(text):
            return Outcome("no") if text.strip() else None
        if offered and (answers.turns_down(text) or (self._step.keeps == "topic" and answers.wants_another(text))):
            return Outcome("no")
        short = offered and len(text.split()) <= LONG_YES
        return Outcome("yes", text) if short and answers.yes_no(text) else Outcome("words", answers.tidy(text))

    def _letting_go(self, text: str) -> Outcome | None:
        """An agreement is to go, in a step in which that may be said."""
        which = self._amending.lets_go(text) if "let_go" in self._step.then else None
        return None if which is None else Outcome("let_go", text, which)

    def _chosen(self, text: str) -> Outcome | None:
        choice = self._choice(text)
        if choice is None:
            return Outcome("none") if text.strip() and self._answers.nothing_said(text) else None
        return Outcome("chosen", choice)

    def _day(self, text: str) -> Outcome | None:
        day = self._answers.day(text, self._today)
        if day is None:
            return Outcome("none") if text.strip() and self._answers.nothing_said(text) else None
        return Outcome("day", text, day)

    def _reflection(self, text: str) -> Outcome | None:
        """What kind of reply it was; a reply that says nothing back gets one more try, as often as the step asks."""
        back = self._reflects(text)
        if back is None or (not back and self._asked < self._step.asks):
            return None
        return Outcome("reflected" if back else "missed", text)

    def _vote(self, name: str, text: str) -> Outcome | None:
        if "words" in self._step.then and self._answers.nothing_said(text):
            return Outcome("no", text)
        yes = self._answers.yes_no(text)
        if yes is None:
            return Outcome("words", text) if "words" in self._step.then and text.strip() else None
        if self._step.who is not Who.BOTH:
            return Outcome("yes" if yes else "no", text)
        self._votes[name] = yes
        if not yes:
            return Outcome("no")
        return Outcome("yes") if len(self._votes) == len(self._people) else None
