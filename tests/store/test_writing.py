"""A session is written while it happens: killed, it is there but for its last second; taken back, it is gone."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from kept import SECRET, keep_one, plain_bytes, talk

from voicecoach.errors import VoicecoachError
from voicecoach.events import Correction, Record, SessionStarted, Word
from voicecoach.store import database, sessions
from voicecoach.store.log import LogWriter, read_log
from voicecoach.store.writing import SessionWriter

pytestmark = pytest.mark.usefixtures("home")

TALKING = """
import sys, time
from voicecoach.events import SessionStarted, Word
from voicecoach.store.writing import SessionWriter
log = SessionWriter()
log.write(SessionStarted(start=0, end=0, people=("Anna", "Ben")))
print(log.name, flush=True)
i = 0
while True:
    i += 1
    log.write(Word(start=i, end=i, speaker="Anna", word=str(time.time())))
    time.sleep(0.01)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("after_s", [0.0, 0.7])
def test_killed_it_has_lost_less_than_a_second(after_s: float) -> None:
    with subprocess.Popen([sys.executable, "-c", TALKING], stdout=subprocess.PIPE, text=True) as talking:
        assert talking.stdout is not None
        name = talking.stdout.readline().strip()
        time.sleep(1.0 + after_s + random.random() / 2)
        assert [k.state for k in sessions.kept()] == ["open"]
        with pytest.raises(VoicecoachError, match="goes on right now"):
            sessions.delete(name)
        killed = time.time()
        talking.send_signal(signal.SIGKILL)
        talking.wait()
    words = [r for r in sessions.read(name) if isinstance(r, Word)]
    assert [w.start for w in words] == list(range(1, len(words) + 1))
    assert float(words[-1].word) > killed - 1.0
    assert [k.state for k in sessions.kept()] == ["cut off"]
    with SessionWriter(name) as again:  # and it goes on
        again.write(Word(start=9999, end=9999, speaker="Ben", word="more"))
    assert len(sessions.read(name)) == len(words) + 2
    assert [k.state for k in sessions.kept()] == ["closed"]


def test_a_database_that_is_locked_for_a_while_only_delays_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_S", 0.05)
    with SessionWriter() as log:
        log.write(talk()[0])
        time.sleep(0.5)
        with database.opened() as other:
            other.execute("BEGIN IMMEDIATE")
            for record in talk()[1:]:
                log.write(record)
            time.sleep(0.8)
            other.execute("ROLLBACK")
    assert sessions.read(log.name) == talk()


def test_a_name_that_another_program_gives_meanwhile_stays() -> None:
    with SessionWriter() as log:
        log.write(SessionStarted(start=0, end=0, people=("A", "B"), date="2026-11-25T08:00"))
        until = time.monotonic() + 20
        while not sessions.kept()[0].people and time.monotonic() < until:
            time.sleep(0.05)
        sessions.append(log.name, [Correction(start=0, end=0, speaker="A", label="named", name="Anna")])
        log.write(Word(start=1, end=2, speaker="A", word="Hello."))
        log.write(Correction(start=2, end=2, speaker="B", label="named", name="Ben"))
        log.write(Word(start=3, end=4, speaker="B", word="Hello."))
    (kept,) = sessions.kept()
    assert (kept.people, kept.date) == (("Anna", "Ben"), "2026-11-25T08:00")


def test_whatever_stops_the_writing_is_told_without_a_word_that_was_said() -> None:
    log = SessionWriter()
    for record in talk():
        log.write(record)
    log.write(Word(start=4, end=4, speaker="Anna", word=f"{SECRET}\udce9"))  # no database takes that
    with pytest.raises(VoicecoachError, match=r"could not be written further.*UnicodeEncodeError") as told:
        log.close()
    assert SECRET not in str(told.value)


def test_two_sessions_at_once_do_not_mix() -> None:
    with SessionWriter() as one, SessionWriter() as two:
        assert one.name != two.name
        for i in range(50):
            one.write(Word(start=i, end=i, speaker="A", word="one"))
            two.write(Word(start=i, end=i, speaker="A", word="two"))
    for log, word in ((one, "one"), (two, "two")):
        assert {r.word for r in sessions.read(log.name) if isinstance(r, Word)} == {word}


@pytest.mark.parametrize("wait_s", [0.0, 1.0])
def test_what_is_taken_back_is_nowhere(wait_s: float) -> None:
    def change(record: Record) -> Record | None:
        if isinstance(record, Word) and record.start >= 5:
            return None if record.start > 5 else replace(record, word="less")
        return record

    with SessionWriter() as log:
        log.write(SessionStarted(start=0, end=0, people=("Anna",)))
        for i in range(9):
            log.write(Word(start=i, end=i, speaker="Anna", word=f"{SECRET}{i}"))
        time.sleep(wait_s)  # it may be on the disk already, or not yet
        log.revise(change)
        for i in (6, 7, 8):
            assert f"{SECRET}{i}".encode() not in plain_bytes()
        log.write(Word(start=9, end=9, speaker="Anna", word="after"))
    words = [r.word for r in sessions.read(log.name) if isinstance(r, Word)]
    assert words == [f"{SECRET}{i}" for i in range(5)] + ["less", "after"]
    assert f"{SECRET}5".encode() not in plain_bytes()


def test_what_is_taken_back_is_gone_from_a_plain_log(tmp_path: Path) -> None:
    with LogWriter(tmp_path) as log:
        for record in talk():
            log.write(record)
        log.revise(lambda r: None if isinstance(r, Word) else r)
        log.write(Word(start=9, end=9, speaker="Anna", word="àfter"))
    assert [r.type for r in read_log(tmp_path / "events.jsonl")] == ["session", "turn", "session_end", "word"]
    assert SECRET not in (tmp_path / "events.jsonl").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_disk_that_fills_up_is_told_and_what_was_written_stays() -> None:
    keep_one()
    size = max(p.stat().st_size for p in database.path().parent.iterdir())
    code = f"""
import resource, time
from voicecoach.errors import VoicecoachError
from voicecoach.events import Word
from voicecoach.store.writing import SessionWriter
log = SessionWriter()
log.write(Word(start=0, end=0, speaker="A", word="first"))
time.sleep(0.6)
resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 30000}, {size + 30000}))
try:
    for i in range(400):
        log.write(Word(start=i, end=i, speaker="A", word="x" * 2000))
        time.sleep(0.005)
    log.close()
except VoicecoachError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=False)
    assert "could not be written further" in done.stdout, done.stdout + done.stderr
    assert "room" in done.stdout
    name = sessions.kept()[-1].name
    assert isinstance(sessions.read(name)[0], Word)
