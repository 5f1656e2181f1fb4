"""The live way, for real: a virtual microphone hears two people, a virtual loudspeaker gives the coach's prompt."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import sound
from truth import explain, fixtures, match_events

from voicecoach.coach.voice import Voice
from voicecoach.events import CaptureGap, Prompt, SessionEnded, Speech, Turn, Word
from voicecoach.report.summary import summarise
from voicecoach.store.sessions import read_log

pytestmark = [
    pytest.mark.sound,
    pytest.mark.models,
    pytest.mark.skipif(bool(sound.missing()), reason=f"not installed: {sound.missing()}"),
]


def test_listen_hears_the_microphone_and_the_prompt_reaches_the_loudspeaker(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["paraphrase_missed"])
    (long,) = fixtures("2ch", names=["long_silence"])
    with sound.PulseServer() as pulse, pulse.recorded() as loudspeaker:
        command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "listen", "--people", "Anna,Ben"]
        command += ["--channels", "2", "--plain", "--out", str(tmp_path)]
        listening = subprocess.Popen(command, env=pulse.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        log = tmp_path / "events.jsonl"
        until = time.monotonic() + 60
        while not log.exists():
            assert time.monotonic() < until, "listen did not start"
            assert listening.poll() is None, listening.stderr and listening.stderr.read()
            time.sleep(0.1)
        time.sleep(1.5)
        pulse.play(fixture.audio).wait(timeout=60)
        time.sleep(2)
        pulse.play(long.audio).wait(timeout=60)
        time.sleep(3)
        listening.send_signal(signal.SIGINT)
        stdout, stderr = listening.communicate(timeout=90)
    assert listening.returncode == 0, stderr
    assert "report.html" in stdout
    assert (tmp_path / "report.html").exists()
    records = read_log(log)
    assert isinstance(records[-1], SessionEnded)
    assert records[-1].reason == "stopped"
    assert not [r for r in records if isinstance(r, CaptureGap)]
    assert summarise(records)

    speech = [r for r in records if isinstance(r, Speech)]
    shift = min(s.start for s in speech) - min(s.start for s in fixture.of("speech"))
    first = [r for r in records if isinstance(r, Speech) and r.start < shift + fixture.seconds]
    truth = fixture.of("speech")
    # the one who plays is a program too, and on a busy machine may stumble once: one unit may be divided or moved
    right = [t for t in truth if any(s.speaker == t.speaker and abs(s.start - shift - t.start) < 0.15 for s in first)]
    assert len(right) >= len(truth) - 1
    assert abs(len(first) - len(truth)) <= 1

    prompts = [r for r in records if isinstance(r, Prompt) and r.words]
    assert prompts, "the coach said nothing"
    heard = " ".join(w.word.lower() for w in records if isinstance(w, Word))
    for prompt in prompts:
        assert prompt.text.lower().strip(".?!") not in heard
        assert not [
            t for t in records if isinstance(t, Turn) and prompt.start < t.start < prompt.end and not prompt.cut
        ]
    with Voice() as voice:
        spoken = voice.say("Hello.", timeout_s=15.0) is not None
    if spoken:
        assert [p for p in prompts if p.spoken]
    assert np.abs(loudspeaker[0]).max() > 0.05, "nothing came out of the loudspeaker"


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
        command += ["--channels", "2", "--plain", "--no-voice", "--out", str(tmp_path)]
        done = subprocess.run(command, env=pulse.env, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 1
    assert "nothing but zeros" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "report.html").exists()
