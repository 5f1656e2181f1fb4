from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecoach.coach import chime
from voicecoach.coach.voice import Voice, VoiceSettings, find_voice, list_voices
from voicecoach.errors import MisuseError
from voicecoach.samples import RATE

PROMPT = "Sam, what did you hear?"


@pytest.fixture
def voice():
    with Voice() as voice:
        if not voice.available:
            pytest.skip(f"no voice here: {voice.reason}")
        yield voice


def child(script: str) -> tuple[str, str, str]:
    """A process in the voice's place that does as it likes."""
    return (sys.executable, "-c", "import json, sys\n" + script)


def test_a_prompt_becomes_samples(voice):
    samples = voice.say(PROMPT, timeout_s=10.0)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert 0.7 < len(samples) / RATE < 4.0
    assert np.abs(samples).max() <= 0.95 + 1e-6
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.1, rel=0.35)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems list their processes otherwise")
def test_what_it_says_stands_in_no_list_of_processes(voice):
    text = "Anna, what about the unmistakable rhubarb?"
    voice.prepare([text])
    seen = 0
    while not voice.settled(text):
        listed = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
        assert not [line for line in listed if b"rhubarb" in line]
        seen += any(b"synthesiser" in line for line in listed)
    assert voice.ready(text) is not None
    assert seen, "it was made before anybody looked"


def test_the_longer_text_takes_longer(voice):
    short = voice.say(PROMPT, timeout_s=10.0)
    long = voice.say("Let's go back to Anna. Anna, you were saying …?", timeout_s=10.0)
    assert len(long) > 1.3 * len(short)


def test_the_first_text_of_a_process_is_whole_however_long_it_takes(voice):
    """pyttsx3 used to give it back after 10 ms, made or not."""
    sentence = "Before you reply, tell Anna what you heard her say."
    one = voice.say(sentence, timeout_s=10.0)
    with Voice() as other:
        assert other.available
        process = other._child
        many = other.say(" ".join([sentence] * 12), timeout_s=20.0)
        assert other._child is process, "it took a second process"
    assert len(many) > 11 * len(one)


def test_the_voices_of_this_computer_can_be_found_by_name(voice):
    voices = list_voices()
    assert len({v.id for v in voices}) == len(voices) > 0
    assert find_voice(voices[0].name.upper()) in {v.id for v in voices}
    with pytest.raises(MisuseError, match="voicecoach voices"):
        find_voice("nobody at all")


def test_rate_and_volume_are_as_wished(voice):
    usual = voice.say(PROMPT, timeout_s=10.0)
    with Voice(VoiceSettings(rate=240, volume=0.25)) as other:
        quick = other.say(PROMPT, timeout_s=15.0)
    assert len(quick) < 0.85 * len(usual)
    assert np.sqrt(np.mean(quick**2)) == pytest.approx(0.25 * np.sqrt(np.mean(usual**2)), rel=0.2)


def test_prepared_texts_are_there_without_waiting(voice):
    voice.prepare([PROMPT, "Thank you, Anna."])
    assert voice.say("Thank you, Anna.", timeout_s=30.0) is not None
    began = time.perf_counter()
    assert voice.ready(PROMPT) is not None
    assert time.perf_counter() - began < 0.05


def test_what_was_not_prepared_is_not_ready(voice):
    assert voice.ready("Nobody asked for this") is None


def test_nothing_private_is_left_or_seen(voice):
    folder = voice._folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert voice.say("Sam, plum pudding?", timeout_s=10.0) is not None
    assert list(folder.iterdir()) == []
    if Path("/proc").is_dir():
        lines = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()]
        assert not any(b"plum pudding" in line for line in lines)
    voice.close()
    assert not folder.exists()


def test_closing_twice_is_fine_and_ends_the_process(voice):
    pid = voice._child._process.pid
    voice.close()
    voice.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert voice.say(PROMPT) is None


def test_a_voice_that_is_killed_is_started_again_and_nothing_is_lost(voice):
    assert voice.say("Anna, what did you hear?", 10) is not None
    voice._child._process.kill()
    voice._child._process.wait()
    assert voice.say("Ben, let Anna finish.", 20) is not None
    assert voice.available


def test_a_machine_without_a_voice_says_why_and_what_to_do():
    with Voice(command=child("print(json.dumps({'ok': False, 'error': 'RuntimeError: no engine'}))")) as voice:
        assert voice.say(PROMPT) is None
        assert not voice.available
        assert "no engine" in voice.reason


@pytest.mark.parametrize("script", ["sys.exit(1)", "print('not json')", "print('[]')"])
def test_a_voice_that_dies_or_babbles_at_the_start_is_no_voice(script):
    with Voice(command=child(script)) as voice:
        assert not voice.available
        assert voice.reason


def test_a_program_that_is_not_there_is_no_voice(tmp_path):
    with Voice(command=[str(tmp_path / "missing")]) as voice:
        assert not voice.available
        assert voice.say(PROMPT) is None


def test_a_voice_that_hangs_is_started_again(tmp_path):
    """The first process hangs on its first text; the second one speaks."""
    marker = tmp_path / "hung"
    script = f"""
import os, shutil, time
sys.stdin.readline(); print(json.dumps({{"ok": True}}), flush=True)
for line in sys.stdin:
    if not os.path.exists({str(marker)!r}):
        open({str(marker)!r}, "w").close()
        time.sleep(60)
    shutil.copy({str(tmp_path / "tone.wav")!r}, json.loads(line)["path"]); print(json.dumps({{"ok": True}}), flush=True)
"""
    soundfile.write(tmp_path / "tone.wav", 0.3 * np.sin(np.arange(22050) / 20), 22050)
    with Voice(command=child(script), timeout_s=0.5) as voice:
        samples = voice.say(PROMPT, timeout_s=10.0)
        assert samples is not None
        assert len(samples) == pytest.approx(RATE, rel=0.05)
        assert voice.available


def test_a_text_that_comes_out_silent_is_made_once_more(tmp_path):
    """As when a driver wrote the file's head and no sound."""
    script = f"""
import os, shutil
sys.stdin.readline(); print(json.dumps({{"ok": True}}), flush=True)
for line in sys.stdin:
    made = {str(tmp_path / "made")!r}
    shutil.copy({str(tmp_path / "tone.wav")!r} if os.path.exists(made) else {str(tmp_path / "none.wav")!r},
                json.loads(line)["path"])
    open(made, "w").close(); print(json.dumps({{"ok": True}}), flush=True)
"""
    soundfile.write(tmp_path / "tone.wav", 0.3 * np.sin(np.arange(22050) / 20), 22050)
    soundfile.write(tmp_path / "none.wav", np.zeros(0), 22050)
    with Voice(command=child(script), timeout_s=5.0) as voice:
        assert voice.say(PROMPT, timeout_s=10.0) is not None


def test_a_text_that_cannot_be_spoken_does_not_stop_the_others(tmp_path):
    script = f"""
import shutil
sys.stdin.readline(); print(json.dumps({{"ok": True}}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if "Bad" in request["text"]:
        print(json.dumps({{"ok": False, "error": "ValueError"}}), flush=True)
    else:
        shutil.copy({str(tmp_path / "tone.wav")!r}, request["path"]); print(json.dumps({{"ok": True}}), flush=True)
"""
    soundfile.write(tmp_path / "tone.wav", 0.3 * np.sin(np.arange(22050) / 20), 22050)
    with Voice(command=child(script), timeout_s=2.0) as voice:
        assert voice.say("Bad text", timeout_s=10.0) is None
        assert voice.say(PROMPT, timeout_s=10.0) is not None


def test_the_voice_is_not_imported_by_what_decides():
    code = "import sys, voicecoach.coach; sys.exit(any(m in sys.modules for m in ('pyttsx3', 'soundfile', 'soxr')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.models
def test_a_recogniser_understands_the_prompts(voice):
    from faster_whisper import WhisperModel

    from voicecoach import models

    whisper = WhisperModel(str(models.path("whisper-tiny.en")), compute_type="int8", cpu_threads=1)
    wanted = heard = 0
    for prompt in ("Sam, what did you hear Anna say?", "Anna, please pick up where you left off.", "Thank you, Sam."):
        segments, _ = whisper.transcribe(np.pad(voice.say(prompt, timeout_s=10.0), RATE // 2), language="en")
        said = set(re.findall(r"\w+", " ".join(s.text for s in segments).lower()))
        words = re.findall(r"\w+", prompt.lower())
        wanted += len(words)
        heard += sum(w in said for w in words)
    assert heard >= 0.7 * wanted


@pytest.mark.parametrize("kind", ["interruption", "listening_on", "listening_off", "prompt"])
def test_a_chime_is_short_soft_and_without_clicks(kind):
    samples = chime(kind)
    assert samples.dtype == np.float32
    assert len(samples) < RATE * (1.0 if kind == "listening_on" else 0.5)
    assert np.abs(samples).max() == pytest.approx(0.25)
    assert abs(samples[0]) < 0.01
    assert abs(samples[-1]) < 0.01
    assert np.abs(np.diff(samples)).max() < 0.15
    assert np.abs(np.fft.rfft(samples))[: int(200 * len(samples) / RATE)].max() < np.abs(np.fft.rfft(samples)).max() / 5


def test_chimes_are_told_apart():
    kinds = ["interruption", "listening_on", "listening_off", "prompt"]
    sounds = [chime(k) for k in kinds]
    assert all(not np.array_equal(a, b) for i, a in enumerate(sounds) for b in sounds[:i])


def test_the_synthesiser_ends_with_its_pipe():
    if not shutil.which("espeak-ng") and sys.platform == "linux":
        pytest.skip("no voice here")
    settings = b'{"rate": 165, "voice": null, "language": "en"}\n'
    done = subprocess.run(
        [sys.executable, "-m", "voicecoach.coach.synthesiser"],
        input=settings,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.stdout.strip() == b'{"ok": true}'
    assert done.returncode == 0


def test_what_is_wanted_first_is_made_before_what_waits(voice):
    many = [f"This is sentence number {n}." for n in range(30)]
    voice.prepare(many)
    voice.prepare(["Now, please."], first=True)
    assert voice.say("Now, please.", timeout_s=20.0) is not None
    assert not voice.settled(many[-1])


def test_a_text_that_cannot_be_spoken_is_settled():
    with Voice(command=child("sys.exit(3)")) as voice:
        assert not voice.available
        assert voice.settled("anything")
