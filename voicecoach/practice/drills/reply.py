"""What somebody says when it is their turn: stretches of voice and words, and when it is over."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from voicecoach.events import Event, VoiceOff, VoiceOn, Word, WordsUntil
from voicecoach.floor.judge import YIELDS, openness
from voicecoach.floor.lexicon import lexicon, tokenise

Way = TypeVar("Way")

JOIN_S = 0.3
"""Stretches of voice closer together than this are one."""
OVER_S = 2.2
"""So long a silence ends a reply …"""
UNFINISHED_S = 4.5
"""… or so long when its last word promises more ("and", "because")."""
WORDS_S = 8.0
"""The words may come so much later than the voice; after that we do with those we have."""
SLACK_S = 0.35
"""Recognised words and voice activity differ by so much at their ends."""
CALM_S = 0.5
"""A word to us ("next") is over after so much silence."""
APART_S = 1.0
"""… and what was said so long before it does not belong to it."""
SOUND_S = 0.15
"""A shorter sound is a click or a breath."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Voice from ``start`` to ``end`` (seconds), and the words in it as the recogniser wrote them.

    ``confidence``: how sure it was of them, in the mean; 1 without words.
    """

    start: float
    end: float
    words: tuple[str, ...]
    confidence: float = 1.0

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.end - self.start


class Voices:
    """Follows everybody's voice and words; what was said when can then be asked. ``language``: ISO 639-1."""

    def __init__(self, language: str = "en") -> None:
        self._lexicon = lexicon(language)
        self._on: dict[str, float] = {}
        self._spans: dict[str, list[tuple[float, float]]] = {}
        self._words: dict[str, list[Word]] = {}
        self._known: dict[str, float] = {}

    def push(self, event: Event) -> None:
        """Take note of ``event``."""
        match event:
            case VoiceOn():
                self._on.setdefault(event.speaker, event.start)
            case VoiceOff():
                start = self._on.pop(event.speaker, event.start)
                spans = self._spans.setdefault(event.speaker, [])
                if spans and start - spans[-1][1] < JOIN_S:
                    start = spans.pop()[0]
                spans.append((start, event.start))
            case Word():
                self._words.setdefault(event.speaker, []).append(event)
            case WordsUntil():
                self._known[event.speaker] = max(self._known.get(event.speaker, 0.0), event.start)

    def speaking(self, name: str) -> float | None:
        """Since when ``name`` has been speaking; None while silent."""
        return self._on.get(name)

    def stretches(self, name: str, since: float, until: float = math.inf) -> list[Stretch]:
        """Voice of ``name`` that begins from ``since`` and before ``until``, without clicks; the open one to now."""
        spans = list(self._spans.get(name, []))
        if name in self._on:
            latest = max([self._on[name], *(w.end for w in self._words.get(name, []))])
            spans.append((self._on[name], latest))
        found = []
        for start, end in spans:
            if since <= start < until:
                inside = self._inside(name, start - SLACK_S, end + SLACK_S)
                if inside or end - start >= SOUND_S:
                    sure = sum(w.confidence for w in inside) / len(inside) if inside else 1.0
                    found.append(Stretch(start, end, tuple(w.word for w in inside), sure))
        return found

    def text(self, name: str, since: float, until: float = math.inf) -> str:
        """Words of ``name`` that begin from ``since`` (a little before counts) and before ``until``."""
        return " ".join(w.word for w in self._inside(name, since - SLACK_S, until))

    def over(self, name: str, since: float, now: float) -> bool:
        """Whether ``name`` has said something since ``since``, is done with it, and its words are known."""
        said = self.stretches(name, since)
        if not said or name in self._on:
            return False
        last = said[-1].end
        known = self._known.get(name, 0.0) >= last - SLACK_S
        if not known:
            return now - last >= WORDS_S
        wait = UNFINISHED_S if self.promises_more(name, since) else OVER_S
        return now - last >= wait

    def only(
        self, name: str, since: float, now: float, ways: Mapping[Way, re.Pattern[str]], *, last: bool = False
    ) -> Way | None:
        """Which of ``ways`` is all that ``name`` has said since ``since``, if any, once they are silent again.

        ``last``: all that they have said since they were last silent for `APART_S`.
        """
        said = self.stretches(name, since)
        if not said or name in self._on or now - said[-1].end < CALM_S:
            return None
        if last:
            begins = [i for i in range(1, len(said)) if said[i].start - said[i - 1].end >= APART_S]
            said = said[begins[-1] :] if begins else said
        text = " ".join(t for s in said for word in s.words for t in tokenise(word))
        return next((way for way, words in ways.items() if words.fullmatch(text)), None)

    def promises_more(self, name: str, since: float) -> bool:
        """Whether the last words since ``since`` leave a sentence open."""
        return sum(openness(self.text(name, since), self._lexicon, recognised=True).values()) >= YIELDS

    def sign(self, stretch: Stretch, longest_s: float = 1.0) -> bool:
        """Whether ``stretch`` is a sign of listening ("mm-hm", "oh no"), or too short a sound to be more."""
        tokens = [t for word in stretch.words for t in tokenise(word)]
        if not tokens:
            return stretch.length_s <= longest_s
        return stretch.length_s <= 2 * longest_s and self._lexicon.listening_words_only(tokens)

    def forget(self, before: float) -> None:
        """Let go of what was said before ``before``."""
        for name, spans in self._spans.items():
            self._spans[name] = [s for s in spans if s[1] >= before]
        for name, words in self._words.items():
            self._words[name] = [w for w in words if w.end >= before]

    def _inside(self, name: str, since: float, until: float) -> list[Word]:
        words = sorted(self._words.get(name, []), key=lambda w: w.start)
        return [w for w in words if since <= (w.start + w.end) / 2 < until]
