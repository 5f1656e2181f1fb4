"""Replies that other people labelled, as ``--data DIR/text`` holds them, and how a recogniser might have heard them."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

Pair = tuple[str, str, str]  # reply, what was said before, label

SAID_WORDS = 25
"""What a client said before is taken back so far, as the coach hears turns whole and not between two "mm-hm"."""
DROPPED, CHANGED = 0.06, 0.09
"""``-misheard``: lower case, no punctuation, and so many words lost or taken for another: 15 % wrong, as on a call."""
TAKEN_FOR = {
    "you're": "your", "your": "you're", "you": "he", "and": "in", "it's": "its", "that": "the", "they": "there",
    "feel": "fill", "felt": "felt a", "so": "to", "is": "as", "he": "you", "are": "or", "for": "four", "want": "won't",
    "don't": "do", "what": "but", "i": "a", "sounds": "sound", "like": "light", "hard": "heart", "not": "now",
}  # fmt: skip
"""What a recogniser hears instead; other words lose their last letters."""


def annomi(path: Path) -> list[tuple[int, Pair]]:
    """Session number and (reply, what the client said before it, label) of every counsellor's reply."""
    out = []
    said: list[str] = []
    session = None
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["transcript"] != session:
            session, said = row["transcript"], []
        if row["who"] == "client":
            said.append(row["text"])
        else:
            out.append((session, (row["text"], last_words(said[-6:]), row["act"])))
    return out


def last_words(said: Sequence[str]) -> str:
    taken: list[str] = []
    for part in reversed(said):
        taken.insert(0, part)
        if sum(len(t.split()) for t in taken) >= SAID_WORDS:
            break
    return " ".join(taken)


def esconv(path: Path) -> list[Pair]:
    """(reply, last seeker's words, strategy): each line of the file is a conversation so far, replies tagged."""
    seen: dict[tuple[str, str], str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        turns = [re.sub(r"^\S+ \S+ \S+ ", "", turn) for turn in line.split(" EOS ")]
        for before, turn in itertools.pairwise(turns):
            if match := re.match(r"\[([^\]]+)\] (.*)", turn):
                seen[match[2], re.sub(r"^\[[^\]]+\] ", "", before)] = match[1]
    return [(reply, said, label) for (reply, said), label in seen.items()]


def half(said: str) -> int:
    """Which half of ESConv a reply belongs to, by what was said before it: 0 was looked at, 1 kept aside."""
    return int(hashlib.md5(said[:40].encode(), usedforsecurity=False).hexdigest(), 16) % 2


def bare(pairs: Iterable[Pair]) -> list[Pair]:
    """As a recogniser without punctuation would give it."""
    strip = re.compile(r"[^\w\s'\[\]-]")
    return [(strip.sub(" ", a).lower(), strip.sub(" ", b).lower(), label) for a, b, label in pairs]


def misheard(pairs: Iterable[Pair]) -> list[Pair]:
    """As a recogniser may give it that gets about every seventh word wrong. The same each time."""
    random = np.random.default_rng(0)

    def one(text: str) -> str:
        words = []
        for word in text.split():
            chance = random.random()
            if chance < CHANGED:
                words.append(TAKEN_FOR.get(word, word[: max(2, len(word) - 2)]))
            elif chance >= CHANGED + DROPPED:
                words.append(word)
        return " ".join(words)

    return [(one(a), one(b), label) for a, b, label in bare(pairs)]
