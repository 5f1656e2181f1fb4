"""What one reply does to the person who spoke before, from its words alone.

Each act is a hand-made logistic model: log-odds = bias + weights of the patterns found, all of them in the language's
data file. A reflection is more than shared words: it is a statement, about the other person, in the second person or
in their terms, carrying their meaning or feeling; so its model also counts who it is about, what was said back, how
long it is, and how much it advises, blames, minimises, asks or talks about the one who replies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voicecoach.listening.features import measure, said_back, stems
from voicecoach.listening.language import load
from voicecoach.listening.rules import logistic, match
from voicecoach.listening.text import sentences


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
        logits[name], evidence[name] = match(act, parts, known)
    acts = {name: logistic(x) for name, x in logits.items()}
    theirs = stems(said, known)
    covered, added = said_back(parts, theirs, known)
    logit, found = match(known.reflection, parts, known)
    features = measure(parts, theirs, acts, (len(covered), len(added)), known)
    logit += sum(known.features[name] * value for name, value in features.items())
    acts = {"reflection": logistic(logit), **acts, "acknowledgement": features["only_acknowledgement"]}
    evidence["reflection"] = found
    return Judgement(
        acts={name: round(p, 4) for name, p in acts.items()},
        evidence={name: " … ".join(evidence[name]) for name, p in acts.items() if p >= 0.5 and evidence.get(name)},
        covered=tuple(covered),
    )
