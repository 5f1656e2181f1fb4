"""Which feelings and needs a text names, by the language's lists."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.listening.language import Language
from voicecoach.listening.text import Sentence


def feelings_named(parts: Sequence[Sentence], language: Language) -> tuple[str, ...]:
    """Words for feelings, each once, in order."""
    return tuple(dict.fromkeys(hit.group() for s in parts for hit in language.feeling.finditer(s.text)))


def needs_named(parts: Sequence[Sentence], language: Language) -> tuple[str, ...]:
    """Names of needs ("to be seen", "rest"), each once, where the text says that something is wanted or missed."""
    found: dict[str, None] = {}
    for sentence in parts:
        for wish in language.wishing.finditer(sentence.text):
            rest = sentence.text[wish.end() :]
            found.update({need: None for need, words in language.needs.items() if words.search(rest)})
    return tuple(found)
