"""Sessions and voices that earlier versions kept as plain files: taken into the database, then removed."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from voicecoach.errors import VoicecoachError
from voicecoach.events import Record, SessionEnded, SessionStarted
from voicecoach.store.log import LOG_NAME, line_of, read_log
from voicecoach.store.paths import data_dir

WRITTEN = (LOG_NAME, "report.html", "report.json", "transcript.vtt", "speech.rttm", "turns.rttm")
"""What earlier versions wrote into a session's folder."""


def sessions_dir() -> Path:
    """Folder of the plain sessions."""
    return data_dir() / "sessions"


def voices_dir() -> Path:
    """Folder of the plain voices."""
    return data_dir() / "voices"


def is_here() -> bool:
    """Whether something plain is left."""
    return sessions_dir().is_dir() or voices_dir().is_dir()


def sessions() -> list[tuple[str, list[Record], Path]]:
    """Name, records and folder of each plain session that can be read, oldest first; the others stay where they are."""
    found = []
    for folder in sorted(p for p in sessions_dir().glob("*") if p.is_dir()):
        with contextlib.suppress(VoicecoachError):
            found.append((folder.name, read_log(folder / LOG_NAME), folder))
    return found


def voices() -> list[tuple[str, str, Path]]:
    """Person, JSON and file of each plain voice that can be read."""
    found = []
    for path in sorted(voices_dir().glob("*.json")):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(path.read_text(encoding="utf-8"))
            found.append((str(data["name"]), json.dumps(dict(data["voice"])), path))
    return found


def row_of(records: list[Record]) -> tuple[str, str, float, str, list[str]]:
    """Date, people as JSON, length, state and lines of a session, as the database keeps them."""
    first, last = records[0], records[-1]
    begun = first if isinstance(first, SessionStarted) else SessionStarted(start=0, end=0)
    state = "closed" if isinstance(last, SessionEnded) else "cut off"
    people = json.dumps(begun.people, ensure_ascii=False)
    return begun.date, people, max(r.end for r in records), state, [line_of(r) for r in records]


def remove(path: Path) -> None:
    """Write over a plain file, or those a session's folder holds, and remove it; a folder with other files stays."""
    if not path.is_dir():
        _wipe(path)
        return
    for name in WRITTEN:
        _wipe(path / name)
    with contextlib.suppress(OSError):
        path.rmdir()


def remove_folders() -> None:
    """The two folders, if nothing is left in them."""
    for folder in (sessions_dir(), voices_dir()):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _wipe(path: Path) -> None:
    with contextlib.suppress(OSError):
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
