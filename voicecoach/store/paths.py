"""Where voicecoach keeps things on this computer."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def data_dir() -> Path:
    """Folder for sessions, voices and settings. ``VOICECOACH_HOME`` moves it (and the models) to one place."""
    home = os.environ.get("VOICECOACH_HOME")
    return Path(home) / "data" if home else Path(platformdirs.user_data_dir("voicecoach", appauthor=False))


def models_dir() -> Path:
    """Folder for model files, which can always be fetched again."""
    home = os.environ.get("VOICECOACH_HOME")
    cache = Path(home) if home else Path(platformdirs.user_cache_dir("voicecoach", appauthor=False))
    return cache / "models"
