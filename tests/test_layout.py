"""Imports point one way, and the parts that decide import nothing that hears, sees or waits."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import voicecoach

ROOT = Path(voicecoach.__file__).parent

ORDER = (
    "__init__",
    "errors",
    "samples",
    "events",
    "store",
    "models",
    "audio",
    "hearing",
    "transcript",
    "floor",
    "listening",
    "coach",
    "practice",
    "report",
    "session",
    "testing",
    "keys",
    "display",
    "keys",
    "doctor",
    "cli",
    "__main__",
)
"""A part may import those before it. ``store`` and ``models`` know files, not speech, so they stand near the bottom."""

SANS_IO = ("floor", "listening")
DEVICES_MODELS_AND_CLOCKS = {
    "asyncio", "datetime", "faster_whisper", "multiprocessing", "onnxruntime", "pyttsx3", "queue",
    "sounddevice", "soundfile", "soxr", "subprocess", "threading", "time",
}  # fmt: skip


def _part(file: Path) -> str:
    return file.relative_to(ROOT).with_suffix("").parts[0]


def _imports(file: Path) -> Iterator[str]:
    """Dotted names that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import hides where it points"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_point_one_way(file: Path) -> None:
    part = _part(file)
    assert part in ORDER, f"{part} has no place in the order yet"
    below = {*ORDER[: ORDER.index(part) + 1]}
    own = [name.split(".")[1] for name in _imports(file) if name.startswith("voicecoach.")]
    wrong = [name for name in own if name in ORDER and name not in below]
    assert not wrong, f"{file.relative_to(ROOT)} imports {wrong} from above"


@pytest.mark.parametrize("part", SANS_IO)
def test_what_decides_has_no_ears_and_no_clock(part: str) -> None:
    for file in FILES:
        if _part(file) == part:
            found = {name.split(".")[0] for name in _imports(file)} & DEVICES_MODELS_AND_CLOCKS
            assert not found, f"{file.relative_to(ROOT)} imports {found}"


def test_every_folder_says_what_is_public() -> None:
    for init in ROOT.glob("*/__init__.py"):
        body = ast.parse(init.read_text(encoding="utf-8")).body
        names = [
            target.id
            for node in body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        assert "__all__" in names or not any(isinstance(node, ast.ImportFrom) for node in body), (
            f"{init.relative_to(ROOT)} has no __all__"
        )


def test_nobody_imports_torch() -> None:
    for file in FILES:
        assert not {"torch", "torchaudio"} & {name.split(".")[0] for name in _imports(file)}
