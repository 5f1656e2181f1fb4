"""Fit the floor's numbers (voicecoach/floor/data/fitted.json) to conversations that people labelled.

  scripts/bench floor_fit --data DIR [--write]

From MRDA, half A of its files (every other one by name), it takes log-odds of cues only; no words are taken from it.
Truth: *sign*, tag ``b`` or ``bk``; *yields*, ``%-`` (interrupted); *sure*, ``%-`` or ``%--`` (gave up) where people
spoke at once, as then the one who stopped was not finished by either mark, and ``%-`` alone where they did not.
Logistic regression with a weak ridge; the thresholds are those with the best F1.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach.events import Speech
from voicecoach.floor import Cues, Floor, contacts
from voicecoach.floor.fitted import sigmoid
from voicecoach.floor.judge import Contact, cues_to_yielding
from voicecoach.floor.rules import listening
from voicecoach.floor.units import Unit
from voicecoach.store.segments import read_segments

OUT = Path(__file__).parents[2] / "voicecoach/floor/data/fitted.json"
RIDGE = 1.0
Rows = list[dict[str, float]]


class Watching(contacts.Contacts):
    """Keeps what it judges by: cues, with the start or end and speaker of the unit in question."""

    signs: list[tuple[dict[str, float], float, str]]
    stops: list[tuple[Contact, float, str]]

    def _listening(self, unit: Unit) -> float:
        if unit.text and (found := listening(unit.text, self._around(unit), self._words)):
            self.signs.append((found, unit.start, unit.speaker))
        return super()._listening(unit)

    def _contact(self, m: Any, loser: Unit, look: float) -> Contact:
        contact = super()._contact(m, loser, look)
        if self._main(m):
            self.stops.append((contact, loser.end, loser.speaker))
        return contact


def watch(path: Path) -> Watching:
    floor = Floor()
    floor._contacts.__class__ = Watching  # type: ignore[assignment]
    watching: Watching = floor._contacts  # type: ignore[assignment]
    watching.signs, watching.stops = [], []
    for s in sorted(read_segments(path), key=lambda s: (s.start, s.end, s.speaker)):
        floor.utterance(Speech(start=s.start, end=s.end, speaker=s.speaker), s.text)
    floor.finish()
    return watching


def fit(rows: Rows, truth: Sequence[bool], given: Mapping[str, float] | None = None) -> dict[str, float]:
    """Log-odds by name of cue; those in ``given`` stay as they are."""
    given = given or {}
    names = sorted({name for row in rows for name in row} - set(given))
    x = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    fixed = np.array([sum(given[name] * v for name, v in row.items() if name in given) for row in rows])
    y, w = np.array(truth, float), np.zeros(len(names))
    for _ in range(30):
        p = 1 / (1 + np.exp(-(x @ w + fixed)))
        w += np.linalg.solve((x.T * (p * (1 - p))) @ x + RIDGE * np.eye(len(w)), x.T @ (y - p) - RIDGE * w)
    return {name: round(float(v), 2) for name, v in zip(names, w, strict=True)}


def p_of(weights: Mapping[str, float], rows: Rows) -> np.ndarray:
    return np.array([sigmoid(sum(weights[name] * v for name, v in row.items())) for row in rows])


def best_threshold(p: np.ndarray, truth: Sequence[bool], total: int) -> float:
    y = np.array(truth)
    return max(np.arange(0.2, 0.6, 0.02), key=lambda t: 2 * y[p >= t].sum() / ((p >= t).sum() + total)).round(2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with segments/")
    parser.add_argument("--write", action="store_true", help=f"write {OUT.name}; otherwise print it")
    args = parser.parse_args()
    signs: Rows = []
    is_sign: list[bool] = []
    marked_signs = 0
    stops: list[Contact] = []
    whose: list[tuple[str, float, str]] = []
    cut: list[bool] = []
    left: list[bool] = []
    for path in sorted((args.data / "segments").glob("mrda_*.jsonl.gz"))[::2]:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            acts = [json.loads(line) for line in lines]
        tags = [set(re.split(r"[\^.:|]", a["da"])) for a in acts]
        by_start = {(a["start"], a["speaker"]): t for a, t in zip(acts, tags, strict=True)}
        by_end = {(a["end"], a["speaker"]): t for a, t in zip(acts, tags, strict=True)}
        marked_signs += sum(bool(t & {"b", "bk"}) for t in tags)
        watching = watch(path)
        for found, start, who in watching.signs:
            if "z" not in (marks := by_start.get((start, who), {"z"})):  # z: this stretch has no labels
                signs.append(found)
                is_sign.append(bool(marks & {"b", "bk"}))
        for contact, end, who in watching.stops:
            if contact.text and "z" not in (marks := by_end.get((end, who), {"z"})):
                stops.append(contact)
                whose.append((path.name, end, who))
                cut.append("%-" in marks)
                left.append("%-" in marks or ("%--" in marks and contact.kind != "pause"))
    words = watching._words
    rows = [cues_to_yielding(c, words, Cues()) for c in stops]
    blind = [cues_to_yielding(c, words, Cues(endings=False)) for c in stops]
    sign = fit(signs, is_sign)
    yields = fit(rows, cut)
    yields |= fit(blind, cut, yields)
    p = p_of(yields, rows)
    scores: Rows = [
        {"one": 1.0, "score": float(np.log(q / (1 - q))), "pause": float(c.kind == "pause")}
        for q, c in zip(p, stops, strict=True)
    ]
    best: dict[tuple[str, float, str], tuple[float, bool]] = {}
    for who, q, y in zip(whose, p, cut, strict=True):
        best[who] = max(best.get(who, (0.0, y)), (float(q), y))
    tops, ends = np.array([q for q, _ in best.values()]), [y for _, y in best.values()]
    found_all = {
        "source": "MRDA (ICSI meetings), every other file by name; scripts/bench floor_fit",
        "sign": {"weights": sign, "from_p": best_threshold(p_of(sign, signs), is_sign, marked_signs)},
        "yields": {"weights": yields, "from_p": best_threshold(tops, ends, sum(ends))},
        "sure": {"weights": fit(scores, left), "from_p": 0.5},
    }
    text = json.dumps(found_all, indent=2) + "\n"
    if args.write:
        OUT.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
