"""Somebody comes in on somebody: from the first overlapping sound to the verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from voicecoach.events import Event, Interruption, Overlap
from voicecoach.floor.cues import Cues
from voicecoach.floor.judge import ASIDE_S, RESUMES_S, SILENT_MAX_S, Contact, Verdict, judge
from voicecoach.floor.lexicon import Lexicon, tokenise
from voicecoach.floor.rules import MANGLED
from voicecoach.floor.signs import RIPE_S, Signs
from voicecoach.floor.timeline import CHAIN_S, Timeline
from voicecoach.floor.units import Unit

PROVISIONAL_S = 0.15
"""Speech at once for so long is shown as a possible interruption: two channels are heard within 0.29 s, so that it is
shown within 0.6 s of its onset. Many a sign of listening lasts as long; it is withdrawn when it turns out to be one.
On four calls moved closer, 44 of 61 shown so were one; of those at once for 0.3 s 43 of 56 (`scripts/bench agree`)."""
AT_ONCE_S = 0.2
"""Who begins so soon after another has begun did not hear them yet (people need about 0.2 s to answer the quickest
signal), and hearing is no surer of the order."""
TAKES_S = 1.6
"""So much of the one who came in is looked at where nobody spoke at once."""


@dataclass(slots=True, eq=False)
class _Meeting:
    """``u`` came in on ``v``. ``follows``: the meeting of the same run of talk before, whose verdict holds here too.

    ``nearer``: those whom ``u`` came in on rather than on ``v``, unless they were only listening too. ``at_once``: both
    began to talk at the same moment, so that ``u`` is who gives up, whatever the order.
    """

    v: Unit
    u: Unit
    nearer: tuple[Unit, ...]
    follows: _Meeting | None = None
    at_once: bool = False
    provisional: bool = False
    verdict: Verdict | None = None


class Contacts:
    """Watches every start of a unit for whom it meets, and judges once the outcome is known."""

    def __init__(self, timeline: Timeline, words: Lexicon, cues: Cues) -> None:
        self._timeline = timeline
        self._words = words
        self._cues = cues
        self.signs = Signs(timeline, words, cues)
        self._open: list[_Meeting] = []
        self._done: list[_Meeting] = []
        self._shown: dict[int, _Meeting] = {}

    def advance(self) -> list[Event]:
        """All that can be said now."""
        now = self._timeline.now
        events: list[Event] = []
        for unit in self._timeline.units:
            if not unit.contacts_made and now >= unit.start + RIPE_S:
                unit.contacts_made = True
                self._meet(unit)
                self._shown.pop(id(unit), None)
            elif not unit.contacts_made:
                events += self._show(unit)
        still: list[_Meeting] = []
        for meeting in self._open:
            if not meeting.provisional and self._provisional(meeting):
                meeting.provisional = True
                events.append(self._possible(meeting))
            verdict = self._verdict(meeting)
            if verdict is None:
                still.append(meeting)
                continue
            meeting.verdict = verdict
            self._done.append(meeting)
            events += self._tell(meeting, verdict)
        self._open = still
        return events

    def forget(self, before: float) -> None:
        """Drop what ended before ``before``."""
        self._done = [m for m in self._done if m.u.end >= before]
        self.signs.forget(before)

    @property
    def oldest(self) -> float:
        """Start of the oldest unit that a verdict still waits for."""
        return min((min(m.v.start, m.u.start) for m in self._open), default=math.inf)

    # --- one meeting -----------------------------------------------------------------------------------------------

    def _over(self, u: Unit) -> list[Unit]:
        """Whom ``u`` comes in on, oldest first."""
        return [v for v in self._timeline.others_on(u, u.start) if (v.start, v.speaker) < (u.start, u.speaker)]

    def _show(self, u: Unit) -> list[Event]:
        """Tell of a possible interruption before all whom ``u`` meets are known, unless its talk began earlier."""
        over = self._over(u)
        if id(u) in self._shown or not over or self._timeline.run_before(u) is not None:
            return []
        meeting = _Meeting(over[0], u, ())
        if not self._provisional(meeting):
            return []
        self._shown[id(u)] = meeting
        return [self._possible(meeting)]

    def _possible(self, m: _Meeting) -> Interruption:
        return self._interruption(m, Verdict(None, "successful", None, 0.5), "provisional")

    def _meet(self, u: Unit) -> None:
        over = self._over(u)
        before = self._timeline.run_before(u)
        silent: list[Unit] = []
        if before is None:
            heard_on = () if u.given else {v.speaker for v in over}
            silent = [
                v
                for v in self._timeline.units
                if v.speaker != u.speaker and v.end <= u.start and v.end > u.start - SILENT_MAX_S
                if v.speaker not in heard_on
            ]
            silent.sort(key=lambda v: (-v.end, v.start, v.speaker))
        for v in over:
            same = (m for m in (*self._open, *self._done) if self._goes_on(m, before, v))
            follows = min(same, key=self._order, default=None)
            shown = id(u) in self._shown and self._shown[id(u)].v is v
            began = before is None and self._timeline.run_before(v) is None
            at_once = began and not u.given and u.start - v.start <= AT_ONCE_S
            self._open.append(_Meeting(v, u, tuple(over[: over.index(v)]), follows, at_once, shown))
        for v in silent:
            self._open.append(_Meeting(v, u, (*over, *silent[: silent.index(v)])))

    @staticmethod
    def _goes_on(m: _Meeting, before: Unit | None, v: Unit) -> bool:
        """Whether whoever spoke ``before`` and then meets ``v`` met the same person in ``m`` already."""
        if m.u is before:
            return m.v.speaker == v.speaker
        return m.at_once and m.v is before and m.u.speaker == v.speaker

    def _resumed(self, m: _Meeting) -> bool:
        """Whether ``m.v``, in whose pause ``m.u`` began, began again at the same moment."""
        others = (r for r in (*self._open, *self._done) if r.at_once)
        return any(r.v is m.u and r.u.speaker == m.v.speaker for r in others)

    def _as_it_went(self, m: _Meeting) -> _Meeting:
        """``m``, but of two who began at once the one who goes on was come in on."""
        turned = m.at_once and self._timeline.run_end(m.u) > self._timeline.run_end(m.v)
        return replace(m, v=m.u, u=m.v, provisional=False) if turned else m

    def _main(self, m: _Meeting) -> bool | None:
        """Whether an interruption by ``m.u`` would be one of ``m.v``; None while that cannot be known."""
        known: bool | None = True
        for unit in m.nearer:
            sign = self.signs.is_one(unit)
            if sign is False and not is_sound(unit):
                return False
            known = None if sign is None else known
        return known

    def _provisional(self, m: _Meeting) -> bool:
        shared = min(m.v.end, m.u.end, self._timeline.now) - m.u.start
        return not m.nearer and m.follows is None and shared >= PROVISIONAL_S

    def _verdict(self, m: _Meeting) -> Verdict | None:  # noqa: PLR0911 - one return for each thing to wait for
        """The verdict, or None while it must wait."""
        timeline, v, u = self._timeline, m.v, m.u
        first_end = min(v.end, u.end)
        if math.isinf(first_end):
            return None
        if m.follows is not None and m.follows.verdict is None:
            return None
        v_stop, u_stop = timeline.run_end(v), timeline.run_end(u)
        stop = min(v_stop, u_stop)
        look = stop + CHAIN_S
        if u_stop > v_stop:
            look = max(look, u.start + ASIDE_S)
        if v.end <= u.start:
            look = max(look, u.start + TAKES_S)
        if math.isinf(stop) or timeline.now <= look or not (u.closed or u.end > look):
            return None
        signs = [self.signs.is_one(unit) for unit in (v, u)]
        if None in signs:
            return None
        if any(signs):
            return Verdict("backchannel" if v.end > u.start else None)
        if m.follows is not None and m.follows.verdict is not None:
            return Verdict(m.follows.verdict.overlap)
        if v.end <= u.start and (timeline.run_last(v) is not v or self._resumed(m)):
            return Verdict(None)  # v only drew breath, or went on as soon as u began
        loser, main = timeline.run_last(self._loser(m)), self._main(m)
        if main is None or not timeline.knows(loser):
            return None
        verdict = judge(self._contact(self._as_it_went(m), loser, look), self._words, self._cues)
        if not main:
            return Verdict(verdict.overlap)
        return verdict if verdict.gave_up is None else self._once(m, loser, verdict)

    def _once(self, m: _Meeting, loser: Unit, verdict: Verdict) -> Verdict | None:
        """``verdict``, but nobody gives the floor up twice with the same words; None while that cannot be known."""
        earlier = (r for r in (*self._done, *self._open) if self._order(r) < self._order(m) and r.follows is None)
        rivals = [r for r in earlier if self._timeline.run_last(self._loser(r)) is loser]
        if any(r.verdict is None for r in rivals):
            return None
        if any(r.verdict is not None and r.verdict.gave_up for r in rivals):
            return Verdict(verdict.overlap) if verdict.interruption == "silent" else replace(verdict, gave_up=None)
        return verdict

    @staticmethod
    def _order(m: _Meeting) -> tuple[bool, float, float, str, str]:
        """Those with speech at once first, then by start."""
        return m.v.end <= m.u.start, m.u.start, m.v.start, m.u.speaker, m.v.speaker

    def _loser(self, m: _Meeting) -> Unit:
        """Who of the two stops first."""
        stays = self._timeline.run_end(m.u) > self._timeline.run_end(m.v)
        return m.v if stays else m.u

    def _contact(self, m: _Meeting, loser: Unit, look: float) -> Contact:
        timeline, v, u = self._timeline, m.v, m.u
        v_stop, u_stop = timeline.run_end(v), timeline.run_end(u)
        stays, mangled = u_stop > v_stop, self._cues.certainty and loser.sure < MANGLED
        return Contact(
            left_s=max(0.0, v_stop - u.start) if v.end > u.start else 0.0,
            came_s=(min(u.end, look) if stays else u_stop) - u.start,
            stays=stays,
            ended=u_stop < look,
            since_s=max(0.0, u.start - v.end),
            resumes_s=timeline.own_after_s(loser, RESUMES_S),
            text=loser.text if stays or not mangled else None,
            heard=not loser.given,
            blind=not (timeline.expects_words and self._cues.endings),
            sound=is_sound(v) or is_sound(u),
            mixed=timeline.mixed(loser),
            begun=timeline.run_before(loser) is not None,
            ends_under=timeline.ends_under(loser),
        )

    def _tell(self, m: _Meeting, verdict: Verdict) -> list[Event]:
        events: list[Event] = []
        end, begin = min(m.v.end, m.u.end), max(m.v.start, m.u.start)
        went = self._as_it_went(m)
        if verdict.overlap is not None and end > begin:
            events.append(
                Overlap(start=begin, end=end, speaker=went.u.speaker, over=went.v.speaker, kind=verdict.overlap)
            )
        if verdict.interruption is not None:
            events.append(self._interruption(went, verdict, "confirmed"))
        if m.provisional and (verdict.interruption is None or went is not m):
            events.append(self._interruption(m, Verdict(None, "successful"), "withdrawn"))
        return events

    def _interruption(
        self, m: _Meeting, verdict: Verdict, status: Literal["provisional", "confirmed", "withdrawn"]
    ) -> Interruption:
        v_stop, u_stop = self._timeline.run_end(m.v), self._timeline.run_end(m.u)
        loser = {"v": m.v, "u": m.u}.get(verdict.gave_up or "")
        last = None if loser is None else self._timeline.run_last(loser)
        until = min(min(v_stop, u_stop) if last is None else last.end, self._timeline.now)
        overlapped = m.v.end > m.u.start
        return Interruption(
            start=m.u.start,
            end=max(m.u.start, until),
            speaker=m.u.speaker,
            interrupted=m.v.speaker,
            kind=verdict.interruption or "successful",
            overlap_s=max(0.0, min(v_stop, u_stop, until) - max(m.u.start, m.v.start)) if overlapped else 0.0,
            yielded=None if last is None else last.speaker,
            yielded_at=None if last is None else last.end,
            words_cut="" if last is None else " ".join((last.text or "").split()[-8:]),
            confidence=verdict.confidence,
            evidence=dict(verdict.evidence),
            status=status,
        )


def is_sound(unit: Unit) -> bool:
    """Whether somebody wrote a unit down as a sound without words: a laugh, a cough."""
    return unit.given and unit.text is not None and not tokenise(unit.text)
