"""What a sentence means, on top of what its patterns say: logistic models on sentence vectors.

The vectors come from whoever calls, and must be those the weights were trained with (`voicecoach.models.sentences`).
The weights lie next to the language's file; ``scripts/train_replies`` rebuilds them from examples written for this
project and, for moods, from GoEmotions (Demszky et al. 2020, Apache-2.0).
"""

from __future__ import annotations

import functools
import io
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voicecoach.listening.rules import logistic

Vectors = npt.NDArray[np.float32]

_REMEMBERED = 256


class Embed(Protocol):
    """Turns texts into vectors, one row each: ``(n, width)``."""

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        """The vectors of ``texts``."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of each act: ``weights`` of the vector, ``rules``: of the log-odds that patterns give, and ``bias``.

    ``level``: the share of a reply's words that reflect from which on it is likelier than not a reflection;
    ``centre``: what vectors have in common, of each of their parts ``(parts, width of a part)``; see `apart`.
    """

    acts: Mapping[str, tuple[Vectors, float, float]]
    moods: Mapping[str, tuple[Vectors, float]]
    level: float
    centre: Vectors | None = None


def apart(vectors: Vectors, centre: Vectors) -> Vectors:
    """``vectors`` without what all sentences have in common, each part of length 1 again: they differ more then."""
    parts = vectors.reshape(len(vectors), *centre.shape) - centre
    parts = parts / np.maximum(np.linalg.norm(parts, axis=2, keepdims=True), 1e-9)
    return np.asarray(parts.reshape(vectors.shape), np.float32)


@functools.lru_cache(maxsize=8)
def load_weights(code: str) -> Weights | None:
    """The weights for the language ``code``, or None when there are none yet: then rules alone decide."""
    file = resources.files("voicecoach.listening") / "data" / f"{code}.npz"
    if not file.is_file():
        return None
    with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as data:
        acts = {
            str(name): (w.astype(np.float32), float(rule), float(bias))
            for name, w, rule, bias in zip(data["acts"], data["weights"], data["rules"], data["biases"], strict=True)
        }
        moods = {
            str(name): (w.astype(np.float32), float(bias))
            for name, w, bias in zip(data["moods"], data["mood_weights"], data["mood_biases"], strict=True)
        }
        return Weights(acts, moods, float(data["level"]), data["centre"].astype(np.float32))


class Meaning:
    """Judges sentences by ``embed`` and the weights of a language; remembers the last vectors."""

    def __init__(self, embed: Embed, weights: Weights) -> None:
        self._embed = embed
        self._weights = weights
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def level(self) -> float:
        """See `Weights`."""
        return self._weights.level

    def knows(self, act: str) -> bool:
        """Whether meaning has a say in ``act``; patterns alone decide the others."""
        return act in self._weights.acts

    def act(self, name: str, sentence: str, rules: float) -> float:
        """Log-odds of the act in ``sentence``; ``rules``: what its patterns say."""
        weights, rule, bias = self._weights.acts[name]
        return float(weights @ self._vector(sentence)) + rule * max(-8.0, min(8.0, rules)) + bias

    def moods(self, sentence: str) -> dict[str, float]:
        """Mood → probability that ``sentence`` shows it."""
        vector = self._vector(sentence)
        return {name: logistic(float(w @ vector) + bias) for name, (w, bias) in self._weights.moods.items()}

    def prepare(self, sentences: Sequence[str]) -> None:
        """Embed ``sentences`` together, which is quicker than one by one."""
        new = []
        for sentence in dict.fromkeys(sentences):
            if sentence in self._known:
                self._known.move_to_end(sentence)  # or it might be forgotten right here
            else:
                new.append(sentence)
        if new:
            vectors, centre = self._embed(new), self._weights.centre
            self._known.update(zip(new, vectors if centre is None else apart(vectors, centre), strict=True))
        while len(self._known) > _REMEMBERED + len(sentences):
            self._known.popitem(last=False)

    def _vector(self, sentence: str) -> Vectors:
        self.prepare([sentence])
        return self._known[sentence]


def understand(embed: Embed | None, code: str) -> Meaning | None:
    """The `Meaning` of a language, or None without vectors or without weights for it."""
    weights = load_weights(code) if embed is not None else None
    return Meaning(embed, weights) if embed is not None and weights is not None else None
