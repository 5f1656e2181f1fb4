"""`Coach`: events in, cues out. Which help is wanted is in `voicecoach.coach.policy`; here is when it may be given."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicecoach.coach import policy
from voicecoach.coach.policy import TABLE, TIMING, Happening, Situation, State
from voicecoach.coach.room import Room
from voicecoach.coach.wording import Wording, bank
from voicecoach.events import Backchannel, Cue, Event, Interruption, Prompt, ReplyAct, TurnStarted, Word
from voicecoach.listening import judge

_EARLY_S = 1.0
"""A reply's acts and its turn may begin so far apart."""


@dataclass(slots=True)
class _Wish:
    """Help that waits for its moment. ``since``: when it was first wanted."""

    situation: Situation
    to: str
    other: str
    about: float
    since: float


@dataclass(slots=True)
class _Floor:
    """The turn that is going on. ``cut_in``: it was taken from somebody, so it does not ask for an answer."""

    speaker: str
    start: float
    previous: str | None = None
    cut_in: bool = False
    heavy: bool = False
    answered: bool = False


class Coach:
    """Decides when to speak, to whom and what, for ``people`` (names), at ``level`` (see `policy.LEVELS`).

    The same events give the same cues. Time is only what the events say; words are only ever cued in a silence.
    """

    def __init__(self, people: Sequence[str], level: str = "standard", seed: int = 0, language: str = "en") -> None:
        self._people = tuple(people)
        self._level = policy.level(level)
        self._wording = Wording(seed, language)
        self._bank = bank(language)
        self._language = language
        self._room = Room()
        self._state = State.OPEN
        self._teller = self._listener = ""
        self._told_at = self._answer_at = 0.0
        self._judged = self._reflects = self._prompted = False
        self._floor: _Floor | None = None
        self._wishes: list[_Wish] = []
        self._doubts: set[str] = set()
        self._last_words_s = self._last_chime_s = self._last_thanks_s = -math.inf
        self._unprompted = 0

    @property
    def state(self) -> State:
        """Where the exchange stands."""
        return self._state

    def push(self, event: Event) -> list[Cue]:
        """What the coach wants to say now, after ``event``: at most one cue in words, and chimes."""
        time = self._room.now
        self._room.push(event)
        match event:
            case TurnStarted():
                self._turn(event)
            case Word():
                self._word(event)
            case ReplyAct():
                self._reply(event)
            case Backchannel() if event.speaker == self._teller and event.to == self._listener and event.text:
                self._answered_back(judge(event.text, "", self._language).acts, event.start)
            case Interruption():
                return self._interruption(event)
            case Prompt() if event.words:
                self._last_words_s = max(self._last_words_s, event.start)
        return self._decide() if self._room.now > time else []

    # --- what happens ----------------------------------------------------------------------------------------------

    def _happens(self, happening: Happening, about: float) -> None:
        """Follow the table, and wish for the help it names."""
        row = TABLE[self._state].get(happening)
        if row is None:
            return
        self._state, situation = row
        if situation is None:
            return
        to, other = self._listener, self._teller
        if situation in (Situation.MISREAD, Situation.INTERRUPTION):
            to, other = other, to
        self._wishes = [w for w in self._wishes if w.situation is not situation]
        self._wishes.append(_Wish(situation, to, other, about, self._room.now))

    def _turn(self, event: TurnStarted) -> None:
        floor = self._floor
        if floor is not None and floor.speaker == event.speaker:
            return
        self._floor = _Floor(event.speaker, event.start, floor.speaker if floor is not None else None)
        if floor is not None and self._owes(floor):
            self._begin(floor, event.speaker)
            self._answer_at = event.start
            self._happens(Happening.TOLD_THEN_ANSWER, floor.start)
        elif event.speaker == self._teller and (self._judged or self._state is State.INVITED):
            self._happens(Happening.GOES_ON, event.start)
        elif self._teller and event.speaker != self._teller:
            if self._state in (State.INVITED, State.CLEARING):
                self._listener, self._answer_at = event.speaker, event.start
                self._judged = self._reflects = False
            self._happens(Happening.ANSWER, event.start)

    def _begin(self, told: _Floor, listener: str) -> None:
        """A new exchange: ``told`` was told, ``listener`` is to answer."""
        self._teller, self._listener, self._told_at = told.speaker, listener, told.start
        self._judged = self._reflects = self._prompted = False
        told.answered = True

    def _owes(self, floor: _Floor) -> bool:
        """Whether ``floor`` was a longer turn that asks to be said back (a reflection does not, nor a floor taken)."""
        if floor.cut_in or floor.answered or self._room.speech_s(floor.speaker, floor.start) < self._level.told_s:
            return False
        answering = self._state in (State.ANSWERING, State.REMINDED, State.REFLECTED) and self._teller
        if answering and floor.speaker != self._teller:
            return self._judged and not self._reflects
        return True

    def _word(self, word: Word) -> None:
        floor = self._floor
        if floor is not None and word.speaker == floor.speaker and word.start >= floor.start - _EARLY_S:
            floor.heavy = floor.heavy or _plain(word.word) in self._bank.heavy

    def _reply(self, act: ReplyAct) -> None:
        if act.speaker == self._listener and act.to == self._teller and act.start >= self._answer_at - _EARLY_S:
            self._answer(act)
        elif act.speaker == self._teller and act.start >= self._answer_at:
            self._answered_back(act.acts, act.start)

    def _answer(self, act: ReplyAct) -> None:
        """Judge the listener's answer as far as its words are known."""
        if act.acts.get("acknowledgement", 0.0) >= 0.5:
            return
        if act.acts.get("reflection", 0.0) >= self._level.reflects:
            if not self._reflects and not self._prompted:
                self._unprompted = min(policy.QUIETEST, self._unprompted + 1)
            self._judged = self._reflects = True
            self._wishes = [w for w in self._wishes if w.situation is not Situation.REMIND]
            self._happens(Happening.REFLECTS, act.start)
            return
        self._judged = True
        welcome = any(act.acts.get(name, 0.0) >= 0.5 for name in self._level.welcome)
        if self._reflects or welcome or act.acts.get("reflection", 0.0) >= self._level.lacks:
            return
        if self._floor is not None and self._floor.speaker == self._teller:
            self._happens(Happening.GOES_ON, act.start)
        else:
            self._happens(Happening.LACKS, act.start)

    def _answered_back(self, acts: Mapping[str, float], about: float) -> None:
        if acts.get("disagreement", 0.0) >= 0.5:
            self._happens(Happening.NOT_QUITE, about)
        elif acts.get("agreement", 0.0) >= 0.5:
            self._happens(Happening.LANDS, about)

    def _interruption(self, event: Interruption) -> list[Cue]:
        if event.status == "provisional":
            self._doubts.add(event.speaker)
            return []
        self._doubts.discard(event.speaker)
        taken = event.kind in ("successful", "silent") and event.yielded in (None, event.interrupted)
        if event.status != "confirmed" or not taken or event.confidence < policy.SURE:
            return []
        self._teller, self._listener, self._told_at = event.interrupted, event.speaker, event.start
        self._judged = self._reflects = self._prompted = False
        self._unprompted = 0
        if self._floor is not None and self._floor.speaker == event.speaker:
            self._floor.cut_in = True
        self._wishes = [w for w in self._wishes if w.situation is not Situation.REMIND]
        self._happens(Happening.CUT_IN, event.start)
        now = max(self._room.now, event.end)
        if now - self._last_chime_s < policy.CHIMES_APART_S:
            return []
        self._last_chime_s = now
        return [self._cue(self._wishes[-1], now, words=False)]

    # --- when it may speak -----------------------------------------------------------------------------------------

    def _decide(self) -> list[Cue]:
        room = self._room
        self._wishes = [w for w in self._wishes if self._holds(w)]
        silent = room.silent_since()
        if silent is None:
            return []
        self._invite(silent)
        for situation in TIMING:
            for wish in self._wishes:
                if wish.situation is not situation or not self._known(wish, silent):
                    continue
                due = max(silent + self._patience(wish), wish.since, self._rested(wish))
                if due <= room.now:
                    return [self._speak(wish, max(due, room.before))]
        return []

    def _invite(self, silent: float) -> None:
        """Notice the silence after a longer turn."""
        floor = self._floor
        if floor is None or len(self._people) < 2 or not self._owes(floor):
            return
        if self._room.last_voice() != floor.speaker or self._room.now < silent + self._after(floor):
            return
        others = [p for p in self._people if p != floor.speaker]
        listener = floor.previous if floor.previous in others else others[0]
        self._begin(floor, listener)
        self._answer_at = silent
        self._happens(Happening.TOLD_THEN_SILENCE, floor.start)
        self._wishes[-1].since = min(self._room.now, silent + self._after(floor))

    def _after(self, floor: _Floor) -> float:
        """How long to leave the silence after ``floor`` before it is an invitation's moment."""
        last = self._room.ending(floor.speaker)
        if floor.heavy:
            return policy.HEAVY_S
        if last is None:
            return policy.UNSURE_S
        cut = last.rstrip().endswith(("-", "—", "…", "..."))
        unfinished = cut or _plain(last) in self._bank.unfinished
        return policy.UNFINISHED_S if unfinished else TIMING[Situation.INVITE].silence_s

    def _holds(self, wish: _Wish) -> bool:
        """Whether ``wish`` still makes sense: its moment has not passed, and nobody has done it unasked."""
        room = self._room
        if room.now > wish.since + TIMING[wish.situation].expires_s:
            return False
        if wish.situation is Situation.REMIND:
            return self._state is State.REMINDED
        if wish.situation is Situation.INVITE:
            return self._state is State.INVITED and room.speech_s(wish.to, wish.since) == 0.0
        if wish.situation is Situation.INTERRUPTION:
            return room.speech_s(wish.to, wish.since) < policy.RESUMED_S
        if wish.situation is Situation.MISREAD:
            return self._state is State.CLEARING and room.speech_s(wish.to, wish.about) < policy.EXPLAINED_S
        return room.speech_s(wish.other, wish.about) < policy.EXPLAINED_S

    def _known(self, wish: _Wish, silent: float) -> bool:
        """A reminder needs the words before the silence, and no doubt whether it was an interruption."""
        if wish.situation is not Situation.REMIND:
            return True
        if self._room.last_voice() != wish.to or wish.to in self._doubts:
            return False
        return self._room.ending(wish.to) is not None and self._room.now <= silent + policy.WORDS_LATE_S

    def _patience(self, wish: _Wish) -> float:
        return TIMING[wish.situation].silence_s

    @property
    def _rested_s(self) -> float:
        """Least time between two prompts in words, as things go."""
        return self._level.between_s * (1 + policy.QUIETER * self._unprompted)

    def _rested(self, wish: _Wish) -> float:
        """When the next prompt in words is allowed."""
        rested = self._last_words_s + self._rested_s
        if wish.situation is Situation.THANKS:
            rested = max(rested, self._last_thanks_s + self._level.thanks_every_s)
        return rested

    def _speak(self, wish: _Wish, start: float) -> Cue:
        self._wishes = []
        self._last_words_s = start
        self._prompted = True
        if wish.situation is Situation.THANKS:
            self._last_thanks_s = start
        else:
            self._unprompted = 0
        return self._cue(wish, start, words=True)

    def _cue(self, wish: _Wish, start: float, *, words: bool) -> Cue:
        return Cue(
            start=start,
            end=start,
            text=self._wording.pick(wish.situation, wish.to, wish.other) if words else "",
            to=wish.to,
            situation=wish.situation.value,
            reason=self._wording.reason(wish.situation, wish.to, wish.other),
            about=wish.about,
            words=words,
        )


def _plain(word: str) -> str:
    return word.lower().strip(".,!?…;:\"'()[]").replace("’", "'")
