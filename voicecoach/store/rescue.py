"""Read what is intact out of a damaged database. A damaged page takes only what stands on it along, the first as well.

Every page is encrypted and signed for itself, and every record stands on a page (or, if long, on a few). So a copy is
made with a first page of our own, and each page of it is read as if it were the root of a table: what is then found is
what stands there, whatever happened to the pages that lead to it. Deleted things were written over and are not found.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from voicecoach.events import SessionEnded
from voicecoach.store import database, keys
from voicecoach.store.database import Connection
from voicecoach.store.paths import data_dir

PAGE = 4096
"""Bytes of a page, SQLite's usual."""
_TABLES = """
    CREATE TABLE session (id INTEGER PRIMARY KEY, name, title, date, people, length_s, state);
    CREATE TABLE record (session, number, line, PRIMARY KEY (session, number)) WITHOUT ROWID;
    CREATE TABLE voice (person PRIMARY KEY, data) WITHOUT ROWID;
"""
_QUICK = ("journal_mode = memory", "synchronous = off")
_STATES = ("open", "cut off", "closed")

Row = tuple[object, ...]


@dataclass(slots=True)
class Rescued:
    """Lines of the log of session ``number`` that could be read, and how many are missing before and between them.

    ``about``: its name, title, date, people (JSON), length and state, or None where that page is lost.
    """

    number: int
    lines: list[str] = field(default_factory=list)
    lost: int = 0
    about: Row | None = None

    @property
    def end_lost(self) -> bool:
        """Whether it was closed, but its last record cannot be read; how many are missing there nobody knows."""
        closed = self.about is not None and self.about[5] == "closed"
        return closed and not any(f'"{SessionEnded.type}"' in line for line in self.lines)


@dataclass(slots=True)
class Intact:
    """All that could be read: sessions by name (``session-N`` where that is lost), voices by person (JSON)."""

    sessions: dict[str, Rescued]
    voices: dict[str, str]


def read_intact() -> Intact:
    """All that can be found. Raises `VoicecoachError` when the key or the file is not there."""
    with database.told():
        key = keys.find(lambda key: True)
        pages = _pages()
        with tempfile.TemporaryDirectory(prefix="voicecoach") as folder:  # what is put there is encrypted as it was
            found = _found(_image(Path(folder) / "image.db", pages, key), key, len(pages))
    about, lines, voices = found
    sessions: dict[str, Rescued] = {}
    for number in sorted({*lines, *about}):
        of_it, known = lines.get(number, {}), about.get(number)
        name = str(known[0]) if known is not None else f"session-{number}"
        sessions[name] = Rescued(
            number, [of_it[n] for n in sorted(of_it)], max(of_it, default=-1) + 1 - len(of_it), known
        )
    return Intact(sessions, voices)


def mend(intact: Intact) -> tuple[Path, list[str]]:
    """Put what is ``intact`` into a new database with the same key, and with it what else the damaged one still gives.

    Gives where the damaged one is now, and the tables of which something could not be read.
    """
    with database.told():
        key = keys.find(lambda key: True)
        aside = _aside()
        for ending in ("", "-wal", "-shm"):
            part = database.path().with_name(database.path().name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
    with database.opened() as db:
        db.pragma("foreign_keys", False)  # a row may be there without those it belongs to
        with db:
            for name, session in intact.sessions.items():
                _, *about = session.about or (name, "", "", "[]", 0.0, "closed")
                db.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", (session.number, name, *about))
                rows = [(session.number, i, line) for i, line in enumerate(session.lines)]
                db.executemany("INSERT INTO record VALUES (?, ?, ?)", rows)
            db.executemany("INSERT INTO voice VALUES (?, ?)", list(intact.voices.items()))
            lost = _take_over_the_rest(db, aside, key)
    return aside, lost


# --- inside --------------------------------------------------------------------------------------------------------


def _aside() -> Path:
    """A name for the damaged file that nothing has yet."""
    names = (data_dir() / f"{database.path().name}.damaged{n or ''}" for n in range(10_000))
    return next(path for path in names if not path.exists())


def _take_over_the_rest(db: Connection, aside: Path, key: bytes) -> list[str]:
    """Practice and sound, as far as the damaged database still finds them; the tables of which something is lost."""
    lost = []
    old = _connect(aside, key)
    try:
        for (table,) in database.rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
            if table in ("session", "record", "voice"):
                continue
            try:
                for row in old.execute(f'SELECT * FROM "{table}"'):
                    db.execute(f'INSERT OR IGNORE INTO "{table}" VALUES ({", ".join("?" * len(row))})', row)
            except (apsw.NotADBError, apsw.CorruptError, apsw.FormatError, apsw.SQLError, apsw.IOError):
                lost.append(str(table))
    finally:
        old.close()
    return lost


def _pages() -> list[bytes]:
    """The pages as they are by the file and by what its write-ahead log has of them, encrypted."""
    raw = database.path().read_bytes()
    pages = [raw[at : at + PAGE] for at in range(0, len(raw) - PAGE + 1, PAGE)]
    log = database.path().with_name(database.path().name + "-wal")
    for number, page in _logged(log.read_bytes() if log.exists() else b""):
        pages += [b"\0" * PAGE] * (number - len(pages))
        pages[number - 1] = page
    return pages


def _logged(log: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of the pages that a write-ahead log has committed (SQLite's file format, section 4).

    A header of 32 bytes, then for each page 24: its number, the size of the database if it ends a commit, the salts of
    the header, and sums that are not needed here, as each page is signed.
    """
    salts, waiting = log[16:24], list[tuple[int, bytes]]()
    for at in range(32, len(log) - PAGE - 23, PAGE + 24):
        if log[at + 8 : at + 16] != salts:
            return  # from here on it is older
        waiting.append((int.from_bytes(log[at : at + 4], "big"), log[at + 24 : at + 24 + PAGE]))
        if any(log[at + 4 : at + 8]):
            yield from waiting
            waiting.clear()


def _image(path: Path, pages: list[bytes], key: bytes) -> Path:
    """A database with our own first page, and all others as they are."""
    db = _connect(path, key, "page_size = 4096", *_QUICK)
    db.execute(_TABLES)
    db.execute("CREATE TABLE filling (zeros)")
    while int(db.pragma("page_count") or 0) < len(pages):  # the first page must know of as many
        missing = len(pages) - int(db.pragma("page_count") or 0)
        db.execute("INSERT INTO filling VALUES (zeroblob(?))", (max(1, missing - 8) * 3500,))
    db.close()
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"".join(pages[1:]))
    return path


def _connect(path: Path, key: bytes, *settings: str) -> Connection:
    db = Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
    db.pragma("key", f"raw:{key.hex()}")
    for setting in ("temp_store = memory", *settings):
        db.execute(f"PRAGMA {setting}")
    return db


def _found(image: Path, key: bytes, count: int) -> tuple[dict[int, Row], dict[int, dict[int, str]], dict[str, str]]:
    """What stands on any page: about the sessions by number, their lines by number, voices by person."""
    about: dict[int, Row] = {}
    lines: dict[int, dict[int, str]] = {}
    voices: dict[str, str] = {}
    db = _connect(image, key, *_QUICK)
    try:
        db.execute("PRAGMA writable_schema = on")
        for page in range(2, count + 1):
            db.execute("UPDATE sqlite_schema SET rootpage = ? WHERE name IN ('session', 'record', 'voice')", (page,))
            db.execute("PRAGMA writable_schema = reset")
            db.execute("PRAGMA writable_schema = on")
            for row in _readable(db, "record"):
                match row:
                    case int(session), int(number), str(line) if line.startswith("{"):
                        lines.setdefault(session, {})[number] = line
            for row in _readable(db, "session"):
                match row:
                    case int(number), str(), str(), str(), str(people), float() | int(), str(state):
                        if state in _STATES and people.startswith("["):
                            about[number] = row[1:]
            for row in _readable(db, "voice"):
                match row:
                    case str(person), str(data) if _is_voice(data):
                        voices[person] = data
    finally:
        db.close()
    return about, lines, voices


def _readable(db: Connection, table: str) -> Iterator[Row]:
    """Rows from the beginning on, as far as they can be read, and from the end."""
    for order in ("", " ORDER BY 1 DESC, 2 DESC" if table == "record" else " ORDER BY 1 DESC"):
        try:
            yield from db.execute(f"SELECT * FROM {table}{order}")
            return
        except (apsw.Error, UnicodeDecodeError):
            continue


def _is_voice(data: str) -> bool:
    with contextlib.suppress(ValueError):
        return isinstance(json.loads(data), dict)
    return False
