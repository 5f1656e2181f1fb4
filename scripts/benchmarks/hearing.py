"""Who speaks when: diarisation error (no collar, overlap counted) of hearing alone, and what it costs.

  scripts/bench hearing --data DIR

Two channels, and one channel with enrolled voices, as live hearing decides them. Scored by DIR/score.py.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from voicecoach.audio import FileSource
from voicecoach.events import VoiceOff, VoiceOn
from voicecoach.hearing import Voiceprint, enroll, open_hearing


def sound(path: Path) -> np.ndarray:
    with FileSource(path) as source:
        return np.concatenate([c.samples for c in source.chunks()])


def voices(path: Path) -> dict[str, Voiceprint]:
    found = sorted(path.parent.glob(f"{path.stem}.enroll.*.flac"))
    return {f.name.split(".enroll.")[1].removesuffix(".flac"): enroll(sound(f).mean(axis=1)) for f in found}


def measure(path: Path, score: Path, prints: dict[str, Voiceprint] | None) -> None:
    samples = sound(path)
    hearing = open_hearing(samples.shape[1], list(prints) if prints else ["A", "B"], prints)
    begin = time.process_time()
    signals = [s for at in range(0, len(samples), 1600) for s in hearing.push(samples[at : at + 1600])]
    signals += hearing.finish()
    cpu = (time.process_time() - begin) / (len(samples) / 16_000)
    on: dict[str, float] = {}
    lines = []
    for s in signals:
        if isinstance(s, VoiceOn):
            on[s.speaker] = s.start
        elif isinstance(s, VoiceOff):
            a = on.pop(s.speaker)
            lines.append(f"SPEAKER x 1 {a:.3f} {s.start - a:.3f} <NA> <NA> {s.speaker} <NA> <NA>\n")
    with tempfile.TemporaryDirectory() as temp:
        out = Path(temp) / "found.rttm"
        out.write_text("".join(lines))
        command = [sys.executable, score, "who", out, path.with_suffix(".rttm")]
        row = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    figures = {"der": row["value"], **{k: row[k] for k in ("miss", "false_alarm", "confusion", "overlap_f1")}}
    for metric, value in {**figures, "cpu_per_audio_second": round(cpu, 4)}.items():
        better = "higher" if metric == "overlap_f1" else "lower"
        unit = "CPU-s/s" if metric.startswith("cpu") else ""
        told = {"bench": "hearing", "data": path.name, "metric": metric, "value": value, "unit": unit}
        print(json.dumps({**told, "better": better}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with two_channel/, one_channel/, score.py")
    args = parser.parse_args()
    for path in sorted((args.data / "two_channel").glob("*.flac")):
        measure(path, args.data / "score.py", None)
    for path in sorted((args.data / "one_channel").glob("*.*")):
        if path.suffix in (".flac", ".mp3") and ".enroll." not in path.name and (prints := voices(path)):
            measure(path, args.data / "score.py", prints)


if __name__ == "__main__":
    main()
