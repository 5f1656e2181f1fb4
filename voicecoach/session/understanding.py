"""The model of sentences for the judge of replies: opened when it is first needed, done without when it is not here."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach import models
from voicecoach.listening import Embed
from voicecoach.models import Sentences


class _WhenNeeded:
    def __init__(self) -> None:
        self._model: Sentences | None = None

    def __call__(self, texts: Sequence[str], /) -> models.Vectors:
        self._model = self._model or models.sentences()
        return self._model(texts)


def embed_if_here() -> Embed | None:
    """Sentence vectors, or None when the model ``minilm`` was not fetched: then patterns alone judge replies."""
    return _WhenNeeded() if models.installed("minilm") else None
