"""The engine with real hearing, and words from a script so that no model is slow: what must never go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from truth import Fixture, explain, fixtures, match_events

from voicecoach.audio import Chunk
from voicecoach.errors import VoicecoachError
from voicecoach.events import (
    CaptureGap,
    Event,
    Interruption,
    MicrophoneGone,
    Partial,
    Record,
    SessionEnded,
    Turn,
    Word,
)
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


def test_stopped_after_the_computer_slept_it_ends_without_hearing_all_the_silence(tmp_path: Path) -> None:
    """Half an hour takes a minute and more, a night most of an hour."""
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    gap: list[CaptureGap] = []

    def stop(event: Event) -> None:
        if isinstance(event, CaptureGap):
            gap.append(event)
        if gap and event.start > gap[0].start + 5:
            session.stop()

    session = LiveSession(
        FakeSource(sound, lost={20: 1800 * 16_000}), fixture.people, out=tmp_path, speak=False, hurry=True,
        decoder=FakeDecoder([]), on_event=stop,  # type: ignore[arg-type]
    )  # fmt: skip
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    assert isinstance(records[-1], SessionEnded)
    assert records[-1].reason == "stopped"
    assert records[-1].end < gap[0].start + 10
    assert gap[0] in records


def test_what_is_in_the_pipe_is_heard_though_some_of_it_was_lost(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)

    class Full(FakeSource):
        def stop(self) -> None:
            """All that came until then is given still."""

    session = LiveSession(
        Full(sound, lost={20: 16_000}), fixture.people, out=tmp_path, speak=False, hurry=True,
        decoder=FakeDecoder([]), on_event=lambda event: session.stop(),  # type: ignore[arg-type]
    )  # fmt: skip
    session.run()
    assert read_log(tmp_path / "events.jsonl")[-1].end == pytest.approx(len(sound) / 16_000 + 1.0, abs=0.1)


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


def test_a_device_that_is_gone_for_a_while_is_one_gap_and_the_session_goes_on(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    truth = fixture.of("turn")
    at = round((truth[1].end + truth[2].start) / 2 * 16_000)
    seen: list[Event] = []

    class Unplugged(FakeSource):
        """After the second turn it is gone for 30 s, which are told a little at a time; then it is asleep for 5 s."""

        def chunks(self) -> Iterator[Chunk]:
            yield Chunk(sound[:at])
            for _ in range(300):
                yield Chunk(sound[:0], 1_600, reason="gone")
            yield Chunk(sound[at : at + 1_600], 800)
            yield Chunk(sound[at + 1_600 :], 80_000, reason="asleep")

    words = [w for w in fixture.truth if isinstance(w, Word)]
    moved = [w if w.start * 16_000 < at else replace(w, start=w.start + 35.05, end=w.end + 35.05) for w in words]
    LiveSession(Unplugged(sound), fixture.people, out=tmp_path, speak=False, hurry=True, on_event=seen.append,
                decoder=FakeDecoder(moved)).run()  # type: ignore[arg-type]  # fmt: skip
    records = read_log(tmp_path / "events.jsonl")
    gone, asleep = (r for r in records if isinstance(r, CaptureGap))
    assert (gone.reason, gone.frames, asleep.reason, asleep.frames) == ("gone", 480_800, "asleep", 80_000)
    assert gone.start == pytest.approx(at / 16_000, abs=0.04)
    assert gone.end - gone.start == pytest.approx(30.05)
    assert len([e for e in seen if isinstance(e, MicrophoneGone)]) == 1
    turns = [r for r in records if isinstance(r, Turn)]
    assert [t.speaker for t in turns] == [t.speaker for t in truth]
    assert turns[2].start == pytest.approx(truth[2].start + 35.05, abs=0.15)
