"""What the recogniser writes at the end of sentences that were cut off, and of those that people ended themselves.

  scripts/bench endings --data DIR [--half seen|aside] [--most N] [--rows FILE]

Turns after which the other speaks next (`two_channel`, and `gecko` where one speaks alone) are decoded as they are
live: as they ``ended``; and cut off at random words where no sentence ends, ``between`` two or ``inside`` one, with the
quiet of the recording after it, or with the other's ``voice`` from 0.2 s before on, on the same microphone. A few that
ended were not finished: people break off by themselves too.

A row for each: the share with each mark at the end; ``bent``: the last word is not the one that is heard there in the
whole turn; ``nothing``: no words at all; ``unsure``: the last word's confidence is under 0.5;
``given_up`` and ``given_up_surely``: what the floor takes for unfinished where the other talks it down, and what the
coach answers at once. ``seen`` is repairs_40* and gecko, whose licences allow any use; ``aside`` the rest.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hearing import RATE, sound, truth_of

from voicecoach.coach import policy
from voicecoach.events import Clock, Signal, VoiceOff, VoiceOn, Word
from voicecoach.floor import ALL
from voicecoach.floor.judge import Contact, judge
from voicecoach.floor.lexicon import lexicon, tokenise
from voicecoach.samples import Samples
from voicecoach.transcript import Decoder, Scribe
from voicecoach.transcript.jobs import Job, Span

LONGEST_S, SHORTEST_S, PAUSE_S, CLEAR_S, TURN_S = 9.0, 2.0, 0.5, 0.5, 1.0
OVER_S, BEFORE_S, AFTER_S, TICK_S, LATE_S = 0.2, 0.2, 1.5, 0.1, 0.3
UNSURE = 0.5
ASIDE = ("woz",)
MARKS = {"...": r"(\.\.\.|…)$", "-": r"[-–—]$", ".": r"[.!]$", "?": r"\?$", ",": r"[,;:]$", "none": r""}
Ending = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with two_channel/ and one_channel/")
    parser.add_argument("--half", choices=("seen", "aside"), help="only what was looked at, or was not")
    parser.add_argument("--most", type=int, default=30, help="most turns of one recording")
    parser.add_argument("--rows", type=Path, help="write each ending there too, with its words")
    args = parser.parse_args()
    decoder = Decoder()
    found: dict[str, list[Ending]] = defaultdict(list)
    for name, voice, other in turns(args.data, args.half, args.most):
        for way, row in endings(decoder, voice, other):
            found[way].append(row)
            if args.rows:
                with args.rows.open("a", encoding="utf-8") as out:
                    out.write(json.dumps({"call": name, "way": way, **row}) + "\n")
    for way, rows in found.items():
        for what in (*MARKS, "bent", "nothing", "unsure", "given_up", "given_up_surely"):
            share = sum(row["mark"] == what or row.get(what) is True for row in rows) / len(rows)
            better = "lower" if way == "ended" or not what.startswith("given_up") else "higher"
            line = {"bench": "endings", "data": way, "metric": what, "value": round(share, 3), "unit": "share"}
            print(json.dumps({**line, "better": better, "n": len(rows)}), flush=True)


def turns(data: Path, half: str | None, most: int) -> Iterator[tuple[str, Samples, Samples]]:
    """Name of the call, the sound of one turn, and some of the other's voice."""
    for path in (*sorted((data / "two_channel").glob("*.flac")), data / "one_channel" / "gecko.mp3"):
        if half and (half == "aside") != path.stem.startswith(ASIDE):
            continue
        x, truth = sound(path), truth_of(path.with_suffix(".rttm"))
        found: list[tuple[str, str, Span]] = []
        for who, other in (tuple(truth), tuple(truth)[::-1]):
            runs = handed_over(joined(truth[who]), [s for s in truth[other] if s[1] - s[0] >= TURN_S])
            alone = x.shape[1] > 1
            found += [(who, other, r) for r in runs if alone or not any(a < r[1] and b > r[0] for a, b in truth[other])]
        random.Random(7).shuffle(found)
        for who, other, (a, b) in found[:most]:
            over = next((s[0] for s in truth[other] if s[1] - s[0] > AFTER_S), 0.0)
            voice, theirs = channel(x, truth[who]), channel(x, truth[other])
            yield path.stem, cut(voice, max(0.0, a - BEFORE_S), b + BEFORE_S), cut(theirs, over, over + AFTER_S)


def joined(spans: list[Span]) -> list[Span]:
    """Spans of one person, joined over short pauses."""
    runs: list[Span] = []
    for a, b in sorted(spans):
        goes_on = bool(runs) and a - runs[-1][1] < PAUSE_S
        runs.append((runs.pop()[0] if goes_on else a, b))
    return runs


def handed_over(runs: list[Span], others: list[Span]) -> list[Span]:
    """The last seconds of those, of a length to decode, after which the other is the next to speak: most are ended."""
    after = [*(a for a, _ in runs[1:]), np.inf]
    return [
        (max(a, b - LONGEST_S), b) for (a, b), own in zip(runs, after, strict=True)
        if b - a >= SHORTEST_S and any(b - OVER_S <= start < own - CLEAR_S for start, _ in others)
    ]  # fmt: skip


def channel(x: Samples, spans: list[Span]) -> Samples:
    """On which channel somebody is heard who speaks at ``spans``."""
    power = sum(np.square(cut(x, a, b)).sum(axis=0) for a, b in spans)
    return x[:, int(np.argmax(power))]


def cut(x: Samples, start: float, end: float) -> Samples:
    return x[round(start * RATE) : round(end * RATE)]


def endings(decoder: Decoder, voice: Samples, other: Samples) -> Iterator[tuple[str, Ending]]:
    """How a turn ends, and how it does cut off at two of its words, each in two ways."""
    chance = random.Random(len(voice))
    whole = written(decoder, voice, len(voice) / RATE - BEFORE_S)
    yield "ended", described(whole)
    inside = [i for i, word in enumerate(whole[:-1]) if i > 1 and not word.word.endswith((".", "?", "!"))]
    for i in chance.sample(inside, min(2, len(inside))):
        word = whole[i]
        yield "between", described(written(decoder, voice, word.end), word.word)
        if chance.random() < 0.5:
            yield "inside", described(written(decoder, voice, (word.start + word.end) / 2), word.word)
        else:
            yield "voice", described(written(decoder, voice, word.end, other), word.word)


def written(decoder: Decoder, voice: Samples, end_s: float, other: Samples | None = None) -> list[Word]:
    """The words of ``voice`` up to ``end_s``, as the scribe commits them live."""
    n, begin = round(end_s * RATE), round((end_s - OVER_S) * RATE)
    level = np.sort(np.abs(voice))[len(voice) // 10]
    quiet = np.random.default_rng(n).normal(0, level, round(AFTER_S * RATE)).astype(np.float32)
    x = np.concatenate((voice[:n], quiet))
    x[n - 160 : n] *= np.linspace(1, 0, 160, dtype=np.float32)
    signals: list[Signal] = [
        VoiceOn(start=BEFORE_S, end=BEFORE_S, speaker="A"),
        VoiceOff(start=end_s, end=end_s, speaker="A"),
    ]
    if other is not None:
        x[begin:] += np.resize(other, len(x) - begin)
        signals.insert(1, VoiceOn(start=begin / RATE, end=begin / RATE, speaker="B"))
    scribe, found = Scribe(("A", "B"), lambda _: 0, channels=1), list[Word]()

    def decode(jobs: Sequence[Job]) -> None:
        for job in jobs:
            if job.speaker == "A":
                found.extend(w for w in scribe.accept(job, decoder.decode(job)) if isinstance(w, Word))

    for at in range(0, len(x), round(TICK_S * RATE)):
        scribe.push(x[at : at + round(TICK_S * RATE), None])
        now = max(at / RATE - LATE_S, 0.0)
        while signals and signals[0].start <= now:
            scribe.on(signals.pop(0))
        decode(scribe.on(Clock(start=now, end=now)).jobs)
    for _ in range(4):
        decode(scribe.finish().jobs)
    return found


def described(words: list[Word], meant: str | None = None) -> Ending:
    if not words:
        return {"mark": "nothing"}
    last, text = words[-1], " ".join(w.word for w in words)
    over = Contact(OVER_S, AFTER_S, True, 0.0, AFTER_S, text, heard=True)
    verdict = judge(over, lexicon(), ALL)
    return {
        "mark": next(name for name, pattern in MARKS.items() if re.search(pattern, last.word)),
        "bent": meant is not None and tokenise(last.word) != tokenise(meant),
        "unsure": last.confidence < UNSURE,
        "given_up": verdict.gave_up == "v",
        "given_up_surely": verdict.gave_up == "v" and verdict.confidence >= policy.SURE,
        "sure": round(last.confidence, 3),
        "text": text,
        "meant": meant,
    }


if __name__ == "__main__":
    main()
