"""Enrolled voices on this computer: one small file per person, readable by its owner only."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.store.paths import data_dir
from voicecoach.store.whole import write_whole


def voices_dir() -> Path:
    """Folder of the enrolled voices."""
    return data_dir() / "voices"


def save(name: str, voice: dict[str, Any]) -> Path:
    """Keep ``voice`` (JSON-ready, from ``Voiceprint.to_json``) as ``name``'s, in place of an earlier one.

    The file appears whole or not at all. Raises `MisuseError` for an empty name, `VoicecoachError` when the disk
    refuses.
    """
    path = _path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        write_whole(path, json.dumps({"name": name.strip(), "voice": voice}, ensure_ascii=False).encode())
    except OSError as error:
        raise VoicecoachError(f"The voice could not be saved ({error.strerror}): check the disk.") from error
    return path


def load(name: str) -> dict[str, Any]:
    """Return what was saved for ``name``. Raises `VoicecoachError` when there is nothing or it is damaged."""
    path = _path(name)
    try:
        voice: dict[str, Any] = _read(path)["voice"]
    except FileNotFoundError as error:
        raise VoicecoachError(f"No voice is enrolled for {name}: run 'voicecoach enroll' for them first.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VoicecoachError(f"The saved voice of {name} is damaged: enroll it again.") from error
    return voice


def list_names() -> list[str]:
    """Names of everybody enrolled, sorted. Files that cannot be read are passed over."""
    found = (_name_in(path) for path in voices_dir().glob("*.json"))
    return sorted((name for name in found if name is not None), key=str.casefold)


def delete(name: str) -> None:
    """Forget ``name``'s voice. Raises `VoicecoachError` when there is none."""
    try:
        _path(name).unlink()
    except FileNotFoundError as error:
        raise VoicecoachError(f"No voice is enrolled for {name}: there is nothing to delete.") from error


def _path(name: str) -> Path:
    """File of ``name``: a hash, so that any characters may stand in a name and none of them in a path or a log."""
    clean = unicodedata.normalize("NFC", name.strip())
    if not clean:
        raise MisuseError("A voice needs a name: give the name of the person who reads.")
    return voices_dir() / (hashlib.sha256(clean.encode("utf-8", "surrogatepass")).hexdigest()[:32] + ".json")


def _read(path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not isinstance(data.get("voice"), dict):
        raise ValueError("not a saved voice")
    return data


def _name_in(path: Path) -> str | None:
    try:
        return str(_read(path)["name"])
    except (OSError, ValueError, KeyError):
        return None
