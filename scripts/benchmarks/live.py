"""`voicecoach listen` on a virtual microphone and loudspeaker (Linux, PulseAudio), in real time.

  scripts/bench live [--minutes 10] [--data DIR]

Plays the bundled two-channel dialogues, or those of DIR/two_channel, again and again. Counts what got lost, what it
cost (all processes), whether prompts came out of the loudspeaker, and words of them in the transcript.
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

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import sound  # noqa: E402

from voicecoach.events import CaptureGap, Prompt, Word  # noqa: E402
from voicecoach.store.sessions import read_log  # noqa: E402


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
    with tempfile.TemporaryDirectory() as temp, sound.PulseServer() as pulse, pulse.recorded() as loudspeaker:
        command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "listen", "--people", "Anna,Ben"]
        command += ["--channels", "2", "--plain", "--out", temp]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        listening = subprocess.Popen(command, env=pulse.env, stdout=subprocess.DEVNULL)
        while not (Path(temp) / "events.jsonl").exists():
            time.sleep(0.1)
        begin, i = time.monotonic(), 0
        while time.monotonic() - begin < args.minutes * 60:
            player = pulse.play(files[i % len(files)])
            i += 1
            while player.poll() is None and time.monotonic() - begin < args.minutes * 60:
                time.sleep(0.2)
            player.terminate()
            time.sleep(2)
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


if __name__ == "__main__":
    main()
