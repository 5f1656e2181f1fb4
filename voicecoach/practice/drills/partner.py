"""`Partner`: in a pair the other person tells something of their own, which becomes a task like any other."""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.floor.lexicon import tokenise
from voicecoach.listening.features import stems
from voicecoach.listening.language import load
from voicecoach.listening.named import feelings_named, needs_named
from voicecoach.listening.text import sentences as parse
from voicecoach.practice.drills.coverage import sentences
from voicecoach.practice.drills.material import Name, material, sheet_of
from voicecoach.practice.drills.reply import Stretch, Voices
from voicecoach.practice.drills.script import Script
from voicecoach.practice.drills.task import Task
from voicecoach.practice.drills.waiting import Line

ENOUGH_S = 4.0
"""Less speech is a story only if "that's it" ends it, or if no more comes."""
OVER_S = 4.0
"""A story is over after so much silence …"""
PATIENT_S = 12.0
"""… or so much, where pauses are part of the drill and "that's it" ends it."""
CUT_S = 8.0
"""In ``repair`` the chime comes after so much of the story, at once."""
DONE_S = 0.5
MOST_POINTS = 5
SHORT_WORDS = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """What was told: a script as if it had been written, its lines, and when it was over. ``chime``: sound one now."""

    script: Script
    lines: tuple[Line, ...]
    until: float
    chime: bool = False


class Partner:
    """Listens to ``teller`` until the story is over. ``over`` may be set from outside: a key was pressed."""

    def __init__(self, drill: Name, teller: str, listener: str, voices: Voices, language: str = "en") -> None:
        self.over = False
        self._drill, self._teller, self._listener, self._voices = drill, teller, listener, voices
        self._language, self._code = load(language), language

    def began(self, since: float) -> bool:
        """Whether the teller has said anything."""
        return bool(self._voices.stretches(self._teller, since))

    def enough(self, since: float) -> bool:
        """Whether what was told since ``since`` is long enough for a story."""
        return sum(s.length_s for s in self._voices.stretches(self._teller, since)) >= ENOUGH_S

    def closes(self, since: float) -> bool:
        """Whether something was told since ``since``, and "that's it" or the like ended it."""
        text = self._voices.text(self._teller, since)
        return self._ended(text) and self._tells(text)

    def heard(self, since: float, now: float) -> Heard | None:
        """The story told since ``since``, once it is over."""
        spoken = self._voices.stretches(self._teller, since)
        if not spoken:
            return None
        end = spoken[-1].end
        text = self._voices.text(self._teller, since)
        talks = self._voices.speaking(self._teller) is not None
        enough = self.enough(since)
        cut = self._drill == "repair" and enough and now - spoken[0].start >= CUT_S and talks
        is_over = self._is_over if enough else self._nothing_follows
        if not (cut or self.over or (not talks and is_over(text, end, now))):
            return None
        lines = tuple(Line(s.start, s.end, " ".join(s.words)) for s in spoken)
        parts = self._parts(text)
        plain = parse(text, self._language)
        full = [p for p in parts if len(p.split()) >= SHORT_WORDS] or parts
        rich = sorted(full, key=lambda p: -len(stems(p, self._language)))
        task = Task(
            self._drill,
            tuple(parts),
            tuple(p for p in parts if p in rich[:MOST_POINTS]),
            feelings_named(plain, self._language),
            needs_named(plain, self._language),
            line=parts[-1] if parts else "",
        )
        return Heard(Script(task, (), sheet_of(self._drill, self._code).examples[0]), lines, now if cut else end, cut)

    def _is_over(self, text: str, end: float, now: float) -> bool:
        if now - end >= DONE_S and self._ended(text):
            return True
        patient = self._drill in ("hold", "silence", "full")
        if now - end >= (PATIENT_S if patient else OVER_S):
            return True
        reply = self._reply(end)
        return not patient and bool(reply) and now - reply[0].start >= 1.5

    def _nothing_follows(self, text: str, end: float, now: float) -> bool:
        """Whether so little is all there is: who only says "let me think" goes on thinking."""
        if not self._tells(text):
            return False
        if self._ended(text):
            return now - end >= DONE_S
        whole = any(len(p.split()) >= SHORT_WORDS for p in sentences(text))
        return now - end >= PATIENT_S and (whole or bool(self._reply(end)))

    def _reply(self, since: float) -> list[Stretch]:
        """What the listener has said since ``since`` that is more than "mm-hm"."""
        return [s for s in self._voices.stretches(self._listener, since) if not self._voices.sign(s)]

    def _ended(self, text: str) -> bool:
        return material(self._code).patterns["done"].search(" ".join(tokenise(text))) is not None

    def _parts(self, text: str) -> list[str]:
        """The sentences of the story, without a "that's it" on its own."""
        return [p for p in sentences(text) if self._tells(p) or not self._ended(p)]

    def _tells(self, text: str) -> bool:
        """Whether there is more in it than the end of a story, or "um, well"."""
        done = material(self._code).patterns["done"]
        return bool(stems(done.sub("", " ".join(tokenise(text))), self._language))
