"""The live way, for real: a virtual microphone hears two people, a virtual loudspeaker gives the coach's prompt."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import sound
import soundfile
from truth import enrolments, explain, fixtures, match_events

from voicecoach.coach.voice import Voice
from voicecoach.events import (
    CaptureGap,
    Interruption,
    Prompt,
    Record,
    SessionEnded,
    SessionStarted,
    Speech,
    Turn,
    Word,
)
from voicecoach.report.figures import summarise
from voicecoach.samples import RATE, Samples
from voicecoach.store.log import read_log

pytestmark = [
    pytest.mark.sound,
    pytest.mark.models,
    pytest.mark.skipif(bool(sound.missing()), reason=f"not installed: {sound.missing()}"),
]


@contextlib.contextmanager
def listening(pulse: sound.PulseServer, out: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`voicecoach listen` while it hears the microphone."""
    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "listen", "--people", "Anna,Ben"]
    command += ["--consent", "--plain", "--out", str(out), *options]
    process = subprocess.Popen(command, env=pulse.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 60
        while not (out / "events.jsonl").exists():
            assert time.monotonic() < until, "listen did not start"
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.1)
        time.sleep(1.5)
        yield process
    finally:
        process.kill()
        process.wait()


def ended(process: subprocess.Popen[str]) -> str:
    """End a session as Ctrl-C does; what it printed."""
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=90)
    assert process.returncode == 0, stderr
    assert "report.html" in stdout
    return stdout


def told_then_silence(folder: Path) -> Path:
    """Anna tells something for nine seconds; then nobody speaks for seven, and Ben begins."""
    anna, ben = (soundfile.read(enrolments()[name], dtype="float32")[0] for name in ("Anna", "Ben"))
    both = np.random.default_rng(1).normal(0, 0.0005, (19 * RATE, 2)).astype(np.float32)
    both[RATE : 10 * RATE, 0] += anna[: 9 * RATE]
    both[17 * RATE : 19 * RATE, 1] += ben[: 2 * RATE]
    soundfile.write(folder / "told.wav", both, RATE)
    return folder / "told.wav"


def found_where_they_arrived(
    heard: Samples, played: Samples, truth: Sequence[Turn] | Sequence[Speech], found: Sequence[Turn] | Sequence[Speech]
) -> list[bool]:
    """Of each true turn or unit, whether one of that person begins where it arrived at the microphone, within 0.15 s.

    ``found`` has its own zero, so both are laid together where most agree.
    """
    at = sound.PulseServer.arrivals(heard, played, [t.start for t in truth])

    def right(zero: float) -> list[bool]:
        return [
            any(f.speaker == t.speaker and abs(f.start + zero - a) < 0.15 for f in found)
            for t, a in zip(truth, at, strict=True)
        ]

    return max((right(a - f.start) for a in at for f in found), key=sum)


def test_listen_hears_the_microphone_and_ends_properly(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["paraphrase_missed"])
    with sound.PulseServer() as pulse, listening(pulse, tmp_path, "--channels", "2") as session:
        with pulse.recorded("vc_mic") as heard:
            pulse.play(fixture.audio).wait(timeout=60)
            time.sleep(1)
        ended(session)
    records = read_log(tmp_path / "events.jsonl")
    assert (tmp_path / "report.html").exists()
    assert isinstance(records[-1], SessionEnded)
    assert records[-1].reason == "stopped"
    assert not [r for r in records if isinstance(r, CaptureGap)]
    assert summarise(records)
    truth, speech = ([r for r in rs if isinstance(r, Speech)] for rs in (fixture.truth, records))
    played = soundfile.read(fixture.audio, dtype="float32")[0].mean(axis=1)
    assert found_where_they_arrived(heard[0], played, truth, speech) == [True] * len(truth)
    assert abs(len(speech) - len(truth)) <= 1  # who plays may stumble within one


def after_a_telling(folder: Path, echo_ms: int) -> tuple[list[Record], Samples]:
    """The log of a session in which a prompt comes, and what came out of the loudspeaker.

    A computer that stands still for 0.4 s just as a prompt begins stops it (1 of 26 such sessions, two at a time): such
    a session is held again, but what stops every prompt is none.
    """
    path = told_then_silence(folder)
    for attempt in range(3):
        out = folder / f"out{attempt}"
        with sound.PulseServer() as pulse, pulse.recorded() as loudspeaker:
            if echo_ms:
                pulse.echo(echo_ms)
            with listening(pulse, out, "--channels", "2") as session:
                pulse.play(path).wait(timeout=60)
                time.sleep(1)
                ended(session)
        records = read_log(out / "events.jsonl")
        if not any(r.cut for r in records if isinstance(r, Prompt)):
            break
    return records, loudspeaker[0]


@pytest.mark.parametrize("echo_ms", [0, 60, 150])
def test_the_prompt_comes_in_the_silence_and_is_not_heard_as_a_person(echo_ms: int, tmp_path: Path) -> None:
    records, loudspeaker = after_a_telling(tmp_path, echo_ms)
    (prompt,) = [r for r in records if isinstance(r, Prompt) and r.words]
    assert (prompt.situation, prompt.to, prompt.cut) == ("invite", "Ben", False)
    speech = [r for r in records if isinstance(r, Speech)]
    anna_ends = max(s.end for s in speech if s.speaker == "Anna")
    ben_begins = min(s.start for s in speech if s.speaker == "Ben")
    assert ben_begins - anna_ends > 6, "the prompt was taken for Ben"
    assert 0.5 < prompt.start - anna_ends < 3.5
    assert prompt.end < ben_begins
    heard = " ".join(w.word.lower() for w in records if isinstance(w, Word))
    assert prompt.text.lower().strip(".?!") not in heard
    assert not [r for r in records if isinstance(r, Interruption)]
    with Voice() as voice:
        spoken = voice.say("Hello.", timeout_s=15.0) is not None
    assert prompt.spoken == spoken
    assert np.abs(loudspeaker).max() > 0.05, "nothing came out of the loudspeaker"


def test_a_microphone_for_each_person(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    both, rate = soundfile.read(fixture.audio, dtype="float32")
    for i, name in enumerate(("first", "second")):
        soundfile.write(tmp_path / f"{name}.wav", both[:, i], rate)
    devices = ("--device", "first_mic", "--device-b", "second_mic", "--no-voice")
    with sound.PulseServer() as pulse, listening(pulse, tmp_path / "out", *devices) as session:
        with pulse.recorded("vc_mic") as first, pulse.recorded("vc_other") as second:
            players = [pulse.play(tmp_path / "first.wav"), pulse.play(tmp_path / "second.wav", "vc_other")]
            for player in players:
                player.wait(timeout=60)
            time.sleep(1)
        ended(session)
    records = read_log(tmp_path / "out" / "events.jsonl")
    for i, (name, heard) in enumerate((("Anna", first[0]), ("Ben", second[0]))):
        truth, speech = (
            [r for r in rs if isinstance(r, Speech) and r.speaker == name] for rs in (fixture.truth, records)
        )
        assert found_where_they_arrived(heard, both[:, i], truth, speech) == [True] * len(truth)


def test_two_people_enrol_at_one_microphone_and_are_told_apart(tmp_path: Path) -> None:
    (fixture,) = fixtures("mix", names=["clean_turns"])
    with sound.PulseServer(channels=1) as pulse:
        pulse.env["XDG_DATA_HOME"] = str(tmp_path / "data")
        for name, path in enrolments().items():
            player = pulse.play(path)
            done = subprocess.run([sys.executable, "-c", "from voicecoach.cli import run; run()", "enroll", name],
                                  env=pulse.env, capture_output=True, text=True, timeout=90, check=False)  # fmt: skip
            player.terminate()
            assert done.returncode == 0, done.stderr
            assert f"{name}'s voice is known now." in done.stdout
        with listening(pulse, tmp_path / "out", "--no-voice") as session:
            with pulse.recorded("vc_mic") as heard:
                pulse.play(fixture.audio).wait(timeout=60)
                time.sleep(2)
            ended(session)
    assert not list((tmp_path / "data").rglob("*.wav"))
    records = read_log(tmp_path / "out" / "events.jsonl")
    assert isinstance(records[0], SessionStarted)
    assert (records[0].hearing, records[0].people) == ("enrolled", ("Anna", "Ben"))
    truth, turns = ([r for r in rs if isinstance(r, Turn)] for rs in (fixture.truth, records))
    played = soundfile.read(fixture.audio, dtype="float32")[0]
    assert found_where_they_arrived(heard[0], played, truth, turns) == [True] * len(truth)


def test_a_device_that_refuses_16_khz_is_heard_at_its_own_rate(tmp_path: Path) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 500 * np.arange(20 * RATE) / RATE)
    soundfile.write(tmp_path / "tone.wav", np.stack([tone, tone], axis=1), RATE)
    refusing = """
import numpy as np
import sounddevice
class Refusing(sounddevice.InputStream):
    def __init__(self, samplerate=None, **more):
        if samplerate == 16000:
            raise sounddevice.PortAudioError("Invalid sample rate", -9997)
        print(samplerate)
        super().__init__(samplerate=samplerate, **more)
sounddevice.InputStream = Refusing
from voicecoach.audio import Microphone
microphone = Microphone(channels=2)
heard = np.zeros(0)
for chunk in microphone.chunks():
    heard = np.append(heard, chunk.samples[:, 0])
    if len(heard) > 32000:
        break
microphone.close()
print(np.argmax(np.abs(np.fft.rfft(heard[16000:32000]))))
"""
    with sound.PulseServer() as pulse:
        pulse.play(tmp_path / "tone.wav")
        done = subprocess.run([sys.executable, "-c", refusing], env=pulse.env, capture_output=True, text=True,
                              timeout=60, check=True)  # fmt: skip
    rate, tone_hz = done.stdout.split()
    assert float(rate) == 44_100
    assert int(tone_hz) == pytest.approx(500, abs=1)


def test_a_microphone_that_goes_away_is_waited_for_and_heard_again(tmp_path: Path) -> None:
    """The sound server ends and comes back, and every device with it."""
    (fixture,) = fixtures("2ch", names=["paraphrase_missed"])
    truth = fixture.of("turn")
    with sound.PulseServer() as pulse, listening(pulse, tmp_path, "--channels", "2") as session:
        pulse.play(fixture.audio)
        time.sleep(truth[0].end + 1)
        gone = time.monotonic()
        pulse.stop()
        time.sleep(4)
        pulse.back()
        until = time.monotonic() + 30
        while not (gaps := [r for r in read_log(tmp_path / "events.jsonl") if isinstance(r, CaptureGap)]):
            assert time.monotonic() < until, "it did not hear the microphone again"
            time.sleep(0.1)
        back = time.monotonic()
        pulse.play(fixture.audio).wait(timeout=60)
        time.sleep(1)
        told = ended(session)
    (gap,) = gaps
    assert gap.reason == "gone"
    assert 4 < gap.end - gap.start < back - gone + 1
    assert "The microphone is gone." in told
    assert "the microphone is back" in told
    records = read_log(tmp_path / "events.jsonl")
    turns = [r for r in records if isinstance(r, Turn)]
    assert any(t.end < gap.start for t in turns)
    after = [t for t in turns if t.start > gap.end]
    assert [t.speaker for t in after] == [t.speaker for t in truth]
    assert [w.word for w in records if isinstance(w, Word) and w.start > gap.end]
    assert isinstance(records[-1], SessionEnded)
    assert records[-1].reason == "stopped"


def test_no_microphone_at_all_is_told(tmp_path: Path) -> None:
    with sound.PulseServer() as pulse:
        pulse.stop()
        for command in (["listen", "--consent", "--people", "Anna,Ben", "--out", str(tmp_path)], ["enroll", "Anna"]):
            done = subprocess.run([sys.executable, "-c", "from voicecoach.cli import run; run()", *command],
                                  env=pulse.env, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
            assert done.returncode == 1
            assert done.stderr.startswith("voicecoach: ")
            assert done.stderr.count("\n") == 1, done.stderr
            assert "microphone" in done.stderr


def test_a_file_played_as_if_live_gives_the_true_events(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["interruptions"])
    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "listen", "--people", "Anna,Ben"]
    command += ["--file", str(fixture.audio), "--speed", "2", "--no-voice", "--plain", "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    scores = match_events(read_log(tmp_path / "events.jsonl"), fixture.truth)
    assert scores["interruption"].f1 == 1.0, explain(scores)
    assert scores["overlap"].f1 >= 0.9, explain(scores)


def test_a_microphone_that_gives_only_zeros_is_told(tmp_path: Path) -> None:
    with sound.PulseServer() as pulse:
        command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "listen", "--people", "Anna,Ben"]
        command += ["--consent", "--channels", "2", "--plain", "--no-voice", "--out", str(tmp_path)]
        done = subprocess.run(command, env=pulse.env, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 1
    assert "nothing but zeros" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "report.html").exists()
