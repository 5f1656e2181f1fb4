"""The whole analysis of recordings: how long it takes, and how far its words are from the truth, beside plain Whisper.

  scripts/bench analyze [--data DIR] [--no-reference]

The reference is faster-whisper base run alone on each channel (vad_filter, beam 5), as anybody would run it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

from voicecoach import models
from voicecoach.audio import FileSource
from voicecoach.session import analyze

ROOT = Path(__file__).parents[2]


def tell(data: str, metric: str, value: float, unit: str, better: str = "lower") -> None:
    row = {"bench": "analyze", "data": data, "metric": metric, "value": round(value, 4), "unit": unit}
    print(json.dumps({**row, "better": better}), flush=True)


def timed(data: str, whose: str, work: Callable[[], object]) -> None:
    """Wall and CPU seconds of ``work``. On a busy machine only those of the CPU can be compared."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    work()
    tell(data, f"{whose}wall_s", time.perf_counter() - wall_s, "s")
    tell(data, f"{whose}cpu_s", time.process_time() - cpu_s, "s")


def cpwer(score: Path, events: Path, truth: Path) -> float | None:
    if not (score.exists() and truth.exists()):
        return None
    done = subprocess.run([sys.executable, score, "wer", events, truth], capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return next((r["value"] for r in rows if r["metric"] == "cpwer"), None)


def reference(path: Path, out: Path) -> None:
    """Words of each channel by faster-whisper alone."""
    with FileSource(path) as source:
        sound = np.concatenate([c.samples for c in source.chunks()])
    model = WhisperModel(str(models.path("whisper-base")), device="cpu", compute_type="int8")
    with out.open("w") as file:
        for channel in range(sound.shape[1]):
            segments, _ = model.transcribe(sound[:, channel].copy(), language="en", vad_filter=True, beam_size=5)
            for s in segments:
                for word in s.text.split():
                    row = {"type": "word", "start": s.start, "speaker": f"{channel}", "word": word}
                    file.write(json.dumps(row) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--no-reference", action="store_true")
    args = parser.parse_args()
    folder = args.data / "two_channel" if args.data else ROOT / "audio_fixtures"
    for path in sorted(folder.glob("*.flac" if args.data else "*.2ch.flac")):
        score, truth = (args.data or Path()) / "score.py", path.with_suffix("").with_suffix(".words.jsonl")
        with tempfile.TemporaryDirectory() as temp:
            timed(path.name, "", lambda path=path, temp=temp: analyze(path, out=Path(temp)))
            value = cpwer(score, Path(temp) / "events.jsonl", truth)
            if value is not None:
                tell(path.name, "cpwer", value, "")
            if not args.no_reference:
                words = Path(temp) / "reference.jsonl"
                timed(path.name, "reference_", lambda path=path, words=words: reference(path, words))
                value = cpwer(score, words, truth)
                if value is not None:
                    tell(path.name, "reference_cpwer", value, "")


if __name__ == "__main__":
    main()
