"""What one reply does to the person who spoke before, from its words alone.

Each act is a hand-made logistic model: log-odds = bias + weights of the patterns found, all of them in the language's
data file. A reflection is more than shared words: it is a statement, about the other person, in the second person or
in their terms, carrying their meaning or feeling; so its model also counts who it is about, what was said back, how
long it is, and how much it advises, blames, minimises, asks or talks about the one who replies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voicecoach.listening.language import ActModel, Language, load
from voicecoach.listening.text import Sentence, content, sentences

LONG_WORDS = 40
"""A reply longer than so many words is seldom only a reflection; feature ``too_long`` counts doublings past it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reply does.

    ``acts``: act → probability in [0, 1], among them ``acknowledgement``: nothing but "okay", "yeah", "mm-hm";
    ``evidence``: act → the words that decided it, for acts likelier than not; ``covered``: content words of the other
    person that were said back.
    """

    acts: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    covered: tuple[str, ...] = ()


def judge(reply: str, said: str, language: str = "en") -> Judgement:
    """Judge ``reply`` to what was ``said`` just before (either may lack punctuation, as a recogniser gives it)."""
    known = load(language)
    parts = sentences(reply, known)
    if not parts:
        return Judgement(acts=dict.fromkeys(("reflection", *known.acts, "acknowledgement"), 0.0))
    logits: dict[str, float] = {}
    evidence: dict[str, list[str]] = {}
    for name, act in known.acts.items():
        logits[name], evidence[name] = _match(act, parts)
    acts = {name: _logistic(x) for name, x in logits.items()}
    covered = _covered(parts, said, known)
    logit, found = _match(known.reflection, parts)
    features = _features(parts, acts, covered, known)
    logit += sum(known.features[name] * value for name, value in features.items())
    acts = {"reflection": _logistic(logit), **acts, "acknowledgement": features["only_acknowledgement"]}
    evidence["reflection"] = found
    return Judgement(
        acts={name: round(p, 4) for name, p in acts.items()},
        evidence={name: " … ".join(evidence[name]) for name, p in acts.items() if p >= 0.5 and evidence.get(name)},
        covered=tuple(covered),
    )


def _match(act: ActModel, parts: Sequence[Sentence]) -> tuple[float, list[str]]:
    """Log-odds and the words that raised them."""
    sums: dict[str, float] = {}
    found: list[str] = []
    for pattern in act.patterns:
        for sentence in parts:
            match = pattern.regex.search(sentence.text)
            if match is None and act.as_said:
                match = pattern.regex.search(sentence.raw)
            if match is not None:
                sums[pattern.group] = sums.get(pattern.group, 0.0) + pattern.weight
                words = match.group().removesuffix(" ?").strip()
                if pattern.weight > 0 and words and not any(words in f for f in found):
                    found.append(words)
                break
    logit = act.bias + sum(min(total, act.caps.get(group, total)) for group, total in sums.items())
    if act.asked and not found and parts[-1].asked:
        logit += act.asked
        found.append(parts[-1].raw.removesuffix(" ?"))
    return logit, found


def _covered(parts: Sequence[Sentence], said: str, language: Language) -> list[str]:
    theirs: set[str] = set()
    for sentence in sentences(said, language):
        theirs |= content(sentence.words, language).keys()
    covered: dict[str, str] = {}
    for sentence in parts:
        covered.update({s: w for s, w in content(sentence.words, language).items() if s in theirs})
    return list(covered.values())


def _features(
    parts: Sequence[Sentence], acts: Mapping[str, float], covered: Sequence[str], language: Language
) -> dict[str, float]:
    words = [w for s in parts for w in s.words if w != "?"]
    carrying = {stem for s in parts for stem in content(s.words, language)}
    about = [w for w in words if w in language.you or w in language.me]
    count = len(words)
    return {
        "length": min(math.log2(1 + count), math.log2(1 + LONG_WORDS)) - 2,
        "too_long": max(0.0, math.log2(max(1, count) / LONG_WORDS)),
        "covered": min(len(covered), 3),
        "covered_share": len(covered) / max(3, len(carrying)),
        "nothing_shared": float(len(carrying) >= 3 and not covered and acts["names_feeling"] < 0.5),
        "me": min(4, sum(w in language.me for w in words)),
        "you_share": sum(w in language.you for w in about) / len(about) - 0.5 if about else 0.0,
        "question_mark": float(parts[-1].asked),
        "only_acknowledgement": float(not words),
        "very_short": float(0 < count <= 3),
        **{
            name: acts[name]
            for name in (
                "names_feeling",
                "validation",
                "invites_confirmation",
                "advice",
                "blame",
                "minimising",
                "own_story",
                "disagreement",
                "apology",
            )
        },
    }


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))
