"""A live session on a virtual microphone and loudspeaker (Linux, PulseAudio), in real time.

  scripts/bench live [--minutes 10] [--data DIR]

First the bundled two-channel dialogues, or those of DIR/two_channel, again and again; then, for a third of the time,
one person tells something for eight seconds and nobody answers, so that a prompt comes; over every second of these
prompts the other begins to speak. The microphone hears the loudspeaker all the time, 60 ms later.

Measured is the engine of `voicecoach listen` in a process of its own. Lags are by the clock: when a word or an
interruption was told, against when its sound passed the sound card. When prompts sound is measured on the sound itself:
loudspeaker and microphone are recorded side by side, the recordings that were played are found in the latter, and their
truth says who spoke when (the bundled ones' exact truth, or DIR's RTTM).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from scipy.signal import correlate

RATE = 16_000
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import sound  # noqa: E402
from truth import enrolments, fixtures  # noqa: E402

from voicecoach.audio import Chunk, Microphone  # noqa: E402
from voicecoach.audio.reference import Timeline  # noqa: E402
from voicecoach.events import CaptureGap, Cue, Event, Interruption, Partial, Prompt, Record, Speech, Word  # noqa: E402
from voicecoach.hearing import open_hearing  # noqa: E402
from voicecoach.hearing.base import stretches  # noqa: E402
from voicecoach.session import LiveSession  # noqa: E402
from voicecoach.store.log import read_log  # noqa: E402

PEOPLE = ("Anna", "Ben")
TELLS_S, OVER_AFTER_S, OVER_S = 8.0, 0.7, 2.0
Spans = list[tuple[float, float, str]]


def tell(data: str, metric: str, value: float, unit: str, better: str = "lower") -> None:
    row = {"bench": "live", "data": data, "metric": metric, "value": round(float(value), 4), "unit": unit}
    print(json.dumps({**row, "better": better}), flush=True)


# --- the session, in a process of its own ----------------------------------------------------------------------------


class Watched:
    """A microphone whose sound is kept, and of which it is known when each sample was due."""

    kind, channels, length_s = "microphone", 2, None

    def __init__(self) -> None:
        self.microphone, self.timeline, self.heard = Microphone(channels=2), Timeline(), list[np.ndarray]()
        self.stop, self.close = self.microphone.stop, self.microphone.close

    def chunks(self) -> Iterator[Chunk]:
        for chunk in self.microphone.chunks():
            if not self.heard:
                print("listening", flush=True)
            self.timeline.note(chunk.lost + len(chunk.samples), chunk.came_s or time.monotonic())
            self.heard.append(np.vstack((np.zeros((chunk.lost, 2), np.float32), chunk.samples)))
            yield chunk


def session(out: Path) -> None:
    """Listen until interrupted. Writes how late things were told, and what was heard, beside the log."""
    source, late = Watched(), list[tuple[str, float]]()

    def note(event: Event) -> None:
        now = time.monotonic() - source.timeline.begin_s
        if isinstance(event, Word):
            late.append(("word", now - event.end))
        elif isinstance(event, Partial) and event.text:
            late.append(("partial", now - event.end))
        elif isinstance(event, Interruption) and event.status == "provisional":
            late.append(("interruption", now - event.start))
        elif isinstance(event, Cue) and event.words:
            print("cue", flush=True)

    live = LiveSession(source, PEOPLE, out=out, on_event=note)
    signal.signal(signal.SIGINT, lambda *_: live.stop())
    live.run()
    (out / "late.json").write_text(json.dumps(late))
    np.save(out / "heard.npy", np.concatenate(source.heard)[: 120 * RATE].mean(axis=1))


class Listening:
    """That process, and what it says."""

    def __init__(self, pulse: sound.PulseServer, out: Path) -> None:
        begin = time.monotonic()
        command = [sys.executable, str(Path(__file__)), "--session", str(out)]
        self.process = subprocess.Popen(command, env=pulse.env, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self._said = self.process.stdout.fileno()
        if not self.says("listening", 60.0):
            sys.exit("the session did not start")
        self.started_s = time.monotonic() - begin

    def says(self, line: str, within_s: float) -> bool:
        os.set_blocking(self._said, False)
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            try:
                if line.encode() in os.read(self._said, 4096):
                    return True
            except BlockingIOError:
                pass
            time.sleep(0.02)
        return False

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


# --- what is played --------------------------------------------------------------------------------------------------


def told(folder: Path, teller: int) -> tuple[Path, Path]:
    """One person tells something; what the other says over the prompt, as files of two channels."""
    voices = [soundfile.read(enrolments()[name], dtype="float32")[0] for name in PEOPLE]
    paths = []
    for name, who, first_s, length_s in (("told", teller, 0.0, TELLS_S), ("over", 1 - teller, 9.0, OVER_S)):
        both = np.zeros((int(length_s * RATE), 2), np.float32)
        both[:, who] = voices[who][int(first_s * RATE) :][: len(both)]
        paths.append(folder / f"{name}{teller}.wav")
        soundfile.write(paths[-1], both, RATE)
    return paths[0], paths[1]


def play(pulse: sound.PulseServer, listening: Listening, files: list[Path], minutes: float, folder: Path) -> list[Path]:
    """Everything that was played, in order."""
    played, begin = list[Path](), time.monotonic()
    while time.monotonic() - begin < minutes * 40:
        played.append(files[len(played) % len(files)])
        player = pulse.play(played[-1])
        while player.poll() is None and time.monotonic() - begin < minutes * 40:
            time.sleep(0.2)
        player.terminate()
        time.sleep(3)
    for k in range(max(1, round(minutes * 20 / 24))):
        first, over = told(folder, k % 2)
        again = time.monotonic() + 24.0
        listening.says("nothing", 0.1)
        pulse.play(first).wait()
        played.append(first)
        if listening.says("cue", 6.0) and k // 2 % 2:
            time.sleep(OVER_AFTER_S)
            pulse.play(over).wait()
            played.append(over)
        time.sleep(max(0.0, again - time.monotonic()))
    return played


def truth(path: Path, data: Path | None) -> Spans:
    """Who speaks when in a recording: start and end in seconds, and the person."""
    if path.suffix == ".wav":
        both = soundfile.read(path, dtype="float32")[0]
        hearing = open_hearing(2, PEOPLE)
        spans = stretches([*hearing.push(both), *hearing.finish()], PEOPLE)
        return [(a, b, who) for who, parts in spans.items() for a, b in parts]
    if data is not None:
        rows = [line.split() for line in path.with_suffix(".rttm").read_text().splitlines()]
        return [(float(r[3]), float(r[3]) + float(r[4]), r[7]) for r in rows if r and r[0] == "SPEAKER"]
    (fixture,) = [f for f in fixtures("2ch") if f.audio == path]
    return [(r.start, r.end, str(r.speaker)) for r in fixture.of("speech")]  # type: ignore[attr-defined]


def found(piece: np.ndarray, heard: np.ndarray, after: int) -> int:
    """Sample of ``heard`` at which ``piece`` begins, not before ``after``."""
    window = heard[after : after + len(piece) + 60 * RATE]
    return after + int(np.argmax(correlate(window, piece, mode="valid", method="fft")))


# --- what came of it -------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--session", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.session:
        session(args.session)
        return
    if sound.missing():
        sys.exit(f"not installed: {sound.missing()}")
    folder = args.data / "two_channel" if args.data else ROOT / "audio_fixtures"
    files = sorted(folder.glob("*.flac" if args.data else "*.2ch.flac"))
    name = "two_channel" if args.data else "audio_fixtures"
    with (
        tempfile.TemporaryDirectory() as temp,
        sound.PulseServer() as pulse,
        pulse.recorded("vc_mic") as microphone,
        pulse.recorded() as loudspeaker,
    ):
        pulse.echo(60)
        out = Path(temp) / "session"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        listening = Listening(pulse, out)
        played = play(pulse, listening, files, args.minutes, Path(temp))
        listening.end()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        records = read_log(out / "events.jsonl")
        late = json.loads((out / "late.json").read_text())
        heard = np.load(out / "heard.npy")
        pieces = [(p, *soundfile.read(p, dtype="float32", always_2d=True)) for p in played]
        speech = [truth(p, args.data) for p in played]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    tell(name, "heard_s", records[-1].end, "s", "higher")
    tell(name, "start_to_listening_s", listening.started_s, "s")
    tell(name, "frames_lost", sum(r.frames for r in records if isinstance(r, CaptureGap)), "frames")
    tell(name, "cpu_per_audio_second", cpu / records[-1].end, "CPU-s/s")
    tell(name, "rss_mb", after.ru_maxrss / 1024, "MB")
    lags(name, late)
    at, truths = 0, list[tuple[float, float, str]]()
    for (_, piece, rate), spans in zip(pieces, speech, strict=True):
        mono = soxr.resample(piece.mean(axis=1), rate, RATE)[: 20 * RATE]
        at = found(mono, microphone[0], at)
        truths += [(a + at / RATE, b + at / RATE, who) for a, b, who in spans]
        at += RATE
    shift_s = found(heard[30 * RATE : 60 * RATE], microphone[0], 0) / RATE - 30.0
    prompts_in(name, sorted(truths), loudspeaker[0])
    words_in(name, [(a - shift_s, b - shift_s, who) for a, b, who in truths], records)


def lags(name: str, late: list[list[Any]]) -> None:
    """How late words and interruptions were told."""
    for what, metric in (("word", "word_lag"), ("partial", "partial_lag"), ("interruption", "interruption_flag")):
        values = [s for kind, s in late if kind == what]
        for share in (50, 95) if values else ():
            tell(name, f"{metric}_p{share}_s", float(np.percentile(values, share)), "s")


def prompts_in(name: str, speech: Spans, spoken: np.ndarray) -> None:
    """When prompts sounded, against who spoke when."""
    loud = np.convolve(np.abs(spoken), np.full(320, 1 / 320), "same") > 1e-3
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(np.int8), [0]))))
    sounds: list[list[float]] = []
    for a, b in zip(edges[::2] / RATE, edges[1::2] / RATE, strict=True):
        if sounds and a - sounds[-1][1] < 0.6:
            sounds[-1][1] = b
        else:
            sounds.append([a, b])
    prompts = [(a, b) for a, b in sounds if b - a > 0.7]  # a chime is shorter
    waits, over, middle, stops = [], 0, 0, []
    for a, b in prompts:
        before = [s for s in speech if s[0] < a]
        after = [s for s in speech if s[0] >= a]
        if not before:
            continue
        last = max(before, key=lambda s: s[1])
        over += int(last[1] > a)
        if last[1] <= a:
            waits.append(a - last[1])
        middle += int(bool(after) and after[0][2] == last[2] and after[0][0] - last[1] < 2.0)
        stops += [b - s[0] for s in after if a < s[0] < b]
    tell(name, "prompts_heard_at_the_loudspeaker", len(prompts), "", "higher")
    tell(name, "prompts_over_speech", over, "")
    tell(name, "prompts_in_mid_turn_pause_rate", middle / max(1, len(prompts)), "")
    for share in (50, 95):
        if waits:
            tell(name, f"end_of_turn_to_prompt_p{share}_s", float(np.percentile(waits, share)), "s")
        if stops:
            tell(name, f"prompt_stops_after_voice_p{share}_s", float(np.percentile(stops, share)), "s")


def words_in(name: str, speech: Spans, records: list[Record]) -> None:
    """What the log makes of a prompt and of who speaks over it; all times are the session's."""
    prompts = [r for r in records if isinstance(r, Prompt) and r.words]
    tell(name, "prompts", len(prompts), "", "higher")
    tell(name, "prompts_spoken", sum(p.spoken for p in prompts), "", "higher")
    tell(name, "prompts_cut", sum(p.cut for p in prompts), "", "higher")
    under = [w for w in records if isinstance(w, Word) and any(p.start < w.end and w.start < p.end for p in prompts)]
    own = [w for w in under if not any(a - 0.3 < w.end and w.start < b + 0.3 for a, b, _ in speech)]
    tell(name, "own_voice_words", len(own), "")
    over = [(a, b, who) for a, b, who in speech if any(p.start < a < p.end + 0.2 for p in prompts)]
    heard = [r for r in records if isinstance(r, Speech)]
    share = [
        sum(max(0.0, min(b, r.end) - max(a, r.start)) for r in heard if r.speaker == who) / (b - a)
        for a, b, who in over
    ]
    tell(name, "people_over_prompts", len(over), "", "higher")
    if over:
        lengths = [b - a for a, b, _ in over]
        tell(name, "speech_over_prompt_recall", float(np.average(share, weights=lengths)), "of its time", "higher")


if __name__ == "__main__":
    main()
