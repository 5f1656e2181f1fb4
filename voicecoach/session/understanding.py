"""The model of sentences for the judge of replies: opened when it is first needed, done without when it is not here."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache

from voicecoach import models
from voicecoach.listening import Embed
from voicecoach.models import Sentences

_LOADING = threading.Lock()


@cache
def _loaded() -> Sentences:
    return models.sentences()


def _model() -> Sentences:
    with _LOADING:
        return _loaded()


def _embed(texts: Sequence[str], /) -> models.Vectors:
    return _model()(texts)


def embed_if_here(*, soon: bool = False) -> Embed | None:
    """Sentence vectors, or None when the model ``minilm`` was not fetched: then patterns alone judge replies.

    ``soon``: load the model now, beside everything else. It takes a second, in which a live session would hear nothing.
    """
    if not models.installed("minilm"):
        return None
    if soon:
        threading.Thread(target=_model, name="sentences", daemon=True).start()
    return _embed
