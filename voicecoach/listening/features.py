"""What a reply looks like next to what was said: whom it is about, what it says back, how long it is, what it asks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from voicecoach.listening.language import Language
from voicecoach.listening.text import Sentence, content, sentences

LONG_WORDS = 40
"""A reply longer than so many words is seldom only a reflection; ``too_long`` counts doublings past it."""
SHORT_WORDS = 8
"""A statement up to this long without "I" and "you" may echo ("two bags, and the rain")."""


def stems(text: str, language: Language) -> set[str]:
    """Stems of the words of ``text`` that carry meaning."""
    return {stem for s in sentences(text, language) for stem in content(s.words, language)}


def said_back(parts: Sequence[Sentence], theirs: set[str], language: Language) -> tuple[list[str], list[str]]:
    """Words of the reply that carry meaning: those the other person said too, and those that are new."""
    words: dict[str, str] = {}
    for sentence in parts:
        words.update(content(sentence.words, language))
    return [w for s, w in words.items() if s in theirs], [w for s, w in words.items() if s not in theirs]


def measure(
    parts: Sequence[Sentence],
    theirs: set[str],
    acts: Mapping[str, float],
    counts: tuple[int, int],
    language: Language,
) -> dict[str, float]:
    """Features by name. ``counts``: how many of its words the other person had said, and how many are new."""
    words = [w for s in parts for w in s.words]
    about = [w for w in words if w in language.you or w in language.me]
    yours = sum(w in language.you for w in about)
    covered, carrying = counts[0], sum(counts)
    asked = parts[-1].asked
    fragment = 0 < len(words) <= SHORT_WORDS and not about
    return {
        "length": min(math.log2(1 + len(words)), math.log2(1 + LONG_WORDS)) - 2,
        "too_long": max(0.0, math.log2(max(1, len(words)) / LONG_WORDS)),
        "covered": min(covered, 3),
        "covered_share": covered / max(3, carrying),
        "nothing_shared": float(carrying >= 3 and not covered and acts["names_feeling"] < 0.5),
        "me": min(4, len(about) - yours),
        "you_share": yours / len(about) - 0.5 if about else 0.0,
        "question_mark": float(asked),
        "asks": max(acts["open_question"], acts["closed_question"]),
        "only_acknowledgement": float(not words),
        "very_short": float(0 < len(words) <= 3),
        "fragment": float(fragment),
        "echo": covered / max(1, carrying) if fragment else 0.0,
        "pointed": float(_points_elsewhere(parts, theirs, language)),
        "only_agrees": float(acts["agreement"] >= 0.5 and not (yours and carrying)),
        **{name: acts[name] for name in language.counted},
    }


def _points_elsewhere(parts: Sequence[Sentence], theirs: set[str], language: Language) -> bool:
    """Whether it points at something that was not talked about: "you bought those shoes", "you wanted that job"."""
    return any(
        pointer in language.pointing and not {verb, thing} & language.stop_words and language.stem(thing) not in theirs
        for s in parts
        for verb, pointer, thing in zip(s.words, s.words[1:], s.words[2:], strict=False)
    )
