"""What of a story a reply says back: by meaning where there are sentence vectors, by the stems of words where not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voicecoach.floor.lexicon import tokenise
from voicecoach.listening import Embed
from voicecoach.listening.features import stems
from voicecoach.listening.language import load
from voicecoach.listening.rules import logistic

BY_MEANING = (5.2, 6.2, 2.3, 2.2, -5.1)
"""Log-odds that a point was said back: weights of the reply's best part's cosine with the point, with the sentence it
comes from, the share of the point's stems in the reply, in its best part, and the bias. Logistic regression on the
replies of ``tests/practice/said_back.txt`` (99 points said, 184 not; precision 0.91, recall 0.82)."""
LIKELY = 0.5
BY_STEMS = 0.25
"""Without sentence vectors: this share of a point's stems has to be in the reply."""
MEANT = 384
"""So many numbers of a sentence's vector, the first, have length 1 and say what it means; the rest, how it is put."""
ABOUT_IT = 0.33
"""A part of a reply whose cosine with every sentence of the story is below this is about something else."""
RUN = 4
"""So many words in the story's own order are taken over, not put in one's own words. Pronouns count as one word."""
PARROTED = 0.6
"""From this share of taken-over words on, a reply of at least `ENOUGH_WORDS` words is word for word."""
ENOUGH_WORDS = 8
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_CLAUSE = re.compile(r"[,;:]|\b(?:and|but|because|so|then)\b")
_WHO = frozenset(
    {
        "i", "me", "my", "mine", "myself", "i'm", "i've", "i'd", "i'll", "am", "was",
        "you", "your", "yours", "yourself", "you're", "you've", "you'd", "you'll", "are", "were",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaidBack:
    """``covered`` / ``missed``: points of the story. ``own``: those of ``covered`` that were put in one's own words.

    ``added``: parts of the reply that are about something else. ``parroted``: share of its words that are taken over
    in the story's own order.
    """

    covered: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    parroted: float = 0.0

    @property
    def word_for_word(self) -> bool:
        """Whether it repeats the story instead of saying it back."""
        return self.parroted >= PARROTED


class Coverage:
    """Compares replies with stories. ``embed``: sentence vectors, or None to go by stems."""

    def __init__(self, embed: Embed | None = None, language: str = "en") -> None:
        self._embed = embed
        self._language = load(language)

    def of(self, reply: str, story: Sequence[str], points: Sequence[str]) -> SaidBack:
        """What ``reply`` says back of the ``points`` of a story, given by its sentences."""
        parts = clauses(reply)
        if not parts or not points:
            return SaidBack(missed=tuple(points))
        taken, parroted = taken_over(reply, " ".join(story))
        covered, away = self._covered(reply, story, points)
        own_words = [p for p, t in zip(sentences(reply), _per_sentence(reply, taken), strict=True) if t < PARROTED]
        if parroted >= PARROTED:  # a word that differs in all that was repeated is as likely misheard
            own_words = []
        own = covered
        if parroted and len(own_words) < len(sentences(reply)):
            own = self._covered(" ".join(own_words), story, covered)[0] if own_words else []
        return SaidBack(
            covered=tuple(covered),
            missed=tuple(p for p in points if p not in covered),
            own=tuple(own),
            added=tuple(away),
            parroted=round(parroted, 3),
        )

    def alike(self, one: str, other: str) -> float:
        """Likeness of two sentences: their vectors' cosine in [-1, 1]; 0 without vectors."""
        if self._embed is None:
            return 0.0
        a, b = self._embed([one, other])[:, :MEANT]
        return float(a @ b)

    def _covered(self, text: str, story: Sequence[str], points: Sequence[str]) -> tuple[list[str], list[str]]:
        """The points that ``text`` says back, and the sentences of it that are about something else."""
        if self._embed is None or not points:
            return self._by_stems(clauses(text), points), []
        return self._by_meaning(text, story, points)

    def _by_stems(self, parts: Sequence[str], points: Sequence[str]) -> list[str]:
        said = {stem for part in parts for stem in stems(part, self._language)}
        return [p for p in points if _share(stems(p, self._language), said) >= BY_STEMS]

    def _by_meaning(self, text: str, story: Sequence[str], points: Sequence[str]) -> tuple[list[str], list[str]]:
        assert self._embed is not None
        parts = clauses(text)
        vectors = self._embed([*parts, *story, *points])[:, :MEANT]
        mine, told, wanted = np.split(vectors, [len(parts), len(parts) + len(story)])
        said = [stems(p, self._language) for p in parts]
        heard = [stems(s, self._language) for s in story]
        covered = []
        for point, vector in zip(points, wanted, strict=True):
            want = stems(point, self._language)
            source = max(range(len(story)), key=lambda i: (len(want & heard[i]), float(told[i] @ vector)))
            x = (
                float((mine @ vector).max()),
                float((mine @ told[source]).max()),
                _share(want, set().union(*said)),
                max(_share(want, s) for s in said),
                1.0,
            )
            if logistic(sum(a * b for a, b in zip(BY_MEANING, x, strict=True))) >= LIKELY:
                covered.append(point)
        whole = dict(zip(parts, mine, strict=True))
        away = [p for p in sentences(text) if float((told @ whole[p]).max()) < ABOUT_IT]
        return covered, away


def sentences(text: str) -> list[str]:
    """``text`` by its punctuation; a recogniser writes it."""
    return [s for s in _SENTENCE.split(text.strip()) if s]


def clauses(text: str) -> list[str]:
    """Sentences of ``text``, and then the clauses of those that have several: a point may be in a part of one."""
    whole = sentences(text)
    parts = [c.strip() for s in whole for c in _CLAUSE.split(s) if len(c.split()) >= 3]
    return list(dict.fromkeys([*whole, *parts]))


def taken_over(reply: str, story: str) -> tuple[list[bool], float]:
    """For each word of ``reply`` whether it stands in a run of `RUN` words of ``story``; and the share of those.

    "I", "you", "my" count as one, so turning the person round is still word for word. 0 for under `ENOUGH_WORDS`.
    """
    mine, theirs = _plain(reply), _plain(story)
    runs = {tuple(theirs[i : i + RUN]) for i in range(len(theirs) - RUN + 1)}
    taken = [False] * len(mine)
    for i in range(len(mine) - RUN + 1):
        if tuple(mine[i : i + RUN]) in runs:
            taken[i : i + RUN] = [True] * RUN
    return taken, sum(taken) / len(taken) if len(taken) >= ENOUGH_WORDS else 0.0


def _plain(text: str) -> list[str]:
    return ["who" if t in _WHO else t for t in tokenise(text)]


def _per_sentence(reply: str, taken: Sequence[bool]) -> list[float]:
    shares, at = [], 0
    for sentence in sentences(reply):
        n = len(_plain(sentence))
        shares.append(sum(taken[at : at + n]) / max(1, n))
        at += n
    return shares


def _share(wanted: set[str], said: set[str]) -> float:
    return len(wanted & said) / len(wanted) if wanted else 0.0
