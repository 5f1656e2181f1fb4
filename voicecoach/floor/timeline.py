"""All units of a conversation as far as they matter, and the questions one may ask of them.

Every answer depends only on what lies before a stated time, so that it is the same however late it is asked.
"""

from __future__ import annotations

import math
from bisect import insort

from voicecoach.events import Speech, VoiceOff, VoiceOn, Word
from voicecoach.floor.lexicon import tokenise
from voicecoach.floor.units import JOIN_S, Unit

CHAIN_S = 0.5
"""Two units of one person this close are one run of talk: nobody gives the floor up for so short a breath."""
WORD_SLACK_S = 0.1
"""Recognised words and voice activity differ by so much at their ends."""
ECHO_S = 0.5
"""The times of words written down twice, from the same sound, differ by so much."""
HANDED_S = 0.1
"""On one microphone a voice is known a moment after it began: its first sounds may be given to whoever spoke last, so
that its start is put where theirs ends, to about this much."""
MIXED = 0.75
"""The share of a unit under other voices from which on its words are as likely theirs."""
KEEP_S = 60.0
"""Units and words this long past are forgotten, so that memory stays flat."""


class Timeline:
    """Units by start, words and how far they are known, by person.

    ``words``: whether words will come at all. ``shared``: one microphone hears everybody, so that one person's words
    may be written down as another's who speaks at the same time.
    """

    def __init__(self, *, words: bool, shared: bool) -> None:
        self.units: list[Unit] = []
        self.now = 0.0
        self._words: dict[str, list[Word]] = {}
        self._known: dict[str, float] = {}
        self.expects_words = words
        self._shared = shared

    def hear(self, event: VoiceOn | VoiceOff) -> Unit | None:
        """Follow a voice; the new unit, if one began."""
        last = self.last(event.speaker)
        if isinstance(event, VoiceOff):
            if last is not None and last.off is None:
                last.off = max(event.start, last.start)
            return None
        if last is not None and not last.closed and event.start - last.end <= JOIN_S:
            last.off = None
            return None
        return self.add(Unit(event.speaker, event.start, confidence=event.confidence))

    def voice(self, speech: Speech) -> None:
        """Take a voice of which the end is known already; what follows it closely joins it."""
        last = self.last(speech.speaker)
        if last is None or last.closed or speech.start - last.end > JOIN_S:
            self.add(Unit(speech.speaker, speech.start, speech.end, confidence=speech.confidence))
        else:
            last.off = max(last.end, speech.end)

    def give(self, speech: Speech, text: str) -> Unit:
        """Take a whole utterance as given."""
        return self.add(Unit(speech.speaker, speech.start, speech.end, closed=True, text=text or None, given=True))

    def add(self, unit: Unit) -> Unit:
        """Put a unit in its place."""
        insort(self.units, unit, key=lambda u: (u.start, u.speaker))
        return unit

    def word(self, word: Word) -> None:
        """Take a committed word."""
        self._words.setdefault(word.speaker, []).append(word)

    def known_until(self, speaker: str, time: float) -> None:
        """All words of ``speaker`` before ``time`` are known."""
        self._known[speaker] = max(time, self._known.get(speaker, 0.0))

    def last(self, speaker: str) -> Unit | None:
        """The newest unit of ``speaker``."""
        return next((u for u in reversed(self.units) if u.speaker == speaker), None)

    def knows(self, unit: Unit) -> bool:
        """Whether the words of a closed unit are all there, or none will ever come."""
        if unit.given or not self.expects_words:
            return True
        over = {u.speaker for u in self.units if u.start < unit.end and u.end > unit.start} if self._shared else ()
        if any(self._known.get(who, 0.0) < unit.end + WORD_SLACK_S for who in (unit.speaker, *over)):
            return False
        if unit.text is None:
            words = self.words(unit.speaker, unit.start, unit.end)
            unit.text = " ".join(w.word for w in words) or None
            own = [0.0 if self._echoes(w) else w.confidence for w in words]
            unit.sure = sum(own) / len(own) if own else 0.0
        return True

    def _echoes(self, word: Word) -> bool:
        """Whether another is heard to say the same at the same moment: on one microphone, then, it is theirs."""
        return self._shared and any(
            tokenise(w.word) == tokenise(word.word)
            for who in self._words
            if who != word.speaker
            for w in self.words(who, word.start - ECHO_S, word.end + ECHO_S)
        )

    def mixed(self, unit: Unit) -> bool:
        """Whether one microphone heard most of ``unit`` through another's voice."""
        return self._shared and self._under(unit.speaker, unit.start, unit.end) > MIXED

    def ends_under(self, unit: Unit) -> bool:
        """Whether one microphone heard most of the last word of ``unit`` through another's voice."""
        words = self.words(unit.speaker, unit.start, unit.end) if self._shared and not unit.given else []
        return bool(words) and self._under(unit.speaker, words[-1].start, words[-1].end) > 1 / 2

    def _under(self, speaker: str, start: float, end: float) -> float:
        """The share of a stretch of ``speaker`` that is under other voices, each counted; 0 of one without length."""
        over = (min(u.end, end) - max(u.start, start) for u in self.units if u.speaker != speaker)
        return sum(max(x, 0.0) for x in over) / (end - start) if end > start else 0.0

    def leads(self, unit: Unit) -> bool:
        """Whether ``unit`` may be the first sounds of another's turn: one microphone, and who begins as it ends."""
        begins = (u.start for u in self.units if u.speaker != unit.speaker)
        return self._shared and any(unit.start < start <= unit.end + HANDED_S for start in begins)

    def words(self, speaker: str, start: float, end: float) -> list[Word]:
        """The words of ``speaker`` in a stretch, in order of time."""
        inside = [
            w
            for w in self._words.get(speaker, ())
            if start - WORD_SLACK_S <= (w.start + w.end) / 2 < end + WORD_SLACK_S
        ]
        return sorted(inside, key=lambda w: w.start)

    def others_on(self, unit: Unit, time: float) -> list[Unit]:
        """Units of other people that sound at ``time``, oldest first."""
        return [u for u in self.units if u.speaker != unit.speaker and u.on_at(time)]

    def other_in(self, speaker: str, start: float, end: float) -> bool:
        """Whether anybody but ``speaker`` sounds between two times."""
        return any(u.speaker != speaker and u.start < end and u.end > start for u in self.units)

    def alone_s(self, unit: Unit) -> float:
        """The longest that ``unit`` goes on by itself, once those have stopped whom it came in on; 0 if it did not."""
        stop = min(unit.end, self.now)
        if not self.others_on(unit, unit.start):
            return 0.0
        at, longest = unit.start, 0.0
        for v in self.units:  # by start
            if v.speaker != unit.speaker and v.end > at and v.start < stop:
                longest, at = max(longest, v.start - at), v.end
        return max(longest, stop - at)

    def own_before_s(self, unit: Unit) -> float:
        """Silence of the unit's own speaker before it."""
        ends = [u.end for u in self.units if u.speaker == unit.speaker and u.start < unit.start]
        return max(0.0, unit.start - max(ends, default=-math.inf))

    def own_after_s(self, unit: Unit, most_s: float) -> float:
        """Silence of the unit's own speaker after it, at most ``most_s``."""
        starts = [u.start for u in self.units if u.speaker == unit.speaker and u.start >= unit.end and u is not unit]
        return max(0.0, min(most_s, min(starts, default=math.inf) - unit.end))

    def run_last(self, unit: Unit) -> Unit:
        """The last unit of the run of talk that ``unit`` is in, as far as it is known; a given one stands alone."""
        last = unit
        if not unit.given:
            for u in self.units:
                if u.speaker == unit.speaker and unit.start < u.start <= last.end + CHAIN_S:
                    last = u
        return last

    def run_end(self, unit: Unit) -> float:
        """Where that run ends. Infinite while it goes on."""
        return self.run_last(unit).end

    def run_before(self, unit: Unit) -> Unit | None:
        """The unit of the same run of talk just before this one."""
        if unit.given:
            return None
        own = [u for u in self.units if u.speaker == unit.speaker and u.start < unit.start]
        return own[-1] if own and unit.start - own[-1].end <= CHAIN_S else None

    def forget(self, before: float) -> None:
        """Drop what ended before ``before``."""
        if self.units and self.units[0].end < before:
            self.units = [u for u in self.units if u.end >= before]
        for speaker, words in self._words.items():
            if words and words[0].end < before:
                self._words[speaker] = [w for w in words if w.end >= before]
