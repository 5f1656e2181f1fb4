"""From words as a recogniser or a person writes them to the plain form the patterns are written for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicecoach.listening.language import Language

_ASIDE = re.compile(r"\[[^\]]*\]|\([^)]*\)|<[^>]*>")
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*-?|[.?!]+|…")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": " ", "”": " ", '"': " ", "—": " ", "–": " "})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in plain form.

    ``raw``: as said; ``text``: without leading "okay", "yeah", "you're right, …" and without a check at its end ("…, is
    that right?"); of "you're right" alone, all is kept;
    both end in `` ?`` when a question mark was written, ``text`` only if it ``asked`` more than the check. ``words``:
    the words of ``text``.
    """

    raw: str
    text: str
    words: tuple[str, ...]
    asked: bool

    @property
    def plain(self) -> str:
        """``text`` as it is written, for a model of sentences."""
        return self.text.replace(" ?", "?")


def sentences(text: str, language: Language) -> list[Sentence]:
    """Sentences of ``text`` in plain form; without punctuation, all of it is one sentence.

    Lower case, straight apostrophes, no asides in brackets, no fillers, no stutters ("it's-it's", "I I").
    """
    found: list[Sentence] = []
    words: list[str] = []
    plain = _ASIDE.sub(" ", text.translate(_QUOTES)).replace("--", " ").lower()
    for token in [*_TOKEN.findall(plain), "."]:
        if token[0] not in ".?!…":
            words += [part for part in _parts(token) if part not in language.fillers]
        elif words or "?" in token:
            sentence = _sentence(words, "?" in token, language)
            if sentence.raw:
                found.append(sentence)
            words = []
    return found


def content(words: tuple[str, ...], language: Language) -> dict[str, str]:
    """Stem → word, in order, of the words that carry meaning."""
    return {language.stem(w): w for w in words if w not in language.stop_words and len(w) > 2}


def _sentence(words: list[str], asked: bool, language: Language) -> Sentence:
    kept: list[str] = []
    for word in words:
        if not kept or kept[-1] != word:
            kept.append(word)
    raw = " ".join(language.filler_phrases.sub(" ", " ".join(kept)).split())
    text = raw
    while match := language.acknowledgement.match(text) or language.concession.match(text):
        text = text[match.end() :]
    said = language.check.sub("", text).strip()
    mark, still = (" ?" if asked else ""), (" ?" if asked and said == text else "")
    return Sentence(raw + mark if raw else "", said + still if said else "", tuple(said.split()), bool(still))


def _parts(token: str) -> list[str]:
    """Split stutters ("you-you", "wh-what") and keep real hyphened words whole enough to match as two words."""
    parts = [p for p in token.split("-") if p]
    return [p for i, p in enumerate(parts) if i + 1 == len(parts) or not parts[i + 1].startswith(p)]
