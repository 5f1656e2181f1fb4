"""Sessions to keep in the data folder of a test."""

from __future__ import annotations

import apsw

from voicecoach.events import Record, SessionEnded, SessionStarted, Turn, Word
from voicecoach.store import database, keys
from voicecoach.store.writing import SessionWriter

SECRET = "quetzalcoatlus"
"""A word that stands nowhere by chance."""


def talk(word: str = SECRET, people: tuple[str, ...] = ("Anna", "Ben")) -> list[Record]:
    """A session of one word; four records."""
    return [
        SessionStarted(start=0, end=0, people=people, date="2026-11-25T08:00"),
        Word(start=1, end=2, speaker=people[0], word=word),
        Turn(start=1, end=2, speaker=people[0], speech_s=1),
        SessionEnded(start=3, end=3),
    ]


def keep_one(word: str = SECRET, people: tuple[str, ...] = ("Anna", "Ben")) -> str:
    """Keep a session; its name."""
    with SessionWriter() as log:
        for record in talk(word, people):
            log.write(record)
    return log.name


def plain_bytes() -> bytes:
    """Every byte of the database and its write-ahead log, decrypted with the key: what nobody but its owner can see."""
    key = keys.find(lambda key: True)
    raw = b""
    for file in (database.path(), database.path().with_name(database.path().name + "-wal")):
        if file.exists():
            raw += file.read_bytes()
    copy = database.path().parent / "copy.db"
    try:
        copy.write_bytes(database.path().read_bytes())
        db = apsw.Connection(str(copy))
        db.pragma("key", f"raw:{key.hex()}")
        db.pragma("journal_mode", "delete")
        db.pragma("rekey", "")  # page by page, free ones too
        db.close()
        return raw + copy.read_bytes()
    finally:
        copy.unlink()
