"""What happened on the floor, from true segments: GAP's labelled overlaps, MRDA's backchannels and cut-off utterances.

  scripts/bench floor --data DIR [--half A|B]

The rules were written on half A of the files (every other one by name); B was kept aside.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from voicecoach.session import analyze_segments


def score(data: Path, *args: str) -> list[dict[str, float]]:
    done = subprocess.run(
        [sys.executable, str(data / "score.py"), *args], capture_output=True, text=True, check=True
    ).stdout
    return [json.loads(line) for line in done.splitlines()]


def f1(counts: dict[str, int]) -> float:
    return 2 * counts["tp"] / max(1, 2 * counts["tp"] + counts["fp"] + counts["fn"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with segments/ and score.py")
    parser.add_argument("--half", choices=["A", "B", "both"], default="both")
    args = parser.parse_args()
    folder = args.data / "segments"
    mrda = sorted(folder.glob("mrda_*.jsonl.gz"))
    mrda = {"A": mrda[::2], "B": mrda[1::2], "both": mrda}[args.half]
    totals: dict[str, dict[str, int]] = {}

    def add(found: list[dict[str, float]]) -> None:
        for row in found:
            total = totals.setdefault(str(row["metric"]), {"tp": 0, "fp": 0, "fn": 0})
            for key in total:
                total[key] += int(row[key])

    with tempfile.TemporaryDirectory() as temp:
        for path in mrda:
            analyze_segments(path, out=Path(temp))
            add(score(args.data, "mrda", f"{temp}/events.jsonl", str(path)))
        labels = folder / "gap_labels.jsonl"
        groups = sorted({json.loads(line)["group"] for line in labels.read_text().splitlines()})
        for group in groups:
            analyze_segments(folder / f"gap_{group:02d}.jsonl", out=Path(temp))
            add(score(args.data, "gap", f"{temp}/events.jsonl", str(labels), str(group)))
    for metric, counts in totals.items():
        row = {"bench": "floor", "data": f"segments, half {args.half}", "metric": metric, "value": round(f1(counts), 4)}
        print(json.dumps({**row, "unit": "F1", "better": "higher", **counts}))


if __name__ == "__main__":
    main()
