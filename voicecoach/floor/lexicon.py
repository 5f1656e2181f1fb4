"""What words say about the floor: is it a sign of listening, and is it a finished thought? By language, from data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from voicecoach.errors import MisuseError

MOST_LETTERS = 3
"""A language's code has two or three; "fitted" is no language."""
_CUT = re.compile(r"(--?|—|–|…|\.\.\.)[\"')\]]*$")
_ANNOTATION = re.compile(r"\[[^\]]*\]|<[^>]*>|\{[^}]*\}")
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists of one language; see ``data/en.json`` for what each is for."""

    always: frozenset[str]
    after_own_silence: frozenset[str]
    while_the_other_goes_on: frozenset[str]
    phrases: frozenset[str]
    tags: frozenset[str]
    fillers: frozenset[str]
    claims: frozenset[str]
    endings: Mapping[str, str]
    in_context: Mapping[str, str]
    cannot_end: frozenset[str]

    def backchannel(self, tokens: Sequence[str], own_silence_s: float, other_goes_on: bool) -> bool:
        """Whether ``tokens`` are a sign of listening and nothing else.

        Lexicon first, then how it stands: ``own_silence_s`` is one's own silence before. On MRDA this order has
        F1 0.81 where timing alone has 0.59 to 0.66.
        """
        rest = [t for t in tokens if t not in self.fillers]
        if not rest:
            return False
        if " ".join(rest) in self.phrases:
            return True
        allowed = set(self.always)
        if own_silence_s > 0:
            allowed |= self.after_own_silence
            if own_silence_s >= 0.5 and other_goes_on:
                allowed |= self.while_the_other_goes_on
        return len(rest) <= 4 and all(t in allowed for t in rest)

    def listening_words_only(self, tokens: Sequence[str]) -> bool:
        """Whether nothing but words of listening was said, wherever it stands."""
        words = self.always | self.after_own_silence | self.while_the_other_goes_on | self.fillers
        return all(t in words for t in tokens) or " ".join(tokens) in self.phrases

    def sign(self, tokens: Sequence[str]) -> str | None:
        """The weakest list of listening words that ``tokens`` are from; None if anything else was said.

        A filler before them is a start at a turn ("um, yeah"): on MRDA 6 of 28 of these are backchannels.
        """
        if not tokens or tokens[0] in self.fillers:
            return None
        rest = self._without_phrases([t for t in tokens if t not in self.fillers])
        if len(rest) > 4:
            return None
        for name, words in (
            ("always", self.always),
            ("after_own_silence", self.always | self.after_own_silence),
            ("while_the_other_goes_on", self.always | self.after_own_silence | self.while_the_other_goes_on),
        ):
            if all(t in words for t in rest):
                return name
        return None

    def _without_phrases(self, tokens: Sequence[str]) -> list[str]:
        rest, at = [], 0
        while at < len(tokens):
            length = next((n for n in (3, 2) if " ".join(tokens[at : at + n]) in self.phrases), 0)
            if not length:
                rest.append(tokens[at])
            at += length or 1
        return rest

    def ending(self, text: str) -> str:
        """What the words of ``text`` end in, whatever stands behind them: a class of ``data/en.json``, or ``"done"``.

        A word that was cut off (``hou-``, ``she said ...``) is ``"cut"``. What a last word leaves open may be another
        thing after the word before it: "because we" is no "so did I".
        """
        tokens = tokenise(text)
        if not tokens or self.listening_words_only(tokens):
            return "done"
        if _CUT.search(text.strip()):
            return "cut"
        kind = self.endings.get(tokens[-1], "done")
        before = self.endings.get(tokens[-2], "done") if len(tokens) > 1 else ""
        return self.in_context.get(f"{before} {kind}", kind)

    @staticmethod
    def mark(text: str) -> str:
        """How a writer closed ``text``: with a ``"full_stop"``, a ``"question_mark"``, or ``"no_stop"``."""
        last = text.rstrip().rstrip("\"')]}”’")[-1:]
        return {"?": "question_mark", ".": "full_stop", "!": "full_stop"}.get(last, "no_stop")

    def without_claims(self) -> Lexicon:
        """The same, but knowing no words that claim the floor."""
        return replace(self, claims=frozenset())

    def holds_the_floor(self, tokens: Sequence[str]) -> bool:
        """Whether nothing is said yet: "and", "but um", "well so"."""
        held = ("joining", "filler", "loose")
        return all(self.endings.get(t) in held or t in self.always or t in self.after_own_silence for t in tokens)


def tokenise(text: str) -> list[str]:
    """Lower-case words without punctuation or annotations (``[laughs]``).

    ``mm-hm`` and ``don't`` stay whole, ``o_k`` is ``ok``.
    """
    return _TOKEN.findall(_ANNOTATION.sub(" ", text).lower().replace("’", "'").replace("_", ""))


@cache
def lexicon(language: str = "en") -> Lexicon:
    """The lexicon of ``language`` (ISO 639-1). Raises `MisuseError` when voicecoach has no such file."""
    path = resources.files("voicecoach.floor").joinpath("data").joinpath(f"{language}.json")
    if not language.isalpha() or len(language) > MOST_LETTERS or not path.is_file():
        raise MisuseError(f"voicecoach does not know the language {language!r}; see CONTRIBUTING.md to add it.")
    data = json.loads(path.read_text(encoding="utf-8"))
    signs = data["backchannel"]
    return Lexicon(
        frozenset(signs["always"]),
        frozenset(signs["after_own_silence"]),
        frozenset(signs["while_the_other_goes_on"]),
        frozenset(signs["phrases"]),
        frozenset(signs["tags"]),
        frozenset(data["fillers"]),
        frozenset(data["claims_the_floor"]),
        {word: kind for kind, words in data["endings"].items() for word in words},
        {pair: kind for kind, pairs in data["in_context"].items() for pair in pairs},
        frozenset(data["cannot_end"]),
    )
