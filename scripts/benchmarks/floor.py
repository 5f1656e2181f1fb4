"""What happened on the floor, from true segments: GAP's labelled overlaps, MRDA's backchannels and cut-off utterances.

  scripts/bench floor --data DIR [--half A|B] [--ablate] [--invariants]

Half A is every other file of MRDA and every other labelled group of GAP. The rules are plain and their points are set
by hand: nothing is fitted to either half. They were written while looking at half A; B's scores were seen while cues,
and what counts as true for the confidence, were chosen, so it is not untouched either.

Besides F1 by the data's own `score.py` it prints how far the confidence of interruptions can be believed, one row a bin
(``value``: the fraction that is true, ``confidence``: its mean, ``n``). Which truth:

- MRDA: that the one who stopped was not finished. The utterance of that person that ends then is marked ``%-``
  (interrupted) or, where people spoke at once, ``%--`` (given up): by definition somebody who is still speaking when
  another comes in and then stops unfinished was interrupted, whatever their own reason to stop. In a pause only
  ``%-`` counts. ``interrupted`` is the fraction marked ``%-``, whatever the kind. Stretches without labels are left
  out.
- GAP: the label of the overlap within 0.5 s. It asks less (did they come in with more than a sign of listening or a
  laugh?), so that nearly everything is true, however unsure we are that the speaker was not finished.

``live_precision`` is that of the interruptions that the coach answers at once, by the truth of MRDA.

``--ablate`` leaves out one cue after another (`voicecoach.floor.Cues`); ``claims`` and ``certainty`` are about what is
heard, so that nothing is lost without them here. ``--invariants`` checks what must hold of any
input on all of it: `tests/floor/invariants.py`; everything twice, as given utterances and, in part, as heard.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import importlib.util
import itertools
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from voicecoach.coach import policy
from voicecoach.events import Interruption, Record, Speech
from voicecoach.floor import ALL, Cues, Floor
from voicecoach.session import analyze_segments
from voicecoach.store.log import read_log
from voicecoach.store.segments import read_segments

TESTS = Path(__file__).parents[2] / "tests"
BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
HEARD_S = 300.0
"""As heard, the first minutes of each conversation are checked: replaying all of them would take hours."""
Totals = dict[str, dict[str, int]]


def say(half: str, metric: str, value: float, unit: str, better: str = "higher", **more: Any) -> None:
    row = {"bench": "floor", "data": f"segments, half {half}", "metric": metric, "value": round(value, 4)}
    print(json.dumps({**row, "unit": unit, "better": better, **more}), flush=True)


def jsonl(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


class Files:
    """Conversations of one half, and their labels."""

    def __init__(self, data: Path, half: str) -> None:
        folder = data / "segments"
        pick = {"A": slice(0, None, 2), "B": slice(1, None, 2), "both": slice(None)}[half]
        self.mrda = sorted(folder.glob("mrda_*.jsonl.gz"))[pick]
        self.labels_path = folder / "gap_labels.jsonl"
        self.labels = jsonl(self.labels_path)
        self.groups = sorted({label["group"] for label in self.labels})[pick]
        self.gap = {group: folder / f"gap_{group:02d}.jsonl" for group in self.groups}


def add(totals: Totals, metric: str, counts: Sequence[int]) -> None:
    total = totals.setdefault(metric, {"tp": 0, "fp": 0, "fn": 0})
    for key, count in zip(total, counts, strict=True):
        total[key] += count


def f1(counts: dict[str, int]) -> float:
    return 2 * counts["tp"] / max(1, 2 * counts["tp"] + counts["fp"] + counts["fn"])


# --- whole program, scored by the data's own script ----------------------------------------------------------------


def score(data: Path, *args: str) -> list[dict[str, Any]]:
    command = [sys.executable, str(data / "score.py"), *args]
    done = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in done.splitlines()]


def measure(data: Path, half: str) -> None:
    files, totals = Files(data, half), Totals()
    mrda: list[Judged] = []
    gap: list[Judged] = []
    with tempfile.TemporaryDirectory() as temp:
        log = Path(temp) / "events.jsonl"
        for path in files.mrda:
            analyze_segments(path, out=Path(temp))
            for row in score(data, "mrda", str(log), str(path)):
                add(totals, row["metric"], (row["tp"], row["fp"], row["fn"]))
            mrda += by_utterances(read_log(log), jsonl(path))
        for group, path in files.gap.items():
            analyze_segments(path, out=Path(temp))
            for row in score(data, "gap", str(log), str(files.labels_path), str(group)):
                add(totals, row["metric"], (row["tp"], row["fp"], row["fn"]))
            gap += by_labels(read_log(log), [label for label in files.labels if label["group"] == group])
    for metric, counts in totals.items():
        say(half, metric, f1(counts), "F1", **counts)
    reliability(half, "mrda", mrda)
    reliability(half, "gap", gap)
    live = [(true, cut) for e, true, cut in mrda if e.kind != "failed" and e.confidence >= policy.SURE]
    true, cut = (sum(column) / max(1, len(live)) for column in (zip(*live, strict=True) if live else ((), ())))
    more = {"n": len(live), "interrupted": round(cut, 3), "confidence_from": policy.SURE}
    say(half, "live_precision", true, "share true", **more)


# --- can the confidence be believed --------------------------------------------------------------------------------

Judged = tuple[Interruption, bool, bool]
"""An interruption, whether it is one, and whether annotators say that somebody was interrupted."""


def by_utterances(records: Sequence[Record], acts: Sequence[dict[str, Any]]) -> list[Judged]:
    marks = {(round(a["end"], 3), a["speaker"]): set(re.split(r"[\^.:|]", a["da"])) for a in acts}
    out = []
    for e in records:
        if isinstance(e, Interruption):
            stopped = e.yielded or (e.speaker if e.kind == "failed" else e.interrupted)
            at = e.end if e.yielded_at is None else e.yielded_at
            mark = marks.get((round(at, 3), stopped), {"z"})
            if "z" not in mark:
                cut = "%-" in mark
                out.append((e, cut or ("%--" in mark and e.kind != "silent"), cut))
    return out


def by_labels(records: Sequence[Record], labels: Sequence[dict[str, Any]]) -> list[Judged]:
    out = []
    for label in labels:
        found = [e for e in records if isinstance(e, Interruption) and e.speaker == label["speaker"]]
        near = [(abs(e.start - label["start"]), i) for i, e in enumerate(found)]
        distance, nearest = min(near, default=(1.0, 0))
        true = label["label"] == "interruption"
        out += [(found[nearest], true, true)] if distance <= 0.5 else []
    return out


def reliability(half: str, name: str, judged: Sequence[Judged]) -> None:
    error = 0.0
    for low, high in itertools.pairwise(BINS):
        inside = [j for j in judged if low <= j[0].confidence < high]
        if inside:
            mean = sum(e.confidence for e, _, _ in inside) / len(inside)
            true, cut = (sum(j[k] for j in inside) / len(inside) for k in (1, 2))
            error += abs(mean - true) * len(inside) / len(judged)
            more = {"n": len(inside), "confidence": round(mean, 3), "interrupted": round(cut, 3)}
            say(half, f"reliability_{name}_{low:.1f}", true, "share true", **more)
    say(half, f"calibration_error_{name}", error, "share", "lower", n=len(judged))


# --- what each cue is worth ----------------------------------------------------------------------------------------


def floor_of(path: Path, cues: Cues) -> list[dict[str, Any]]:
    segments = sorted(read_segments(path), key=lambda s: (s.start, s.end, s.speaker))
    floor = Floor(words=any(s.text for s in segments), cues=cues)
    found = []
    for s in segments:
        found += floor.utterance(Speech(start=s.start, end=s.end, speaker=s.speaker), s.text)
    found += floor.finish()
    kept = [e for e in found if isinstance(e, Record) and getattr(e, "status", "confirmed") == "confirmed"]
    return [{"type": e.type, **dataclasses.asdict(e)} for e in kept]


def scorer(data: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", data / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ablate(data: Path, half: str) -> None:
    """As `measure`, without the rest of the program: F1 with all cues and without each, and what is lost."""
    files, rows = Files(data, half), scorer(data)
    found: list[dict[str, Any]] = []
    rows.say = lambda **row: found.append(row)
    names = [f.name for f in dataclasses.fields(Cues)]
    everything: dict[str, float] = {}
    ways = [("nothing", ALL), *((n, dataclasses.replace(ALL, **{n: False})) for n in names)]
    ways.append(("all words", Cues(signs=False, endings=False, claims=False)))
    with tempfile.TemporaryDirectory() as temp:
        log = Path(temp) / "events.jsonl"
        for left_out, cues in ways:
            totals: Totals = {}
            found.clear()
            for path in (*files.mrda, *files.gap.values()):
                log.write_text("".join(json.dumps(e) + "\n" for e in floor_of(path, cues)), encoding="utf-8")
                group = next((str(g) for g, p in files.gap.items() if p == path), None)
                rows.gap(str(log), str(files.labels_path), group) if group else rows.mrda(str(log), str(path))
            for row in found:
                add(totals, row["metric"], (row["tp"], row["fp"], row["fn"]))
            for metric, counts in totals.items():
                value = f1(counts)
                lost = round(everything.setdefault(metric, value) - value, 4)
                say(half, f"{metric} without {left_out}", value, "F1", lost=lost)


# --- what must always hold -----------------------------------------------------------------------------------------


def invariants(data: Path, half: str) -> None:
    files = Files(data, half)
    wrong = 0
    for path in (*files.mrda, *sorted((data / "segments").glob("gap_[0-9]*.jsonl"))):
        for problem in _problems(path):
            wrong += 1
            print(f"{path.name}: {problem[:300]}", file=sys.stderr)
    say(half, "invariants_broken", wrong, "count", "lower")


def _problems(path: Path) -> Iterator[str]:
    sys.path[:0] = [str(TESTS / "floor")] if str(TESTS / "floor") not in sys.path else []
    import invariants as check

    said = check.on_grid([(s.start, s.end, s.speaker, s.text) for s in read_segments(path)])
    names = {who: f"x{who}" for *_, who, _ in said}  # in the same order by alphabet, which tells simultaneous starts
    records = check.given(said)
    yield from check.broken(records, said)
    yield from check.differences(records, check.given(check.shifted(said, 64.0)), 64.0)
    yield from check.differences(records, check.given(check.renamed(said, names)), names=names)
    part = [s for s in said if s[1] <= said[0][0] + HEARD_S]
    records = check.heard(part)
    yield from check.broken(records, part)
    yield from check.differences(records, check.heard(check.shifted(part, 64.0)), 64.0)
    yield from check.differences(records, check.heard(part, tick_s=0.7, late_s=2.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with segments/ and score.py")
    parser.add_argument("--half", choices=["A", "B", "both"], default="both")
    parser.add_argument("--ablate", action="store_true", help="what each cue is worth")
    parser.add_argument("--invariants", action="store_true", help="what must hold of any input")
    args = parser.parse_args()
    if args.ablate:
        ablate(args.data, args.half)
    elif args.invariants:
        invariants(args.data, args.half)
    else:
        halves = ["A", "B"] if args.half == "both" else [args.half]
        for half in halves:
            measure(args.data, half)


if __name__ == "__main__":
    main()
