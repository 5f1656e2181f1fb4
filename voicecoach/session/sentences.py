"""The model of sentences for the judge of replies: opened when it is first needed, done without when it is not here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from voicecoach import models
from voicecoach.listening import Embed
from voicecoach.models import Sentences


@cache
def _model() -> Sentences:
    return models.sentences()


def _embed(texts: Sequence[str], /) -> models.Vectors:
    return _model()(texts)


def embed_if_here() -> Embed | None:
    """Sentence vectors, or None when the model ``minilm`` was not fetched: then patterns alone judge replies."""
    return _embed if models.installed("minilm") else None
