"""Whole recordings through everything, against what is true of them."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile
from truth import Fixture, Score, add_scores, enrolments, explain, fixtures, match_events

from voicecoach.events import SessionEnded, SessionStarted, Turn, Word
from voicecoach.session import analyze, analyze_segments
from voicecoach.store.log import read_log, write_log

pytestmark = pytest.mark.models
WRITTEN = {"events.jsonl", "report.html", "report.json", "transcript.vtt", "speech.rttm", "turns.rttm"}


@pytest.mark.parametrize("fixture", fixtures("2ch"), ids=str)
def test_two_channels_give_every_event_its_kind_and_onset(fixture: Fixture, tmp_path: Path) -> None:
    files = analyze(fixture.audio, speakers=fixture.people, out=tmp_path)
    assert {f.name for f in files} == WRITTEN
    records = read_log(tmp_path / "events.jsonl")
    assert isinstance(records[0], SessionStarted)
    assert isinstance(records[-1], SessionEnded)
    scores = match_events(records, fixture.truth, tol_s=0.15)
    assert all(not s.missed and not s.extra for s in scores.values()), explain(scores)


def enrolled_scores(fixture: Fixture, out: Path) -> dict[str, Score]:
    analyze(fixture.audio, enroll=enrolments(), out=out)
    return match_events(read_log(out / "events.jsonl"), fixture.truth)


@pytest.mark.parametrize("rendering", ["mix", "room"])
def test_one_channel_with_enrolled_voices(rendering: str, tmp_path: Path) -> None:
    every = fixtures(rendering)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as both_cores:
        total = add_scores(both_cores.map(enrolled_scores, every, [tmp_path / f.name for f in every]))
    print(explain(total, rendering))  # -rP shows it
    assert total["interruption"].f1 >= 0.9, explain(total)
    assert total["overlap"].f1 >= 0.9, explain(total)
    assert total["backchannel"].f1 >= 0.9, explain(total)


def test_one_channel_and_nobody_enrolled_gives_two_voices(tmp_path: Path) -> None:
    (fixture,) = fixtures("mix", names=["clean_turns"])
    analyze(fixture.audio, out=tmp_path)
    records = read_log(tmp_path / "events.jsonl")
    assert isinstance(records[0], SessionStarted)
    assert records[0].people == ("A", "B")
    first, second = dict.fromkeys(r.speaker for r in fixture.truth if isinstance(r, Turn))
    turns = [{"A": first, "B": second}[r.speaker] for r in records if isinstance(r, Turn)]
    assert turns == [r.speaker for r in fixture.truth if isinstance(r, Turn)], "called A and B in order of appearance"
    assert {w.speaker for w in records if isinstance(w, Word)} == {"A", "B"}


def test_the_same_sound_on_both_channels_is_one_microphone(tmp_path: Path) -> None:
    """A recorder that writes stereo from one microphone puts nobody on a channel."""
    (fixture,) = fixtures("mix", names=["clean_turns"])
    sound, rate = soundfile.read(fixture.audio)
    both = np.stack((sound, sound), axis=1) + np.random.default_rng(1).normal(0, 1e-4, (len(sound), 2))
    soundfile.write(tmp_path / "talk.wav", both, rate)
    notes: list[str] = []
    analyze(tmp_path / "talk.wav", enroll=enrolments(), out=tmp_path, note=notes.append)
    records = read_log(tmp_path / "events.jsonl")
    assert isinstance(records[0], SessionStarted)
    assert (records[0].channels, records[0].hearing) == (1, "enrolled")
    speakers = [[r.speaker for r in some if isinstance(r, Turn)] for some in (records, fixture.truth)]
    assert speakers[0] == speakers[1]
    assert ["same sound" in note for note in notes] == [True]


def test_segments_give_the_same_files(tmp_path: Path) -> None:
    said = [(0.0, 4.0, "Ann", "and then I told her that the"), (3.4, 7.0, "Bo", "You never told me any of it.")]
    path = tmp_path / "talk.jsonl"
    path.write_text("\n".join(json.dumps(dict(zip(("start", "end", "speaker", "text"), s, strict=True))) for s in said))
    files = analyze_segments(path, out=tmp_path / "out")
    assert {f.name for f in files} == WRITTEN
    cuts = [r for r in read_log(tmp_path / "out" / "events.jsonl") if r.type == "interruption"]
    assert [(c.speaker, c.yielded) for c in cuts] == [("Bo", "Ann")]  # type: ignore[attr-defined]


def test_a_log_cut_off_in_its_last_line_is_read_up_to_there(tmp_path: Path) -> None:
    log = write_log(tmp_path, [SessionStarted(start=0, end=0), SessionEnded(start=1, end=1)])
    log.write_text(log.read_text()[:-20])
    assert [r.type for r in read_log(log)] == ["session"]
