"""Which sessions are going on right now, in whatever program: a lock that the system frees when a program dies."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from voicecoach.store.paths import data_dir


class Hold:
    """Marks session ``number`` as going on, until `free` or the end of the program. Raises OSError."""

    def __init__(self, number: int) -> None:
        self._path = _path(number)
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(self._handle):
            os.close(self._handle)
            raise BlockingIOError(f"{self._path} is held by another program")

    def free(self) -> None:
        """It goes on no more."""
        with contextlib.suppress(OSError):
            if sys.platform != "win32":
                self._path.unlink()  # still held, so nobody can take it in between
            os.close(self._handle)
            self._path.unlink(missing_ok=True)


def holds(number: int) -> bool:
    """Whether session ``number`` is going on."""
    try:
        handle = os.open(_path(number), os.O_RDWR)
    except OSError:
        return False
    free = _lock(handle)
    os.close(handle)
    if free:
        with contextlib.suppress(OSError):
            _path(number).unlink()
    return not free


def _path(number: int) -> Path:
    return data_dir() / f"session-{number}.lock"


def _lock(handle: int) -> bool:
    try:
        take(handle)
    except OSError:
        return False
    return True


if sys.platform == "win32":
    import msvcrt

    FAR = 1 << 30
    """What is locked there nobody else can read, so it is a byte beyond the end of every file of ours."""

    def take(handle: int) -> None:
        """Lock an open file until it is closed. Raises BlockingIOError when another program has it, or OSError."""
        os.lseek(handle, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(str(error)) from error

else:
    import fcntl

    def take(handle: int) -> None:
        """Lock an open file until it is closed. Raises BlockingIOError when another program has it, or OSError."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
