"""What may go wrong while a session runs: each ends in one sentence, and what was heard until then is kept."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from truth import fixtures

from voicecoach.audio import Chunk
from voicecoach.coach.voice import Voice
from voicecoach.errors import VoicecoachError
from voicecoach.events import Clock, Event, SessionEnded, SessionStarted, Turn, Word
from voicecoach.session import LiveSession, decoding
from voicecoach.store.log import read_log
from voicecoach.testing import FakeDecoder, FakeSource
from voicecoach.transcript import Job, Result

pytestmark = [pytest.mark.models]


def voicecoach(*args: str, room: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command; ``room``: no file may become longer than so many bytes, as if the disk were full then."""

    def limit() -> None:
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, preexec_fn=limit)


@pytest.mark.parametrize("room", [3_000, 8_000])
def test_a_disk_that_fills_up_ends_the_session_and_keeps_its_log(room: int, tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    out = tmp_path / "session"
    done = voicecoach("listen", "--file", str(fixture.audio), "--speed", "20", "--no-voice", "--plain",
                      "--out", str(out), room=room)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "make room on the disk" in done.stderr
    assert str(out) in done.stderr
    records = read_log(out / "events.jsonl")
    assert isinstance(records[0], SessionStarted)
    assert len(records) > 5
    assert not [p for p in out.iterdir() if p.name != "events.jsonl" and os.stat(p).st_size >= room]


def test_a_recording_whose_sound_finds_no_room_is_told_where_to_make_some(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    done = voicecoach("analyze", str(fixture.audio), "--out", str(tmp_path / "out"), room=300_000)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "make room there" in done.stderr


def test_a_report_that_finds_no_room_can_be_written_elsewhere_from_its_log(tmp_path: Path) -> None:
    said = tmp_path / "said.jsonl"
    said.write_text('{"start": 0.0, "end": 4.0, "speaker": "Ann", "text": "and then I told her everything"}\n')
    done = voicecoach("analyze", "--segments", str(said), "--out", str(tmp_path / "full"), room=10_000)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    command = done.stderr.rsplit("voicecoach ", 1)[1].replace("FOLDER", str(tmp_path / "roomy")).split()
    again = voicecoach(*command)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "roomy" / "report.html").exists()


SHORT_OF_MEMORY = """
import resource, sys
from voicecoach.transcript import Decoder
decode, calls, fails = Decoder.decode, [0], range(3, int(sys.argv.pop()))
def short(self, job):
    calls[0] += 1
    taken = []
    if calls[0] in fails:  # this program gets no more memory, really, nor what it has free
        decode(self, job)  # oneDNN, which dies where it gets none for its code, has compiled it
        size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + (1 << 20), resource.RLIM_INFINITY))
        try:
            while True:
                taken.append(bytearray(1 << 20))
        except MemoryError:
            pass
    try:
        return decode(self, job)
    finally:
        taken.clear()
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
Decoder.decode = short
from voicecoach.cli import run
run()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
@pytest.mark.parametrize("until", [4, 99])
def test_memory_that_is_short_while_words_are_written_down(until: int, tmp_path: Path) -> None:
    """Short once, it is tried again and nothing is lost; short for good, the session is kept and says so."""
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    command = [sys.executable, "-c", SHORT_OF_MEMORY, "listen", "--file", str(fixture.audio), "--speed", "20"]
    command += ["--no-voice", "--plain", "--out", str(tmp_path), str(until)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    words = [r for r in read_log(tmp_path / "events.jsonl") if isinstance(r, Word)]
    assert (tmp_path / "report.html").exists()
    if until == 4:
        assert done.returncode == 0, done.stderr
        assert len(words) == pytest.approx(len([e for e in fixture.truth if isinstance(e, Word)]), rel=0.15)
    else:
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1, done.stderr
        assert "close other programs to free memory" in done.stderr
        assert "What was heard until then is in" in done.stderr


class Slowly(FakeSource):
    """Forty times as fast as it was spoken, so that what is decoded beside it is ready in time."""

    def chunks(self) -> Iterator[Chunk]:
        for chunk in super().chunks():
            time.sleep(len(chunk.samples) / 16_000 / 40)
            yield chunk


class Broken(FakeDecoder):
    """Fails from its tenth job on, for good."""

    jobs = 0

    def decode(self, job: Job) -> Result:
        self.jobs += 1
        if self.jobs >= 10:
            raise MemoryError
        return super().decode(job)


@pytest.mark.parametrize("hurry", [False, True])
def test_a_recogniser_that_fails_for_good_in_a_session_ends_it_with_all_that_an_end_has(
    hurry: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "AGAIN_S", (0.0,))
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    heard, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    script = [e for e in fixture.truth if isinstance(e, Word)]
    session = LiveSession(
        Slowly(heard), fixture.people, out=tmp_path, speak=False, hurry=hurry, decoder=Broken(script)  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(VoicecoachError) as told:
        session.run()
    assert "Speech could not be written down any more" in str(told.value)
    assert f"What was heard until then is in {tmp_path}" in str(told.value)
    records = read_log(tmp_path / "events.jsonl")
    assert isinstance(records[-1], SessionEnded)
    assert records[-1].reason == "broke off"
    assert 1.0 < records[-1].end < len(heard) / 16_000 - 1.0
    assert {type(r) for r in records} >= {Word, Turn}
    assert (tmp_path / "report.html").exists()


def test_a_voice_that_is_killed_while_a_session_runs_is_started_again(tmp_path: Path) -> None:
    """And everything it is to say still gets made."""
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    heard, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    killed, made = list[int](), list[bool]()

    def watch(event: Event) -> None:
        voice = session._voice
        assert voice is not None
        if isinstance(event, Clock) and not killed and voice._child is not None and voice.say("Hello.", 15) is not None:
            killed.append(voice._child._process.pid)
            os.kill(killed[0], signal.SIGKILL)
        if isinstance(event, SessionEnded):
            made.append(voice.say("Something it was not told of before.", 20) is not None)
            assert voice._child._process.pid != killed[0]

    session = LiveSession(
        FakeSource(heard), fixture.people, out=tmp_path, decoder=FakeDecoder([]), on_event=watch,  # type: ignore[arg-type]
    )  # fmt: skip
    if not Voice().available:
        pytest.skip("no voice here")
    session.run()
    assert made == [True]
    assert isinstance(read_log(tmp_path / "events.jsonl")[-1], SessionEnded)


def test_an_analysis_without_room_says_so(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    done = voicecoach("analyze", str(fixture.audio), "--out", str(tmp_path / "out"), room=100_000)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "room" in done.stderr
