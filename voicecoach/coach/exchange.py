"""`Exchange`: who told something, who is to say it back, and where that stands. The table it follows is in `policy`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicecoach.coach import policy
from voicecoach.coach.levels import Level
from voicecoach.coach.policy import SLIPS, TABLE, TIMING, Happening, Situation, State
from voicecoach.coach.room import Room
from voicecoach.coach.wishes import Wish, Wishes
from voicecoach.coach.wording import Bank
from voicecoach.events import ReplyAct, TurnStarted, Word

EARLY_S = 1.0
"""A reply's acts and its turn may begin so far apart."""
_TO_TELLER = (Situation.MISREAD, Situation.INTERRUPTION, Situation.REPEATED, Situation.MORE)


@dataclass(slots=True)
class _Floor:
    """The turn that is going on. ``excused``: it was taken from somebody, or was a command, and asks for no answer."""

    speaker: str
    start: float
    previous: str | None = None
    excused: bool = False
    heavy: bool = False
    answered: bool = False


class Exchange:
    """Follows one exchange after the other and wishes for the help that `policy.TABLE` names.

    ``heard``: who told something and said that it was understood. ``unprompted``: how well it has gone of late.
    ``prompted``: the coach has said something in this exchange. ``solving``: both want to look for ways now, so advice
    is welcome.
    """

    def __init__(self, people: Sequence[str], level: Level, bank: Bank, room: Room, wishes: Wishes) -> None:
        self._people = tuple(people)
        self._level = level
        self._bank = bank
        self._room = room
        self._wishes = wishes
        self.state = State.OPEN
        self.teller = self.listener = ""
        self.heard: dict[str, None] = {}
        self.unprompted = 0
        self.prompted = False
        self.solving = False
        self._asked_more = ""
        self._await_answer(0.0)
        self._floor: _Floor | None = None
        self._cut_in: dict[str, list[float]] = {}

    # --- what happens ----------------------------------------------------------------------------------------------

    def turn(self, event: TurnStarted) -> None:
        """Somebody has the floor."""
        floor = self._floor
        if floor is not None and floor.speaker == event.speaker:
            return
        self._floor = _Floor(event.speaker, event.start, floor.speaker if floor is not None else None)
        if floor is not None and self._owes(floor, tell=event.speaker):
            self._begin(floor, event.speaker, event.start)
            self._happens(Happening.TOLD_THEN_ANSWER, floor.start)
        elif event.speaker == self.teller and (self._judged or self.state is State.INVITED):
            self._happens(Happening.GOES_ON, event.start)
        elif self.teller and event.speaker != self.teller:
            if self.state in (State.INVITED, State.CLEARING):
                self.listener = event.speaker
                self._await_answer(event.start)
            elif self.state is State.REFLECTED and event.speaker == self.listener:
                self._goes_on_from(event.start)
            self._happens(Happening.ANSWER, event.start)

    def word(self, word: Word) -> None:
        """See whether a word of the turn that is going on is about something painful."""
        floor = self._floor
        if floor is not None and word.speaker == floor.speaker and word.start >= floor.start - EARLY_S:
            floor.heavy = floor.heavy or plain(word.word) in self._bank.heavy

    def reply(self, act: ReplyAct) -> None:
        """What a reply does, as far as its words are known."""
        if act.speaker == self.listener and act.to == self.teller and act.start >= self._answer_at - EARLY_S:
            self._answer(act)
        elif act.speaker == self.teller and self._said_from <= act.start < self._said_until:
            self.answered_back(act.acts, act.start)

    def answered_back(self, acts: Mapping[str, float], about: float) -> None:
        """The teller says whether a reflection landed."""
        yes, no = acts.get("agreement", 0.0), acts.get("disagreement", 0.0)
        if max(yes, no) < 0.5:
            return
        if no > yes:
            self._happens(Happening.NOT_QUITE, about)
        else:
            again = self._asked_more == self.teller
            if self.state is State.REFLECTED:
                self.heard[self.teller] = None
                self._asked_more = self.teller
            self._happens(Happening.LANDS_AGAIN if again else Happening.LANDS, about)

    def cut_in(self, speaker: str, interrupted: str, about: float) -> Wish:
        """A clear interruption; the help that is wanted now."""
        self.teller, self.listener = interrupted, speaker
        self._await_answer(self._answer_at)
        self.prompted = False
        self.unprompted = 0
        if self._floor is not None and self._floor.speaker == speaker:
            self._floor.excused = True
        self._wishes.drop_kind(Situation.REMIND, Situation.ADVICE, why="cut_in")
        times = [t for t in self._cut_in.get(speaker, []) if t > about - policy.REPEATED_WITHIN_S]
        self._cut_in[speaker] = [*times, about]
        wish = self._happens(Happening.CUT_IN_AGAIN if times else Happening.CUT_IN, about)
        assert wish is not None, "the table answers this in every state"
        return wish

    def told(self, situation: Situation) -> None:
        """Help for ``situation`` was given."""
        self.prompted = True
        if situation in (Situation.REMIND, Situation.ADVICE, *SLIPS.values()):
            self._told = True

    def command(self, speaker: str, start: float) -> None:
        """``speaker`` told voicecoach something from ``start`` on: that was no turn to answer."""
        floor = self._floor
        if floor is not None and floor.speaker == speaker and floor.start >= start - EARLY_S:
            floor.excused = True

    def leave(self) -> None:
        """The conversation stops here; what follows begins anew."""
        self._happens(Happening.LEAVES, self._room.now)
        self._floor = None
        self.teller = self.listener = ""

    def silence(self, silent: float) -> None:
        """Nobody has spoken since ``silent``; invite an answer if it is the moment."""
        floor = self._floor
        if floor is None or len(self._people) < 2 or not self._owes(floor):
            return
        if self._room.last_voice() != floor.speaker or self._room.now < silent + self._after(floor):
            return
        others = [p for p in self._people if p != floor.speaker]
        listener = floor.previous if floor.previous in others else others[0]
        self._begin(floor, listener, silent)
        wish = self._happens(Happening.TOLD_THEN_SILENCE, floor.start)
        if wish is not None:
            wish.since = min(self._room.now, silent + self._after(floor))

    # --- inside ----------------------------------------------------------------------------------------------------

    def _happens(self, happening: Happening, about: float) -> Wish | None:
        """Follow the table, and wish for the help it names."""
        row = TABLE[self.state].get(happening)
        if row is None:
            return None
        self.state, situation = row
        self._wishes.state = self.state.name.lower()
        if situation is None:
            return None
        to, other = self.listener, self.teller
        if situation in _TO_TELLER:
            to, other = other, to
        wish = Wish(situation, to, other, about, self._room.now)
        self._wishes.want(wish)
        return wish

    def _begin(self, told: _Floor, listener: str, answer_at: float) -> None:
        """A new exchange: ``told`` was told, ``listener`` is to answer from ``answer_at`` on."""
        if told.speaker != self.teller:
            self._asked_more = ""
        self.teller, self.listener = told.speaker, listener
        self._await_answer(answer_at)
        self.prompted = False
        told.answered = True

    def _await_answer(self, at: float) -> None:
        """An answer may begin at ``at``, and after it the teller says whether it was that."""
        self._answer_at = self._said_from = at
        self._said_until = math.inf
        self._judged = self._reflects = self._told = False

    def _goes_on_from(self, at: float) -> None:
        """The listener has said it back and has the floor again from ``at`` on.

        What they say now is judged anew. A yes or no of the teller after it is about that, not about the reflection
        (one from before it may still arrive: words are known late).
        """
        self._answer_at = at
        self._said_until = min(self._said_until, at)
        self._judged = self._reflects = False

    def _owes(self, floor: _Floor, *, tell: str = "") -> bool:
        """Whether ``floor`` was a longer turn that asks to be said back (a reflection does not, nor a floor taken).

        ``tell``: say why not, to this person.
        """
        why = ""
        if floor.excused or floor.answered:
            return False
        answering = self.state in (State.ANSWERING, State.REMINDED, State.REFLECTED) and self.teller
        if self._room.speech_s(floor.speaker, floor.start) < self._level.told_s:
            why = "short"
        elif answering and floor.speaker != self.teller and not (self._judged and not self._reflects):
            why = "answer"
        if why and tell:
            self._wishes.none(Situation.INVITE, tell, floor.speaker, floor.start, why)
        return not why

    def _answer(self, act: ReplyAct) -> None:
        """Judge the listener's answer as far as its words are known."""
        if act.acts.get("acknowledgement", 0.0) >= 0.5:
            return
        first, self._judged = not self._judged, True
        reflection = act.acts.get("reflection", 0.0)
        if reflection >= self._level.reflects:
            if not self._reflects:
                self.unprompted = min(policy.QUIETEST, self.unprompted + (not self.prompted))
                self._wishes.none(Situation.REMIND, self.listener, self.teller, act.start, "reflected")
            self._reflects = True
            self._said_until = math.inf
            self._wishes.drop_kind(Situation.REMIND, Situation.ADVICE, why="reflected")
            self._happens(Happening.REFLECTS, act.start)
            return
        if self._reflects:
            return
        self._lacks(act, first=first)

    def _lacks(self, act: ReplyAct, *, first: bool) -> None:
        """The answer has no reflection so far."""
        advises = act.acts.get("advice", 0.0) >= self._level.slip
        why = ""
        if advises and self.solving:
            why = "solving"
        elif not advises and any(act.acts.get(name, 0.0) >= 0.5 for name in self._level.welcome):
            why = "welcome"
        elif not advises and act.acts.get("reflection", 0.0) >= self._level.lacks:
            why = "in_doubt"
        if why:
            if first:
                self._wishes.none(Situation.REMIND, self.listener, self.teller, act.start, why)
        elif self._floor is not None and self._floor.speaker == self.teller:
            self._happens(Happening.GOES_ON, act.start)
        elif advises and not self._told:
            self._told = True
            self._wishes.drop_kind(Situation.REMIND, why="newer")
            self._happens(Happening.ADVISES, act.start)
        elif not self._told:
            self._happens(Happening.LACKS, act.start)

    def _after(self, floor: _Floor) -> float:
        """How long to leave the silence after ``floor`` before it is an invitation's moment."""
        last = self._room.ending(floor.speaker)
        if floor.heavy:
            return policy.HEAVY_S
        if last is None:
            return policy.UNSURE_S
        cut = last.rstrip().endswith(("-", "—", "…", "..."))
        if cut or plain(last) in self._bank.unfinished:
            return policy.UNFINISHED_S
        stopped = last.rstrip().endswith((".", "?", "!"))
        return TIMING[Situation.INVITE].silence_s if stopped else policy.NO_STOP_S


def plain(word: str) -> str:
    """``word`` as the lists have it: lower case, no punctuation around it."""
    return word.lower().strip(".,!?…;:\"'()[]").replace("’", "'")
