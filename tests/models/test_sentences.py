from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from voicecoach import models
from voicecoach.errors import VoicecoachError
from voicecoach.models.sentences import Sentences


@pytest.mark.models
def test_vectors_are_those_of_the_original():
    """The similarities that the model's own card prints for these four sentences."""
    vectors = models.sentences()(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    last = vectors[:, :384]
    assert np.allclose(last @ last[0], [1.0, 0.695, 0.943, 0.257], atol=1e-3)


@pytest.mark.models
def test_tokens_are_word_pieces_between_marks():
    model = models.sentences()
    assert model.tokens("Unseen, isn't it?") == model.tokens("unseen , isn ' t it ?")
    assert model.tokens("naïve") == model.tokens("naive")
    assert model.tokens("") == [101, 102]
    assert len(model.tokens("word " * 999)) == 256


@pytest.mark.models
def test_a_text_has_the_same_vector_alone_and_among_others():
    model = models.sentences()
    texts = ["You felt alone.", "yes", "So you waited for me all evening?", ""]
    together = model(texts)
    assert np.allclose(together, np.concatenate([model([t]) for t in texts]), atol=1e-5)
    assert np.allclose(np.linalg.norm(together.reshape(4, 2, 384), axis=2), 1.0, atol=1e-5)


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 64, struct.pack("<Q", 2) + b"{}", struct.pack("<Q", 9) + b"not json!"]
)
def test_a_damaged_file_says_how_to_get_it_again(tmp_path, content):
    (tmp_path / "model.safetensors").write_bytes(content)
    (tmp_path / "vocab.txt").write_text("[UNK]\n[CLS]\n[SEP]\n")
    with pytest.raises(VoicecoachError, match="models fetch"):
        Sentences(tmp_path)


def test_a_missing_tensor_is_found_at_once(tmp_path):
    header = json.dumps({"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    (tmp_path / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + b"\0" * 4)
    (tmp_path / "vocab.txt").write_text("[UNK]\n")
    with pytest.raises(VoicecoachError):
        Sentences(tmp_path)
