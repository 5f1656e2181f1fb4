"""What CONTRIBUTING.md shows works as it stands there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: re.findall(r"def (test_\w+)", e)[0])
def test_an_example_passes(example: str, tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    exec(compile(example, "CONTRIBUTING.md", "exec"), names)
    tests: list[Callable[[Path], None]] = [value for name, value in names.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        test(tmp_path)


def test_there_are_examples() -> None:
    assert EXAMPLES
