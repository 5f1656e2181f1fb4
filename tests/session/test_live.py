"""The engine with real hearing, and words from a script so that no model is slow: what must never go wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from truth import Fixture, explain, fixtures, match_events

from voicecoach.errors import VoicecoachError
from voicecoach.events import CaptureGap, Event, Interruption, Partial, Record, SessionEnded, Word
from voicecoach.session import LiveSession
from voicecoach.store.log import read_log
from voicecoach.testing import FakeDecoder, FakeSource


def heard(fixture: Fixture, out: Path, **more: object) -> list[Record]:
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    decoder = FakeDecoder([e for e in fixture.truth if isinstance(e, Word)])
    source = FakeSource(sound, **more)  # type: ignore[arg-type]
    session = LiveSession(source, fixture.people, out=out, speak=False, hurry=True, decoder=decoder)  # type: ignore[arg-type]
    try:
        session.run()
    finally:
        assert source.closed
    return read_log(out / "events.jsonl")


@pytest.mark.parametrize("fixture", fixtures("2ch", names=["interruptions", "backchannels"]), ids=str)
def test_live_gives_the_true_events_whatever_the_size_of_chunks(fixture: Fixture, tmp_path: Path) -> None:
    records = heard(fixture, tmp_path / "a")
    scores = match_events(records, fixture.truth)
    assert all(not s.missed and not s.extra for s in scores.values()), explain(scores)
    other = heard(fixture, tmp_path / "b", block_s=0.037)
    assert sorted(map(repr, records[1:])) == sorted(map(repr, other[1:]))


def test_lost_sound_is_a_gap_and_the_timeline_stays_true(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    records = heard(fixture, tmp_path, lost={0: 32_000})
    (gap,) = [r for r in records if isinstance(r, CaptureGap)]
    assert (gap.start, gap.end) == (0, 2)
    first = next(r for r in records if r.type == "speech")
    assert first.start == pytest.approx(fixture.of("speech")[0].start + 2, abs=0.1)


def test_what_was_heard_before_the_microphone_went_is_kept_and_reported(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    with pytest.raises(VoicecoachError, match="What was heard until then is in"):
        heard(fixture, tmp_path, fails=VoicecoachError("The microphone stopped giving sound."))
    records = read_log(tmp_path / "events.jsonl")
    assert [r.type for r in records].count("turn") == len(fixture.of("turn"))
    assert isinstance(records[-1], SessionEnded)
    assert records[-1].reason == "broke off"
    assert (tmp_path / "report.html").exists()


def test_the_log_holds_only_what_will_not_change(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["interruptions"])
    seen: list[Event] = []
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    decoder = FakeDecoder([e for e in fixture.truth if isinstance(e, Word)])
    session = LiveSession(
        FakeSource(sound), fixture.people, out=tmp_path, speak=False, hurry=True, decoder=decoder, on_event=seen.append  # type: ignore[arg-type]
    )  # fmt: skip
    session.run()
    told = {e.status for e in seen if isinstance(e, Interruption)}
    assert told >= {"provisional", "confirmed"}
    logged = read_log(tmp_path / "events.jsonl")
    assert len([r for r in logged if r.type == "interruption"]) == len(fixture.of("interruption"))
    assert not [r for r in logged if isinstance(r, Partial)]


def test_noise_alone_gives_no_words(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.003, (16000 * 8, 2)).astype(np.float32)
    LiveSession(
        FakeSource(noise), ["A", "B"], out=tmp_path, speak=False, hurry=True, decoder=FakeDecoder([])  # type: ignore[arg-type]
    ).run()  # fmt: skip
    assert {r.type for r in read_log(tmp_path / "events.jsonl")} <= {"session", "noted", "session_end"}
