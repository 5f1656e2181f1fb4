"""A session that was killed goes on: in the same session, with the gap as a gap, and only with everybody's consent."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import typing
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from kept import keep_one
from truth import fixtures

from voicecoach import events, report
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import CUT_OFF, Break, CaptureGap, Clock, Command, Consent, Event, Record, SessionEnded, Word
from voicecoach.events.moved import TIMES
from voicecoach.session import LiveSession
from voicecoach.session.replay import compare
from voicecoach.session.resuming import LATEST_S, Resuming, last_cut_off, resuming
from voicecoach.store import practice, sessions, sound
from voicecoach.store.database import opened
from voicecoach.testing import FakeDecoder, FakeSource

pytestmark = [
    pytest.mark.usefixtures("home"),
    pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there"),
]
CUT_S, AWAY_S = 30.0, 200.0
TALK = """
import os, signal, sys, time
import soundfile
from truth import fixtures
from voicecoach.events import Clock, Word
from voicecoach.session import LiveSession
from voicecoach.testing import FakeDecoder, FakeSource
(fixture,) = fixtures("2ch", names=["kitchen_table"])
sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
words = [e for e in fixture.truth if isinstance(e, Word)]
def watch(event):
    if isinstance(event, Clock) and event.start > float(sys.argv[1]):
        time.sleep(0.8)  # what is written a moment later is on the disk by now
        os.kill(os.getpid(), signal.SIGKILL)
LiveSession(
    FakeSource(sound), fixture.people, speak=False, hurry=True, decoder=FakeDecoder(words), on_event=watch,
    level="strict", keep_audio=True,
).run()
"""


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is there after a session was killed half a minute after it began."""
    folder = tmp_path_factory.mktemp("killed")
    env = os.environ | {"VOICECOACH_HOME": str(folder), "VOICECOACH_KEY": "file"}
    env["PYTHONPATH"] = str(Path(__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", TALK, str(CUT_S)], env=env, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return folder


@pytest.fixture
def killed(left: Path, home: Path) -> str:
    """A session that was killed; its name."""
    shutil.copytree(left / "data", home / "data")
    (kept,) = sessions.kept()
    assert kept.state == "cut off"
    return kept.name


def later() -> Resuming:
    """The session to go on in, as if so much time had gone by since it began."""
    return resuming(datetime.now() + timedelta(seconds=AWAY_S))


def go_on(found: Resuming, *, agrees_at: float | None = None, **options: bool) -> list[Event]:
    """Hear the second half of the talk in the same session; everything that was told."""
    (fixture,) = fixtures("2ch", names=["kitchen_table"])
    heard, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    half = round(CUT_S * 16_000)
    heard = heard[half : half + 20 * 16_000]
    words = [events.moved(e, -CUT_S) for e in fixture.truth if isinstance(e, Word) and CUT_S < e.start < CUT_S + 19]
    told: list[Event] = []

    def on_event(event: Event) -> None:
        told.append(event)
        if agrees_at is not None and isinstance(event, Clock) and event.start - found.since_s >= agrees_at:
            live.command(Command(start=0, end=0, name="agree"))

    live = LiveSession(
        FakeSource(heard), fixture.people, speak=False, hurry=True, decoder=FakeDecoder(words),  # type: ignore[arg-type]
        on_event=on_event, resumes=found, level=found.begun.level, **options,
    )  # fmt: skip
    live.run()
    return told


def test_it_goes_on_in_the_same_session_after_a_gap_of_its_true_length(killed: str) -> None:
    before = sessions.read(killed)
    found = later()
    told = go_on(found)
    (kept,) = sessions.kept()
    assert (kept.name, kept.state) == (killed, "closed")
    records = sessions.read(killed)
    assert records[: len(before)] == before
    (gap,) = [r for r in records if isinstance(r, CaptureGap)]
    assert gap.reason == CUT_OFF
    assert gap.start == pytest.approx(found.cut_s, abs=0.002)
    assert AWAY_S <= gap.end < AWAY_S + 60
    after = records[len(before) :]
    assert all(r.start >= gap.end for r in after if r is not gap and not isinstance(r, SessionEnded))
    assert sum(isinstance(r, Word) for r in after) > 10
    assert isinstance(records[-1], SessionEnded)
    assert records[-1].end == pytest.approx(found.since_s + 20, abs=0.2)
    assert kept.length_s == pytest.approx(max(r.end for r in records), abs=0.002)
    shown = [e.start for e in told if isinstance(e, Word)]
    assert shown == pytest.approx([r.start for r in after if isinstance(r, Word)], abs=0.001)


def test_its_report_shows_both_parts_and_the_gap_and_counts_only_what_was_heard(killed: str) -> None:
    go_on(later())
    records = report.corrected(sessions.read(killed))
    figures = report.summarise(records)
    (lost,) = figures["lost"]
    assert lost["reason"] == CUT_OFF
    assert figures["heard_h"] * 3600 == pytest.approx(figures["duration_s"] - (lost["end"] - lost["start"]), abs=5)
    page = report.page(records, figures)
    assert "The session was cut off and went on later" in page
    starts = [line.start for line in report.transcript_lines(records)]
    assert min(starts) < lost["start"]
    assert max(starts) > lost["end"]


def test_every_decision_of_both_parts_is_the_same_in_a_replay(killed: str) -> None:
    found = later()
    assert found.begun.level == "strict"
    go_on(found)
    lines = compare(sessions.read(killed))
    assert [line for line in lines if line.when != "both"] == []
    assert {line.decision.start > found.since_s for line in lines} == {True, False}


def test_nothing_more_is_kept_before_everybody_agrees_again(killed: str) -> None:
    before, kept = sessions.read(killed), sessions.kept()
    with pytest.raises(VoicecoachError, match="nothing more is kept"):
        go_on(later(), consent=True)
    assert sessions.read(killed) == before
    assert sessions.kept() == kept  # so it can be gone on with still


def test_what_is_said_until_they_agree_is_not_kept(killed: str) -> None:
    before, found = sessions.read(killed), later()
    go_on(found, consent=True, agrees_at=8.0)
    after = sessions.read(killed)[len(before) :]
    assert [type(r) for r in after[:4]] == [CaptureGap, Break, Consent, Consent]
    (off,) = [r for r in after if isinstance(r, Break)]
    assert off.start == pytest.approx(found.since_s)
    assert off.end == pytest.approx(found.since_s + 8, abs=0.5)
    assert all(r.start >= off.end for r in after[2:])
    assert sum(isinstance(r, Word) for r in after) > 5


def test_its_sound_goes_on_where_it_goes_on(killed: str, tmp_path: Path) -> None:
    found = later()
    go_on(found, keep_audio=True)
    sound.export(killed, tmp_path / "whole.flac")
    data, rate = soundfile.read(tmp_path / "whole.flac", dtype="float32", always_2d=True)
    (fixture,) = fixtures("2ch", names=["kitchen_table"])
    heard, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    half, since = round(CUT_S * rate), round(found.since_s * rate)
    np.testing.assert_allclose(data[since : since + 10 * rate], heard[half : half + 10 * rate], atol=1e-3)
    np.testing.assert_allclose(data[: 10 * rate], heard[: 10 * rate], atol=1e-3)
    assert not data[since - 10 * rate : since].any()


def test_people_keep_the_names_they_were_given(killed: str) -> None:
    sessions.append(killed, [events.Correction(start=3, end=3, speaker="Anna", label="named", name="Annegret")])
    found = later()
    assert found.names == {"Anna": "Annegret"}
    told = go_on(found)
    prompts = [e.text for e in told if isinstance(e, events.Prompt) and e.start > found.since_s]
    assert any("Annegret" in text for text in prompts)
    assert not any("Anna" in text for text in prompts)
    records = report.corrected(sessions.read(killed))
    assert set(report.summarise(records)["people"]) == {"Annegret", "Ben"}


def test_killed_again_it_goes_on_again(killed: str) -> None:
    first = later()
    go_on(first)
    with opened() as db, db:
        db.execute("UPDATE session SET state = 'cut off'")
    second = resuming(datetime.now() + timedelta(seconds=AWAY_S * 2))
    go_on(second)
    records = sessions.read(killed)
    assert [r.end for r in records if isinstance(r, CaptureGap)] == pytest.approx([first.since_s, second.since_s])
    assert [line for line in compare(records) if line.when != "both"] == []


def test_a_clock_that_was_set_back_moves_nothing(killed: str) -> None:
    found = resuming(datetime.now() - timedelta(hours=5))
    assert found.cut_s < found.since_s <= found.cut_s + 0.2


def test_what_cannot_go_on_says_why(killed: str) -> None:
    with pytest.raises(VoicecoachError, match="hours ago"):
        resuming(datetime.now() + timedelta(seconds=LATEST_S + 3600))
    assert last_cut_off(datetime.now() + timedelta(seconds=LATEST_S + 3600)) is None
    found = later()
    other = dataclasses.replace(found, begun=dataclasses.replace(found.begun, hearing="enrolled"))
    with pytest.raises(MisuseError, match="heard otherwise"):
        go_on(other)
    pair = practice.pair_of(["Anna", "Ben"], "2026-11-25")
    practice.add_session(practice.begin(pair, "2026-11-25T08:00"), killed)
    with pytest.raises(MisuseError, match="voicecoach check-in"):
        later()
    keep_one()
    with pytest.raises(VoicecoachError, match="was not cut off"):
        later()


def test_every_moment_of_every_event_moves() -> None:
    """A new field that is a time must be named in `TIMES`, or have a unit in its name."""
    numbers = {"confidence", "value", "measure", "raised", "quicker", "threshold"}
    for cls in vars(events).values():
        if isinstance(cls, type) and issubclass(cls, Event):
            hints = typing.get_type_hints(cls)
            for f in dataclasses.fields(cls):
                if hints[f.name] in (float, float | None) and f.name not in TIMES:
                    assert (
                        f.name in numbers
                        or f.name.rpartition("_")[2] in ("s", "st", "db", "hz", "dbfs")
                        or (f.name == "dbfs")
                    ), (cls, f.name)
    record: Record = events.Interruption(
        start=1, end=2, speaker="A", interrupted="B", kind="failed", yielded="A", yielded_at=1.5
    )
    assert events.to_dict(events.moved(record, 10)) == events.to_dict(
        dataclasses.replace(record, start=11, end=12, yielded_at=11.5)  # type: ignore[call-arg]
    )
