"""Rebuild ``voicecoach/listening/data/LANGUAGE.npz``: the weights that judge replies by what their sentences mean.

From the examples in this folder (written for this project) and, for moods, GoEmotions (Apache-2.0; ``--data DIR/text``
with ``goemotions_train.tsv`` and ``goemotions_labels.txt``); without it the moods stay as they are. Nothing else
may be trained on. The same input gives the same weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from vectors import Vectors

from voicecoach.listening import Embed
from voicecoach.listening.features import stems
from voicecoach.listening.language import Language, load
from voicecoach.listening.meaning import apart
from voicecoach.listening.text import sentences
from voicecoach.listening.units import units
from voicecoach.models.sentences import KEPT

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "voicecoach" / "listening" / "data"

CODES = {
    "refl": "reflection", "cplx": "complex", "val": "validation", "feel": "names_feeling",
    "conf": "invites_confirmation", "open": "open_question", "clos": "closed_question", "clar": "clarifying_question",
    "judg": "judging_question", "adv": "advice", "min": "minimising", "reas": "reassurance", "own": "own_story",
    "dis": "disagreement", "def": "defence", "blam": "blame", "ist": "i_statement", "sarc": "sarcasm",
    "cont": "contempt", "thr": "threat", "apol": "apology", "rep": "repair", "appr": "appreciation",
    "agr": "agreement", "supp": "support_offer",
}  # fmt: skip
"""The short names in the files of examples."""

MOODS = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "joy": (
        "joy", "amusement", "approval", "excitement", "gratitude", "love", "optimism", "relief", "pride", "admiration",
        "desire", "caring",
    ),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
}  # fmt: skip
"""GoEmotions' labels in the six groups of its authors."""

SCALE = 3.0
"""Vectors of length 1 are scaled so that one penalty suits them and the patterns' log-odds alike."""
MOST_LINES = 15_000
"""So many lines of GoEmotions are read, a third of them: six moods need no more, and a rebuild takes minutes."""
PENALTY = 0.03
"""Inverse strength: the examples are few, and a counsellor's words are not a couple's."""
BY_RULES = frozenset({"open_question", "closed_question"})
"""Form makes a question; meaning made these worse."""
LEVEL = 0.42
"""Share of a reply's words that must reflect; where F1 was best on the even-numbered AnnoMI sessions."""


@dataclass(frozen=True)
class Example:
    """One reply, what was said before it, and what it does."""

    said: str
    reply: str
    acts: frozenset[str]


@dataclass(frozen=True)
class Row:
    """One sentence of an example: its text, and the log-odds that patterns give for each act."""

    text: str
    rules: Mapping[str, float]


def read_examples(language: str) -> Iterator[Example]:
    """All examples of the language, in order. Lines with ``>`` are what was said before the replies under them."""
    for file in sorted(HERE.glob(f"{language}_*.txt")):
        yield from read_file(file)


def read_file(file: Path) -> Iterator[Example]:
    """The examples of one file. ``aside_*.txt`` are for measuring alone: nothing may be made to fit them."""
    said = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("> "):
            said = line[2:]
        elif line.strip():
            codes, reply = line.split(": ", 1)
            yield Example(said, reply, frozenset(CODES[c] for c in codes.split() if c != "none"))


def rows(example: Example, known: Language) -> list[Row]:
    """Its sentences as the judge sees them, a question also without its mark, as a recogniser may give it."""
    theirs = stems(example.said, known)
    found: dict[str, Row] = {}
    for form in dict.fromkeys((example.reply, example.reply.replace("?", "."))):
        for unit in units(sentences(form, known), theirs, known)[0]:
            found.setdefault(unit.sentence.plain, Row(unit.sentence.plain, unit.logits))
    return list(found.values())


def labelled(act: str, examples: Sequence[Example], known: Language) -> Iterator[tuple[Row, bool]]:
    """Sentences that do ``act`` or do not. Of a reply in several sentences with several acts, the surest only."""
    for example in examples:
        does = act in example.acts
        if act == "complex" and "reflection" not in example.acts:
            continue
        found = rows(example, known)
        if does and len({r.text.rstrip("?") for r in found}) > 1 and len(example.acts - {"complex"}) > 1:
            best = max(found, key=lambda r: r.rules[act])
            found = [best] if best.rules[act] > 0 else []
        yield from ((row, does) for row in found)


def train_act(act: str, examples: Sequence[Example], known: Language, embed: Embed):
    """Weights of the vector, of the patterns, and bias."""
    found = list(labelled(act, examples, known))
    truth = np.array([does for _, does in found])
    logits = np.clip([row.rules[act] for row, _ in found], -8, 8)
    x = np.hstack([0.5 * logits[:, None], SCALE * embed([row.text for row, _ in found])])
    model = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=3000).fit(x, truth)
    return SCALE * model.coef_[0, 1:], 0.5 * model.coef_[0, 0], model.intercept_[0]


def train_moods(text: Path, embed: Embed, known: Language):
    """Weights and biases, one row a mood, from GoEmotions' training part; each at the threshold of its best F1."""
    names = (text / "goemotions_labels.txt").read_text(encoding="utf-8").split()
    lines = [line.split("\t") for line in (text / "goemotions_train.tsv").read_text(encoding="utf-8").splitlines()]
    lines = lines[:MOST_LINES]
    labels = [{names[int(i)] for i in line[1].split(",")} for line in lines]
    vectors = embed([" ".join(s.plain for s in sentences(line[0], known)) for line in lines])
    weights, biases = [], []
    for group in MOODS.values():
        truth = np.array([bool(label & {*group}) for label in labels])
        model = LogisticRegression(C=1.0, max_iter=2000).fit(SCALE * vectors, truth)
        score = model.decision_function(SCALE * vectors)
        cuts = np.quantile(score, np.linspace(0.3, 0.995, 140))
        f1 = [2 * ((score >= t) & truth).sum() / ((score >= t).sum() + truth.sum()) for t in cuts]
        weights.append(SCALE * model.coef_[0])
        biases.append(model.intercept_[0] - cuts[int(np.argmax(f1))])
    return np.array(weights), np.array(biases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder that has text/goemotions_train.tsv; none: moods stay")
    parser.add_argument("--language", default="en")
    arguments = parser.parse_args()
    known, remembered = load(arguments.language), Vectors()
    examples = list(read_examples(arguments.language))
    all_of_them = remembered(sorted({row.text for example in examples for row in rows(example, known)}))
    centre = all_of_them.mean(axis=0).reshape(len(KEPT), -1)

    def embed(texts: Sequence[str], /) -> np.ndarray:
        return apart(remembered(texts), centre)

    acts = [name for name in CODES.values() if name not in known.strict | BY_RULES]
    trained = [train_act(act, examples, known, embed) for act in acts]
    file = OUT / f"{arguments.language}.npz"
    if arguments.data is not None:
        moods, mood_biases = train_moods(arguments.data / "text", embed, known)
    else:
        with np.load(file, allow_pickle=False) as old:
            moods, mood_biases = old["mood_weights"], old["mood_biases"]
    np.savez_compressed(
        file,
        acts=np.array(acts),
        weights=np.array([w for w, _, _ in trained], np.float16),
        rules=np.array([r for _, r, _ in trained], np.float32),
        biases=np.array([b for _, _, b in trained], np.float32),
        moods=np.array(list(MOODS)),
        mood_weights=moods.astype(np.float16),
        mood_biases=mood_biases.astype(np.float32),
        level=np.float32(LEVEL),
        centre=centre.astype(np.float32),
    )
    print(f"{len(examples)} examples, {len(acts)} acts, {len(MOODS)} moods")


if __name__ == "__main__":
    main()
