"""The log of a session as a file of lines: what `analyze` and ``--out`` write, and what sessions are exchanged as."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import BadEventError, Record, SessionStarted, from_dict, to_dict
from voicecoach.store import alive
from voicecoach.store.whole import write_whole

LOG_NAME = "events.jsonl"
SYNC_S = 1.0
"""At most this much of a session is lost when the machine loses power."""


def line_of(record: Record) -> str:
    """``record`` as one line of JSON, without its end."""
    return json.dumps(to_dict(record), ensure_ascii=False, separators=(", ", ": "))


def revised(lines: Iterable[str], change: Callable[[Record], Record | None]) -> list[str]:
    """``lines`` of a log after ``change`` of each record; those for which it gives None are left out."""
    new = []
    for line in lines:
        record = from_dict(json.loads(line))
        kept = change(record)
        if kept is not None:
            new.append(line.rstrip("\n") if kept is record else line_of(kept))
    return new


def check_free(folder: Path) -> None:
    """Raise `MisuseError` when there is a session in ``folder`` already: a new one would take its place."""
    with contextlib.suppress(OSError):
        if (folder / LOG_NAME).stat().st_size:
            raise MisuseError(f"There is a session in {folder} already; choose another folder with --out.")


class LogWriter:
    """Appends records to ``folder/events.jsonl`` as they happen; readable by its owner alone.

    Every line is handed to the operating system at once and to the disk every `SYNC_S`. The file is locked meanwhile:
    `goes_on`. Raises `VoicecoachError` when the folder cannot be written to, `MisuseError` when a session is in it.
    """

    def __init__(self, folder: Path) -> None:
        check_free(folder)
        self.path = folder / LOG_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._made = not self.path.exists()
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise VoicecoachError(
                f"The folder {folder} cannot be written to ({error.strerror}); choose another with --out."
            ) from error
        with contextlib.suppress(OSError):  # where the system has no locks, on another computer's disk perhaps
            alive.take(handle)
        self._file = os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n")
        self._synced = time.monotonic()

    def write(self, record: Record) -> None:
        """Append one record."""
        self.write_line(line_of(record))

    def write_line(self, line: str) -> None:
        """Append one record as its line."""
        try:
            self._file.write(line + "\n")
            self._file.flush()
            if time.monotonic() - self._synced > SYNC_S:
                os.fsync(self._file.fileno())
                self._synced = time.monotonic()
        except OSError as error:
            raise VoicecoachError(
                f"The session could not be written further ({error.strerror}); make room on the disk and start again."
            ) from error

    def revise(self, change: Callable[[Record], Record | None]) -> None:
        """Put ``change`` of each record in its place, or take it out for None; what stood there is written over."""
        try:
            self._file.flush()
            old = self.path.read_bytes().splitlines(keepends=True)
            new = revised([line.decode("utf-8") for line in old], change)
            same = 0
            while same < min(len(old), len(new)) and old[same] == (new[same] + "\n").encode("utf-8"):
                same += 1
            with self.path.open("r+b") as file:
                file.seek(sum(map(len, old[:same])))
                file.write(b"\0" * sum(map(len, old[same:])))
                file.flush()
                os.fsync(file.fileno())
                file.truncate(sum(map(len, old[:same])))
        except OSError as error:
            raise VoicecoachError(f"The log {self.path} cannot be changed ({error.strerror}).") from error
        for line in new[same:]:
            self.write_line(line)

    def close(self) -> None:
        """Close the log. What was written stays, whatever happens here."""
        with contextlib.suppress(OSError):  # a line that found no room is still in the buffer
            self._file.close()

    def discard(self) -> None:
        """Take away what was written; after `close`. A file that was there before stays, as empty as it was."""
        if self._made:
            self.path.unlink(missing_ok=True)
        else:
            os.truncate(self.path, 0)

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_log(path: Path, unreadable: list[int] | None = None) -> list[Record]:
    """Records of a log, in the order written. A last line that was cut off is left out.

    ``unreadable``: gets the numbers of damaged lines, which are left out then too.

    Raises `VoicecoachError` when it is missing, is not a log, comes from a newer version or is damaged inside.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise VoicecoachError(f"There is no session log that can be read at {path} ({error.strerror}).") from error
    records: list[Record] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            records.append(from_dict(json.loads(line)))
        except (ValueError, TypeError, AttributeError, RecursionError, BadEventError) as error:
            if number == len(lines) and records:
                break
            if unreadable is not None and records:
                unreadable.append(number)
                continue
            raise VoicecoachError(
                f"Line {number} of {path} is not an event of a voicecoach session, so no report can be made from it."
            ) from error
    if not records or not isinstance(records[0], SessionStarted):
        raise VoicecoachError(f"{path} is not a voicecoach session log: its first line does not begin a session.")
    if records[0].version > SessionStarted(start=0, end=0).version:
        raise VoicecoachError(f"{path} was written by a newer voicecoach; please update to read it.")
    return records


def goes_on(path: Path) -> bool:
    """Whether a session writes its log at ``path`` right now."""
    try:
        with path.open("rb") as file:
            alive.take(file.fileno())
    except BlockingIOError:
        return True
    except OSError:  # nothing there, or no locks
        return False
    return False


def write_log(folder: Path, records: Iterable[Record]) -> Path:
    """Write a whole log at once, in place of one that is there; its path."""
    return write_lines(folder, map(line_of, records))


def write_lines(folder: Path, lines: Iterable[str]) -> Path:
    """Write a whole log from its lines, in place of one that is there; its path."""
    path = folder / LOG_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, "".join(line + "\n" for line in lines).encode("utf-8", "replace"))
    except OSError as error:
        raise VoicecoachError(
            f"The log could not be written to {folder} ({error.strerror}); make room there, or choose another folder "
            "with --out."
        ) from error
    return path


def log_at(text: str) -> Path | None:
    """The log that ``text`` is the path of, or of its folder; None when there is no such file."""
    path = Path(text).expanduser()
    try:
        return next((p for p in (path, path / LOG_NAME) if p.is_file()), None)
    except (OSError, ValueError):  # too long for a path, or with a zero byte in it
        return None
