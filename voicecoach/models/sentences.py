"""The meaning of a sentence as 768 numbers: all-MiniLM-L6-v2 in NumPy, so that neither torch nor a graph is needed.

Architecture: Wang et al. 2020, "MiniLM" (BERT with 6 layers of width 384, 12 heads), as published by
sentence-transformers (Apache-2.0): mean over the tokens of the last layer, length 1 (checked against the outputs of
the original in ``tests/models/test_sentences.py``); then the same of the fourth layer, which still knows more of how
a thing is said, who does it and to whom, than the last, which was trained to forget that.
"""

from __future__ import annotations

import json
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.errors import VoicecoachError

Vectors = npt.NDArray[np.float32]

LAYERS, WIDTH, HEADS = 6, 384, 12
KEPT = (6, 4)
"""Layers whose means are given, in this order, each of length 1."""
MOST_TOKENS = 256
"""Longer texts are cut here, as the original does."""
_LONGEST_WORD = 100
_BATCH = 512
_HEADER_MOST = 1_000_000


class Sentences:
    """Opens the model in ``folder`` (``model.safetensors``, ``vocab.txt``); the weights are mapped, not read at once.

    Raises `VoicecoachError` when a file is not what it should be.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._weights = _safetensors(folder / "model.safetensors")
            words = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
            self._vocabulary = {word: i for i, word in enumerate(words)}
            self._words = self._weights["embeddings.word_embeddings.weight"]
            self._layers = [_Layer(self._weights, f"encoder.layer.{i}.") for i in range(LAYERS)]
            self._unknown, self._first, self._last = (self._vocabulary[t] for t in ("[UNK]", "[CLS]", "[SEP]"))
        except (OSError, KeyError, ValueError, struct.error) as error:
            raise VoicecoachError(
                f"The model of sentences in {folder.name} cannot be read: run 'voicecoach models fetch' again."
            ) from error

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, ``(n, 768)``: a vector of each of `KEPT`.

        Some 10 ms a sentence on one core; for a few short ones together hardly more than for one, because most of it
        is going through the weights once.
        """
        tokens = [self.tokens(text) for text in texts]
        out = np.zeros((len(texts), WIDTH * len(KEPT)), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(tokens[i]))
        for batch in _batches(order, tokens):
            out[batch] = self._encode([tokens[i] for i in batch])
        return out

    def tokens(self, text: str) -> list[int]:
        """Word pieces of ``text``, with the marks for its beginning and end."""
        pieces = [piece for word in _split(text) for piece in self._pieces(word)]
        return [self._first, *pieces[: MOST_TOKENS - 2], self._last]

    def _pieces(self, word: str) -> list[int]:
        """The longest known beginning, then the longest known continuation, and so on (WordPiece)."""
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._vocabulary.get(("##" if start else "") + word[start:end])
                if piece is not None:
                    break
            else:
                return [self._unknown]
            found.append(piece)
            start = end
        return found if len(word) <= _LONGEST_WORD else [self._unknown]

    def _encode(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """The vectors of ``texts``, given as tokens, the shortest first."""
        weights = self._weights
        lengths = [len(text) for text in texts]
        x = self._words[np.concatenate(texts)]
        x = x + weights["embeddings.position_embeddings.weight"][np.concatenate([np.arange(n) for n in lengths])]
        x = x + weights["embeddings.token_type_embeddings.weight"][0]
        x = _norm(x, weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"])
        means = {}
        for number, layer in enumerate(self._layers, 1):
            x = layer(x, lengths)
            means[number] = np.concatenate([rows.mean(axis=1) for rows in _alike(x, lengths)])
        norms = {n: np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9) for n, mean in means.items()}
        return np.concatenate([means[n] / norms[n] for n in KEPT], axis=1, dtype=np.float32)


class _Layer:
    """One transformer layer. The three matrices of attention are joined into one: a third of the calls."""

    def __init__(self, weights: dict[str, Vectors], name: str) -> None:
        attention = [weights[f"{name}attention.self.{part}.weight"] for part in ("query", "key", "value")]
        biases = [weights[f"{name}attention.self.{part}.bias"] for part in ("query", "key", "value")]
        self._qkv, self._qkv_bias = np.concatenate(attention), np.concatenate(biases)
        self._w = {key.removeprefix(name): value for key, value in weights.items() if key.startswith(name)}

    def __call__(self, x: Vectors, lengths: Sequence[int]) -> Vectors:
        """``x`` ``(tokens, 384)``: texts of these ``lengths`` one after the other. Only attention knows them apart."""
        w = self._w
        qkv = _times(x, self._qkv) + self._qkv_bias
        mixed = np.concatenate([_attend(rows) for rows in _alike(qkv, lengths)])
        x = x + _times(mixed, w["attention.output.dense.weight"]) + w["attention.output.dense.bias"]
        x = _norm(x, w["attention.output.LayerNorm.weight"], w["attention.output.LayerNorm.bias"])
        wide = _gelu(_times(x, w["intermediate.dense.weight"]) + w["intermediate.dense.bias"])
        x = x + _times(wide, w["output.dense.weight"]) + w["output.dense.bias"]
        return _norm(x, w["output.LayerNorm.weight"], w["output.LayerNorm.bias"])


def _attend(qkv: Vectors) -> Vectors:
    """What each token gathers from those of its text, ``(n * length, 384)``, from ``qkv`` ``(n, length, 3 * 384)``."""
    n, length, _ = qkv.shape
    parts = qkv.reshape(n, length, 3, HEADS, WIDTH // HEADS)
    query, key, value = (parts[:, :, i].transpose(0, 2, 1, 3) for i in range(3))
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH / HEADS))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
    return np.asarray(mixed.transpose(0, 2, 1, 3).reshape(n * length, WIDTH), np.float32)


def _times(x: Vectors, weights: Vectors) -> Vectors:
    """``x`` times the transposed ``weights``. This way round the big matrix is read as it lies: a third quicker."""
    product: Vectors = np.ascontiguousarray((weights @ x.T).T)
    return product


def _batches(order: Sequence[int], tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """As many texts at a time as have `_BATCH` tokens together, at least one."""
    batch: list[int] = []
    for i in order:
        if batch and sum(len(tokens[j]) for j in (*batch, i)) > _BATCH:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _alike(x: Vectors, lengths: Sequence[int]) -> Iterator[Vectors]:
    """``x`` ``(tokens, width)`` in pieces ``(n, length, width)``: the texts of each length, so that none is padded."""
    at = 0
    for length, same in groupby(lengths):
        n = len(list(same))
        yield x[at : at + n * length].reshape(n, length, -1)
        at += n * length


def _norm(x: Vectors, scale: Vectors, shift: Vectors) -> Vectors:
    x = x - x.mean(axis=-1, keepdims=True)
    return np.asarray(x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-12) * scale + shift, np.float32)


def _gelu(x: Vectors) -> Vectors:
    """``x`` times the normal distribution's function of it; erf after Abramowitz and Stegun 7.1.26 (error 1.5e-7)."""
    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.asarray(0.5 * x * (1 + np.copysign(1 - series * np.exp(-z * z), x)), np.float32)


def _split(text: str) -> Iterator[str]:
    """Lower-case words without accents; every sign of punctuation is a word of its own (BERT's basic tokenizer)."""
    for word in unicodedata.normalize("NFD", text.lower()).split():
        start = 0
        plain = "".join(c for c in word if unicodedata.category(c) not in ("Mn", "Cc", "Cf", "Co"))
        for i, c in enumerate(plain):
            if not c.isalnum() and (c.isascii() or unicodedata.category(c).startswith("P")):
                yield from (part for part in (plain[start:i], c) if part)
                start = i + 1
        if plain[start:]:
            yield plain[start:]


def _safetensors(path: Path) -> dict[str, Vectors]:
    """Tensors of a safetensors file by name, mapped into memory. Only 32-bit floats are kept."""
    with path.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        if size > _HEADER_MOST:
            raise ValueError("not a safetensors file")
        header: dict[str, Any] = json.loads(file.read(size))
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + size)
    found: dict[str, Vectors] = {}
    for name, about in header.items():
        if about.get("dtype") == "F32":
            begin, end = about["data_offsets"]
            found[name] = np.asarray(data[begin:end]).view("<f4").reshape(about["shape"])
    return found
