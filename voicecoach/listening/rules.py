"""What patterns say: the log-odds of an act, and the words that raised them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from voicecoach.listening.language import ActModel, Language
from voicecoach.listening.text import Sentence


def match(act: ActModel, parts: Sequence[Sentence], language: Language) -> tuple[float, list[str]]:
    """Log-odds of ``act`` in the sentences of a reply, and the words that raised them."""
    sums: dict[str, float] = {}
    found: list[str] = []
    for pattern in act.patterns:
        for sentence in parts:
            hit = pattern.regex.search(sentence.text)
            if hit is None and act.as_said:
                hit = pattern.regex.search(sentence.raw)
            if hit is not None:
                sums[pattern.group] = sums.get(pattern.group, 0.0) + pattern.weight
                words = hit.group().removesuffix(" ?").strip()
                if pattern.weight > 0 and words and not any(words in f for f in found):
                    found.append(words)
                break
    logit = act.bias + sum(min(total, act.caps.get(group, total)) for group, total in sums.items())
    if act.asked and not found and parts[-1].asked and parts[-1].words:
        about_you = not language.you.isdisjoint(parts[-1].words)
        logit += act.asked_of_you if about_you else act.asked
        found.append(parts[-1].raw.removesuffix(" ?"))
    return logit, found


def logistic(x: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))
