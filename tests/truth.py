"""The recordings of audio_fixtures/ with their truth, and how well found events agree with it. For end-to-end tests.

for fixture in fixtures("2ch"):
    scores = match_events(events_of(fixture.audio), fixture.truth)
    assert scores["interruption"].f1 == 1.0, explain(scores)
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from voicecoach.events import Record, SessionStarted, Word, from_dict

FOLDER = Path(__file__).parent.parent / "audio_fixtures"
TYPES = ("backchannel", "overlap", "interruption")


@dataclass(frozen=True)
class Fixture:
    """One recording. ``rendering``: "2ch", "mix" or "room"; ``truth``: every record but the session line."""

    name: str
    rendering: str
    audio: Path
    truth: tuple[Record, ...]
    people: tuple[str, ...]
    seconds: float

    def __str__(self) -> str:
        return f"{self.name}.{self.rendering}"

    def of(self, *types: str) -> list[Record]:
        """The records of these types, in order."""
        return [r for r in self.truth if r.type in types]

    def text(self, speaker: str) -> str:
        """Everything this person says."""
        return " ".join(r.word for r in self.truth if isinstance(r, Word) and r.speaker == speaker)


def manifest() -> dict[str, Any]:
    """audio_fixtures/manifest.json."""
    loaded: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def enrolments() -> dict[str, Path]:
    """Name → about 15 s of that person reading alone, one channel."""
    return {name: FOLDER / f"enroll_{name.lower()}.flac" for name in ("Anna", "Ben")}


def someone_speaks(begin_s: float, length_s: float, whole_s: float, channels: int) -> np.ndarray:
    """A quiet room ``(n, channels)`` at 16 kHz; Anna speaks into the first channel, loud from the first moment."""
    voice, rate = soundfile.read(enrolments()["Anna"], dtype="float32")
    first = int(np.flatnonzero(np.abs(voice) > 0.05)[0])
    sound = np.random.default_rng(3).normal(0, 0.0005, (int(whole_s * rate), channels)).astype(np.float32)
    at, n = int(begin_s * rate), int(length_s * rate)
    sound[at : at + n, 0] += voice[first : first + n]
    return sound


def fixtures(*renderings: str, names: Sequence[str] = ()) -> list[Fixture]:
    """Every dialogue in these renderings (default: all three), or only the scenarios ``names``."""
    out = []
    for entry in manifest()["files"]:
        name, rendering = entry["file"].split(".")[0], entry["rendering"]
        if "truth" not in entry or (renderings and rendering not in renderings) or (names and name not in names):
            continue
        lines = (FOLDER / entry["truth"]).read_text(encoding="utf-8").splitlines()
        head, *records = (from_dict(json.loads(line)) for line in lines)
        assert isinstance(head, SessionStarted)
        out.append(Fixture(name, rendering, FOLDER / entry["file"], tuple(records), head.people, entry["seconds"]))
    return out


@dataclass
class Score:
    """Hits and misses of one type (``"overlap"``) or type and kind (``"overlap:terminal"``)."""

    hits: int = 0
    missed: int = 0
    extra: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.extra) if self.hits + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        """1.0 where there is nothing to find and nothing was found."""
        total = 2 * self.hits + self.missed + self.extra
        return 2 * self.hits / total if total else 1.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.hits + other.hits,
            self.missed + other.missed,
            self.extra + other.extra,
            self.differences + other.differences,
        )


def match_events(
    found: Iterable[Record],
    truth: Iterable[Record],
    tol_s: float = 0.15,
    types: Sequence[str] = TYPES,
    names: Mapping[str, str] | None = None,
) -> dict[str, Score]:
    """Agreement by type, and by ``type:kind`` where there are kinds.

    A hit is of the same type and speaker (for ``type:kind`` also the same kind) and begins at most ``tol_s`` from the
    true onset; one to one, nearest first. ``names``: found speaker → true speaker, for hearing that knows no names
    (see `best_names`).
    """
    names = names or {}
    found, truth = [r for r in found if r.type in types], [r for r in truth if r.type in types]
    scores = {}
    kinds = sorted({_label(r) for r in [*found, *truth]} - set(types))
    for label in [*types, *kinds]:
        mine, real = ([r for r in records if label in (r.type, _label(r))] for records in (found, truth))
        scores[label] = _score(mine, real, tol_s, names)
    return scores


def add_scores(many: Iterable[Mapping[str, Score]]) -> dict[str, Score]:
    """The scores of several recordings as one."""
    total: dict[str, Score] = {}
    for scores in many:
        for label, score in scores.items():
            total[label] = total.get(label, Score()) + score
    return total


def explain(scores: Mapping[str, Score], title: str = "") -> str:
    """A table with every difference under it; for assertion messages."""
    lines = [f"{title}  precision recall   f1"] if title else []
    for label, s in scores.items():
        lines.append(f"{label:26} {s.precision:5.2f} {s.recall:5.2f} {s.f1:5.2f}  ({s.hits} hit)")
        lines += [f"    {d}" for d in s.differences]
    return "\n".join(lines)


def best_names(found: Sequence[Record], truth: Sequence[Record]) -> dict[str, str]:
    """Found speaker → true speaker with the most speech in common. For separated voices called A and B."""
    spans = [[r for r in records if r.type == "speech"] for records in (found, truth)]
    mine, real = (sorted({_speaker(r) for r in s}) for s in spans)

    def shared(pairs: Iterable[tuple[str, str]]) -> float:
        return sum(
            max(0.0, min(f.end, t.end) - max(f.start, t.start))
            for a, b in pairs
            for f in spans[0]
            for t in spans[1]
            if (_speaker(f), _speaker(t)) == (a, b)
        )

    ways = [list(zip(mine, order, strict=False)) for order in itertools.permutations(real)]
    return dict(max(ways, key=shared))


def _score(found: list[Record], truth: list[Record], tol_s: float, names: Mapping[str, str]) -> Score:
    pairs = sorted(
        (abs(f.start - t.start), i, j)
        for i, f in enumerate(found)
        for j, t in enumerate(truth)
        if names.get(_speaker(f), _speaker(f)) == _speaker(t)
    )
    hit_found: set[int] = set()
    hit_truth: set[int] = set()
    for distance, i, j in pairs:
        if distance <= tol_s and i not in hit_found and j not in hit_truth:
            hit_found.add(i)
            hit_truth.add(j)
    score = Score(len(hit_found), len(truth) - len(hit_truth), len(found) - len(hit_found))
    for j, t in enumerate(truth):
        if j not in hit_truth:
            near = [f for f in found if abs(f.start - t.start) < 1.0]
            score.differences.append(f"missed {_show(t)}" + "".join(f"; near it {_show(f)}" for f in near[:2]))
    score.differences += [f"extra  {_show(f)}" for i, f in enumerate(found) if i not in hit_found]
    return score


def _label(r: Record) -> str:
    kind = getattr(r, "kind", None)
    return f"{r.type}:{kind}" if kind else r.type


def _speaker(r: Record) -> str:
    return str(getattr(r, "speaker", ""))


def _show(r: Record) -> str:
    text = getattr(r, "text", "") or getattr(r, "words_cut", "")
    return f"{_label(r)} {_speaker(r)} {r.start:.2f}–{r.end:.2f}" + (f" {text[:40]!r}" if text else "")
