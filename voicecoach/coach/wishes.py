"""Help that waits for its moment, and the record of every decision about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from voicecoach.coach.policy import Situation
from voicecoach.coach.wording import Bank
from voicecoach.events import Choice, Decision


@dataclass(slots=True)
class Wish:
    """Help that waits for its moment. ``about``: start of what it answers; ``since``: when it was first wanted.

    ``agreement``: what the two agreed, in their own words. ``held``: why it could not be given so far.
    """

    situation: Situation
    to: str
    other: str
    about: float
    since: float
    agreement: str = ""
    held: set[str] = field(default_factory=set)


class Wishes:
    """What is wanted, and what was decided about it. The coach sets ``now`` and ``state``, which the records name."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._waiting: list[Wish] = []
        self._decisions: list[Decision] = []
        self.now = 0.0
        self.state = ""

    def __iter__(self) -> Iterator[Wish]:
        return iter(tuple(self._waiting))

    def want(self, wish: Wish) -> None:
        """Wait for the moment of ``wish``, in place of an earlier one of its kind."""
        for earlier in self:
            if earlier.situation is wish.situation:
                self.drop(earlier, "newer")
        self._waiting.append(wish)
        self._decide("wanted", wish, "")

    def drop(self, wish: Wish, why: str) -> None:
        """``wish`` is no longer wanted."""
        self._waiting.remove(wish)
        self._decide("dropped", wish, why)

    def drop_kind(self, *situations: Situation, why: str) -> None:
        """Nothing of ``situations`` is wanted any more."""
        for wish in self:
            if wish.situation in situations:
                self.drop(wish, why)

    def hold(self, wish: Wish, why: str) -> None:
        """The moment of ``wish`` could be now, but for ``why``; told once for each reason."""
        if why not in wish.held:
            wish.held.add(why)
            self._decide("held", wish, why)

    def say(self, wish: Wish, given: Wish) -> None:
        """``wish`` is given now, as ``given``, and everything else let go."""
        self._waiting.remove(wish)
        self._decide("said", given, "")
        for other in self:
            self.drop(other, "less_urgent")

    def chime(self, wish: Wish) -> None:
        """A chime is given for ``wish``, which goes on waiting."""
        self._decide("chimed", wish, "")

    def none(self, situation: Situation, to: str, other: str, about: float, why: str) -> None:
        """Nothing is wanted, though ``situation`` was looked at."""
        self._decide("none", Wish(situation, to, other, about, self.now), why)

    def decided(self) -> list[Decision]:
        """What was decided since last asked."""
        done, self._decisions = self._decisions, []
        return done

    def _decide(self, choice: Choice, wish: Wish, why: str) -> None:
        sentence = self._bank.whys[why] if why else self._bank.reasons[wish.situation]
        self._decisions.append(
            Decision(
                start=self.now,
                end=self.now,
                choice=choice,
                situation=wish.situation.value,
                to=wish.to,
                about=wish.about,
                why=why,
                reason=sentence.format(name=wish.to, other=wish.other),
                state=self.state,
            )
        )
