"""A damaged file: what is intact is read, the rest is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept import home, keep_one  # noqa: F401 - a fixture

from voicecoach.errors import VoicecoachError
from voicecoach.events import SessionEnded, SessionStarted, Word
from voicecoach.store import database, rescue, sessions
from voicecoach.store.writing import SessionWriter

pytestmark = pytest.mark.usefixtures("home")
PAGE = 4096


def long_one(words: int = 600) -> str:
    with SessionWriter() as log:
        log.write(SessionStarted(start=0, end=0, people=("Anna", "Ben")))
        for i in range(words):
            log.write(Word(start=i, end=i + 0.5, speaker="Anna", word=f"word{i}"))
        log.write(SessionEnded(start=words, end=words))
    return log.name


def damage(page: int) -> None:
    with database.path().open("r+b") as file:
        file.seek(page * PAGE + 100)
        file.write(b"\xff" * 50)


def test_a_damaged_page_takes_only_its_own_records() -> None:
    whole, other = long_one(), keep_one()
    pages = database.path().stat().st_size // PAGE
    kept = database.path().read_bytes()
    total, readable = 602 + 4, []
    for page in range(1, pages):
        database.path().write_bytes(kept)
        damage(page)
        found = rescue.read_intact()
        readable.append(sum(len(s.lines) for s in found.values()))
        named = found.get(whole)
        if named is not None and named.lost:
            assert len(named.lines) + named.lost <= 602
            with pytest.raises(VoicecoachError, match="sessions rescue"):
                sessions.read(whole)
            assert len(sessions.read(other)) == 4 or other not in found
    assert max(readable) == total
    leaves = [n for n in readable if 0 < n < total]
    assert len(leaves) > 5  # most pages hold records of the long session …
    assert min(leaves) > 0.8 * total  # … and each takes few with it


def test_a_file_cut_short_is_told(home: Path) -> None:  # noqa: F811
    long_one()
    with database.path().open("r+b") as file:
        file.truncate(PAGE * 4 + 77)
    with pytest.raises(VoicecoachError, match=r"damaged|could not be read"):
        sessions.read(sessions.kept()[0].name)


def test_a_first_page_that_is_gone_is_told() -> None:
    long_one()
    damage(0)
    with pytest.raises(VoicecoachError, match=r"damaged|does not fit"):
        sessions.kept()
    with pytest.raises(VoicecoachError, match="damaged"):
        rescue.read_intact()
