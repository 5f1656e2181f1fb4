"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put ``data`` in place of what is at ``path``, readable by its owner alone. After an OSError nothing is left."""
    with _part(path, data) as part:
        os.replace(part, path)


def write_new(path: Path, data: bytes) -> bool:
    """The same where nothing is at ``path`` yet; False when something is, which stays."""
    with _part(path, data) as part:
        try:
            os.link(part, path)
        except FileExistsError:
            return False
        except OSError:  # a stick that knows no links (FAT)
            return _written(path, data)
    return True


def _written(path: Path, data: bytes) -> bool:
    """The same without a link: who looks at once may see it half written, but half of it never stays."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        _put(handle, data)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return True


@contextlib.contextmanager
def _part(path: Path, data: bytes) -> Iterator[Path]:
    """``data`` on the disk beside ``path`` under another name, which is gone afterwards."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")  # mode 0600 from the start
    part = Path(name)
    try:
        _put(handle, data)
        yield part
    finally:
        part.unlink(missing_ok=True)


def _put(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
