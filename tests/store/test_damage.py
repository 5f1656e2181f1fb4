"""A damaged file: what is intact is read, the rest is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apsw
import numpy as np
import pytest
from kept import keep_one
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import SessionEnded, SessionStarted, Word
from voicecoach.store import database, keys, pages, practice, proof, rescue, sessions, sound, voices
from voicecoach.store.writing import SessionWriter

pytestmark = pytest.mark.usefixtures("home")
PAGE = 4096
WORDS = 600


def long_one() -> str:
    with SessionWriter() as log:
        log.write(SessionStarted(start=0, end=0, people=("Anna", "Ben")))
        for i in range(WORDS):
            log.write(Word(start=i, end=i + 0.5, speaker="Anna", word=f"word{i}" * (500 if i == 300 else 1)))
        log.write(SessionEnded(start=WORDS, end=WORDS))
    return log.name


def damage(page: int) -> None:
    with database.path().open("r+b") as file:
        file.seek(page * PAGE + 100)
        file.write(b"\xff" * 50)


def damage_some_records_of(name: str) -> None:
    kept = database.path().read_bytes()
    for page in range(1, len(kept) // PAGE):
        damage(page)
        found = rescue.read_intact().sessions
        if name in found and found[name].lost:
            return
        database.path().write_bytes(kept)


def test_a_damaged_page_takes_only_its_own_records() -> None:
    """Any page: the first, one that leads to others, one of records, one of a long record."""
    whole, other = long_one(), keep_one()
    voices.save("Anna", {"x": [1.5] * 200})
    kept = database.path().read_bytes()
    total = WORDS + 2
    for page in range(len(kept) // PAGE):
        database.path().write_bytes(kept)
        damage(page)
        found = rescue.read_intact()
        names = {f"session-{i}": name for i, name in enumerate((whole, other), 1)}
        read = {names.get(name, name): session for name, session in found.sessions.items()}
        lines = len(read[whole].lines)
        assert lines > 0.9 * total
        assert lines + read[whole].lost == total or read[whole].end_lost
        assert (len(read[other].lines) == 4) != read[other].end_lost
        if lines == total:
            assert len(read[other].lines) == 4 or set(found.voices) == {"Anna"}
        if lines < total:
            with pytest.raises(VoicecoachError, match="sessions rescue"):
                sessions.read(whole)


def test_without_its_first_page_everything_is_there_still() -> None:
    name = long_one()
    voices.save("Ben", {"y": 1})
    damage(0)
    with pytest.raises(VoicecoachError, match=r"damaged|does not fit"):
        sessions.kept()
    found = rescue.read_intact()
    assert [(n, len(s.lines), s.lost) for n, s in found.sessions.items()] == [(name, WORDS + 2, 0)]
    assert found.voices == {"Ben": '{"y": 1}'}


def test_mended_it_is_used_as_before_and_the_damaged_file_is_kept(home: Path, tmp_path: Path) -> None:
    name, other = long_one(), keep_one(people=("Anna", "Cleo"))
    sessions.rename(name, "About the summer")
    voices.save("Anna", {"x": 1})
    damage(0)
    done = CliRunner().invoke(app, ["sessions", "rescue", "--mend", "--out", str(tmp_path / "plain")])
    assert done.exit_code == 0, done.output
    assert "Anna's voice" in done.output
    assert "check-ins, promises" in done.output, "what only the first page led to"
    assert "remove it once" in done.output
    assert [(k.name, k.title, k.people) for k in sessions.kept()] == [
        (name, "About the summer", ("Anna", "Ben")),
        (other, "", ("Anna", "Cleo")),
    ]
    assert len(sessions.read(name)) == WORDS + 2
    assert voices.load("Anna") == {"x": 1}
    assert (home / "data" / "voicecoach.db.damaged").exists()
    assert ["mended" in f.what for f in proof.files() if "damaged" in f.path.name] == [True]
    assert (tmp_path / "plain" / name / "events.jsonl").exists()
    pair = practice.pair_of(["Anna", "Ben"], "2026-11-25")
    practice.propose(pair, "We let each other finish.", by="", today="2026-11-25", about="interruption", agreed=True)
    keep_one()
    with database.opened() as db, db:
        sound.add(db, sessions.number_of(db, name), [sound.piece_of(0, np.zeros((1600, 2), np.float32))])
    damage_some_records_of(name)
    CliRunner().invoke(app, ["sessions", "rescue", "--mend"])
    assert len(sessions.kept()) == 3
    assert WORDS * 0.9 < len(sessions.read(name)) < WORDS + 2
    assert [a.text for a in practice.agreements(pair)] == ["We let each other finish."]
    assert sound.is_kept(name)
    assert (home / "data" / "voicecoach.db.damaged1").exists()


def test_what_was_rescued_into_a_folder_before_is_not_replaced(tmp_path: Path) -> None:
    name = keep_one()
    out = ["sessions", "rescue", "--out", str(tmp_path / "plain")]
    assert CliRunner().invoke(app, out).exit_code == 0
    log = tmp_path / "plain" / name / "events.jsonl"
    log.write_text(log.read_text() + "put right by hand\n")
    again = CliRunner().invoke(app, out)
    assert isinstance(again.exception, MisuseError)
    assert log.read_text().endswith("put right by hand\n")


def test_practice_alone_is_mended_too(tmp_path: Path) -> None:
    pair = practice.pair_of(["Anna", "Ben"], "2026-11-25")
    practice.propose(pair, "We let each other finish.", by="", today="2026-11-25", agreed=True)
    damage(0)
    plain = CliRunner().invoke(app, ["sessions", "rescue", "--out", str(tmp_path)])
    assert "with --mend" in str(plain.exception)
    done = CliRunner().invoke(app, ["sessions", "rescue", "--mend"])
    assert done.exit_code == 0, done.exception
    assert "With them: agreements, who practises with whom." in done.output
    assert [a.text for a in practice.agreements(pair)] == ["We let each other finish."]


def test_mending_that_fails_leaves_all_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full, say: the next try begins from the same file."""
    name = keep_one()
    damage(0)
    before = {p.name: p.read_bytes() for p in (home / "data").iterdir()}
    found = rescue.read_intact()

    def full(database: Path, key: bytes) -> Iterator[tuple[str, pages.Row]]:
        raise apsw.FullError

    with monkeypatch.context() as patched:
        patched.setattr(pages, "every_row", full)
        with pytest.raises(VoicecoachError, match="full"):
            rescue.mend(found)
    assert {p.name: p.read_bytes() for p in (home / "data").iterdir()} == before
    rescue.mend(rescue.read_intact())
    assert [k.name for k in sessions.kept()] == [name]


def everything_once() -> str:
    """Something in every table; the name of the session."""
    name = keep_one()
    voices.save("Anna", {"x": 1})
    pair = practice.pair_of(["Anna", "Ben"], "2026-11-25")
    for i in range(30):  # more than one page
        proposed = practice.propose(pair, f"We let each other finish, {i}.", by="Ben", today="2026-11-25", about="")
        practice.agree(pair, proposed, "2026-11-26")
        practice.add_commitment(pair, "Ben", f"I cook, {i}.", made="2026-11-25", due="2026-12-01")
    checkin = practice.begin(pair, "2026-11-25T20:00")
    practice.save_step(checkin, "welcome", {"step": "welcome"}, "2026-11-25T20:00")
    practice.add_note(checkin, "learned", "Anna", "That Sunday was hard.", "2026-11-25")
    practice.set_schedule(pair, practice.Weekly(6, "19:30", 30))
    practice.add_attempt("Anna", "mirror", level=1, date="2026-11-25T10:00", figures={"covered": 0.5})
    noise = np.random.default_rng(0).uniform(-1, 1, (8, 16_000, 2)).astype(np.float32)
    with database.opened() as db, db:
        sound.add(db, sessions.number_of(db, name), [sound.piece_of(i * 16_000, n) for i, n in enumerate(noise)])
    return name


def all_rows() -> dict[str, list[tuple[object, ...]]]:
    with database.opened() as db:
        return {table: database.rows(db, f'SELECT * FROM "{table}"') for table in (*pages.HEAPS, *pages.KEYED)}


def test_every_table_is_found_by_its_pages() -> None:
    """Practice and kept sound too: with the first page lost nothing else is, with another at most what stood there."""
    everything_once()
    before = all_rows()
    assert all(before.values())
    kept = database.path().read_bytes()
    for page in (0, *range(1, len(kept) // PAGE, 17)):
        for part in database.path().parent.glob("voicecoach.db*"):
            part.unlink()
        database.path().write_bytes(kept)
        damage(page)
        mended = rescue.mend(rescue.read_intact())
        after = all_rows()
        less = {t for t in before if after[t] != before[t] and not (t == "session" and len(after[t]) == 1)}
        assert len(less) <= (page > 0), (page, less)
        assert all(set(after[t]) < set(before[t]) and t in mended.doubtful for t in less & {"sound", "agreement"})


def test_a_shape_for_every_table_and_no_row_fits_two() -> None:
    everything_once()
    with database.opened() as db:
        tables = {t for (t,) in database.rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table'")}
        assert tables == {*pages.HEAPS, *pages.KEYED, "setting"}  # which was never written to
        for table, shape in (pages.HEAPS | pages.KEYED).items():
            columns = database.rows(db, "SELECT name FROM pragma_table_info(?)", (table,))
            assert len(columns) == len(shape), table
    found = list(pages.every_row(database.path(), keys.find(lambda key: True)))
    for table, rows in all_rows().items():
        assert {row for t, row in found if t == table} == set(rows), table


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_what_stands_in_the_write_ahead_log_alone_is_read_too() -> None:
    code = """
import os, signal, time
from voicecoach.events import SessionStarted, Word
from voicecoach.store.writing import SessionWriter
log = SessionWriter()
log.write(SessionStarted(start=0, end=0, people=("Anna",)))
for i in range(200):
    log.write(Word(start=i, end=i, speaker="Anna", word=f"word{i}"))
time.sleep(0.8)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], env=os.environ, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    log = database.path().with_name("voicecoach.db-wal")
    assert log.stat().st_size > 20_000
    (session,) = rescue.read_intact().sessions.values()
    assert (len(session.lines), session.lost) == (201, 0)
    with log.open("r+b") as file:  # the end of it is torn off in the middle of a page
        file.truncate(log.stat().st_size - 1000)
    (session,) = rescue.read_intact().sessions.values()
    assert session.lost == 0


def test_what_was_deleted_or_taken_back_is_not_found_again() -> None:
    gone, stays = long_one(), keep_one()
    sessions.delete(gone)
    damage(0)
    found = rescue.read_intact()
    assert set(found.sessions) == {stays}
    assert not any("word1" in line for s in found.sessions.values() for line in s.lines)


def test_a_file_cut_short_is_told_and_what_is_there_is_read() -> None:
    long_one()
    with database.path().open("r+b") as file:
        file.truncate(PAGE * 20 + 77)
    with pytest.raises(VoicecoachError, match=r"damaged|could not be read"):
        sessions.read(sessions.kept()[0].name)
    (session,) = rescue.read_intact().sessions.values()
    assert len(session.lines) > 50
    assert session.end_lost or session.lost


def test_where_nothing_is_kept_there_is_nothing_to_rescue() -> None:
    with pytest.raises(VoicecoachError, match="nothing to rescue"):
        rescue.read_intact()


def test_with_another_key_nothing_is_read_and_that_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keep_one()
    (database.path().parent / "voicecoach.key").write_text("11" * 32)
    keys._known.clear()
    done = CliRunner().invoke(app, ["sessions", "rescue", "--mend"])
    assert isinstance(done.exception, VoicecoachError)
    assert "Nothing could be read" in str(done.exception)
    assert database.path().exists()
