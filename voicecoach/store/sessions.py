"""Sessions on disk: one folder each, with the log that everything else is made from."""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from voicecoach.errors import VoicecoachError
from voicecoach.events import BadEventError, Record, SessionStarted, from_dict, to_dict
from voicecoach.store.paths import data_dir

LOG_NAME = "events.jsonl"
SYNC_S = 1.0
"""At most this much of a session is lost when the machine loses power."""


class LogWriter:
    """Appends records to ``folder/events.jsonl`` as they happen; readable by its owner alone.

    Every line is handed to the operating system at once and to the disk every `SYNC_S`. Raises `VoicecoachError` when
    the folder cannot be written to.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(folder / LOG_NAME, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise VoicecoachError(
                f"The folder {folder} cannot be written to ({error.strerror}); choose another with --out."
            ) from error
        self.path = folder / LOG_NAME
        self._file = os.fdopen(handle, "w", encoding="utf-8", newline="\n")
        self._synced = time.monotonic()

    def write(self, record: Record) -> None:
        """Append one record."""
        try:
            self._file.write(json.dumps(to_dict(record), ensure_ascii=False, separators=(", ", ": ")) + "\n")
            self._file.flush()
            if time.monotonic() - self._synced > SYNC_S:
                os.fsync(self._file.fileno())
                self._synced = time.monotonic()
        except OSError as error:
            raise VoicecoachError(
                f"The session could not be written further ({error.strerror}); make room on the disk and start again."
            ) from error

    def close(self) -> None:
        """Close the log. What was written stays, whatever happens here."""
        with contextlib.suppress(OSError):  # a line that found no room is still in the buffer
            self._file.close()

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_log(path: Path) -> list[Record]:
    """Records of a log, in the order written. A last line that was cut off is left out.

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
        except (ValueError, TypeError, AttributeError, BadEventError) as error:
            if number == len(lines) and records:
                break
            raise VoicecoachError(
                f"Line {number} of {path} is not an event of a voicecoach session, so no report can be made from it."
            ) from error
    if not records or not isinstance(records[0], SessionStarted):
        raise VoicecoachError(f"{path} is not a voicecoach session log: its first line does not begin a session.")
    if records[0].version > SessionStarted(start=0, end=0).version:
        raise VoicecoachError(f"{path} was written by a newer voicecoach; please update to read it.")
    return records


def write_log(folder: Path, records: Iterable[Record]) -> Path:
    """Write a whole log at once; its path."""
    with LogWriter(folder) as log:
        for record in records:
            log.write(record)
    return log.path


def sessions_dir() -> Path:
    """Folder that holds all sessions."""
    return data_dir() / "sessions"


def new_folder() -> Path:
    """A new empty folder for a session, named by the local date and time alone; open to its owner alone."""
    root = sessions_dir()
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    for i in range(1, 100):
        folder = root / (stamp if i == 1 else f"{stamp}_{i}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder
    raise VoicecoachError("Too many sessions began in the same second; try again.")


def find(name_or_path: str) -> Path:
    """The log of a session, by path (of the log or its folder) or by the name of a kept session.

    Raises `VoicecoachError` when there is none.
    """
    path = Path(name_or_path).expanduser()
    kept = sessions_dir() / name_or_path if re.fullmatch(r"[\w.-]+", name_or_path) else path
    for candidate in (path, path / LOG_NAME, kept / LOG_NAME):
        if candidate.is_file():
            return candidate
    raise VoicecoachError(
        f"There is no session {name_or_path!r}; give the path of an events.jsonl, or a folder in {sessions_dir()}."
    )
