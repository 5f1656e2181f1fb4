"""Makes the helpers of this folder (`truth`) importable from every test below it; and a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder, with the key in a file."""
    from voicecoach.store import keys

    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("VOICECOACH_HOME", str(folder))
    monkeypatch.setenv("VOICECOACH_KEY", "file")
    yield folder
    keys._known.clear()
