"""The rows on each page of a damaged database. A damaged page takes only what stands on it along, the first as well.

Every page is encrypted and signed for itself, and every row stands on a page (or, if long, on a few). So a copy is made
with a first page of our own, and each page of it is read as if it were the root of a table: what is then found is what
stands there, whatever happened to the pages that lead to it. Of which table a row is tells its shape. Deleted things
were written over and are not found.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw

from voicecoach.store.database import Connection

PAGE = 4096
"""Bytes of a page, SQLite's usual."""
Row = tuple[object, ...]
STATES = ("open", "cut off", "closed")
_QUICK = ("journal_mode = memory", "synchronous = off")
_COLUMNS = 9
"""One more than any table has, so that a longer row is noticed."""
_TABLES = f"""
    CREATE TABLE heap ({", ".join(f"c{i}" for i in range(_COLUMNS))});
    CREATE TABLE keyed ({", ".join(f"c{i}" for i in range(_COLUMNS))}, PRIMARY KEY (c0)) WITHOUT ROWID;
"""


def every_row(database: Path, key: bytes) -> Iterator[tuple[str, Row]]:
    """Name of the table and columns of each row that can be read, as in `schema`; some more than once."""
    pages = _pages(database)
    with tempfile.TemporaryDirectory(prefix="voicecoach") as folder:  # what is put there is encrypted as it was
        db = connect(_image(Path(folder) / "image.db", pages, key), key, *_QUICK)
        try:
            db.execute("PRAGMA writable_schema = on")
            for page in range(2, len(pages) + 1):
                db.execute("UPDATE sqlite_schema SET rootpage = ? WHERE name IN ('heap', 'keyed')", (page,))
                db.execute("PRAGMA writable_schema = reset")
                db.execute("PRAGMA writable_schema = on")
                for number, first, *rest in _readable(db, "SELECT rowid, * FROM heap", "rowid"):
                    yield from _known((number if first is None else first, *rest), HEAPS)  # its key, where it has one
                for row in _readable(db, "SELECT * FROM keyed", "c0"):
                    yield from _known(row, KEYED)
        finally:
            db.close()


def connect(path: Path, key: bytes, *settings: str) -> Connection:
    """Open the database at ``path`` as it is, whatever it holds."""
    db = Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
    db.pragma("key", f"raw:{key.hex()}")
    for setting in ("temp_store = memory", *settings):
        db.execute(f"PRAGMA {setting}")
    return db


# --- shapes --------------------------------------------------------------------------------------------------------


def _number(value: object) -> bool:
    return isinstance(value, int)


def _length(value: object) -> bool:
    return isinstance(value, (int, float))


def _text(value: object) -> bool:
    return isinstance(value, str)


def _state(value: object) -> bool:
    return value in STATES


def _like(pattern: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and re.match(pattern, value) is not None


def _json(kind: type) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        try:
            return isinstance(value, str) and isinstance(json.loads(value), kind)
        except ValueError:
            return False

    return fits


def _flac(value: object) -> bool:
    return isinstance(value, bytes) and value.startswith(b"fLaC")


_day, _time, _line = _like(r"\d{4}-\d\d-\d\d"), _like(r"\d\d:\d\d$"), _like(r"\{")
_list, _dict = _json(list), _json(dict)
Shapes = dict[str, tuple[Callable[[object], bool], ...]]
HEAPS: Shapes = {
    "session": (_number, _text, _text, _text, _list, _length, _state),
    "pair": (_number, _day),
    "checkin": (_number, _number, _day, _text, _text, _list, _dict),
    "checkin_note": (_number, _number, _text, _text, _text, _day),
    "commitment": (_number, _number, _text, _text, _day, _text, _text, _text),
    "schedule": (_number, _number, _time, _number),
    "drill_attempt": (_number, _text, _text, _number, _day, _dict),
    "sound": (_number, _number, _number, _flac),
}
"""What the columns of each table look like, so that no row fits two: those that SQLite numbers itself."""
KEYED: Shapes = {
    "record": (_number, _number, _line),
    "voice": (_text, _dict),
    "pair_person": (_number, _text, _number),
    "agreement": (_number, _number, _number, _text, _text, _text, _text, _day),
    "checkin_step": (_number, _number, _text, _text, _text),
}
"""The same of those WITHOUT ROWID."""


def _known(row: Row, shapes: Shapes) -> Iterator[tuple[str, Row]]:
    for table, shape in shapes.items():
        if all(fits(value) for fits, value in zip(shape, row, strict=False)) and not any(
            value is not None for value in row[len(shape) :]
        ):
            yield table, tuple(row[: len(shape)])


# --- pages ---------------------------------------------------------------------------------------------------------


def _pages(database: Path) -> list[bytes]:
    """The pages as they are by the file and by what its write-ahead log has of them, encrypted."""
    raw = database.read_bytes()
    pages = [raw[at : at + PAGE] for at in range(0, len(raw) - PAGE + 1, PAGE)]
    log = database.with_name(database.name + "-wal")
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
    db = connect(path, key, "page_size = 4096", *_QUICK)
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


def _readable(db: Connection, query: str, by: str) -> Iterator[Row]:
    """Rows from the beginning on, as far as they can be read, and from the end."""
    for order in ("", f" ORDER BY {by} DESC"):
        try:
            yield from db.execute(query + order)
            return
        except (apsw.Error, UnicodeDecodeError):
            continue
