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


@dataclass(frozen=True, slots=True)
class SignWeights:
    """Is a unit of listening words a backchannel? ``words``: by list of the lexicon; threshold ``from_p``, in [0, 1]."""

    words: Mapping[str, float]
    before: float
    after: float
    covered: float
    stale: float
    from_p: float

    def p(self, words: str, before_s: float, after_s: float, *, covered: bool, stale: bool) -> float:
        """Probability that people would mark it as one."""
        return sigmoid(
            self.words[words]
            + self.before * log_ratio(before_s, SILENCE_AT_S, 0.1, 3.0)
            + self.after * log_ratio(after_s, SILENCE_AT_S, 0.1, 1.0)
            + self.covered * covered
            + self.stale * stale
        )


@dataclass(frozen=True, slots=True)
class YieldWeights:
    """Did the one who stopped give up unfinished, cut off by the other?

    ``ending``: by class of the last word (`Lexicon.ending`), ``unknown`` without words; ``contact``: ``over`` (the
    other came in), ``lost`` (the one who stopped had come in), ``pause`` (no speech at once); ``holder``: nothing but
    words that hold the floor. It is said of somebody from ``from_p`` on. ``sure``: scale and offset from this score to
    that of an interruption being one, and the offset in a pause.
    """

    ending: Mapping[str, float]
    contact: Mapping[str, float]
    overlap: float
    pause: float
    resumes: float
    holder: float
    from_p: float
    sure: tuple[float, float, float]

    def confidence(self, score: float, *, pause: bool) -> float:
        """Probability that the one who stopped was not finished."""
        scale, offset, in_a_pause = self.sure
        return sigmoid(scale * score + offset + in_a_pause * pause)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Everything fitted, and on what."""

    source: str
    sign: SignWeights
    yields: YieldWeights


def sigmoid(x: float) -> float:
    """Log-odds to probability."""
    return 1.0 / (1.0 + math.exp(-x))


def logit(p: float) -> float:
    """Probability to log-odds."""
    return math.log(p / (1.0 - p))


def log_ratio(value: float, at: float, least: float, most: float) -> float:
    """How many times more or less than usual, by logarithm, within bounds."""
    return math.log(min(most, max(least, value)) / at)


@cache
def fitted() -> Fitted:
    """The numbers in ``data/fitted.json``."""
    text = resources.files("voicecoach.floor").joinpath("data").joinpath("fitted.json").read_text(encoding="utf-8")
    data = json.loads(text)
    yields = {**data["yields"], "sure": tuple(data["yields"]["sure"])}
    return Fitted(data["source"], SignWeights(**data["sign"]), YieldWeights(**yields))
