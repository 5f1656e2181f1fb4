"""The sound of a session is kept when that was asked, without what is off the record, and goes when it goes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from kept import keep_one, plain_bytes

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import Clock, Command, Event
from voicecoach.samples import RATE
from voicecoach.session import LiveSession
from voicecoach.store import database, sessions, sound
from voicecoach.store.database import rows
from voicecoach.store.writing import SessionWriter
from voicecoach.testing import FakeDecoder, FakeSource

pytestmark = pytest.mark.usefixtures("home")
LENGTH_S = 25


@pytest.fixture
def heard() -> npt.NDArray[np.float32]:
    """Noise of which each second is different, two channels."""
    return np.random.default_rng(3).uniform(-0.5, 0.5, (LENGTH_S * RATE, 2)).astype(np.float32)


def session(
    heard: npt.NDArray[np.float32],
    commands: dict[float, Command],
    *,
    lost: dict[int, int] | None = None,
    **options: bool,
) -> LiveSession:
    """A session that hears this, with commands at their times."""

    def on_event(event: Event) -> None:
        if isinstance(event, Clock):
            for at in [at for at in commands if event.start >= at]:
                live.command(commands.pop(at))

    live = LiveSession(
        FakeSource(heard, lost=lost), ["Anna", "Ben"], speak=False, hurry=True, decoder=FakeDecoder([]),  # type: ignore[arg-type]
        on_event=on_event, **options,
    )  # fmt: skip
    live.run()
    return live


def key(name: str) -> Command:
    return Command(start=0, end=0, name=name)  # type: ignore[arg-type]


def exported(name: str, folder: Path, form: str = "flac") -> npt.NDArray[np.float32]:
    sound.export(name, folder / f"out.{form}")
    data, rate = soundfile.read(folder / f"out.{form}", dtype="float32", always_2d=True)
    assert rate == RATE
    return np.asarray(data)


def test_all_that_was_heard_comes_out_again_with_lost_sound_as_silence(
    heard: npt.NDArray[np.float32], tmp_path: Path
) -> None:
    name = session(heard, {}, lost={100: RATE}, keep_audio=True).name
    out = exported(name, tmp_path)
    assert len(out) == (LENGTH_S + 1) * RATE
    assert np.abs(out[: 10 * RATE] - heard[: 10 * RATE]).max() < 1e-3
    assert not out[10 * RATE : 11 * RATE].any()
    assert np.abs(out[11 * RATE :] - heard[10 * RATE :]).max() < 1e-3
    assert (exported(name, tmp_path, "wav") == out).all()
    with database.opened() as db:
        assert max(n for (n,) in rows(db, "SELECT frames FROM sound")) <= 10 * RATE


def test_off_the_record_never_reaches_it(heard: npt.NDArray[np.float32], tmp_path: Path) -> None:
    name = session(heard, {12.0: key("off the record"), 15.0: key("on the record")}, keep_audio=True).name
    out = exported(name, tmp_path)
    silent = ~out.any(axis=1)
    assert silent[round(12.6 * RATE) : 15 * RATE].all()
    assert not silent[: 12 * RATE].any()
    assert not silent[round(15.6 * RATE) :].any()


def test_what_is_taken_back_is_cut_out_of_what_is_written(heard: npt.NDArray[np.float32], tmp_path: Path) -> None:
    """A command that is understood late: the pieces are on the disk by then."""
    with SessionWriter() as log:
        for at in range(0, 20 * RATE, 10 * RATE):
            log.write_sound(sound.piece_of(at, heard[at : at + 10 * RATE]))
    with SessionWriter(log.name) as log:
        log.revise(lambda record: record, 7 * RATE)
    out = exported(log.name, tmp_path)
    assert len(out) == 7 * RATE
    assert np.abs(out - heard[: 7 * RATE]).max() < 1e-3


def test_nothing_is_kept_unless_asked_nor_of_those_who_have_not_agreed(heard: npt.NDArray[np.float32]) -> None:
    name = session(heard, {}).name
    with pytest.raises(VoicecoachError, match="is not kept"):
        sound.export(name, Path("x.wav"))
    with pytest.raises(VoicecoachError, match="agreed"):
        session(heard, {}, keep_audio=True, consent=True)
    agreed = session(heard, {8.0: key("agree")}, keep_audio=True, consent=True).name
    with database.opened() as db:
        kept = rows(db, "SELECT s.name, min(start), sum(frames) FROM sound JOIN session s ON s.id = session GROUP BY 1")
    ((owner, first, frames),) = kept
    assert owner == agreed
    assert 8 * RATE <= first < 9 * RATE
    assert first + frames == LENGTH_S * RATE


def test_it_goes_with_its_session_to_the_last_byte(heard: npt.NDArray[np.float32]) -> None:
    keep_one()
    name = session(heard, {}, keep_audio=True).name
    with database.opened() as db:
        marks = [data[1000:1040] for (data,) in rows(db, "SELECT data FROM sound")]
    assert len(marks) == 3
    assert all(mark in plain_bytes() for mark in marks)
    sessions.delete(name)
    assert not any(mark in plain_bytes() for mark in marks)


def test_sound_goes_nowhere_but_into_the_database(heard: npt.NDArray[np.float32], tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="encrypted"):
        LiveSession(FakeSource(heard), ["Anna", "Ben"], out=tmp_path / "plain", keep_audio=True, speak=False,
                    decoder=FakeDecoder([])).run()  # type: ignore[arg-type]  # fmt: skip
    name = session(heard, {}, keep_audio=True).name
    with pytest.raises(MisuseError, match=r"\.flac"):
        sound.export(name, tmp_path / "talk.mp3")
