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
    # 2: practice: pairs, agreements, check-ins, promises, drills, weekly times; a pair goes with either of the two
    """
    CREATE TABLE pair (id INTEGER PRIMARY KEY, since TEXT NOT NULL);
    CREATE TABLE pair_person (
        pair INTEGER NOT NULL REFERENCES pair(id) ON DELETE CASCADE,
        person TEXT NOT NULL,
        seat INTEGER NOT NULL,
        PRIMARY KEY (pair, person)
    ) WITHOUT ROWID;
    CREATE TRIGGER pair_goes_with_a_person AFTER DELETE ON pair_person BEGIN
        DELETE FROM pair WHERE id = OLD.pair;
    END;
    CREATE TABLE agreement (
        pair INTEGER NOT NULL REFERENCES pair(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        version INTEGER NOT NULL,
        text TEXT NOT NULL,
        state TEXT NOT NULL,
        by TEXT NOT NULL,
        about TEXT NOT NULL,
        date TEXT NOT NULL,
        PRIMARY KEY (pair, number, version)
    ) WITHOUT ROWID;
    CREATE TABLE checkin (
        id INTEGER PRIMARY KEY,
        pair INTEGER NOT NULL REFERENCES pair(id) ON DELETE CASCADE,
        began TEXT NOT NULL,
        ended TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL DEFAULT 'open',
        sessions TEXT NOT NULL DEFAULT '[]',
        figures TEXT NOT NULL DEFAULT '{}'
    );
    CREATE TABLE checkin_step (
        checkin INTEGER NOT NULL REFERENCES checkin(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        at TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (checkin, number)
    ) WITHOUT ROWID;
    CREATE TABLE checkin_note (
        id INTEGER PRIMARY KEY,
        checkin INTEGER NOT NULL REFERENCES checkin(id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        person TEXT NOT NULL,
        text TEXT NOT NULL,
        date TEXT NOT NULL
    );
    CREATE TABLE commitment (
        id INTEGER PRIMARY KEY,
        pair INTEGER NOT NULL REFERENCES pair(id) ON DELETE CASCADE,
        person TEXT NOT NULL,
        text TEXT NOT NULL,
        made TEXT NOT NULL,
        due TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open',
        outcome TEXT NOT NULL DEFAULT ''
    );
    CREATE TABLE schedule (
        pair INTEGER PRIMARY KEY REFERENCES pair(id) ON DELETE CASCADE,
        day INTEGER NOT NULL,
        time TEXT NOT NULL,
        minutes INTEGER NOT NULL
    );
    CREATE TABLE drill_attempt (
        id INTEGER PRIMARY KEY,
        person TEXT NOT NULL,
        drill TEXT NOT NULL,
        level INTEGER NOT NULL,
        date TEXT NOT NULL,
        figures TEXT NOT NULL
    );
    """,
    # 3: the sound of sessions for which that was asked
    """
    CREATE TABLE sound (
        session INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        frames INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (session, start)
    );
    """,
)
"""Step *n* takes a database from version *n − 1* to version *n* (``PRAGMA user_version``)."""
