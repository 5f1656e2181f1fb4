"""`voicecoach listen` on a virtual microphone and loudspeaker (Linux, PulseAudio), in real time.

  scripts/bench live [--minutes 10] [--data DIR]

Plays the bundled two-channel dialogues, or those of DIR/two_channel, again and again. Counts what got lost, what it
cost (all processes), whether prompts came out of the loudspeaker, and words of them in the transcript. When prompts
sound is measured on the sound itself: loudspeaker and microphone are recorded side by side, the recordings that were
played are found in the latter, and their truth says who spoke when (the bundled ones' exact truth, or DIR's RTTM).
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy.signal import correlate

RATE = 16_000
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import sound  # noqa: E402
from truth import fixtures  # noqa: E402

from voicecoach.events import CaptureGap, Prompt, Word  # noqa: E402
from voicecoach.store.log import read_log  # noqa: E402


def tell(data: str, metric: str, value: float, unit: str, better: str) -> None:
    row = {"bench": "live", "data": data, "metric": metric, "value": round(value, 4), "unit": unit, "better": better}
    print(json.dumps(row), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    if sound.missing():
        sys.exit(f"not installed: {sound.missing()}")
    folder = args.data / "two_channel" if args.data else ROOT / "audio_fixtures"
    files = sorted(folder.glob("*.flac" if args.data else "*.2ch.flac"))
    name = "two_channel" if args.data else "audio_fixtures"
    played: list[Path] = []
    with (
        tempfile.TemporaryDirectory() as temp,
        sound.PulseServer() as pulse,
        pulse.recorded("vc_mic") as microphone,
        pulse.recorded() as loudspeaker,
    ):
        command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "listen", "--people", "Anna,Ben"]
        command += ["--consent", "--channels", "2", "--plain", "--out", temp]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        listening = subprocess.Popen(command, env=pulse.env, stdout=subprocess.DEVNULL)
        while not (Path(temp) / "events.jsonl").exists():
            time.sleep(0.1)
        begin, i = time.monotonic(), 0
        while time.monotonic() - begin < args.minutes * 60:
            player = pulse.play(files[i % len(files)])
            played.append(files[i % len(files)])
            i += 1
            while player.poll() is None and time.monotonic() - begin < args.minutes * 60:
                time.sleep(0.2)
            player.terminate()
            time.sleep(3)
        listening.send_signal(signal.SIGINT)
        listening.wait()
        peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        records = read_log(Path(temp) / "events.jsonl")
    heard_s = records[-1].end
    tell(name, "heard_s", heard_s, "s", "higher")
    tell(name, "frames_lost", sum(r.frames for r in records if isinstance(r, CaptureGap)), "frames", "lower")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    tell(name, "cpu_per_audio_second", cpu / heard_s, "CPU-s/s", "lower")
    tell(name, "rss_mb", peak_mb, "MB", "lower")
    words = " ".join(re.sub(r"[^a-z ]", "", r.word.lower()) for r in records if isinstance(r, Word))
    prompts = [r for r in records if isinstance(r, Prompt) and r.words]
    tell(name, "prompts", len(prompts), "", "higher")
    tell(name, "prompts_spoken", sum(p.spoken for p in prompts), "", "higher")
    own = sum(re.sub(r"[^a-z ]", "", p.text.lower()) in words for p in prompts)
    tell(name, "own_voice_prompts_in_transcript", own, "", "lower")
    level = np.sqrt(np.mean(np.square(loudspeaker[0][np.abs(loudspeaker[0]) > 1e-3]))) if prompts else 0.0
    tell(name, "loudspeaker_rms", float(level), "", "higher")
    timing(name, played, microphone[0], loudspeaker[0], args.data)


def truth(path: Path, data: Path | None) -> list[tuple[float, float, str]]:
    """Who speaks when in a recording: start and end in seconds, and the person."""
    if data is not None:
        rows = [line.split() for line in path.with_suffix(".rttm").read_text().splitlines()]
        return [(float(r[3]), float(r[3]) + float(r[4]), r[7]) for r in rows if r and r[0] == "SPEAKER"]
    (fixture,) = [f for f in fixtures("2ch") if f.audio == path]
    return [(r.start, r.end, str(r.speaker)) for r in fixture.of("speech")]  # type: ignore[attr-defined]


def found(path: Path, heard: np.ndarray, after: int) -> int:
    """Sample of ``heard`` at which the recording begins, not before ``after``."""
    piece, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = soxr.resample(piece.mean(axis=1), rate, RATE)[: 20 * RATE]
    window = heard[after : after + len(mono) + 30 * RATE]
    return after + int(np.argmax(correlate(window, mono, mode="valid", method="fft")))


def timing(name: str, played: list[Path], heard: np.ndarray, spoken: np.ndarray, data: Path | None) -> None:
    """When prompts sounded, against who spoke when."""
    speech: list[tuple[float, float, str]] = []
    at = 0
    for path in played:
        at = found(path, heard, at)
        speech += [(a + at / RATE, b + at / RATE, who) for a, b, who in truth(path, data)]
        at += RATE
    speech.sort()
    loud = np.convolve(np.abs(spoken), np.full(320, 1 / 320), "same") > 1e-3
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(np.int8), [0]))))
    sounds: list[list[float]] = []
    for a, b in zip(edges[::2] / RATE, edges[1::2] / RATE, strict=True):
        if sounds and a - sounds[-1][1] < 0.6:
            sounds[-1][1] = b
        else:
            sounds.append([a, b])
    prompts = [(a, b) for a, b in sounds if b - a > 0.7]  # a chime is shorter
    waits, over, middle, stops = [], 0, 0, []
    for a, b in prompts:
        before = [s for s in speech if s[0] < a]
        after = [s for s in speech if s[0] >= a]
        if not before:
            continue
        last = max(before, key=lambda s: s[1])
        over += int(last[1] > a)
        if last[1] <= a:
            waits.append(a - last[1])
        middle += int(bool(after) and after[0][2] == last[2] and after[0][0] - last[1] < 2.0)
        stops += [b - s[0] for s in after if a < s[0] < b]
    tell(name, "prompts_heard_at_the_loudspeaker", len(prompts), "", "higher")
    tell(name, "prompts_over_speech", over, "", "lower")
    tell(name, "prompts_in_mid_turn_pause_rate", middle / max(1, len(prompts)), "", "lower")
    for share in (50, 95):
        if waits:
            tell(name, f"end_of_turn_to_prompt_p{share}_s", float(np.percentile(waits, share)), "s", "lower")
    if stops:
        tell(name, "prompt_stops_after_voice_p95_s", float(np.percentile(stops, 95)), "s", "lower")


if __name__ == "__main__":
    main()
