"""The key of the database: in the system's keyring, made from one or two passphrases, or in a file.

``key.json`` in the data folder says which, as a list of slots (two only while the key is being changed); it never holds
the key. A passphrase becomes a key by scrypt (RFC 7914; N = 2^16, r = 8: 64 MB and about a fifth of a second for each
guess). Environment, for scripts and tests:

* ``VOICECOACH_KEY``: ``keyring``, ``passphrase`` or ``file``, how a new database is to be protected;
* ``VOICECOACH_PASSPHRASE``, ``VOICECOACH_PASSPHRASE_2``: instead of being asked. Other programs of the same user can
  read a program's environment; at a terminal, let it ask.
* ``VOICECOACH_KEY_FILE``: where the key file is, if not in the data folder (a stick that is taken away, for example).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.store import asking
from voicecoach.store.paths import data_dir
from voicecoach.store.whole import write_new, write_whole

KINDS = ("keyring", "passphrase", "file")
SERVICE = "voicecoach"
KEY_BYTES = 32
SHORTEST = 8
"""Fewest characters of a passphrase."""
TRIES = 3

LOSING = {
    "keyring": "The key lies in this computer's keyring. If the keyring is lost (a new computer, a new account), what "
    "was kept cannot be read by anybody, ever: export what you want to keep.",
    "passphrase": "Nobody can read what is kept without the passphrase, you included. If it is forgotten, nothing and "
    "nobody brings it back: export what you want to keep, or write it down in a safe place.",
    "file": "The key lies in a file that only your account can read. That protects a copy of the database without the "
    "file, and what was deleted; it does not protect against somebody who uses your account or has the whole disk. If "
    "the file is lost, what was kept cannot be read by anybody, ever.",
}
"""What each protection means and what losing its key means, told before anything is kept with it."""

Slot = Mapping[str, Any]
_known: dict[Path, bytes] = {}


def slots_path() -> Path:
    """The file that says how the key is kept."""
    return data_dir() / "key.json"


def key_file() -> Path:
    """Where a key file is, or would be."""
    elsewhere = os.environ.get("VOICECOACH_KEY_FILE")
    return Path(elsewhere).expanduser() if elsewhere else data_dir() / "voicecoach.key"


def find(opens: Callable[[bytes], bool]) -> bytes:
    """The key of this computer's database: the first for which ``opens`` is true. Remembered until the program ends.

    Raises `VoicecoachError` when there is none, or too many wrong passphrases were given.
    """
    path = slots_path()
    if path in _known:
        return _known[path]
    slots = read_slots()
    for slot in slots:
        for key in _candidates(slot, last=slot is slots[-1]):
            if opens(key):
                _known[path] = key
                return key
    raise VoicecoachError(
        f"The key of what is kept in {data_dir()} does not fit it; put back the key or keyring that belongs to it, or, "
        "if the file itself is damaged: voicecoach sessions rescue --mend"
        if slots[-1]["kind"] != "passphrase"
        else "That is not the passphrase; nothing was opened."
    )


def make(kind: str = "") -> bytes:
    """Make the key of a new database, protected as ``kind``, ``VOICECOACH_KEY`` or the person at the keyboard wishes.

    Without a wish: the keyring where there is one, else they are asked; where nobody can be asked, a key file.
    """
    slot, key = new_slot(kind or os.environ.get("VOICECOACH_KEY", "") or _choose())
    if not write_new(slots_path(), _as_json([slot])):  # another voicecoach was first
        if slot["kind"] != "file":
            forget(slot)
        return find(lambda key: True)
    remember(key)
    return key


def new_slot(kind: str, people: int = 1) -> tuple[dict[str, Any], bytes]:
    """A new key, put where ``kind`` says, and the slot that finds it again. ``people``: so many passphrases."""
    if kind == "passphrase":
        salt = secrets.token_bytes(16)
        slot = {"kind": kind, "people": people, "salt": salt.hex(), "n": 1 << 16}
        return slot, _stretched(_new_passphrases(people), slot)
    key = secrets.token_bytes(KEY_BYTES)
    if kind == "keyring":
        slot = {"kind": kind, "id": secrets.token_hex(8)}
        if not keyring_is_here():
            raise VoicecoachError("This computer has no keyring that is open; choose a passphrase or a key file.")
        _keyring_do(lambda ring: ring.set_password(SERVICE, slot["id"], key.hex()))
        return slot, key
    if kind == "file":
        return _new_file(key)
    raise MisuseError(f"A key is kept as one of {', '.join(KINDS)}, not as {kind!r}.")


def read_slots() -> list[dict[str, Any]]:
    """The slots of ``key.json``. Raises `VoicecoachError` when it is missing or damaged."""
    try:
        slots = json.loads(slots_path().read_text(encoding="utf-8"))["slots"]
        if not slots or any(slot["kind"] not in KINDS for slot in slots):
            raise ValueError("no slot")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VoicecoachError(
            f"{slots_path()}, which says where the key of the database is, is missing or damaged; put it back from a "
            "copy. Without it what is kept cannot be opened."
        ) from error
    return list(slots)


def write_slots(slots: list[dict[str, Any]]) -> None:
    """Put ``slots`` in place of what was there, whole or not at all."""
    write_whole(slots_path(), _as_json(slots))


def unexplained(raw: bytes) -> bytes:
    """What of ``key.json`` is not from here, to be searched for what was said: nothing, or, once it was touched, all.

    Its own words ("version", "people", "passphrase") may have been said by anybody.
    """
    try:
        slots = json.loads(raw)["slots"]
        ours = raw == _as_json(slots) and all(_is_ours(slot) for slot in slots)
    except (ValueError, KeyError, TypeError, AttributeError):
        ours = False
    return b"" if ours else raw


def remember(key: bytes) -> None:
    """From now on this is the key."""
    _known[slots_path()] = key


def forget(slot: Slot) -> None:
    """The key of ``slot`` is needed no more: take it out of where it lies."""
    if slot["kind"] == "keyring":
        with contextlib.suppress(VoicecoachError):
            _keyring_do(lambda ring: ring.delete_password(SERVICE, slot["id"]))
    elif slot["kind"] == "file":
        with contextlib.suppress(OSError):
            _file_of(slot).unlink()


def keyring_is_here() -> bool:
    """Whether the system keeps keys for its users: a real keyring, not a file that a package puts in its place."""
    try:
        import keyring  # noqa: PLC0415 - takes a moment, and only this needs it
        from keyring.backends import chainer  # noqa: PLC0415

        ring = keyring.get_keyring()
        rings = ring.backends if isinstance(ring, chainer.ChainerBackend) else [ring]
        return any(type(r).__module__.rpartition(".")[2] in _SYSTEM and r.priority > 0 for r in rings)
    except Exception:  # a bus that does not answer raises what its library raises
        return False


_SYSTEM = {"SecretService", "libsecret", "kwallet", "macOS", "Windows"}


# --- inside --------------------------------------------------------------------------------------------------------


def _as_json(slots: list[dict[str, Any]]) -> bytes:
    return json.dumps({"version": 1, "slots": slots}).encode()


def _is_ours(slot: Slot) -> bool:
    """Whether a slot holds no more than `new_slot` puts into it: words of ours, numbers, and where the key file is."""
    figures = f"{slot.get('salt', '')}{slot.get('id', '')}{slot.get('n', '')}{slot.get('people', '')}"
    known = {"kind", "people", "salt", "n", "id", "file"}
    return set(slot) <= known and slot["kind"] in KINDS and re.fullmatch("[0-9a-f]*", figures) is not None


def _choose() -> str:
    if keyring_is_here():
        return "keyring"
    if not asking.somebody_is_here():
        asking.tell(f"What is kept is encrypted. {LOSING['file']} `voicecoach privacy key passphrase` changes it.")
        return "file"
    asking.tell(
        "What you keep is encrypted, and this computer has no keyring to hold the key. Choose how to hold it:\n\n"
        f"  passphrase  {LOSING['passphrase']}\n\n  file        {LOSING['file']}\n"
    )
    for _ in range(TRIES):
        answer = asking.ask("passphrase or file?").lower()
        if answer in ("passphrase", "file"):
            return answer
    raise VoicecoachError("Nothing was chosen, so nothing is kept; start again when you know.")


def _candidates(slot: Slot, *, last: bool) -> Iterator[bytes]:
    """Keys that ``slot`` may stand for; a wrong passphrase may be corrected, if no other slot could fit."""
    if slot["kind"] == "file":
        with contextlib.suppress(OSError, ValueError):
            yield bytes.fromhex(_file_of(slot).read_text("ascii"))
    elif slot["kind"] == "keyring":
        text = _keyring_do(lambda ring: ring.get_password(SERVICE, slot["id"]))
        if text:
            yield bytes.fromhex(text)
    else:
        given = _from_environment(int(slot["people"]))
        if given is not None:
            yield _stretched(given, slot)
            return
        if not asking.somebody_is_here():
            raise VoicecoachError("What is kept is locked with a passphrase: run this at a terminal, or see --help.")
        for _ in range(TRIES if last else 1):
            yield _stretched([asking.ask_secret(q) for q in _questions("Passphrase", int(slot["people"]))], slot)


def _questions(what: str, people: int) -> list[str]:
    return [f"{what}:"] if people == 1 else [f"{what} of the {which} person:" for which in ("first", "second")]


def _from_environment(people: int) -> list[str] | None:
    given = [os.environ.get(name) for name in ("VOICECOACH_PASSPHRASE", "VOICECOACH_PASSPHRASE_2")[:people]]
    return [p for p in given if p] if all(given) else None


def _new_passphrases(people: int) -> list[str]:
    given = _from_environment(people)
    if given is None:
        if not asking.somebody_is_here():
            raise VoicecoachError("A passphrase needs somebody at a terminal to give it.")
        asking.tell(LOSING["passphrase"])
        given = []
        for question in _questions("New passphrase", people):
            passphrase = asking.ask_secret(question)
            if passphrase != asking.ask_secret("Once more:"):
                raise VoicecoachError("The two were not the same; nothing was changed.")
            given.append(passphrase)
    if any(len(p) < SHORTEST for p in given):
        raise MisuseError(f"A passphrase has at least {SHORTEST} characters; a few words are good.")
    return given


def _stretched(passphrases: list[str], slot: Slot) -> bytes:
    """The key of all ``passphrases`` together: without each of them there is none."""
    secret = b"".join(
        len(p).to_bytes(4, "big") + p
        for p in (unicodedata.normalize("NFC", p).encode("utf-8", "surrogatepass") for p in passphrases)
    )
    return hashlib.scrypt(
        secret, salt=bytes.fromhex(slot["salt"]), n=int(slot["n"]), r=8, p=1, maxmem=1 << 28, dklen=KEY_BYTES
    )


def _new_file(key: bytes) -> tuple[dict[str, Any], bytes]:
    path = key_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not write_new(path, key.hex().encode("ascii")):  # two sessions may begin at once; the first one's holds
            key = bytes.fromhex(path.read_text("ascii"))
        if len(key) != KEY_BYTES:
            raise ValueError("not whole")
    except (OSError, ValueError) as error:
        raise VoicecoachError(f"The key file {path} cannot be written or holds no key; move it away.") from error
    return {"kind": "file", "file": str(path) if os.environ.get("VOICECOACH_KEY_FILE") else ""}, key


def _file_of(slot: Slot) -> Path:
    """Where the key file of ``slot`` is; an empty name means in the data folder, so that the folder may be moved."""
    elsewhere = os.environ.get("VOICECOACH_KEY_FILE") or slot["file"]
    return Path(elsewhere).expanduser() if elsewhere else data_dir() / "voicecoach.key"


def _keyring_do(action: Callable[[Any], Any]) -> Any:
    try:
        import keyring  # noqa: PLC0415

        return action(keyring)
    except Exception as error:  # each system raises its own
        raise VoicecoachError(
            "The system's keyring, which holds the key of what is kept, does not answer; unlock it and try again."
        ) from error
