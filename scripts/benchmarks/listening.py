"""Does the judge of replies agree with people? AnnoMI, ESConv, EPITOME, GoEmotions in ``--data DIR/text``.

One JSON object a line; ``low`` and ``high`` bound the value with 95 % confidence (bootstrap over sessions in AnnoMI,
over replies elsewhere), ``table`` counts what was judged how. Nothing is trained on these files but the moods (on
GoEmotions' training part). The judge was made while looking at the even-numbered AnnoMI sessions; the figures to quote
are those of the odd-numbered ones (``annomi-test``). ``-rules``: without the model of sentences.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from voicecoach import models
from voicecoach.listening import Judgement, Meaning, judge, understand
from voicecoach.listening.language import load
from voicecoach.listening.text import sentences

sys.path.insert(0, str(Path(__file__).parents[1] / "replies"))
from train import MOODS

Pair = tuple[str, str, str]  # reply, what was said before, label
Score = Callable[[Judgement], float]

HEARD = (2, 4, 6, 8, 10, 12, 15, 20, 30)
"""Words of a reply after which it is asked whether it is going to reflect; about 3 are spoken in a second."""
SAID_WORDS = 25
"""What a client said before is taken back so far, as the coach hears turns whole and not between two "mm-hm"."""
DRAWS = 400
PARTS = ("annomi", "esconv", "epitome", "goemotions", "time")


class Remembering:
    """Sentence vectors, each computed once; `learn` does many at once, which is quicker."""

    def __init__(self) -> None:
        self._model = models.sentences()
        self._known: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str], /) -> np.ndarray:
        new = sorted({t for t in texts if t not in self._known})
        if new:
            self._known.update(zip(new, self._model(new), strict=True))
        return np.array([self._known[t] for t in texts], np.float32)

    def learn(self, replies: Iterable[str]) -> None:
        self([s.plain for r in replies for s in sentences(r, load()) if s.words])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that has text/annomi.jsonl and the others")
    parser.add_argument("--part", action="append", choices=PARTS, help="only these (may be repeated)")
    parser.add_argument("--rules-only", action="store_true", help="as where the model of sentences was not fetched")
    arguments = parser.parse_args()
    text, parts = arguments.data / "text", arguments.part or PARTS
    embed = Remembering() if models.installed("minilm") and not arguments.rules_only else None
    bench = Bench(embed)
    if "annomi" in parts:
        bench.annomi(text)
    if "esconv" in parts:
        bench.esconv(text)
    if "epitome" in parts:
        bench.epitome(text)
    if "goemotions" in parts and embed is not None:
        bench.goemotions(text)
    if "time" in parts:
        bench.time(text)


class Bench:
    """All measurements with one way of judging."""

    def __init__(self, embed: Remembering | None) -> None:
        self._embed = embed
        self._meaning: Meaning | None = understand(embed, "en")
        self._suffix = "" if embed is not None else "-rules"

    def annomi(self, text: Path) -> None:
        sessions = annomi(text / "annomi.jsonl")
        for name, rest in (("annomi-tune", 0), ("annomi-test", 1)):
            half = [(number, pair) for number, pair in sessions if number % 2 == rest]
            groups, replies = np.array([number for number, _ in half]), [pair for _, pair in half]
            truth = [label == "reflection" for _, _, label in replies]
            found = self.judged(replies)
            self.report(name, "reflection", truth, found, reflection, groups)
            self.report(name, "question", [p[2] == "question" for p in replies], found, question, groups)
            table = Counter(f"{label}, judged {first_act(j)}" for (_, _, label), j in zip(replies, found, strict=True))
            self.say(name, "reflection and question errors", errors(table), "replies", "lower", table=dict(table))
            self.rare(name, found)
            self.report(f"{name}-no-punctuation", "reflection", truth, self.judged(bare(replies)), reflection, groups)
            for words in HEARD if rest else ():
                heard = self.judged([(" ".join(a.split()[:words]), b, label) for a, b, label in replies])
                self.report(f"{name}-first-{words}-words", "reflection", truth, heard, reflection, groups)

    def esconv(self, text: Path) -> None:
        chats = esconv(text / "esconv.tsv")
        found = self.judged(chats)
        for act, labels, score in (
            ("reflection", ("Restatement or Paraphrasing", "Reflection of feelings"), reflection),
            ("advice", ("Providing Suggestions",), lambda j: j.acts["advice"]),
            ("question", ("Questions",), question),
        ):
            self.report("esconv", act, [p[2] in labels for p in chats], found, score)
        self.rare("esconv", found)

    def epitome(self, text: Path) -> None:
        with (text / "epitome_interpretations.csv").open(encoding="utf-8", newline="") as file:
            posts = [(r["response_post"], r["seeker_post"], r["level"]) for r in csv.DictReader(file)]
        self.report("epitome", "interpretation", [p[2] != "0" for p in posts], self.judged(posts), understanding)

    def goemotions(self, text: Path) -> None:
        names = (text / "goemotions_labels.txt").read_text(encoding="utf-8").split()
        lines = [x.split("\t") for x in (text / "goemotions_dev.tsv").read_text(encoding="utf-8").splitlines()]
        labels = [{names[int(i)] for i in line[1].split(",")} for line in lines]
        found = self.judged([(line[0], "", "") for line in lines])
        truth = np.array([[bool(label & {*group}) for group in MOODS.values()] for label in labels])
        said = np.array([[j.moods.get(mood, 0.0) >= 0.5 for mood in MOODS] for j in found])
        low, high = interval(len(found), lambda rows: macro_f1(truth[rows], said[rows]))
        table = {mood: round(f1(truth[:, i], said[:, i]), 3) for i, mood in enumerate(MOODS)}
        self.say("goemotions-dev", "moods macro f1", macro_f1(truth, said), "", "higher", low, high, table)
        self.rare("goemotions-dev", found)

    def time(self, text: Path) -> None:
        replies = [pair for number, pair in annomi(text / "annomi.jsonl") if number % 2][:400]
        self.judged(replies)  # every vector is known then
        began = time.perf_counter()
        self.judged(replies)
        spent = time.perf_counter() - began
        self.say("annomi-test", "time beside vectors", 1000 * spent / len(replies), "ms/reply", "lower")
        if self._embed is not None:
            fresh = models.sentences()
            spoken = [s.plain for r, _, _ in replies for s in sentences(r, load()) if s.words][:60]
            began = time.perf_counter()
            for sentence in spoken:
                fresh([sentence])
            spent = time.perf_counter() - began
            self.say("annomi-test", "time of a vector", 1000 * spent / len(spoken), "ms/sentence", "lower")

    def judged(self, pairs: Sequence[Pair]) -> list[Judgement]:
        if self._embed is not None:
            self._embed.learn(reply for reply, _, _ in pairs)
        return [judge(reply, said, "en", self._meaning) for reply, said, _ in pairs]

    def rare(self, data: str, found: Sequence[Judgement]) -> None:
        """How often an act that would hurt if it were wrong is shown at all."""
        for act in ("sarcasm", "contempt", "threat"):
            shown = sum(j.acts[act] >= 0.5 for j in found)
            self.say(data, f"{act} shown", 500 * shown / len(found), "in 500", "lower")

    def report(
        self,
        data: str,
        act: str,
        truth: Iterable[bool],
        found: Sequence[Judgement],
        score: Score,
        groups: np.ndarray | None = None,
    ) -> None:
        """F1, precision and recall at 0.5, and the area under the ROC curve."""
        label, value = np.array(list(truth), dtype=bool), np.array([score(j) for j in found])
        said = value >= 0.5
        table = {
            "both": int((said & label).sum()), "judge only": int((said & ~label).sum()),
            "people only": int((~said & label).sum()), "neither": int((~said & ~label).sum()),
        }  # fmt: skip
        for name, measure in (
            ("f1", lambda rows: f1(label[rows], said[rows])),
            ("precision", lambda rows: float((said & label)[rows].sum() / max(1, said[rows].sum()))),
            ("recall", lambda rows: float((said & label)[rows].sum() / max(1, label[rows].sum()))),
            ("auc", lambda rows: auc(label[rows], value[rows])),
        ):
            low, high = interval(len(label), measure, groups)
            value_of_all = measure(np.arange(len(label)))
            self.say(data, f"{act} {name}", value_of_all, "", "higher", low, high, table if name == "f1" else None)

    def say(
        self,
        data: str,
        metric: str,
        value: float,
        unit: str,
        better: str,
        low: float | None = None,
        high: float | None = None,
        table: dict[str, float] | None = None,
    ) -> None:
        row = {"bench": "listening", "data": data + self._suffix, "metric": metric, "value": round(value, 4)}
        row |= {"unit": unit, "better": better}
        if low is not None and high is not None:
            row |= {"low": round(low, 4), "high": round(high, 4)}
        print(json.dumps({**row, **({"table": table} if table else {})}), flush=True)


def annomi(path: Path) -> list[tuple[int, Pair]]:
    """Session number and (reply, what the client said before it, label) of every counsellor's reply."""
    out = []
    said: list[str] = []
    session = None
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["transcript"] != session:
            session, said = row["transcript"], []
        if row["who"] == "client":
            said.append(row["text"])
        else:
            out.append((session, (row["text"], last_words(said[-6:]), row["act"])))
    return out


def last_words(said: Sequence[str]) -> str:
    taken: list[str] = []
    for part in reversed(said):
        taken.insert(0, part)
        if sum(len(t.split()) for t in taken) >= SAID_WORDS:
            break
    return " ".join(taken)


def esconv(path: Path) -> list[Pair]:
    """(reply, last seeker's words, strategy): each line of the file is a conversation so far, replies tagged."""
    seen: dict[tuple[str, str], str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        turns = [re.sub(r"^\S+ \S+ \S+ ", "", turn) for turn in line.split(" EOS ")]
        for before, turn in itertools.pairwise(turns):
            if match := re.match(r"\[([^\]]+)\] (.*)", turn):
                seen[match[2], re.sub(r"^\[[^\]]+\] ", "", before)] = match[1]
    return [(reply, said, label) for (reply, said), label in seen.items()]


def bare(pairs: Iterable[Pair]) -> list[Pair]:
    """As a recogniser without punctuation would give it."""
    strip = re.compile(r"[^\w\s'\[\]-]")
    return [(strip.sub(" ", a).lower(), strip.sub(" ", b).lower(), label) for a, b, label in pairs]


def reflection(found: Judgement) -> float:
    return found.acts["reflection"]


def question(found: Judgement) -> float:
    return max(found.acts["open_question"], found.acts["closed_question"])


def understanding(found: Judgement) -> float:
    """EPITOME's "interpretation": says that one understands, names what was felt, or tells of something alike."""
    acts = ("validation", "names_feeling", "own_story", "i_statement")
    return 1 - float(np.prod([1 - found.acts[name] for name in acts]))


def first_act(found: Judgement) -> str:
    if reflection(found) >= 0.5:
        return "reflection"
    return "question" if question(found) >= 0.5 else "neither"


def errors(table: Counter[str]) -> int:
    right = {f"{act}, judged {act}" for act in ("reflection", "question")}
    right |= {f"{label}, judged neither" for label in ("other", "therapist_input")}
    return sum(count for name, count in table.items() if name not in right)


def f1(truth: np.ndarray, said: np.ndarray) -> float:
    return float(2 * (said & truth).sum() / max(1, said.sum() + truth.sum()))


def macro_f1(truth: np.ndarray, said: np.ndarray) -> float:
    return float(np.mean([f1(truth[:, i], said[:, i]) for i in range(truth.shape[1])]))


def auc(label: np.ndarray, value: np.ndarray) -> float:
    """Area under the ROC curve; ties count half."""
    _, inverse, counts = np.unique(value, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    ones = int(label.sum())
    return float((rank[label].sum() - ones * (ones + 1) / 2) / max(1, ones * (len(label) - ones)))


def interval(
    size: int, measure: Callable[[np.ndarray], float], groups: np.ndarray | None = None
) -> tuple[float, float]:
    """Bounds that hold 95 % of what the measure is on data drawn again, group by group."""
    random = np.random.default_rng(0)
    names = np.arange(size) if groups is None else np.unique(groups)
    members = [np.array([i]) for i in names] if groups is None else [np.flatnonzero(groups == g) for g in names]
    drawn = []
    for _ in range(DRAWS):
        rows = np.concatenate([members[i] for i in random.integers(len(names), size=len(names))])
        drawn.append(measure(rows))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    main()
