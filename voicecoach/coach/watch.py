"""`Watch`: what is noticed beside the exchange: slips, repair, whole rounds, air time, tension, long silences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from voicecoach.coach import policy
from voicecoach.coach.exchange import Exchange
from voicecoach.coach.levels import Level
from voicecoach.coach.policy import SLIPS, Situation, State
from voicecoach.coach.room import Room
from voicecoach.coach.wishes import Wish, Wishes
from voicecoach.coach.wording import Bank
from voicecoach.events import ReplyAct

SAME_REPLY_S = 2.5
"""A reply's start is first told from the voice that took the floor, then from the whole turn: so far apart at most."""


class Watch:
    """Wishes for the help of `policy.SLIPS` and `policy.BESIDE`."""

    def __init__(
        self, people: Sequence[str], level: Level, bank: Bank, room: Room, wishes: Wishes, exchange: Exchange
    ) -> None:
        self._people = tuple(people)
        self._level = level
        self._bank = bank
        self._room = room
        self._wishes = wishes
        self._exchange = exchange
        self._answered: list[tuple[str, float, Situation]] = []
        self._slipped_at: dict[str, float] = {}
        self._rounded = False
        self._reassured_about = -math.inf
        self._balanced_about = -math.inf
        self._ready: set[str] = set()
        self.tension = 0.0

    def reply(self, act: ReplyAct) -> None:
        """What a reply does, wherever the exchange stands."""
        if act.acts.get("acknowledgement", 0.0) >= 0.5:
            return
        self._solutions(act)
        reflects = act.acts.get("reflection", 0.0) >= self._level.reflects
        slip = next((s for name, s in SLIPS.items() if act.acts.get(name, 0.0) >= self._level.slip), None)
        repairs = max(act.acts.get("repair", 0.0), act.acts.get("apology", 0.0)) >= self._level.slip
        if slip is not None and not reflects and not repairs:
            self._slipped_at[act.speaker] = act.start
            self._once(slip, act)
        elif repairs and self._slipped_lately(act) and self._once(Situation.REPAIR, act):
            self._wishes.drop_kind(Situation.REMIND, *SLIPS.values(), why="repaired")
            del self._slipped_at[act.speaker]
        elif repairs:  # in one breath perhaps: the beginning was judged before the rest was said
            for wish in self._wishes:
                if wish.to == act.speaker and wish.situation in SLIPS.values():
                    self._wishes.drop(wish, "repaired")

    def cut_in(self, speaker: str, at: float) -> None:
        """``speaker`` came in on somebody at ``at``: a round without that begins anew."""
        self._slipped_at[speaker] = at
        self._exchange.heard.clear()

    def landed(self, about: float) -> None:
        """Somebody said that they were understood; see whether the round is whole."""
        if self._rounded or len(self._people) < 2 or len(self._exchange.heard) < len(self._people):
            return
        self._rounded = True
        to, other = self._exchange.listener, self._exchange.teller
        self._wishes.want(Wish(Situation.ROUND, to, other, about, self._room.now))

    def tense(self, value: float) -> None:
        """How tense the last minute has sounded, in [0, 1]."""
        self.tension = value
        if value < self._level.tense:
            self._wishes.drop_kind(Situation.TENSION, why="calmer")
        elif not any(w.situation is Situation.TENSION for w in self._wishes):
            to, other = self._pair()
            if other:
                self._wishes.want(Wish(Situation.TENSION, to, other, self._room.now, self._room.now))

    def silence(self, silent: float) -> None:
        """Nobody has spoken since ``silent``."""
        to, other = self._pair()
        if not other:
            return
        if self._room.now >= silent + self._level.long_s and self._reassured_about < silent:
            self._reassured_about = silent
            self._wishes.want(Wish(Situation.REASSURE, to, other, silent, silent + self._level.long_s))
        if self._room.now >= silent + policy.TIMING[Situation.BALANCE].silence_s and self._balanced_about < silent:
            self._balanced_about = silent
            much = self.much_more()
            if much is not None and much == self._room.last_voice() and self._exchange.state is State.OPEN:
                least = min(self._people, key=self._air_s)
                self._wishes.want(Wish(Situation.BALANCE, least, much, silent, self._room.now))

    def much_more(self) -> str | None:
        """Who has had so much of the air time of late that the other should be invited, if anybody."""
        shares = {p: self._air_s(p) for p in self._people}
        total = sum(shares.values())
        most = max(shares, key=lambda p: shares[p], default=None)
        if most is None or total < policy.AIR_LEAST_S or shares[most] < self._level.share * total:
            return None
        return most

    # --- inside ----------------------------------------------------------------------------------------------------

    def _air_s(self, person: str) -> float:
        return self._room.speech_s(person, self._room.now - policy.AIR_S)

    def _pair(self) -> tuple[str, str]:
        """Both, the one who spoke last second."""
        last = self._room.last_voice()
        others = [p for p in self._people if p != last]
        return (others[0], last) if last in self._people and others else ("", "")

    def _slipped_lately(self, act: ReplyAct) -> bool:
        return 0.0 < act.start - self._slipped_at.get(act.speaker, -math.inf) <= policy.REPAIR_AFTER_S

    def _once(self, situation: Situation, act: ReplyAct) -> bool:
        """Wish for ``situation`` once for a reply."""
        for speaker, start, answered in self._answered:
            if speaker == act.speaker and answered is situation and abs(start - act.start) <= SAME_REPLY_S:
                return False
        self._answered = [*self._answered[-20:], (act.speaker, act.start, situation)]
        self._wishes.want(Wish(situation, act.speaker, act.to, act.start, self._room.now))
        return True

    def _solutions(self, act: ReplyAct) -> None:
        """Notice, once both have been heard, that both want to look for ways now."""
        if len(self._exchange.heard) < len(self._people) or self._exchange.solving:
            return
        asks = not act.partial and self._bank.ready.search(act.text.lower())
        if asks or (self._ready and act.acts.get("agreement", 0.0) >= 0.5):
            self._ready.add(act.speaker)
        if len(self._ready) >= len(self._people):
            self._exchange.solving = True
