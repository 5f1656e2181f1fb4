"""What the database holds, as the steps that lead there. A step that was released is never changed; new ones follow it.

Two rules make deleting whole without anybody's help: what belongs to a session has a column ``session`` that refers to
``session(id)`` with ``ON DELETE CASCADE``, and what belongs to one person has a column ``person`` with their name.
"""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    # 1: sessions, their logs, voices, settings
    """
    CREATE TABLE session (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL DEFAULT '',
        date TEXT NOT NULL DEFAULT '',
        people TEXT NOT NULL DEFAULT '[]',
        length_s REAL NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'open'
    );
    CREATE TABLE record (
        session INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        line TEXT NOT NULL,
        PRIMARY KEY (session, number)
    ) WITHOUT ROWID;
    CREATE TABLE voice (person TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
)
"""Step *n* takes a database from version *n − 1* to version *n* (``PRAGMA user_version``)."""
