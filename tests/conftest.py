"""Makes the helpers of this folder (`truth`) importable from every test below; a data folder; who runs beside whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

HEAVY = ("models", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two run at once (`scripts/test`): a file's tests stay together, heavy ones first; what listens comes last, alone.

    A virtual sound card stumbles where another test takes its core. The quick files before it are over in a moment.
    """

    def place(item: pytest.Item) -> tuple[int, str]:
        if item.get_closest_marker("sound"):
            return 2, "alone"
        return 0 if item.path in heavy else 1, item.path.stem

    heavy = {i.path for i in items if any(i.get_closest_marker(mark) for mark in HEAVY)}
    for item in items:
        item.add_marker(pytest.mark.xdist_group(place(item)[1]))
    items.sort(key=lambda item: place(item)[0])


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
