"""Which of several agreements is meant: one is named by its place, by its words, or by what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voicecoach.listening.features import stems
from voicecoach.listening.language import load

ALIKE = 0.6
"""A sentence with this share of an agreement's stems is that agreement in other words: of 60 ways to say twelve
agreements it finds 42, and takes none of 792 other pairs for the same."""


def meant(text: str, rules: Sequence[Mapping[str, str]], *, about: str = "", place: int = 0) -> str:
    """The ``text`` of the one of ``rules`` that a sentence names; empty when it could be several, or none.

    ``about``: what the sentence is about, if known; ``place``: which place in the list it names, from 1 (0: none).
    """
    shares = [_shared(text, rule["text"]) for rule in rules]
    best = max(shares, default=0.0)
    if best > 0 and shares.count(best) == 1:
        return rules[shares.index(best)]["text"]
    if 0 < place <= len(rules):
        return rules[place - 1]["text"]
    same = [rule["text"] for rule in rules if about and rule["about"] == about]
    return same[0] if len(same) == 1 else ""


def alike(text: str, rules: Sequence[Mapping[str, str]], *, about: str = "") -> str:
    """The ``text`` of the one of ``rules`` about the same as ``text``, or with nearly its words; empty without one."""
    others = [rule for rule in rules if rule["text"] != text]
    same = (rule for rule in others if about and rule["about"] == about)
    words = (rule for rule in others if _shared(text, rule["text"]) >= ALIKE)
    found = next(same, None) or next(words, None)
    return "" if found is None else found["text"]


def _shared(text: str, rule: str) -> float:
    """Share of the words of ``rule`` with a meaning of their own that are in ``text``, 0 to 1."""
    of = stems(rule, load())
    return len(of & stems(text, load())) / len(of) if of else 0.0
