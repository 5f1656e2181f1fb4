"""What one reply does to the person who spoke before, from its words alone.

Each act is a logistic model: log-odds = bias + weights of the patterns found, all of them in the language's data file;
with sentence vectors (see `voicecoach.listening.meaning`) the meaning of each sentence counts too. A reflection is more
than shared words: it is a statement, about the other person, in the second person or in their terms, carrying their
meaning or feeling. So each sentence is judged by whom it is about, what it says back, how long it is, and how much it
advises, blames, asks or talks about the one who replies; the reply is a reflection as far as its sentences are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voicecoach.listening.features import measure, said_back, stems
from voicecoach.listening.language import Language, load
from voicecoach.listening.meaning import Meaning
from voicecoach.listening.named import feelings_named, needs_named
from voicecoach.listening.rules import logistic, match
from voicecoach.listening.text import Sentence, sentences

ASKING_COUNTS = 2.0
"""A sentence that asks weighs so much more than its words: a reply that ends by asking wants an answer to that."""
LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reply does.

    ``acts``: act → probability in [0, 1], among them ``acknowledgement``: nothing but "okay", "yeah", "mm-hm", and
    ``complex``: a reflection of meaning or feeling, not only of content; ``evidence``: act → the words that decided
    it, for acts likelier than not; ``covered`` / ``added``: words with content that the other person had said / had
    not; ``feelings`` / ``needs`` that the reply names; ``moods``: mood → probability, only with sentence vectors.
    """

    acts: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    covered: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    moods: Mapping[str, float] = field(default_factory=dict)


def judge(reply: str, said: str, language: str = "en", meaning: Meaning | None = None) -> Judgement:
    """Judge ``reply`` to what was ``said`` just before (either may lack punctuation, as a recogniser gives it).

    Without ``meaning``, patterns alone decide. Raises `MisuseError` for a language that has no data file.
    """
    known = load(language)
    parts = sentences(reply, known)
    if not parts:
        return Judgement(acts=dict.fromkeys(("reflection", "complex", *known.acts, "acknowledgement"), 0.0))
    if meaning is not None:
        meaning.prepare([s.plain for s in parts if s.words])
    theirs = stems(said, known)
    acts, evidence = _acts(parts, known, meaning)
    reflection, meant, found = _reflection(parts, theirs, known, meaning)
    acts = {"reflection": reflection, "complex": meant, **acts}
    acts["acknowledgement"] = float(not any(s.words for s in parts))
    evidence["reflection"] = evidence["complex"] = found
    covered, added = said_back(parts, theirs, known)
    plain = " ".join(s.plain for s in parts if s.words)
    return Judgement(
        acts={name: round(p, 4) for name, p in acts.items()},
        evidence={name: " … ".join(evidence[name]) for name, p in acts.items() if p >= LIKELY and evidence.get(name)},
        covered=tuple(covered),
        added=tuple(added),
        feelings=feelings_named(parts, known),
        needs=needs_named(parts, known),
        moods={k: round(p, 4) for k, p in meaning.moods(plain).items()} if meaning is not None and plain else {},
    )


def _acts(
    parts: Sequence[Sentence], known: Language, meaning: Meaning | None
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Probability and evidence of every act but reflection: by patterns in all of it, by meaning in one sentence."""
    acts: dict[str, float] = {}
    evidence: dict[str, list[str]] = {}
    for name, act in known.acts.items():
        logit, found = match(act, parts, known)
        if meaning is not None and name not in known.strict:
            each = [match(act, [s], known)[0] for s in parts]
            each = [meaning.act(name, s.plain, x) if s.words else x for s, x in zip(parts, each, strict=True)]
            logit = max(each)
            found = found or [parts[each.index(logit)].raw.removesuffix(" ?")]
        acts[name], evidence[name] = logistic(logit), found
    return acts, evidence


def _reflection(
    parts: Sequence[Sentence], theirs: set[str], known: Language, meaning: Meaning | None
) -> tuple[float, float, list[str]]:
    """Probability that the reply reflects, that it reflects meaning or feeling, and the words that decided it."""
    weights, each, meant = [], [], []
    for i, sentence in enumerate(parts):
        if not sentence.words:
            continue
        check = [s for s in parts[i + 1 : i + 2] if not s.words]  # "… Is that right?"
        alone = [sentence, *check]
        acts = {name: logistic(match(act, alone, known)[0]) for name, act in known.acts.items()}
        covered, added = said_back(alone, theirs, known)
        features = measure(alone, theirs, acts, (len(covered), len(added)), known)
        logit = match(known.reflection, alone, known)[0]
        logit += sum(known.features[name] * value for name, value in features.items())
        deep = match(known.complex, alone, known)[0] - len(covered) / max(1, len(covered) + len(added))
        if meaning is not None:
            logit = meaning.act("reflection", sentence.plain, logit)
            deep = meaning.act("complex", sentence.plain, deep)
        each.append(logistic(logit))
        meant.append(logistic(deep))
        weights.append(len(sentence.words) * (ASKING_COUNTS if features["asks"] >= LIKELY else 1.0))
    if not each:
        return 0.0, 0.0, []
    share = sum(p * w for p, w in zip(each, weights, strict=True)) / sum(weights)
    level = known.level if meaning is None else meaning.level
    reflection = logistic(_log_odds(share) - _log_odds(level))
    best = max(range(len(each)), key=each.__getitem__)
    found = match(known.reflection, parts, known)[1]
    spoken = [s for s in parts if s.words]
    return reflection, reflection * meant[best], found or [spoken[best].raw.removesuffix(" ?")]


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
