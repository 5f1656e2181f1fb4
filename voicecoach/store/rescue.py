"""Read what is intact out of a damaged database, and put it into a new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import apsw

from voicecoach.errors import VoicecoachError
from voicecoach.events import SessionEnded
from voicecoach.store import database, keys, pages
from voicecoach.store.pages import Row
from voicecoach.store.paths import data_dir


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
    """All that could be read: sessions by name (``session-N`` where that is lost), voices by person (JSON).

    ``others``: tables of practice and sound in which something was found; `mend` takes it over.
    """

    sessions: dict[str, Rescued]
    voices: dict[str, str]
    others: list[str]


@dataclass(frozen=True, slots=True)
class Mended:
    """``aside``: where the damaged database is now.

    ``others``: tables of practice and sound in which something was found. ``doubtful``: those to which the damaged
    database does not lead any more: what stood on whole pages was found all the same, but nobody knows if it is all.
    """

    aside: Path
    others: list[str]
    doubtful: list[str]


def read_intact() -> Intact:
    """All that can be found. Raises `VoicecoachError` when the key or the file is not there."""
    if not database.path().exists():
        raise VoicecoachError("Nothing is kept here yet, so there is nothing to rescue.")
    about: dict[int, Row] = {}
    lines: dict[int, dict[int, str]] = {}
    voices: dict[str, str] = {}
    others: set[str] = set()
    with database.told():
        for table, row in pages.every_row(database.path(), keys.find(lambda key: True)):
            match table, row:
                case "record", (int(session), int(number), str(line)):
                    lines.setdefault(session, {})[number] = line
                case "session", (int(number), *rest):
                    about[number] = tuple(rest)
                case "voice", (str(person), str(data)):
                    voices[person] = data
                case _:
                    others.add(table)
    sessions: dict[str, Rescued] = {}
    for number in sorted({*lines, *about}):
        of_it, known = lines.get(number, {}), about.get(number)
        name = str(known[0]) if known is not None else f"session-{number}"
        sessions[name] = Rescued(
            number, [of_it[n] for n in sorted(of_it)], max(of_it, default=-1) + 1 - len(of_it), known
        )
    return Intact(sessions, voices, sorted(others))


def mend(intact: Intact) -> Mended:
    """Put what is ``intact`` into a new database with the same key, and with it all of practice and sound.

    When that fails, everything is as it was.
    """
    key = keys.find(lambda key: True)
    aside = _aside()
    parts = [(_part(database.path(), e), _part(aside, e)) for e in ("", "-wal", "-shm")]
    there = [part for part, _ in parts if part.exists()]
    try:
        with database.told():
            for part, away in parts:
                if part in there:
                    part.rename(away)
        others, tables = _fill(intact, aside, key)
    except BaseException:
        for part, away in parts:
            if part not in there:
                part.unlink(missing_ok=True)
            elif away.exists():
                away.replace(part)
        raise
    return Mended(aside, others, _not_led_to(aside, key, tables))


# --- inside --------------------------------------------------------------------------------------------------------


def _fill(intact: Intact, aside: Path, key: bytes) -> tuple[list[str], list[str]]:
    """Make the new database; the tables of practice and sound in which something was found, and all tables."""
    with database.opened() as db:
        db.pragma("foreign_keys", False)  # a row may be there without those it belongs to
        with db:
            for name, session in intact.sessions.items():
                _, *about = session.about or (name, "", "", "[]", 0.0, "closed")
                db.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", (session.number, name, *about))
                rows = [(session.number, i, line) for i, line in enumerate(session.lines)]
                db.executemany("INSERT INTO record VALUES (?, ?, ?)", rows)
            db.executemany("INSERT INTO voice VALUES (?, ?)", list(intact.voices.items()))
            others = set()
            for table, row in pages.every_row(aside, key):
                if table not in ("session", "record", "voice"):
                    db.execute(f'INSERT OR IGNORE INTO "{table}" VALUES ({", ".join("?" * len(row))})', row)
                    others.add(table)
        tables = [name for (name,) in database.rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return sorted(others), sorted(tables)


def _part(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def _aside() -> Path:
    """A name for the damaged file that nothing has yet."""
    names = (data_dir() / f"{database.path().name}.damaged{n or ''}" for n in range(10_000))
    return next(path for path in names if not path.exists())


def _not_led_to(aside: Path, key: bytes, tables: list[str]) -> list[str]:
    """Those of ``tables`` of practice and sound that the damaged database does not lead to the end of."""
    out = []
    old = pages.connect(aside, key)
    try:
        for table in tables:
            if table in (*pages.HEAPS, *pages.KEYED) and table not in ("session", "record", "voice"):
                try:
                    for _ in old.execute(f'SELECT * FROM "{table}"'):
                        pass
                except (apsw.NotADBError, apsw.CorruptError, apsw.FormatError, apsw.SQLError, apsw.IOError):
                    out.append(table)
    finally:
        old.close()
    return out
