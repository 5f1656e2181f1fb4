"""Which of the heard units are signs of listening, and from when on that is certain."""

from __future__ import annotations

from voicecoach.floor.cues import Cues
from voicecoach.floor.lexicon import Lexicon, tokenise
from voicecoach.floor.rules import (
    ALONE_S,
    BACKCHANNEL_MAX_S,
    STALE_S,
    UNKNOWN_S,
    Around,
    is_backchannel,
    listening,
)
from voicecoach.floor.timeline import Timeline
from voicecoach.floor.units import Unit

RIPE_S = 0.3
"""A start is looked at this long after it, when hearing has joined what belongs together."""
TAIL_S = 0.2
"""Whoever stops so soon after another's sign of listening did not go on, as far as hearing can tell: both ended."""
LOOK_S = 1.0
"""A sign of listening is looked at so far beyond its end: does the other go on, has it begun a turn? Sooner, where both
are known already."""


class Signs:
    """Judges each unit once, as soon as nothing that is still to come can change it."""

    def __init__(self, timeline: Timeline, words: Lexicon, cues: Cues) -> None:
        self._timeline = timeline
        self._words = words
        self._cues = cues
        self._known: dict[int, tuple[Unit, float]] = {}

    def forget(self, before: float) -> None:
        """Drop what ended before ``before``."""
        self._known = {k: s for k, s in self._known.items() if s[0].end >= before}

    def is_one(self, unit: Unit) -> bool | None:
        """Whether ``unit`` is a backchannel; None while that cannot be known."""
        known = self._known.get(id(unit))
        if known is not None:
            return known[1] > 0
        timeline = self._timeline
        if not unit.given and self._takes(unit):
            return False
        sooner = not unit.given and self._other_goes_on(unit, timeline.now)
        look_s = ALONE_S if sooner else LOOK_S
        if not unit.closed or timeline.now <= unit.end + look_s or not timeline.knows(unit):
            return None
        sure = self._listening(unit)
        self._known[id(unit)] = (unit, sure)
        return sure > 0

    def _other_goes_on(self, unit: Unit, until: float) -> bool:
        return self._timeline.other_in(unit.speaker, unit.end + (0.0 if unit.given else TAIL_S), until)

    def _takes(self, unit: Unit) -> bool:
        """Whether it is known already that ``unit``, as heard, is too long for a sign of listening or begins a turn."""
        timeline = self._timeline
        length_s = unit.length_s(timeline.now)
        longest_s = 2 * BACKCHANNEL_MAX_S if timeline.expects_words else BACKCHANNEL_MAX_S
        on_alone = length_s > BACKCHANNEL_MAX_S and timeline.alone_s(unit) >= ALONE_S
        return length_s > longest_s or on_alone or timeline.own_after_s(unit, LOOK_S) < ALONE_S

    def sureness(self, unit: Unit) -> float:
        """How sure it is that a unit known to be a backchannel is one, from 0 to 1."""
        return self._known[id(unit)][1]

    def _listening(self, unit: Unit) -> float:
        """That, or 0 if it is none."""
        around, timeline = self._around(unit), self._timeline
        text = unit.text if self._cues.signs else None
        if text is None and self._cues.signs and timeline.expects_words and timeline.mixed(unit):
            text = ""
        if unit.given and text is not None and tokenise(text):
            return listening(text, around, self._words)
        certainty = unit.sure if self._cues.certainty else 1.0
        length_s = unit.end - unit.start
        sign = is_backchannel(length_s, text, certainty, around, self._words, heard=not unit.given)
        return (0.9 if text else 0.6) if sign else 0.0

    def _around(self, unit: Unit) -> Around:
        timeline, cues = self._timeline, self._cues
        return Around(
            timeline.own_before_s(unit) if cues.own_silence else UNKNOWN_S,
            timeline.own_after_s(unit, LOOK_S) if cues.own_silence else UNKNOWN_S,
            timeline.other_in(unit.speaker, unit.start - RIPE_S, unit.start + 0.01),
            self._other_goes_on(unit, unit.end + LOOK_S),
            cues.surroundings and any(v.end >= unit.end for v in timeline.others_on(unit, unit.start)),
            cues.surroundings and not timeline.other_in(unit.speaker, unit.start - STALE_S, unit.start + 0.01),
            cues.surroundings and timeline.leads(unit),
        )
