"""Somebody comes in on somebody: from the first overlapping sound to the verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from voicecoach.events import Event, Interruption, Overlap
from voicecoach.floor.lexicon import Lexicon
from voicecoach.floor.rules import (
    ALONE_S,
    BACKCHANNEL_MAX_S,
    MANGLED,
    SILENT_MAX_S,
    Around,
    Contact,
    Verdict,
    is_backchannel,
    judge,
)
from voicecoach.floor.timeline import CHAIN_S, Timeline
from voicecoach.floor.units import JOIN_S, Unit

RIPE_S = 0.3
"""A start is looked at this long after it, when hearing has joined what belongs together."""
PROVISIONAL_S = 0.5
"""Speech at once for so long is shown as a possible interruption."""
LOOK_S = 1.0
"""A verdict looks this far beyond the end of the shorter unit: who goes on, who falls silent."""
TAKES_S = 1.6
"""… and at so much of the one who came in."""


@dataclass(slots=True, eq=False)
class _Meeting:
    """``u`` came in on ``v``. ``follows``: the meeting of the same run of talk before, whose verdict holds here too.

    ``main``: the one an interruption is told of, where several people speak at once.
    """

    v: Unit
    u: Unit
    main: bool
    follows: _Meeting | None = None
    provisional: bool = False
    verdict: Verdict | None = None


class Contacts:
    """Watches every start of a unit for whom it meets, and judges once the outcome is known."""

    def __init__(self, timeline: Timeline, words: Lexicon) -> None:
        self._timeline = timeline
        self._words = words
        self._open: list[_Meeting] = []
        self._done: list[_Meeting] = []
        self._signs: dict[int, tuple[Unit, bool]] = {}

    def advance(self) -> list[Event]:
        """All that can be said now."""
        now = self._timeline.now
        for unit in self._timeline.units:
            if not unit.contacts_made and now >= unit.start + RIPE_S:
                unit.contacts_made = True
                self._meet(unit)
        events: list[Event] = []
        still: list[_Meeting] = []
        for meeting in self._open:
            if not meeting.provisional and self._provisional(meeting):
                meeting.provisional = True
                events.append(self._interruption(meeting, Verdict(None, "successful", None, 0.5), "provisional"))
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
        self._signs = {k: s for k, s in self._signs.items() if s[0].end >= before}

    @property
    def oldest(self) -> float:
        """Start of the oldest unit that a verdict still waits for."""
        return min((min(m.v.start, m.u.start) for m in self._open), default=math.inf)

    def sign_of_listening(self, unit: Unit) -> bool | None:
        """Whether ``unit`` is a backchannel; None while that cannot be known."""
        known = self._signs.get(id(unit))
        if known is not None:
            return known[1]
        timeline = self._timeline
        if unit.end - unit.start > 2 * BACKCHANNEL_MAX_S and not unit.given:
            longer = min(unit.end, timeline.now) - unit.start > 2 * BACKCHANNEL_MAX_S
            return False if longer else None
        if not unit.given and timeline.own_after_s(unit, LOOK_S) < ALONE_S:
            return False
        if not unit.closed or timeline.now <= unit.end + LOOK_S or not timeline.knows(unit):
            return None
        around = Around(
            timeline.own_before_s(unit),
            timeline.own_after_s(unit, LOOK_S),
            timeline.other_in(unit.speaker, unit.start - RIPE_S, unit.start + 0.01),
            timeline.other_in(unit.speaker, unit.end, unit.end + LOOK_S),
        )
        length_s, heard = unit.end - unit.start, not unit.given
        sign = is_backchannel(length_s, unit.text, unit.sure, around, self._words, heard=heard)
        self._signs[id(unit)] = (unit, sign)
        return sign

    # --- one meeting -----------------------------------------------------------------------------------------------

    def _meet(self, u: Unit) -> None:
        over = [v for v in self._timeline.others_on(u, u.start) if (v.start, v.speaker) < (u.start, u.speaker)]
        before = self._timeline.run_before(u)
        for i, v in enumerate(over):
            follows = None
            if before is not None:
                follows = next(
                    (m for m in self._open + self._done if m.u is before and m.v.speaker == v.speaker and m.main), None
                )
            self._open.append(_Meeting(v, u, main=i == 0, follows=follows))
        if not over and before is None:
            silent = [
                v
                for v in self._timeline.units
                if v.speaker != u.speaker and v.end <= u.start and v.end > u.start - SILENT_MAX_S
            ]
            if silent:
                self._open.append(_Meeting(max(silent, key=lambda v: v.end), u, main=True))

    def _provisional(self, m: _Meeting) -> bool:
        shared = min(m.v.end, m.u.end, self._timeline.now) - m.u.start
        return m.main and m.follows is None and shared >= PROVISIONAL_S

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
        look = max(stop + CHAIN_S, u.start + TAKES_S)
        if math.isinf(stop) or timeline.now <= look + JOIN_S:
            return None
        signs = [self.sign_of_listening(unit) for unit in (v, u)]
        if None in signs:
            return None
        if any(signs):
            return Verdict("backchannel" if v.end > u.start else None)
        if m.follows is not None and m.follows.verdict is not None:
            return Verdict(m.follows.verdict.overlap)
        stays = u_stop > v_stop
        loser = timeline.run_last(v if stays else u)
        if not timeline.knows(loser):
            return None
        contact = Contact(
            left_s=max(0.0, v_stop - u.start) if v.end > u.start else 0.0,
            came_s=(min(u.end, look) if stays else u_stop) - u.start,
            stays=stays,
            since_s=max(0.0, u.start - v.end),
            v_text=loser.text if stays else None,
            u_text=None if stays or loser.sure < MANGLED else loser.text,
        )
        return judge(contact, self._words)

    def _tell(self, m: _Meeting, verdict: Verdict) -> list[Event]:
        events: list[Event] = []
        end = min(m.v.end, m.u.end)
        if verdict.overlap is not None and end > m.u.start:
            events.append(
                Overlap(start=m.u.start, end=end, speaker=m.u.speaker, over=m.v.speaker, kind=verdict.overlap)
            )
        if m.main and verdict.interruption is not None:
            events.append(self._interruption(m, verdict, "confirmed"))
        elif m.provisional:
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
            overlap_s=max(0.0, min(v_stop, u_stop, until) - m.u.start) if overlapped else 0.0,
            yielded=None if last is None else last.speaker,
            yielded_at=None if last is None else last.end,
            words_cut="" if last is None else " ".join((last.text or "").split()[-8:]),
            confidence=verdict.confidence,
            evidence=dict(verdict.evidence),
            status=status,
        )
