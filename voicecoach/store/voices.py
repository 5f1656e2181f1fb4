"""Enrolled voices: for each person some numbers that describe their voice, no sound."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.store import database


def save(name: str, voice: dict[str, Any]) -> None:
    """Keep ``voice`` (JSON-ready, from ``Voiceprint.to_json``) as ``name``'s, in place of an earlier one.

    Raises `MisuseError` for an empty name, `VoicecoachError` when it cannot be kept.
    """
    person = _clean(name)
    with database.opened() as db, db:
        db.execute("INSERT OR REPLACE INTO voice (person, data) VALUES (?, ?)", (person, json.dumps(voice)))


def load(name: str) -> dict[str, Any]:
    """Return what was saved for ``name``. Raises `VoicecoachError` when there is nothing or it is damaged."""
    person = _clean(name)
    if database.exists():
        with database.opened() as db:
            for (data,) in db.execute("SELECT data FROM voice WHERE person = ?", (person,)):
                try:
                    voice = json.loads(data)
                except ValueError as error:
                    raise VoicecoachError(f"The saved voice of {name} is damaged: enroll it again.") from error
                return dict(voice)
    raise VoicecoachError(f"No voice is enrolled for {name}: run 'voicecoach enroll' for them first.")


def list_names() -> list[str]:
    """Names of everybody enrolled, sorted."""
    if not database.exists():
        return []
    with database.opened() as db:
        return sorted((person for (person,) in db.execute("SELECT person FROM voice")), key=str.casefold)


def delete(name: str) -> None:
    """Forget ``name``'s voice. Raises `VoicecoachError` when there is none."""
    load(name)
    with database.opened() as db:
        with db:
            db.execute("DELETE FROM voice WHERE person = ?", (_clean(name),))
        database.leave_nothing(db)


def _clean(name: str) -> str:
    """The name as it is kept: the same letters however they were typed."""
    clean = unicodedata.normalize("NFC", name.strip())
    if not clean:
        raise MisuseError("A voice needs a name: give the name of the person who reads.")
    return clean
