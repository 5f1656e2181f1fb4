"""Does the judge of replies agree with people? AnnoMI, ESConv, EPITOME in ``--data DIR/text``; one JSON object a line.

Nothing is trained on these files. The judge's weights were set by hand while looking at the even-numbered AnnoMI
sessions; the figures to quote are those of the odd-numbered ones (``annomi-test``).
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from voicecoach.listening import judge

Pair = tuple[str, str, str]  # reply, what was said before, label


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that has text/annomi.jsonl and the others")
    text = parser.parse_args().data / "text"
    sessions = annomi(text / "annomi.jsonl")
    for half, rest in (("annomi-tune", 0), ("annomi-test", 1)):
        replies = [pair for number, pair in sessions if number % 2 == rest]
        truth = [label == "reflection" for _, _, label in replies]
        report(half, "reflection", truth, scores(replies, reflection))
        report(f"{half}-no-punctuation", "reflection", truth, scores(bare(replies), reflection))
        for words in (8, 15):
            report(f"{half}-first-{words}-words", "reflection", truth, scores(first(replies, words), reflection))
        report(half, "question", [label == "question" for _, _, label in replies], scores(replies, question))
    chats = esconv(text / "esconv.tsv")
    restates = [label in ("Restatement or Paraphrasing", "Reflection of feelings") for _, _, label in chats]
    report("esconv", "reflection", restates, scores(chats, reflection))
    report("esconv", "advice", [label == "Providing Suggestions" for _, _, label in chats], scores(chats, "advice"))
    report("esconv", "question", [label == "Questions" for _, _, label in chats], scores(chats, question))
    with (text / "epitome_interpretations.csv").open(encoding="utf-8", newline="") as file:
        posts = [(row["response_post"], row["seeker_post"], row["level"]) for row in csv.DictReader(file)]
    report("epitome-interpretation", "reflection", [level != "0" for _, _, level in posts], scores(posts, reflection))
    began = time.perf_counter()
    scores(replies, reflection)
    say("annomi-test", "time", 1000 * (time.perf_counter() - began) / len(replies), "ms/reply", "lower")


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
            out.append((session, (row["text"], said[-1] if said else "", row["act"])))
    return out


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


def first(pairs: Iterable[Pair], words: int) -> list[Pair]:
    return [(" ".join(a.split()[:words]), b, label) for a, b, label in pairs]


def reflection(acts: dict[str, float]) -> float:
    return acts["reflection"]


def question(acts: dict[str, float]) -> float:
    return max(acts["open_question"], acts["closed_question"])


def scores(pairs: Iterable[Pair], score: str | Callable[[dict[str, float]], float]) -> np.ndarray:
    pick = (lambda acts: acts[score]) if isinstance(score, str) else score
    return np.array([pick(dict(judge(reply, said).acts)) for reply, said, _ in pairs])


def report(data: str, act: str, truth: Iterable[bool], score: np.ndarray) -> None:
    """F1 at 0.5, precision, recall, and the area under the ROC curve (ties count half)."""
    label = np.array(list(truth), dtype=bool)
    said = score >= 0.5
    hit = float((said & label).sum())
    say(data, f"{act} f1", 2 * hit / max(1.0, float(said.sum() + label.sum())), "", "higher")
    say(data, f"{act} precision", hit / max(1.0, float(said.sum())), "", "higher")
    say(data, f"{act} recall", hit / max(1.0, float(label.sum())), "", "higher")
    values, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    ones = label.sum()
    auc = (rank[label].sum() - ones * (ones + 1) / 2) / max(1, ones * (len(values) and len(label) - ones))
    say(data, f"{act} auc", float(auc), "", "higher")


def say(data: str, metric: str, value: float, unit: str, better: str) -> None:
    row = {"bench": "listening", "data": data, "metric": metric, "value": round(value, 4), "unit": unit}
    print(json.dumps({**row, "better": better}))


if __name__ == "__main__":
    main()
