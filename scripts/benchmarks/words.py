"""Are the words right, how late do they come, and what do they cost? One JSON object a line.

Without ``--data`` on this project's own recordings (audio_fixtures, two channels); with it on ``DIR/two_channel`` where
there is a ``.words.jsonl``. ``reference`` is faster-whisper base alone on each channel (English, ``vad_filter=True``,
beam 5; words spread evenly over its segments), ``whole`` is `voicecoach.transcript.transcribe_all` and ``live`` the
scribe. Word lag is in simulated real time: the sound's own clock plus the CPU time of every decode, one after the
other, as on an idle machine. Its causes (``word_lag_mean_…``) add up to its mean: the ``margin`` that words keep from
the end of the sound, waiting for the next ``step`` (and the next word), the ``rest`` of a stretch that was decoded as a
whole, the ``silence`` until that was known to be over, ``hearing``, the ``queue`` before the decoder, the ``decode``.
Times are of this process (CPU) unless they are called wall.
``--curve``: word errors and cost against the length that short sound is padded to. ``--trade``: word errors and cost
against how late words are committed, and how much is heard again.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf
import soxr
from faster_whisper import WhisperModel

from voicecoach import models
from voicecoach.events import Partial, Signal, Word
from voicecoach.hearing import open_hearing
from voicecoach.hearing.base import stretches
from voicecoach.samples import RATE, Samples
from voicecoach.transcript import Decoder, DecoderSettings, Result, Scribe, ScribeSettings, Step, transcribe_all
from voicecoach.transcript.jobs import Job

ROOT = Path(__file__).parents[2]
Said = tuple[float, str, str]  # when, who, word
PEOPLE = ("A", "B")
CAUSES = ("margin", "step", "rest", "silence", "hearing", "queue", "decode")


@dataclass
class Recording:
    """Two channels at 16 kHz and what was said."""

    name: str
    sound: Samples
    truth: list[Said]

    @property
    def seconds(self) -> float:
        return len(self.sound) / RATE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with two_channel/*.flac and *.words.jsonl")
    parser.add_argument("--only", default="", help="only recordings with this in their name")
    parser.add_argument("--curve", action="store_true", help="padded length against word errors and cost, nothing else")
    parser.add_argument("--trade", action="store_true", help="how late words come against word errors and cost")
    args = parser.parse_args()
    recordings = [r for r in (shared(args.data) if args.data else own()) if args.only in r.name]
    if not recordings:
        sys.exit("no recording with words found")
    if args.curve:
        curve(recordings)
        return
    if args.trade:
        trade(recordings)
        return
    base = WhisperModel(str(models.path("whisper-base")), device="cpu", compute_type="int8")
    offline, live = Decoder(at_once=2), Decoder()
    totals: dict[str, list[float]] = {"reference": [], "whole": [], "live": []}
    lags: dict[str, list[float]] = {name: [] for name in ("word", "partial", *CAUSES)}
    for r in recordings:
        for way, run in (("reference", lambda r: reference(r, base)), ("whole", lambda r: whole(r, offline))):
            wall, cpu = time.perf_counter(), time.process_time()
            said = run(r)
            say(r.name, f"{way}_wall_s", time.perf_counter() - wall, "s", "lower")
            say(r.name, f"{way}_cpu_per_audio_second", (time.process_time() - cpu) / r.seconds, "s/s", "lower")
            totals[way].append(scores(r, way, said))
        said, lag, cost = as_it_happens(r, live)
        totals["live"].append(scores(r, "live", said))
        for what, values in lag.items():
            lags[what] += values
        for kind, cpu_s in cost.items():
            say(r.name, f"live_{kind}_cpu_per_audio_second", cpu_s / r.seconds, "s/s", "lower")
        lateness(r.name, lag)
    for way, values in totals.items():
        say("mean", f"{way}_cpwer", float(np.mean(values)), "share", "lower")
    lateness("all", lags)


def say(data: str, metric: str, value: float, unit: str, better: str) -> None:
    line = {"bench": "words", "data": data, "metric": metric, "value": round(value, 4), "unit": unit, "better": better}
    print(json.dumps(line), flush=True)


def lateness(name: str, lag: dict[str, list[float]]) -> None:
    for what, values in lag.items():
        if what in CAUSES:
            say(name, f"word_lag_mean_{what}_s", float(np.mean(values)), "s", "lower")
            continue
        for share in (50, 95) if values else ():
            say(name, f"{what}_lag_p{share}_s", float(np.percentile(values, share)), "s", "lower")


# --- recordings ------------------------------------------------------------------------------------------------------


def load(path: Path) -> Samples:
    sound, rate = sf.read(path, dtype="float32", always_2d=True)
    return sound if rate == RATE else np.asarray(soxr.resample(sound, rate, RATE), np.float32)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def spelled(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9' ]", "", text.lower().replace("’", "'")).split()


def shared(data: Path) -> Iterator[Recording]:
    for path in sorted((data / "two_channel").glob("*.words.jsonl")):
        name = path.name.split(".")[0]
        truth = [(w["start"], w["speaker"], s) for w in lines(path) for s in spelled(w["word"])]
        yield Recording(name, load(path.with_name(f"{name}.flac")), sorted(truth, key=lambda w: w[0]))


def own() -> Iterator[Recording]:
    for path in sorted((ROOT / "audio_fixtures").glob("*.truth.jsonl")):
        name = path.name.split(".")[0]
        told = [e for e in lines(path) if e["type"] == "word"]
        truth = [(w["start"], w["speaker"], s) for w in told for s in spelled(w["word"])]
        yield Recording(name, load(path.with_name(f"{name}.2ch.flac")), sorted(truth, key=lambda w: w[0]))


# --- scoring ---------------------------------------------------------------------------------------------------------


def edits(a: Sequence[str], b: Sequence[str]) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y)))
    return row[-1]


def scores(r: Recording, way: str, said: list[Said]) -> float:
    """Print WER (all words by time) and cpWER (by person, best naming); give the latter."""
    said = sorted(said, key=lambda w: w[0])
    total = max(len(r.truth), 1)
    wer = edits([w for *_, w in r.truth], [w for *_, w in said]) / total
    true = sorted({who for _, who, _ in r.truth})
    cpwer = min(
        sum(
            edits([w for _, p, w in r.truth if p == a], [w for _, p, w in said if p == b])
            for a, b in zip(true, naming, strict=False)
        )
        for naming in itertools.permutations(PEOPLE, len(true))
    )
    say(r.name, f"{way}_wer", wer, "share", "lower")
    say(r.name, f"{way}_cpwer", cpwer / total, "share", "lower")
    return cpwer / total


def as_said(words: Sequence[Word]) -> list[Said]:
    return [(w.start, w.speaker, s) for w in words for s in spelled(w.word)]


# --- the ways --------------------------------------------------------------------------------------------------------


def reference(r: Recording, model: WhisperModel) -> list[Said]:
    out: list[Said] = []
    for channel, who in enumerate(PEOPLE):
        segments, _ = model.transcribe(r.sound[:, channel], language="en", vad_filter=True, beam_size=5)
        for s in segments:
            inside = spelled(s.text)
            out += [(s.start + (s.end - s.start) * i / len(inside), who, w) for i, w in enumerate(inside)]
    return out


def heard(r: Recording) -> dict[str, list[tuple[float, float]]]:
    hearing = open_hearing(2, PEOPLE)
    signals: list[Signal] = []
    for i in range(0, len(r.sound), RATE):
        signals += hearing.push(r.sound[i : i + RATE])
    signals += hearing.finish()
    return stretches(signals, PEOPLE)


def whole(r: Recording, decoder: Decoder) -> list[Said]:
    def read(channel: int, a: float, b: float) -> Samples:
        return r.sound[max(int(a * RATE), 0) : int(b * RATE), channel]

    return as_said(transcribe_all(read, heard(r), PEOPLE.index, decoder))


@dataclass(frozen=True)
class Decoding:
    """A job, when it was asked for, begun and done, and what came of it."""

    job: Job
    asked_s: float
    begun_s: float
    done_s: float
    result: Result

    def causes(self, end_s: float, margin_s: float) -> dict[str, float]:
        """Why a word that ends at ``end_s`` came so late, in seconds."""
        job = self.job
        if job.open:
            wait = {"margin": margin_s, "step": job.end - end_s - margin_s, "hearing": self.asked_s - job.end}
        else:
            wait = {"rest": job.voiced[-1][1] - end_s, "silence": self.asked_s - job.voiced[-1][1]}
        return wait | {"queue": self.begun_s - self.asked_s, "decode": self.done_s - self.begun_s}


def as_it_happens(
    r: Recording, decoder: Decoder, settings: ScribeSettings | None = None
) -> tuple[list[Said], dict[str, list[float]], dict[str, float]]:
    """Words; how late each ``word`` was committed, why, and each ``partial`` shown; CPU seconds of decodes by kind."""
    settings = settings or ScribeSettings()
    hearing = open_hearing(2, PEOPLE)
    scribe = Scribe(PEOPLE, hearing.channel_of, ahead_s=hearing.ahead_s, settings=settings)
    words: list[Word] = []
    lag: dict[str, list[float]] = {name: [] for name in ("word", "partial", *CAUSES)}
    cost = {"open": 0.0, "closed": 0.0}
    out: deque[Decoding] = deque()
    now = free = 0.0  # the decoder is busy until `free`

    def ask(step: Step) -> bool:
        nonlocal free
        for job in step.jobs:
            cpu = time.process_time()
            result = decoder.decode(job)
            cpu = time.process_time() - cpu
            cost["open" if job.open else "closed"] += cpu
            begun = max(free, now)
            free = begun + cpu
            out.append(Decoding(job, now, begun, free, result))
        return bool(step.jobs)

    def take() -> None:
        while out and out[0].done_s <= now:
            done = out.popleft()
            for event in scribe.accept(done.job, done.result):
                if isinstance(event, Word):
                    words.append(event)
                    lag["word"].append(done.done_s - event.end)
                    causes = done.causes(event.end, settings.margin_s)
                    for name in CAUSES:
                        lag[name].append(causes.get(name, 0.0))
                elif isinstance(event, Partial) and event.text:
                    lag["partial"].append(done.done_s - event.end)

    for i in range(0, len(r.sound), RATE // 10):
        piece = r.sound[i : i + RATE // 10]
        signals = hearing.push(piece)
        scribe.push(piece)
        now = (i + len(piece)) / RATE
        take()
        for signal in signals:
            ask(scribe.on(signal))
    for signal in hearing.finish():
        ask(scribe.on(signal))
    while out or ask(scribe.finish()):
        now = max(now, free)
        take()
    return as_said(words), lag, cost


TRADES: tuple[tuple[dict[str, float], dict[str, float]], ...] = (
    ({}, {}),
    *(({"step_s": step_s, "margin_s": margin_s}, {})
      for step_s, margin_s in ((0.5, 0.7), (0.5, 0.6), (0.5, 0.5), (0.7, 1.0), (0.7, 1.5), (1.2, 0.7))),
    ({"step_s": 1e3}, {}),
    ({"silence_s": 0.3}, {}),
    ({}, {"near_context_s": 12.0}),
    ({}, {"near_context_s": 20.0}),
    ({}, {"context_s": 15.0}),
)  # fmt: skip
"""What `trade` changes of `ScribeSettings` and of `DecoderSettings`."""


def trade(recordings: Sequence[Recording]) -> None:
    """The live way with other settings: decoding and committing sooner or later, with more or less heard again."""
    for scribe, decoding in TRADES:
        way = ",".join(f"{name}={value}" for name, value in (scribe | decoding).items())
        decoder = Decoder(settings=DecoderSettings(**decoding))  # type: ignore[arg-type]
        lags: dict[str, list[float]] = {name: [] for name in ("word", "partial", *CAUSES)}
        wrong, cpu = [], 0.0
        for r in recordings:
            said, lag, cost = as_it_happens(r, decoder, ScribeSettings(**scribe))
            wrong.append(scores(r, way, said))
            cpu += sum(cost.values())
            for what, values in lag.items():
                lags[what] += values
        say("mean", f"{way}_cpwer", float(np.mean(wrong)), "share", "lower")
        say("all", f"{way}_cpu_per_audio_second", cpu / sum(r.seconds for r in recordings), "s/s", "lower")
        lateness(way, lags)


def curve(recordings: Sequence[Recording]) -> None:
    """Every stretch of speech (gaps under 0.5 s closed) decoded alone, greedily, padded to several lengths."""
    for model, context in itertools.product(("whisper-base", "whisper-tiny.en"), (30.0, 24.0, 20.0, 15.0, 12.0, 8.0)):
        decoder = Decoder(model, settings=DecoderSettings(context_s=context, beam=1))
        wrong = total = 0.0
        cpu, decodes = 0.0, 0
        for r in recordings:
            words: list[Word] = []
            for who, spans in heard(r).items():
                for group in joined(spans):
                    a, b = max(group[0][0] - 0.2, 0.0), group[-1][1] + 0.2
                    audio = r.sound[int(a * RATE) : int(b * RATE), PEOPLE.index(who)]
                    job = Job(speaker=who, start=a, audio=audio, voiced=tuple(group))
                    began = time.process_time()
                    words += decoder.decode(job).words
                    cpu += time.process_time() - began
                    decodes += 1
            said = sorted(as_said(words), key=lambda w: w[0])
            wrong += edits([w for *_, w in r.truth], [w for *_, w in said])
            total += len(r.truth)
        say(f"{model}@{context:.0f}s", "wer", wrong / max(total, 1), "share", "lower")
        say(f"{model}@{context:.0f}s", "cpu_per_decode", cpu / max(decodes, 1), "s", "lower")


def joined(spans: Sequence[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    group: list[tuple[float, float]] = []
    for span in spans:
        if group and (span[0] - group[-1][1] > 0.5 or span[1] - group[0][0] > 20):
            yield group
            group = []
        group.append(span)
    if group:
        yield group


if __name__ == "__main__":
    main()
