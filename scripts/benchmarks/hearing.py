"""Who speaks when: diarisation error (no collar, overlap counted) of hearing alone, and what it costs.

  scripts/bench hearing --data DIR [--only SUBSTRING]

As live hearing decides it: two channels; two channels with the other person mixed into each at -12 dB; one channel
with enrolled voices; one channel and nobody enrolled (two people, in meetings up to four). `offline`: what the analysis
of a recording does otherwise than live, which is to find the voices in all of it first. Scored by DIR/score.py.
The cost is that of hearing, without enrolling or finding the voices first.
``--only`` keeps the rows whose name ("phone.wav separated", "woz_MUL1423.flac two_channel leak") has SUBSTRING in it.

Weights were fitted on repairs_40*, woz_MUL1423* and the first half of gecko. Nothing was fitted to the other woz calls,
the second half of gecko, phone and the meetings, but their scores were seen: the likeness below which voices are two
comes from SNG0072, the faintest level and the sureness of an overlap were chosen with phone and the meetings in view.
On two channels the truth is the energy of each channel; phone and the meetings were marked by people. The truth of
gecko comes from a transcript that leaves out some words, so part of its false alarm is speech.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from voicecoach.audio import FileSource
from voicecoach.hearing import Hearing, Voiceprint, enroll, find_voices, open_hearing
from voicecoach.hearing.base import stretches

LEAK_DB = -12.0
PHONE, MEETING = ("A", "B"), ("A", "B", "C", "D")


def sound(path: Path) -> np.ndarray:
    with FileSource(path) as source:
        return np.concatenate([c.samples for c in source.chunks()])


def voices(path: Path) -> dict[str, Voiceprint]:
    found = sorted(path.parent.glob(f"{path.stem}.enroll.*.flac"))
    return {f.name.split(".enroll.")[1].removesuffix(".flac"): enroll(sound(f).mean(axis=1)) for f in found}


def known_first(samples: np.ndarray, most: int) -> Hearing:
    found = dict(zip(MEETING, find_voices([samples], most), strict=False))
    return open_hearing(1, list(found) or ["A"], found or None)


def measure(name: str, truth: Path, samples: np.ndarray, start: Callable[[], Hearing]) -> None:
    hearing = start()
    begin = time.process_time()
    signals = [s for at in range(0, len(samples), 1600) for s in hearing.push(samples[at : at + 1600])]
    signals += hearing.finish()
    cpu = (time.process_time() - begin) / (len(samples) / 16_000)
    found = stretches(signals, hearing.people)
    lines = [f"SPEAKER x 1 {a:.3f} {b - a:.3f} <NA> <NA> {who} <NA> <NA>\n" for who in found for a, b in found[who]]
    with tempfile.TemporaryDirectory() as temp:
        out = Path(temp) / "found.rttm"
        out.write_text("".join(lines))
        command = [sys.executable, truth.parent.parent / "score.py", "who", out, truth]
        row = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    figures = {"der": row["value"], **{k: row[k] for k in ("miss", "false_alarm", "confusion", "overlap_f1")}}
    for metric, value in {**figures, "cpu_per_audio_second": round(cpu, 4)}.items():
        better = "higher" if metric == "overlap_f1" else "lower"
        unit = "CPU-s/s" if metric.startswith("cpu") else ""
        told = {"bench": "hearing", "data": name, "metric": metric, "value": value, "unit": unit}
        print(json.dumps({**told, "better": better}), flush=True)


def rows(data: Path) -> Iterator[tuple[str, Path, Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], Hearing]]]:
    """Name, recording, what is done to its sound, and what hears it."""

    def leak(x: np.ndarray) -> np.ndarray:
        return x + np.float32(10 ** (LEAK_DB / 20)) * x[:, ::-1]

    def same(x: np.ndarray) -> np.ndarray:
        return x

    for path in sorted((data / "two_channel").glob("*.flac")):
        yield f"{path.name} two_channel", path, same, lambda x: open_hearing(2, PHONE)
        yield f"{path.name} two_channel leak", path, leak, lambda x: open_hearing(2, PHONE)
    for path in sorted((data / "one_channel").glob("*.*")):
        if path.suffix not in (".flac", ".mp3", ".wav") or ".enroll." in path.name:
            continue
        if sorted(path.parent.glob(f"{path.stem}.enroll.*")):
            yield f"{path.name} enrolled", path, same, lambda x, p=path: open_hearing(1, list(v := voices(p)), v)
        people = MEETING if path.name.startswith("ami_") else PHONE
        yield f"{path.name} separated", path, same, lambda x, n=people: open_hearing(1, n)
        yield f"{path.name} separated offline", path, same, lambda x, n=people: known_first(x, len(n))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with two_channel/, one_channel/, score.py")
    parser.add_argument("--only", default="", metavar="SUBSTRING", help="the rows whose name has this in it")
    args = parser.parse_args()
    for name, path, change, start in rows(args.data):
        if args.only in name:
            samples = change(sound(path))
            measure(name, path.with_suffix(".rttm"), samples, lambda s=start, x=samples: s(x))


if __name__ == "__main__":
    main()
