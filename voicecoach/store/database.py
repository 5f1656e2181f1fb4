"""The one file in which everything that was said or learnt is kept, encrypted.

SQLite3 Multiple Ciphers encrypts and signs every page (ChaCha20-Poly1305): in the database, in its write-ahead log and
in its journals. What is deleted is written over; nothing goes through temporary files. The file belongs to its owner
alone. Open it for one piece of work:

    with database.opened() as db:
        rows = db.execute("SELECT …").fetchall()

and change it inside ``with db:``, which is one transaction. What the tables are stands in `schema`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import apsw

from voicecoach.errors import VoicecoachError
from voicecoach.store import keys, legacy
from voicecoach.store.paths import data_dir
from voicecoach.store.schema import MIGRATIONS

WAIT_S = 5.0
"""Wait so long for another voicecoach to finish writing."""

_SETTINGS = (
    "PRAGMA temp_store = memory",
    "PRAGMA secure_delete = on",
    "PRAGMA foreign_keys = on",
    "PRAGMA trusted_schema = off",
    "PRAGMA journal_mode = wal",
    "PRAGMA synchronous = full",
)


class Connection(apsw.Connection):
    """A connection whose ``with`` is one transaction, which writes from its beginning.

    apsw's own ``with`` waits for another writer without letting go of the interpreter: if that writer is a thread of
    the same program, neither goes on until `WAIT_S` is over, and nobody hears the microphone meanwhile.
    """

    def __enter__(self) -> Connection:
        self.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        try:
            self.execute("COMMIT" if kind is None else "ROLLBACK")
        except apsw.Error:
            if self.in_transaction:  # a commit that failed; some errors have rolled back already
                self.execute("ROLLBACK")
            if kind is None:
                raise
        return False


def path() -> Path:
    """The database's file."""
    return data_dir() / "voicecoach.db"


def exists() -> bool:
    """Whether anything was ever kept here. Readers ask this first: they make no database and ask for no passphrase."""
    return path().exists() or legacy.is_here()


def unlock() -> None:
    """Ask for what is needed to open or make the database, now, so that nobody is asked in the middle of something."""
    with opened():
        pass


@contextlib.contextmanager
def opened() -> Iterator[Connection]:
    """The database, made when it is not there, and in its newest form. Closed afterwards.

    Raises `VoicecoachError`, also for what goes wrong with it inside: locked, full, damaged, not to be written to.
    """
    with told():
        if not path().exists():
            _make()
        key = keys.find(opens)
        db = connect(key)
        try:
            _migrate(db)
            if legacy.is_here():
                _take_over(db)
            yield db
        finally:
            db.close()


def rows(db: Connection, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows that ``sql`` gives."""
    return db.execute(sql, values).fetchall()


def connect(key: bytes) -> Connection:
    """The database opened with ``key``, whatever its version. Raises what apsw raises."""
    db = Connection(str(path()), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        db.set_busy_timeout(round(WAIT_S * 1000))
        db.pragma("key", f"raw:{key.hex()}")
        for setting in _SETTINGS:
            db.execute(setting)
        db.pragma("user_version")  # reads the first page: a wrong key shows here
    except BaseException:
        db.close()
        raise
    return db


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Say in one sentence what apsw or the system says in its own way."""
    folder = data_dir()
    try:
        yield
    except (apsw.BusyError, apsw.LockedError) as error:
        raise VoicecoachError(
            "What is kept is in use by another voicecoach right now; wait until that is done and try again."
        ) from error
    except apsw.FullError as error:
        raise VoicecoachError(f"The disk of {folder} is full; make room on the disk and try again.") from error
    except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError, apsw.AuthError) as error:
        raise VoicecoachError(f"The folder {folder} cannot be written to; check who may write there.") from error
    except (apsw.NotADBError, apsw.CorruptError, apsw.FormatError) as error:
        raise VoicecoachError(
            f"{path()} is damaged. What is intact goes into a new one with: voicecoach sessions rescue --mend"
        ) from error
    except apsw.IOError as error:
        raise VoicecoachError(
            f"{path()} could not be read or written; check the disk, and make room if it is full."
        ) from error
    except OSError as error:
        raise VoicecoachError(f"The folder {folder} cannot be written to ({error.strerror}).") from error


def leave_nothing(db: Connection) -> None:
    """After a deletion: what the write-ahead log still holds of it goes too."""
    with contextlib.suppress(apsw.BusyError, apsw.LockedError):  # a session going on empties it when it ends
        db.execute("PRAGMA wal_checkpoint(truncate)")


# --- inside --------------------------------------------------------------------------------------------------------


def _make() -> None:
    """An empty database file, its owner's alone, and a key for it."""
    folder = data_dir()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if not keys.slots_path().exists():
        keys.make()
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path(), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def opens(key: bytes) -> bool:
    """Whether ``key`` is the database's."""
    try:
        connect(key).close()
    except apsw.NotADBError:
        return False
    return True


def _migrate(db: Connection) -> None:
    """Bring the tables to their newest form, one step at a time, each whole or not at all."""
    version = int(db.pragma("user_version") or 0)
    if version > len(MIGRATIONS):
        raise VoicecoachError("What is kept was written by a newer voicecoach; please update to read it.")
    while version < len(MIGRATIONS):
        with db:
            version = int(db.pragma("user_version") or 0)  # another may have been first
            if version < len(MIGRATIONS):
                db.execute(MIGRATIONS[version])
                version += 1
                db.pragma("user_version", version)


def _take_over(db: Connection) -> None:
    """Take what earlier versions kept as plain files in; what cannot be read stays as it is."""
    taken: list[Path] = []
    with db:
        for name, records, folder in legacy.sessions():
            *row, lines = legacy.row_of(records)
            new = "INSERT OR IGNORE INTO session (name, date, people, length_s, state) VALUES (?, ?, ?, ?, ?)"
            db.execute(new, (name, *row))
            if db.changes():
                number = db.last_insert_rowid()
                rows = [(number, i, line) for i, line in enumerate(lines)]
                db.executemany("INSERT INTO record (session, number, line) VALUES (?, ?, ?)", rows)
            taken.append(folder)
        for person, data, file in legacy.voices():
            db.execute("INSERT OR IGNORE INTO voice (person, data) VALUES (?, ?)", (person, data))
            taken.append(file)
    for file in taken:
        legacy.remove(file)
    legacy.remove_folders()
