"""What is kept is encrypted, its owner's alone, and gone when it is deleted."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import apsw
import pytest
from kept import SECRET, keep_one, plain_bytes

from voicecoach.errors import VoicecoachError
from voicecoach.events import Word
from voicecoach.store import database, keys, sessions, voices

pytestmark = pytest.mark.usefixtures("home")


def test_nothing_is_made_by_looking(home: Path) -> None:
    assert sessions.kept() == []
    assert voices.list_names() == []
    assert not list(home.rglob("*"))


def test_files_are_their_owners_alone_and_say_nothing(home: Path) -> None:
    name = keep_one(people=("Zebulon", "Ben"))
    sessions.rename(name, f"about {SECRET}")
    voices.save("Zebulon", {"threshold": SECRET})
    with database.opened():  # while it is open, the write-ahead log is there too
        files = [p for p in home.rglob("*") if p.is_file()]
        assert {p.name for p in files} >= {"voicecoach.db", "voicecoach.db-wal", "key.json"}
        for file in files:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
            for words in (SECRET, "Zebulon", "speaker", "SQLite", "CREATE"):
                assert words.encode() not in file.read_bytes(), file
    for folder in (p for p in home.rglob("*") if p.is_dir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_what_is_deleted_is_gone_even_for_who_has_the_key() -> None:
    names = [keep_one(word=f"{SECRET}{i}") for i in range(3)]
    voices.save("Anna", {"x": SECRET})
    assert SECRET.encode() in plain_bytes()  # so that this could fail
    sessions.delete(names[1])
    assert f"{SECRET}1".encode() not in plain_bytes()
    assert f"{SECRET}2".encode() in plain_bytes()
    assert sessions.delete_person("Anna") == 2
    assert SECRET.encode() not in plain_bytes()
    assert sessions.kept() == []
    assert voices.list_names() == []


def test_while_another_program_reads_what_is_deleted_stays_in_no_log_either() -> None:
    """The last one to close the database empties its write-ahead log; until then deleting has to."""
    name = keep_one()
    with database.opened():
        log = database.path().with_name("voicecoach.db-wal")
        keep_one()
        assert log.stat().st_size > 0  # so that this could fail
        sessions.delete(name)
        assert log.stat().st_size == 0


def test_a_person_is_deleted_from_every_table_that_knows_persons() -> None:
    keep_one(people=("Anna", "Ben"))
    keep_one(people=("Cleo", "Ben"))
    voices.save("Anna", {"x": 1})
    voices.save("Cleo", {"x": 1})
    assert sessions.delete_person("Anna") == 1
    assert [k.people for k in sessions.kept()] == [("Cleo", "Ben")]
    assert voices.list_names() == ["Cleo"]


def test_another_program_that_writes_is_waited_for_then_named(monkeypatch: pytest.MonkeyPatch) -> None:
    name = keep_one()
    monkeypatch.setattr(database, "WAIT_S", 0.1)
    with database.opened() as other:
        other.execute("BEGIN IMMEDIATE")
        assert len(sessions.read(name)) == 4  # reading goes on
        with pytest.raises(VoicecoachError, match="in use by another voicecoach"):
            sessions.rename(name, "x")
        other.execute("ROLLBACK")
    sessions.rename(name, "x")


def test_a_thread_that_waits_to_write_lets_the_one_that_writes_go_on() -> None:
    """Two threads of a session write: what it heard, and how the check-in stands. Waiting must not stop the program."""
    name = keep_one()
    writing = threading.Event()
    failed: list[Exception] = []

    def rename() -> None:
        writing.wait()
        try:
            sessions.rename(name, "second")
        except VoicecoachError as error:
            failed.append(error)

    thread = threading.Thread(target=rename)
    thread.start()
    with database.opened() as db, db:
        db.execute("UPDATE session SET title = 'first'")
        writing.set()
        time.sleep(0.3)  # the other one waits by now; then we go on
    thread.join()
    assert not failed
    assert [k.title for k in sessions.kept()] == ["second"]


def test_what_fails_leaves_nothing_half_done() -> None:
    name = keep_one()

    def fail(db: database.Connection) -> None:
        with db:
            db.execute("UPDATE session SET title = 'half'")
            raise ZeroDivisionError

    with database.opened() as db:
        with pytest.raises(ZeroDivisionError):
            fail(db)
        assert not db.in_transaction
        with db:
            db.execute("UPDATE session SET title = 'whole'")
    assert [(k.name, k.title) for k in sessions.kept()] == [(name, "whole")]


def test_the_last_session_is_the_one_that_began_last_whatever_the_clock_said() -> None:
    """Names are local times: after a change of summer time, time zone or clock a later one may read earlier."""
    first, last = keep_one(), keep_one()
    with database.opened() as db, db:
        db.execute("UPDATE session SET name = '1999-10-31_02-30-00' WHERE name = ?", (last,))
    assert [k.name for k in sessions.kept()] == [first, "1999-10-31_02-30-00"]
    assert sessions.find("last") == "1999-10-31_02-30-00"


def test_a_newer_database_is_left_alone() -> None:
    keep_one()
    with database.opened() as db:
        db.pragma("user_version", 999)
    with pytest.raises(VoicecoachError, match="newer voicecoach"):
        sessions.kept()


def test_a_step_that_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one()
    bad = (*database.MIGRATIONS, "CREATE TABLE extra (a); CREATE TABLE session (a)")
    monkeypatch.setattr(database, "MIGRATIONS", bad)
    with pytest.raises(apsw.SQLError), database.opened():
        pass
    monkeypatch.setattr(database, "MIGRATIONS", (*bad[:-1], "CREATE TABLE extra (a)"))
    with database.opened() as db:
        assert db.pragma("user_version") == len(bad)


def test_two_programs_may_make_it_at_once(home: Path) -> None:
    code = "from voicecoach.store import voices; import sys; voices.save(sys.argv[1], {'x': 1})"
    many = [
        subprocess.Popen([sys.executable, "-c", code, f"P{i}"], stderr=subprocess.DEVNULL, env=os.environ)
        for i in range(4)
    ]
    assert [p.wait() for p in many] == [0] * 4
    assert voices.list_names() == [f"P{i}" for i in range(4)]


def test_a_wrong_key_opens_nothing() -> None:
    keep_one()
    keys.key_file().write_text("00" * 32)
    keys._known.clear()  # as in another program
    with pytest.raises(VoicecoachError, match="does not fit"):
        sessions.kept()


@pytest.mark.skipif(os.name == "nt", reason="modes of folders mean nothing there")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_named(home: Path) -> None:
    home.chmod(0o500)
    with pytest.raises(VoicecoachError, match="cannot be written to"):
        keep_one()


def test_words_of_any_letters_come_back_as_they_were() -> None:
    said = "</script>\"'\u202eשלום 💔 ../../etc/passwd\x00 %s {x}"
    name = keep_one(word=said, people=("../\"Ann<b>a'", "Bén👩‍👧"))
    word = next(r for r in sessions.read(name) if isinstance(r, Word))
    assert word.word == said
    assert sessions.kept()[0].people == ("../\"Ann<b>a'", "Bén👩‍👧")
    sessions.rename(name, "  a title'); DROP TABLE session; --\n")
    assert sessions.find("a title'); DROP TABLE session; --") == name
