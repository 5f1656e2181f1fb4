"""Does the judge of replies agree with people? AnnoMI, ESConv, EPITOME, GoEmotions in ``--data DIR/text``.

One JSON object a line; ``low`` and ``high`` bound the value with 95 % confidence (bootstrap over sessions in AnnoMI,
over replies elsewhere), ``table`` counts what was judged how. Nothing is trained on these files but the moods (on
GoEmotions' training part). The judge was made while looking at the even-numbered AnnoMI sessions and at one half of
ESConv; the figures to quote are those of the others (``annomi-test``, ``esconv-test``). Of AnnoMI's kept-aside sessions
only such figures were looked at, never a reply, after each round of work: eleven times so far. The sets
``aside_*.txt`` were each measured once before anything was mended.
EPITOME's figures were seen while its score was chosen. ``-rules``: without the model of sentences.
``--curve``: reflection after so many seconds of a reply. ``--spoken N``: N replies said aloud by espeak-ng and written
down by our own recogniser, beside the same as they were typed.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr

from voicecoach import models
from voicecoach.hearing import ChannelHearing, Measured
from voicecoach.listening import Judgement, Meaning, judge, understand
from voicecoach.listening.language import load
from voicecoach.listening.text import sentences
from voicecoach.transcript import Decoder
from voicecoach.transcript.decoder import LONGEST_S

sys.path.insert(0, str(Path(__file__).parents[1] / "replies"))
from corpora import Pair, annomi, bare, esconv, half, misheard
from scoring import auc, errors_in, f1, interval, macro_f1
from train import MOODS, read_examples, read_file
from vectors import Vectors

Score = Callable[[Judgement], float]

SECONDS = (0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 12)
"""After so many seconds of a reply it is asked whether it is going to reflect."""
WORDS_PER_S = 2.7
"""AnnoMI has no times. People speak some 160 words a minute in conversation (Yuan et al. 2006)."""
RARE = ("sarcasm", "contempt", "threat")
FIXTURE = Path(__file__).parents[2] / "audio_fixtures" / "kitchen_table.2ch.flac"
ASIDE = Path(__file__).parents[1] / "replies" / "aside_en.txt"
ASIDE_RARE = ASIDE.with_name("aside_rare_en.txt")
PARTS = ("annomi", "esconv", "epitome", "goemotions", "ordinary", "time")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that has text/annomi.jsonl and the others")
    parser.add_argument("--part", action="append", choices=PARTS, help="only these (may be repeated)")
    parser.add_argument("--curve", action="store_true", help="F1 of reflection against seconds heard")
    parser.add_argument("--spoken", type=int, default=0, metavar="N", help="so many replies said and written down")
    parser.add_argument("--rules-only", action="store_true", help="as where the model of sentences was not fetched")
    arguments = parser.parse_args()
    text, parts = arguments.data / "text", arguments.part or PARTS
    embed = Vectors() if models.installed("minilm") and not arguments.rules_only else None
    bench = Bench(embed)
    if arguments.curve or arguments.spoken:
        if arguments.curve:
            bench.curve(text)
        if arguments.spoken:
            bench.spoken(text, arguments.spoken)
        return
    if "annomi" in parts:
        bench.annomi(text)
    if "esconv" in parts:
        bench.esconv(text)
    if "epitome" in parts:
        bench.epitome(text)
    if "goemotions" in parts and embed is not None:
        bench.goemotions(text)
    if "ordinary" in parts:
        bench.ordinary()
    if "time" in parts:
        bench.time(text)
        bench.voices()


class Bench:
    """All measurements with one way of judging."""

    def __init__(self, embed: Vectors | None) -> None:
        self._embed = embed
        self._meaning: Meaning | None = understand(embed, "en")
        self._suffix = "" if embed is not None else "-rules"

    def annomi(self, text: Path) -> None:
        sessions = annomi(text / "annomi.jsonl")
        for name, rest in (("annomi-tune", 0), ("annomi-test", 1)):
            half = [(number, pair) for number, pair in sessions if number % 2 == rest]
            groups, replies = np.array([number for number, _ in half]), [pair for _, pair in half]
            truth = [label == "reflection" for _, _, label in replies]
            found = self.judged(replies, groups)
            self.report(name, "reflection", truth, found, reflection, groups)
            self.report(name, "question", [p[2] == "question" for p in replies], found, question, groups)
            table = Counter(f"{label}, judged {first_act(j)}" for (_, _, label), j in zip(replies, found, strict=True))
            self.say(name, "reflection and question errors", errors(table), "replies", "lower", table=dict(table))
            self.rare(name, found)
            for how, change in (("no-punctuation", bare), ("misheard", misheard)):
                changed = self.judged(change(replies), groups)
                self.report(f"{name}-{how}", "reflection", truth, changed, reflection, groups)

    def curve(self, text: Path) -> None:
        """How well the first seconds of a reply tell whether it reflects."""
        numbered = [(number, pair) for number, pair in annomi(text / "annomi.jsonl") if number % 2]
        groups, replies = np.array([number for number, _ in numbered]), [pair for _, pair in numbered]
        truth = [label == "reflection" for _, _, label in replies]
        known = self.judged(replies, groups)
        for seconds in SECONDS:
            words = max(1, round(seconds * WORDS_PER_S))
            heard = self.judged([(" ".join(a.split()[:words]), b, label) for a, b, label in replies], groups, known)
            self.report(f"annomi-test-first-{seconds}-s", "reflection", truth, heard, reflection, groups)

    def spoken(self, text: Path, count: int) -> None:
        """Replies said aloud and written down by our own recogniser. Every so many-th of those with 4 to 40 words."""
        replies = [pair for number, pair in annomi(text / "annomi.jsonl") if number % 2]
        replies = [p for p in replies if 4 <= len(p[0].split()) <= 40]
        replies = replies[:: max(1, len(replies) // count)][:count]
        truth = [label == "reflection" for _, _, label in replies]
        decoder = Decoder(threads=2)
        heard = [(written_down(a, decoder), b, label) for a, b, label in replies]
        wrong, of = errors_in([(a, h) for (a, _, _), (h, _, _) in zip(replies, heard, strict=True)])
        self.say("annomi-test-spoken", "word errors", wrong / of, "", "lower")
        for name, pairs in (("annomi-test-typed", replies), ("annomi-test-spoken", heard)):
            self.report(name, "reflection", truth, self.judged(pairs), reflection)
            self.report(name, "question", [p[2] == "question" for p in pairs], self.judged(pairs), question)

    def ordinary(self) -> None:
        """What would hurt if it were wrong: on the examples its patterns were written on, and on others."""
        for data, examples in (
            ("own examples", [*read_examples("en")]),
            ("own examples aside", [*read_file(ASIDE)]),
            ("rare acts aside", [*read_file(ASIDE_RARE)]),
        ):
            found = self.judged([(e.reply, e.said, "") for e in examples])
            for act in RARE:
                shown = [act in e.acts for e, j in zip(examples, found, strict=True) if j.acts[act] >= 0.5]
                there = sum(act in e.acts for e in examples)
                table = {"shown": len(shown), "right": sum(shown), "there": there}
                self.say(data, f"{act} precision", sum(shown) / max(1, len(shown)), "", "higher", table=table)

    def esconv(self, text: Path) -> None:
        for data, rest in (("esconv-tune", 0), ("esconv-test", 1)):
            chats = [p for p in esconv(text / "esconv.tsv") if half(p[1]) == rest]
            found = self.judged(chats)
            said_back = [p[2] in ("Restatement or Paraphrasing", "Reflection of feelings") for p in chats]
            self.report(data, "reflection", said_back, found, reflection)
            self.report(data, "said back or felt with", said_back, found, taken_in)
            self.report(
                data, "advice", [p[2] == "Providing Suggestions" for p in chats], found, lambda j: j.acts["advice"]
            )
            self.report(data, "question", [p[2] == "Questions" for p in chats], found, question)
            self.rare(data, found)

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
        began = time.process_time()
        self.judged(replies)
        spent = time.process_time() - began
        self.say("annomi-test", "time beside vectors", 1000 * spent / len(replies), "ms/reply", "lower")
        if self._embed is not None:
            fresh = models.sentences()
            spoken = [s.plain for r, _, _ in replies for s in sentences(r, load()) if s.words][:60]
            began = time.process_time()
            for sentence in spoken:
                fresh([sentence])
            spent = time.process_time() - began
            self.say("annomi-test", "time of a vector", 1000 * spent / len(spoken), "ms/sentence", "lower")

    def voices(self) -> None:
        """What it costs to measure voices beside hearing them, on one of our fixtures."""
        sound, rate = soundfile.read(FIXTURE, dtype="float32", always_2d=True)
        spent = []
        for hearing in (ChannelHearing(("A", "B")), Measured(ChannelHearing(("A", "B")))):
            began = time.process_time()
            for at in range(0, len(sound), 512):
                hearing.push(sound[at : at + 512])
            spent.append(time.process_time() - began)
        self.say(FIXTURE.name, "voices measured", (spent[1] - spent[0]) / (len(sound) / rate), "CPU-s/s", "lower")

    def judged(
        self, pairs: Sequence[Pair], sessions: np.ndarray | None = None, whole: Sequence[Judgement] | None = None
    ) -> list[Judgement]:
        """Every reply judged; with ``sessions``, of each what came before it in the same one is known.

        ``whole``: how the replies before were judged, if ``pairs`` are only their beginnings.
        """
        if self._embed is not None:
            self._embed.learn(reply for reply, _, _ in pairs)
        found: list[Judgement] = []
        before, session = None, None
        for i, (reply, said, _) in enumerate(pairs):
            if sessions is not None and sessions[i] != session:
                before, session = None, sessions[i]
            found.append(judge(reply, said, "en", self._meaning, before=before))
            last = whole[i] if whole is not None else found[i]
            if sessions is not None and not last.acts.get("acknowledgement", 1.0):
                before = reflection(last)
        return found

    def rare(self, data: str, found: Sequence[Judgement]) -> None:
        """How often an act that would hurt if it were wrong is shown at all."""
        for act in RARE:
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


def written_down(reply: str, decoder: Decoder) -> str:
    """``reply`` said by espeak-ng and written down by our recogniser."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        plain = re.sub(r"\[[^\]]*\]", " ", reply).replace("-", " ")
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "160", "-w", str(file), plain], check=True)
        sound, rate = soundfile.read(file, dtype="float32")
    sound = soxr.resample(sound, rate, 16_000)[: int(LONGEST_S * 16_000)]
    return " ".join(h.word for h in decoder.hear(sound, [(0.0, len(sound) / 16_000)]))


def reflection(found: Judgement) -> float:
    return found.acts["reflection"]


def question(found: Judgement) -> float:
    return max(found.acts["open_question"], found.acts["closed_question"])


def understanding(found: Judgement) -> float:
    """EPITOME's "interpretation": says that one understands, names what was felt, or tells of something alike."""
    acts = ("validation", "names_feeling", "own_story", "i_statement")
    return 1 - float(np.prod([1 - found.acts[name] for name in acts]))


def taken_in(found: Judgement) -> float:
    """Supporters call it a reflection of feelings too when one only feels with them; advice and own stories are not."""
    acts = found.acts
    said = 1 - (1 - acts["reflection"]) * (1 - 0.5 * acts["validation"]) * (1 - 0.5 * acts["names_feeling"])
    said *= (1 - 0.5 * acts["own_story"]) * (1 - 0.5 * acts["advice"]) * (1 - 0.3 * acts["appreciation"])
    return float(said)


def first_act(found: Judgement) -> str:
    if reflection(found) >= 0.5:
        return "reflection"
    return "question" if question(found) >= 0.5 else "neither"


def errors(table: Counter[str]) -> int:
    right = {f"{act}, judged {act}" for act in ("reflection", "question")}
    right |= {f"{label}, judged neither" for label in ("other", "therapist_input")}
    return sum(count for name, count in table.items() if name not in right)


if __name__ == "__main__":
    main()
