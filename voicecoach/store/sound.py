"""The sound of a session, for those who asked to keep it: encrypted with it, and deleted with it.

It is kept in pieces of FLAC, each with where it begins, so that a session that breaks off keeps all but its last piece,
and what is taken back is taken out without touching the rest.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.samples import RATE, Samples
from voicecoach.store import database, sessions
from voicecoach.store.database import rows

PIECE = 10 * RATE
"""Samples of a piece, at most."""
FORMATS = {".flac": "FLAC", ".wav": "WAV"}


@dataclass(frozen=True, slots=True)
class Piece:
    """``data``: FLAC at 16 kHz of ``frames`` samples that begin ``start`` samples after the session did."""

    start: int
    frames: int
    data: bytes


def piece_of(start: int, samples: Samples) -> Piece:
    """A piece of ``samples`` ``(n, channels)`` in [-1, 1]."""
    out = io.BytesIO()
    soundfile.write(out, samples, RATE, format="FLAC", subtype="PCM_16")
    return Piece(start, len(samples), out.getvalue())


def cut(pieces: Iterable[Piece], end: int) -> Iterator[Piece]:
    """What of ``pieces`` lies before sample ``end``."""
    for piece in pieces:
        if piece.start + piece.frames <= end:
            yield piece
        elif piece.start < end:
            yield piece_of(piece.start, _samples(piece.data)[: end - piece.start])


class Pieces:
    """Collects sound into pieces."""

    def __init__(self) -> None:
        self._start = self._end = 0
        self._parts: list[Samples] = []

    def push(self, start: int, samples: Samples) -> Piece | None:
        """Take ``samples`` ``(n, channels)`` that begin at sample ``start``; a piece when one is whole."""
        done = self.flush() if start != self._end or self._end - self._start + len(samples) > PIECE else None
        if not self._parts:
            self._start = self._end = start
        self._parts.append(samples)
        self._end += len(samples)
        return done

    def cut(self, end: int) -> None:
        """Forget what was collected from sample ``end`` on."""
        samples = np.concatenate(self._parts)[: max(0, end - self._start)] if self._parts else None
        self._parts = [] if samples is None or not len(samples) else [samples]
        self._end = max(self._start, min(self._end, end))

    def flush(self) -> Piece | None:
        """What has been collected."""
        parts, self._parts = self._parts, []
        return piece_of(self._start, np.concatenate(parts)) if parts else None


def is_kept(name: str) -> bool:
    """Whether the sound of the session ``name`` is kept."""
    with database.opened() as db:
        return bool(rows(db, "SELECT 1 FROM sound WHERE session = ? LIMIT 1", (sessions.number_of(db, name),)))


def sessions_with() -> int:
    """How many sessions are kept with their sound."""
    with database.opened() as db:
        return int(rows(db, "SELECT count(DISTINCT session) FROM sound")[0][0])


def check_export(name: str, path: Path) -> str:
    """The format in which the sound of a session is written to ``path``.

    Raises `VoicecoachError` when none is kept, `MisuseError` for an ending that is not in `FORMATS`.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise MisuseError(f"{path.name} should end in one of: {', '.join(FORMATS)}.")
    if not is_kept(name):
        raise VoicecoachError(f"The sound of {name} is not kept; it is only with `voicecoach listen --keep-audio`.")
    return form


def export(name: str, path: Path) -> None:
    """Write the sound of a session to ``path``, as long as the session, with silence where none was kept.

    Raises what `check_export` raises.
    """
    form = check_export(name, path)
    with database.opened() as db:
        number = sessions.number_of(db, name)
        found = db.execute("SELECT start, data FROM sound WHERE session = ? ORDER BY start", (number,))
        file: soundfile.SoundFile | None = None
        at = 0
        try:
            path.touch(mode=0o600)
            for start, data in found:  # one piece at a time: a session may be long
                samples = _samples(data)
                if file is None:
                    file = soundfile.SoundFile(path, "w", RATE, samples.shape[1], "PCM_16", format=form)
                silence, at = max(0, start - at), start + len(samples)
                while silence:
                    file.write(np.zeros((min(silence, PIECE), samples.shape[1]), np.float32))
                    silence -= min(silence, PIECE)
                file.write(samples)
        except (OSError, soundfile.LibsndfileError) as error:
            raise VoicecoachError(f"{path} cannot be written to; check the folder and the room on the disk.") from error
        finally:
            if file is not None:
                file.close()


# --- for the writer ------------------------------------------------------------------------------------------------


def add(db: database.Connection, session: int, pieces: Iterable[Piece]) -> None:
    """Add pieces to a session; inside a transaction."""
    db.executemany(
        "INSERT INTO sound (session, start, frames, data) VALUES (?, ?, ?, ?)",
        [(session, p.start, p.frames, p.data) for p in pieces],
    )


def take_back(db: database.Connection, session: int, end: int) -> None:
    """Take out what was kept from sample ``end`` on; inside a transaction."""
    beyond = "SELECT start, frames, data FROM sound WHERE session = ? AND start + frames > ?"
    left = list(cut((Piece(*row) for row in rows(db, beyond, (session, end))), end))
    db.execute("DELETE FROM sound WHERE session = ? AND start + frames > ?", (session, end))
    add(db, session, left)


def _samples(data: bytes) -> Samples:
    return np.asarray(soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)[0])
