"""Numbers fitted to conversations that people labelled, as `scripts/bench floor_fit` last wrote them.

All weights are log-odds; each term is zero at the usual value of its cue (``*_AT_S``), so that a cue left out changes
nothing else.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

SILENCE_AT_S = 1.0
"""Usual silence of one's own around a sign of listening; longer ones after it are not waited for."""
STALE_S = 2.0
"""Where nobody else has spoken for so long, there is nothing to be a sign of listening to."""
OVERLAP_AT_S = 0.7
PAUSE_AT_S = 0.4
RESUMES_AT_S = 0.5
"""Who goes on sooner than this has not given up; it is as far as a verdict looks (`voicecoach.floor.timeline`)."""


Cue = Mapping[str, float]
"""Name → value of what is known: 1 for what is so, a logarithm for a length of time."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """Log-odds by name of cue, and the probability ``from_p`` from which on it is said to be so."""

    weights: Mapping[str, float]
    from_p: float

    def parts(self, cues: Cue) -> dict[str, float]:
        """What each cue adds to the log-odds; one that nothing was fitted for adds nothing."""
        return {name: self.weights.get(name, 0.0) * value for name, value in cues.items() if value}

    def score(self, cues: Cue) -> float:
        """The log-odds."""
        return sum(self.parts(cues).values())

    def so(self, cues: Cue) -> bool:
        """Whether it is said to be so."""
        return sigmoid(self.score(cues)) >= self.from_p


@dataclass(frozen=True, slots=True)
class Fitted:
    """Three questions and the data (``source``) they were fitted to.

    ``sign``: do people mark a unit of listening words as a backchannel? ``yields``: do they mark the one who stopped as
    interrupted? ``sure``: do they mark that one as unfinished, or, in a pause, as interrupted? That is the confidence
    of an interruption; its cues are the score of ``yields`` and whether it was in a pause.
    """

    source: str
    sign: Weighing
    yields: Weighing
    sure: Weighing

    def confidence(self, score: float, *, pause: bool) -> float:
        """Probability that the one who stopped was not finished. ``score`` is from ``yields``."""
        return sigmoid(self.sure.score({"one": 1.0, "score": score, "pause": float(pause)}))


def sigmoid(x: float) -> float:
    """Log-odds to probability."""
    return 1.0 / (1.0 + math.exp(-x))


def log_ratio(value: float, at: float, least: float, most: float) -> float:
    """How many times more or less than usual, by logarithm, within bounds."""
    return math.log(min(most, max(least, value)) / at)


@cache
def fitted() -> Fitted:
    """The numbers in ``data/fitted.json``."""
    text = resources.files("voicecoach.floor").joinpath("data").joinpath("fitted.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return Fitted(data["source"], *(Weighing(**data[name]) for name in ("sign", "yields", "sure")))
