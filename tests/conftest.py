"""Makes the helpers of this folder (`truth`) importable from every test below; a data folder; who runs beside whom."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

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


class Groups(LoadGroupScheduling):
    """As xdist's, but where a test takes its whole process down, that test fails and all others run.

    xdist (3.8) gives the crashed test and what its process had finished out again: nothing answers for the latter, and
    the run never ends.
    """

    def remove_node(self, node: WorkerController) -> str | None:
        """The test that ``node`` ran when it went; None if it had none left. Its others go to whoever is free next."""
        work = self.assigned_work.pop(node)
        left = [(group, test) for group, tests in work.items() for test, done in tests.items() if not done]
        if not left:
            return None
        group, crashed = left[0]
        work[group][crashed] = True
        unfinished = [(group, tests) for group, tests in work.items() if not all(tests.values())]
        self.workqueue = OrderedDict([*unfinished, *self.workqueue.items()])
        for other in self.assigned_work:
            self._reschedule(other)
        return crashed


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadGroupScheduling | None:
    """Who runs what, where ``scripts/test`` asks for groups."""
    return Groups(config, log) if config.getoption("dist") == "loadgroup" else None


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
