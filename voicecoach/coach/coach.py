"""`Coach`: events in, cues and decisions out. Which help is wanted is in `policy`; here is when it may be given."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from voicecoach.coach import levels, policy
from voicecoach.coach.agreements import Agreement
from voicecoach.coach.exchange import Exchange
from voicecoach.coach.leaving import away_after, in_vain
from voicecoach.coach.policy import SLIPS, TIMING, TO_BOTH, Situation, State
from voicecoach.coach.room import Room
from voicecoach.coach.status import status
from voicecoach.coach.watch import Watch
from voicecoach.coach.wishes import Wish, Wishes
from voicecoach.coach.wording import Wording, bank
from voicecoach.events import (
    Backchannel,
    Command,
    Correction,
    Cue,
    Decision,
    Event,
    Interruption,
    Prompt,
    ReplyAct,
    Sound,
    Tension,
    TurnStarted,
    Word,
)
from voicecoach.listening import judge

_ABOUT_A_REPLY = (Situation.REMIND, Situation.ADVICE, *SLIPS.values())
_THANKS = (Situation.THANKS, Situation.REPAIR, Situation.ROUND, Situation.MORE, Situation.REASSURE)
"""Said because things go well: they do not count as a sign that help is needed."""
_COMMAND_S = 3.0
"""A voice that comes in so shortly before or after a command's words said the command."""
_CHIMES: dict[str, Sound] = {
    "pause": "listening_off", "off the record": "listening_off", "not now": "listening_off",
    "go on": "listening_on", "on the record": "listening_on",
}  # fmt: skip


class Coach:
    """Decides when to speak, to whom and what, for ``people`` (names), at ``level`` (see `levels.LEVELS`).

    The same events give the same cues and `Decision` records. Time is only what the events say; words are only ever
    cued in a silence. ``agreements``: what the people agreed on, said back to them when it is touched.
    """

    def __init__(
        self,
        people: Sequence[str],
        level: str = "standard",
        seed: int = 0,
        language: str = "en",
        agreements: Iterable[Agreement] = (),
    ) -> None:
        self._people = tuple(people)
        self._level = levels.level(level)
        self._language = language
        self._bank = bank(language)
        self._wording = Wording(seed, language)
        self._agreements = {a.about: a.text for a in agreements}
        self._room = Room()
        self._wishes = Wishes(self._bank)
        self._exchange = Exchange(people, self._level, self._bank, self._room, self._wishes)
        self._watch = Watch(people, self._level, self._bank, self._room, self._wishes, self._exchange)
        self._doubts: set[str] = set()
        self._last_words_s = self._last_chime_s = -math.inf
        self._given: dict[tuple[Situation, str], float] = {}
        self._cut = 0
        self._muted_until = -math.inf
        self._away = ""
        self._commands: list[Command] = []
        self._said_back = ("", "")
        self._names: dict[str, str] = {}

    @property
    def state(self) -> State:
        """Where the exchange stands."""
        return self._exchange.state

    def push(self, event: Event) -> list[Cue | Decision]:
        """What the coach decides after ``event``: at most one cue in words about the conversation, chimes, records."""
        time = self._room.now
        self._room.push(event)
        self._wishes.now = self._room.now
        cues: list[Cue] = []
        if isinstance(event, Correction) and event.label == "named":
            self._names[event.speaker] = event.name
        elif isinstance(event, Command):
            cues = self._command(event)
        elif not self._away:
            cues = self._hear(event)
            if self._room.now > time:
                cues += self._decide()
        return [*self._wishes.decided(), *cues]

    # --- what happens ----------------------------------------------------------------------------------------------

    def _hear(self, event: Event) -> list[Cue]:
        exchange, watch = self._exchange, self._watch
        match event:
            case TurnStarted():
                exchange.turn(event)
            case Word():
                exchange.word(event)
            case ReplyAct():
                understood = len(exchange.heard)
                if not event.partial and event.acts.get("reflection", 0.0) >= self._level.reflects and event.covered:
                    self._said_back = (event.speaker, event.text)
                exchange.reply(event)
                watch.reply(event)
                if len(exchange.heard) > understood:
                    watch.landed(event.start)
            case Backchannel() if event.speaker == exchange.teller and event.to == exchange.listener and event.text:
                exchange.answered_back(judge(event.text, "", self._language).acts, event.start)
                watch.landed(event.start)
            case Interruption():
                return self._interruption(event)
            case Tension():
                watch.tense(event.value)
            case Prompt() if event.words:
                self._last_words_s = max(self._last_words_s, event.start)
                self._cut = min(policy.QUIETEST, self._cut + 1) if event.cut else 0
        return []

    def _interruption(self, event: Interruption) -> list[Cue]:
        if event.status == "provisional":
            self._doubts.add(event.speaker)
            return []
        self._doubts.discard(event.speaker)
        if event.status != "confirmed":
            return []
        taken = event.kind in ("successful", "silent") and event.yielded in (None, event.interrupted)
        why = "" if taken else "gave_way"
        if taken and event.confidence < policy.SURE:
            why = "unsure"
        if any(c.speaker == event.speaker and abs(c.start - event.start) < _COMMAND_S for c in self._commands):
            why = "command"
        if why:
            self._wishes.none(Situation.INTERRUPTION, event.interrupted, event.speaker, event.start, why)
            return []
        wish = self._exchange.cut_in(event.speaker, event.interrupted, event.start)
        self._watch.cut_in(event.speaker, event.start)
        now = max(self._room.now, event.end)
        if now - self._last_chime_s < policy.CHIMES_APART_S:
            self._wishes.hold(wish, "chimed")
            return []
        self._last_chime_s = now
        self._wishes.chime(wish)
        return [self._cue(wish, now, words=False)]

    def _command(self, command: Command) -> list[Cue]:
        now = max(self._room.now, command.end)
        self._commands = [*self._commands[-5:], command]
        self._exchange.command(command.speaker, command.start)
        away = away_after(self._away, command.name) if command.name != "stop listening" else command.name
        vain = in_vain(self._away, command.name)
        if away and not self._away:
            self._exchange.leave()
            for wish in self._wishes:
                self._wishes.drop(wish, "left")
            self._doubts.clear()
        elif self._away and not away:
            self._room.come_back()
        self._away = away
        if command.name == "not now":
            self._muted_until = now + policy.MUTE_S
        text = ""
        if command.name == "time out":
            text = self._bank.answers["time out"]
        elif command.name == "how are we doing":
            who, words = self._said_back
            spoken = {self._called(p): self._room.spoken_s(p) for p in self._people}
            text = status(spoken, (self._called(who), words), self._bank)
        elif command.name not in _CHIMES:
            return []
        if vain:
            return []
        sound: Sound = _CHIMES.get(command.name, "prompt")
        situation = "status" if command.name == "how are we doing" else "command"
        return [
            Cue(
                start=now, end=now, text=text, to=command.speaker, situation=situation, reason="", about=command.start,
                words=bool(text), patient=bool(text), sound=sound,
            )
        ]  # fmt: skip

    # --- when it may speak -----------------------------------------------------------------------------------------

    def _decide(self) -> list[Cue]:
        room = self._room
        self._let_go()
        silent = room.silent_since()
        if silent is None:
            return []
        self._exchange.silence(silent)
        self._watch.silence(silent)
        for situation in TIMING:
            for wish in self._wishes:
                if wish.situation is not situation:
                    continue
                due = max(silent + self._patience_s(wish), wish.since)
                if due > room.now:
                    continue
                due = max(due, self._last_words_s + self.rested_s)
                why = self._against(wish, silent, due)
                if why:
                    self._wishes.hold(wish, why)
                else:
                    return [self._speak(wish, max(due, room.before))]
        return []

    def _against(self, wish: Wish, silent: float, due: float) -> str:
        """What speaks against giving ``wish`` now, in one word of the log, or nothing."""
        room = self._room
        if room.now < self._muted_until:
            return "muted"
        if wish.situation in _ABOUT_A_REPLY:
            if room.last_voice() != wish.to:
                return "another_spoke"
            if wish.to in self._doubts:
                return "doubt"
            if room.ending(wish.to) is None or room.now > silent + policy.WORDS_LATE_S:
                return "words_late"
        if self._given.get((wish.situation, _whom(wish)), -math.inf) + self._again_s(wish) > room.now:
            return "again"
        return "rested" if due > room.now else ""

    def _let_go(self) -> None:
        """Drop what makes no sense any more: its moment has passed, or somebody has done it unasked."""
        for wish in self._wishes:
            if self._room.now > wish.since + TIMING[wish.situation].expires_s:
                self._wishes.drop(wish, "expired")
            elif not self._holds(wish):
                self._wishes.drop(wish, "done")

    def _holds(self, wish: Wish) -> bool:
        room, state, holds = self._room, self._exchange.state, True
        match wish.situation:
            case Situation.REMIND | Situation.ADVICE:
                holds = state is State.REMINDED
            case Situation.INVITE:
                holds = state is State.INVITED and room.speech_s(wish.to, wish.since) == 0.0
            case Situation.INTERRUPTION | Situation.REPEATED:
                holds = room.speech_s(wish.to, wish.since) < policy.RESUMED_S
            case Situation.MISREAD:
                holds = state is State.CLEARING and room.speech_s(wish.to, wish.about) < policy.EXPLAINED_S
            case Situation.MORE:
                holds = room.speech_s(wish.to, wish.about) < policy.EXPLAINED_S
            case Situation.THANKS:
                holds = room.speech_s(wish.other, wish.about) < policy.EXPLAINED_S
            case Situation.BALANCE | Situation.REASSURE:
                holds = room.silent_since() == wish.about
        return holds

    def _patience_s(self, wish: Wish) -> float:
        return self._level.long_s if wish.situation is Situation.REASSURE else TIMING[wish.situation].silence_s

    def _again_s(self, wish: Wish) -> float:
        thanks = wish.situation is Situation.THANKS
        return self._level.thanks_every_s if thanks else TIMING[wish.situation].again_s

    @property
    def rested_s(self) -> float:
        """Least time between two prompts in words, as things go."""
        return self._level.between_s * (1 + policy.QUIETER * (self._exchange.unprompted + self._cut))

    def _speak(self, wish: Wish, start: float) -> Cue:
        given = self._agreed(wish)
        self._wishes.say(wish, given)
        self._last_words_s = start
        for one in {wish.situation, given.situation}:
            self._given[one, _whom(wish)] = start
        self._exchange.told(wish.situation)
        if wish.situation not in _THANKS:
            self._exchange.unprompted = 0
        return self._cue(given, start, words=True)

    def _agreed(self, wish: Wish) -> Wish:
        """``wish``, or in its place the reminder of what the two agreed about it."""
        same = Situation.INTERRUPTION if wish.situation is Situation.REPEATED else wish.situation
        again_s = TIMING[Situation.AGREEMENT].again_s
        if same.value not in self._agreements:
            return wish
        if self._given.get((Situation.AGREEMENT, _whom(wish)), -math.inf) + again_s > self._room.now:
            return wish
        return replace(wish, situation=Situation.AGREEMENT, agreement=self._agreements[same.value])

    def _called(self, person: str) -> str:
        """What is said for ``person``, who may have been given a name meanwhile; records keep the name they had."""
        return self._names.get(person, person)

    def _cue(self, wish: Wish, start: float, *, words: bool) -> Cue:
        to, other = wish.to, wish.other
        called = self._called(to), self._called(other)
        return Cue(
            start=start,
            end=start,
            text=self._wording.pick(wish.situation, *called, wish.agreement) if words else "",
            to=to,
            situation=wish.situation.value,
            reason=self._wording.reason(wish.situation, to, other),
            about=wish.about,
            words=words,
        )


def _whom(wish: Wish) -> str:
    """To whom limits count: what is said to both is said once for both."""
    return "" if wish.situation in TO_BOTH else wish.to
