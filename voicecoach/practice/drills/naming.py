"""Which feelings and needs a reply names, also where they are said as a noun, or in a single word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.listening.language import Language
from voicecoach.listening.text import Sentence
from voicecoach.practice.drills.material import Material

FEW_WORDS = 3
"""In a sentence of so few words ("Recognition?") a need stands for itself, without "you need"."""


@dataclass(frozen=True, slots=True)
class Feeling:
    """A feeling as it was ``said`` ("relief"), and the word the stories have for it ("relieved").

    ``meant`` is empty for one that may be in any story, like surprise.
    """

    said: str
    meant: str


def feelings(parts: Sequence[Sentence], known: Sequence[str], words: Material) -> tuple[Feeling, ...]:
    """``known``: those that were found by the language's list; then the others, each once, in order."""
    found = {name: Feeling(name, name) for name in known}
    for pattern, meanings in words.feelings:
        for hit in (h for s in parts for h in pattern.finditer(s.raw)):
            said = hit["said"]
            found.setdefault(said, Feeling(said, meanings[said]))
    return tuple(found.values())


def needs(parts: Sequence[Sentence], known: Sequence[str], words: Material, language: Language) -> list[str]:
    """``known``: those after a wish; then those in a sentence that speaks of needing, or in a word or two."""
    found = dict.fromkeys(known)
    for s in parts:
        needing = words.patterns["needing"].search(s.raw)
        if needing or len(s.words) <= FEW_WORDS:
            found.update({need: None for need, ways in words.need_words.items() if ways.search(s.raw)})
        if needing and not known:
            found.update({need: None for need, ways in language.needs.items() if ways.search(s.raw)})
    return list(found)
