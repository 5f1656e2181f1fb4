"""Which feelings and needs a text names, by the language's lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voicecoach.listening.language import Language
from voicecoach.listening.text import Sentence


def feelings_named(parts: Sequence[Sentence], language: Language) -> tuple[str, ...]:
    """Words for feelings, each once, in order."""
    hits = (hit for s in parts for hit in language.feeling.finditer(s.text))
    return tuple(dict.fromkeys(hit.group() for hit in hits if _is_felt(hit, language)))


def needs_named(parts: Sequence[Sentence], language: Language) -> tuple[str, ...]:
    """Names of needs ("to be seen", "rest"), each once, where the text says that something is wanted or missed."""
    found: dict[str, None] = {}
    for sentence in parts:
        for wish in language.wishing.finditer(sentence.text):
            rest = sentence.text[wish.end() :]
            found.update({need: None for need, words in language.needs.items() if words.search(rest)})
    return tuple(found)


def _is_felt(hit: re.Match[str], language: Language) -> bool:
    """Whether a word that may be a feeling is one here, if it means other things too."""
    word, text = hit.group(), hit.string
    if word == text.removesuffix(" ?"):
        return True
    rows = [row for row in language.felt if word in row.words]
    before, after = text[: hit.start()], text[hit.end() :]
    return not rows or any(row.before.search(before) or row.after.search(after) for row in rows)
