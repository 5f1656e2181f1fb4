"""Another key for what is kept, another protection for the key, or an end to all of it."""

from __future__ import annotations

import contextlib
import os
from typing import Any

import apsw

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.store import database, keys, legacy, settings
from voicecoach.store.paths import data_dir


def change(kind: str, people: int = 1) -> None:
    """Encrypt everything anew with a new key that is kept as ``kind``; ``people`` 2 asks for two passphrases.

    Whenever it breaks off, either the old key or the new one opens what is kept: both are noted until that is known.
    Raises `VoicecoachError`, also while a session goes on.
    """
    if people == 2 and kind != "passphrase":
        raise MisuseError("Only passphrases can be two.")
    with database.opened():  # there is something, and its key is at hand
        pass
    old_slots = keys.read_slots()
    if kind == "file" and any(slot["kind"] == "file" for slot in old_slots):
        raise MisuseError("The key is in a file already.")
    slot, key = keys.new_slot(kind, people)
    old_key = keys.find(database.opens)
    keys.write_slots([slot, *old_slots])
    try:
        _encrypt_anew(old_key, key)
    except BaseException:  # Ctrl-C too, which may come after the last page was written
        if _opens(old_key):
            keys.write_slots(old_slots)
            if not any(_same_place(slot, old) for old in old_slots):
                keys.forget(slot)
            raise
        if not _opens(key):
            raise
    keys.remember(key)
    keys.write_slots([slot])
    for old in old_slots:
        if not _same_place(slot, old):
            keys.forget(old)


def erase() -> None:
    """Delete everything that is kept here, voices and key too: what a copy of the file holds opens to nobody then.

    With the key in a keyring or a file, every copy of the database is closed for good with this; a passphrase is only
    in people's heads, and opens an older copy still.
    """
    slots: list[dict[str, Any]] = []
    with contextlib.suppress(VoicecoachError):
        slots = keys.read_slots()
    for slot in slots:
        keys.forget(slot)
    files = (keys.slots_path(), settings.path(), *data_dir().glob("voicecoach.db*"), *data_dir().glob("session-*.lock"))
    for path in files:
        legacy.remove(path)
    for folder in (*legacy.sessions_dir().glob("*"), *legacy.voices_dir().glob("*")):
        legacy.remove(folder)
    legacy.remove_folders()
    keys.remember(b"")
    if database.path().exists():
        raise VoicecoachError(f"{database.path()} could not be deleted; {os.strerror(13).lower()}.")


def _encrypt_anew(old_key: bytes, key: bytes) -> None:
    with database.told():
        db = database.connect(old_key)
        try:
            db.pragma("journal_mode", "delete")  # a new key needs the file for itself; a session that goes on has it
            if db.pragma("journal_mode") != "delete":
                raise VoicecoachError("A session goes on right now; end it before you change the key.")
            db.pragma("rekey", f"raw:{key.hex()}")
        finally:
            db.close()


def _opens(key: bytes) -> bool:
    """Whether ``key`` opens what is kept, for certain."""
    try:
        return database.opens(key)
    except apsw.Error:
        return False


def _same_place(one: keys.Slot, other: keys.Slot) -> bool:
    return bool(one["kind"] == other["kind"] == "file")
