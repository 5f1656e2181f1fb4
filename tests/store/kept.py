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
    """Every byte of the database, decrypted with the key: what nobody but its owner can see; free pages and gaps too.

    (Taking the key away with ``PRAGMA rekey`` would not do: it writes the database anew, without what is left in gaps.)
    """
    db = apsw.Connection(str(database.path()))
    try:
        db.pragma("key", f"raw:{keys.find(lambda key: True).hex()}")
        db.pragma("user_version")
        return bytes(db.serialize("main"))
    finally:
        db.close()
