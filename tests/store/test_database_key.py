"""How the key is kept: a file, one passphrase or two, the keyring; changed, lost, told beforehand."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import apsw
import pytest
from kept import SECRET, keep_one, plain_bytes

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.store import database, keys, rekeying, sessions, settings, whole

pytestmark = pytest.mark.usefixtures("home")
FIRST, SECOND = "correct horse battery", "stäple in the hall"


def another_program() -> None:
    """Forget the key, as a program that starts does."""
    keys._known.clear()


def passphrases(monkeypatch: pytest.MonkeyPatch, first: str = FIRST, second: str = SECOND) -> None:
    monkeypatch.setenv("VOICECOACH_PASSPHRASE", first)
    monkeypatch.setenv("VOICECOACH_PASSPHRASE_2", second)
    another_program()


def test_a_passphrase_opens_and_another_does_not(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_KEY", "passphrase")
    passphrases(monkeypatch)
    keep_one()
    assert not keys.key_file().exists()
    assert FIRST not in (home / "data" / "key.json").read_text()
    another_program()
    assert len(sessions.kept()) == 1
    passphrases(monkeypatch, "wrong wrong wrong")
    with pytest.raises(VoicecoachError, match="not the passphrase"):
        sessions.kept()
    monkeypatch.delenv("VOICECOACH_PASSPHRASE")
    with pytest.raises(VoicecoachError, match="locked with a passphrase"):
        sessions.kept()


def test_a_pair_can_demand_both(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one()
    passphrases(monkeypatch)
    rekeying.change("passphrase", 2)
    another_program()
    assert len(sessions.kept()) == 1
    for one, two in ((FIRST, FIRST), (SECOND, FIRST), (FIRST + SECOND, "x" * 9), (FIRST, SECOND + " ")):
        passphrases(monkeypatch, one, two)
        with pytest.raises(VoicecoachError, match="not the passphrase"):
            sessions.kept()


def test_another_key_leaves_the_old_one_useless(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one()
    old = keys.key_file().read_text()
    passphrases(monkeypatch)
    rekeying.change("passphrase")
    assert not keys.key_file().exists()
    assert not database.opens(bytes.fromhex(old))
    assert len(json.loads(keys.slots_path().read_text())["slots"]) == 1
    another_program()
    assert len(sessions.kept()) == 1
    rekeying.change("file")
    assert stat.S_IMODE(keys.key_file().stat().st_mode) == 0o600
    assert keys.key_file().read_text() != old
    another_program()
    assert len(sessions.read(sessions.kept()[0].name)) == 4


@pytest.mark.parametrize("half", ["before", "after"])
def test_a_change_that_breaks_off_leaves_one_key_that_opens(half: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes: whichever key the database has then, the slots still name it."""
    keep_one()
    passphrases(monkeypatch)
    old = keys.read_slots()
    if half == "after":
        rekeying.change("passphrase")
        keys.write_slots([*keys.read_slots(), *old])
    else:
        slot, _ = keys.new_slot("passphrase")
        keys.write_slots([slot, *old])
    another_program()
    assert len(sessions.kept()) == 1


class CtrlC(BaseException):
    """Stands for KeyboardInterrupt, which would end the tests as well."""


def interrupted(monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    """Ctrl-C reaches Python just before or just after everything was encrypted anew."""

    def pragma(self: database.Connection, name: str, *value: Any) -> Any:
        if name != "rekey":
            return apsw.Connection.pragma(self, name, *value)
        if after:
            apsw.Connection.pragma(self, name, *value)
        raise CtrlC

    monkeypatch.setattr(database.Connection, "pragma", pragma)


def test_ctrl_c_once_everything_is_encrypted_anew_keeps_the_new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one()
    passphrases(monkeypatch)
    with monkeypatch.context() as patched:
        interrupted(patched, after=True)
        rekeying.change("passphrase")
    another_program()
    assert len(sessions.kept()) == 1
    with monkeypatch.context() as patched:
        interrupted(patched, after=True)
        rekeying.change("file")
    another_program()
    assert len(sessions.kept()) == 1
    assert [slot["kind"] for slot in keys.read_slots()] == ["file"]


def test_ctrl_c_before_anything_is_encrypted_anew_keeps_the_old_key(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one()
    passphrases(monkeypatch)
    with monkeypatch.context() as patched:
        interrupted(patched, after=False)
        with pytest.raises(CtrlC):
            rekeying.change("passphrase")
    assert [slot["kind"] for slot in keys.read_slots()] == ["file"]
    another_program()
    assert len(sessions.kept()) == 1


def test_when_nobody_can_tell_which_key_it_is_both_stay_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    passphrases(monkeypatch)
    keep_one()

    def busy(key: bytes) -> bool:
        raise apsw.BusyError

    with monkeypatch.context() as patched:
        interrupted(patched, after=True)
        patched.setattr(database, "opens", busy)
        with pytest.raises(CtrlC):
            rekeying.change("passphrase")
    assert [slot["kind"] for slot in keys.read_slots()] == ["passphrase", "file"]
    another_program()
    assert len(sessions.kept()) == 1


def test_a_key_is_not_changed_while_a_session_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from voicecoach.store.writing import SessionWriter

    passphrases(monkeypatch)
    monkeypatch.setattr(database, "WAIT_S", 0.1)
    with SessionWriter():
        with database.opened() as db:
            db.execute("SELECT * FROM session").fetchall()
            with pytest.raises(VoicecoachError):
                rekeying.change("passphrase")
        another_program()
    assert len(sessions.kept()) == 1


def test_a_key_file_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick" / "our.key"
    monkeypatch.setenv("VOICECOACH_KEY_FILE", str(stick))
    keep_one()
    monkeypatch.delenv("VOICECOACH_KEY_FILE")
    another_program()
    assert len(sessions.kept()) == 1  # where it is, is remembered
    stick.rename(tmp_path / "gone")
    another_program()
    with pytest.raises(VoicecoachError, match="put back the key"):
        sessions.kept()


def test_a_stick_that_knows_no_links_holds_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most sticks are FAT."""

    def link(*args: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    stick = tmp_path / "stick" / "our.key"
    monkeypatch.setenv("VOICECOACH_KEY_FILE", str(stick))
    monkeypatch.setattr(os, "link", link)
    keep_one()
    assert stat.S_IMODE(stick.stat().st_mode) == 0o600
    key = stick.read_bytes()
    assert not whole.write_new(stick, b"another")
    assert stick.read_bytes() == key
    another_program()
    assert len(sessions.kept()) == 1

    def full(handle: int) -> None:
        if (stick.parent / "new").exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        whole.write_new(stick.parent / "new", b"new")
    assert [p.name for p in stick.parent.iterdir()] == ["our.key"]


def test_a_key_file_that_holds_no_whole_key_makes_no_database(home: Path) -> None:
    (home / "data").mkdir()
    keys.key_file().touch()  # begun on a stick that was pulled out
    with pytest.raises(VoicecoachError, match="holds no key"):
        keep_one()
    assert not keys.slots_path().exists()


def test_erasing_leaves_neither_sessions_nor_key(home: Path) -> None:
    keep_one()
    raw = database.path().read_bytes()
    rekeying.erase()
    assert not [p for p in home.rglob("*") if p.is_file()]
    assert sessions.kept() == []
    keep_one()  # and one may begin again, with another key
    database.path().write_bytes(raw)
    another_program()
    with pytest.raises(VoicecoachError):
        sessions.kept()


def test_erasing_takes_settings_that_stand_alone_too(home: Path) -> None:
    settings.make()
    rekeying.erase()
    assert not [p for p in home.rglob("*") if p.is_file()]
    rekeying.erase()  # and nothing at all
    keep_one()
    assert len(sessions.kept()) == 1


def test_short_passphrases_and_unknown_kinds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one()
    passphrases(monkeypatch, "short")
    with pytest.raises(MisuseError, match="at least 8"):
        rekeying.change("passphrase")
    with pytest.raises(MisuseError, match="not as"):
        rekeying.change("cloud")
    assert len(sessions.kept()) == 1


def test_the_file_that_says_how_is_missed_with_a_sentence() -> None:
    keep_one()
    another_program()
    keys.slots_path().write_text("{nonsense")
    with pytest.raises(VoicecoachError, match="missing or damaged"):
        sessions.kept()


def test_losing_the_key_is_explained_before_anything_is_kept() -> None:
    code = "from voicecoach.store import database; database.unlock()"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("VOICECOACH_KEY", "DBUS"))}
    env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert "If the file is lost, what was kept cannot be read" in done.stderr


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="needs the packages dbus and gnome-keyring",
)
def test_a_real_keyring_holds_the_key(home: Path, tmp_path: Path) -> None:
    code = """
import sys
from voicecoach.store import keys, sessions, database, voices
assert keys.keyring_is_here()
voices.save("Anna", {"x": 1})
keys._known.clear()
assert voices.list_names() == ["Anna"]
from voicecoach.store import rekeying
rekeying.change("file")
keys._known.clear()
assert voices.list_names() == ["Anna"]
"""
    env = {k: v for k, v in os.environ.items() if k != "VOICECOACH_KEY"} | {"HOME": str(tmp_path), "CODE": code}
    unlocked = 'printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec "$0" -c "$CODE"'
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", unlocked, sys.executable],
        env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (home / "data" / "voicecoach.key").exists()  # after the change only


def test_nothing_readable_is_left_by_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one()
    passphrases(monkeypatch)
    rekeying.change("passphrase")
    assert SECRET.encode() in plain_bytes()
    assert SECRET.encode() not in b"".join(p.read_bytes() for p in database.path().parent.iterdir())
