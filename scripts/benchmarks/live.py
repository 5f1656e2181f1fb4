"""A live session on a virtual microphone and loudspeaker (Linux, PulseAudio), in real time.

  scripts/bench live [--minutes 10] [--data DIR]

First, for two thirds of the time, conversations of at most a minute each: the bundled two-channel dialogues, those with
most interruptions first, and between them those of DIR/two_channel. Then one person tells something for eight seconds
and nobody answers, so that a prompt comes; over every second of these prompts the other begins to speak. The microphone
hears a room all the time and, 60 ms later, the loudspeaker, as loud as who speaks over it (-25 dBFS). As in
`voicecoach listen`, the session chimes when it begins.

Measured is the engine of `voicecoach listen` in a process of its own. Lags are by the clock: when a word or an
interruption was told, against when its sound passed the sound card; a verdict on an interruption, against its outcome:
when one of the two stopped or, if the floor was taken in a pause, when it had been held for `TAKEN_S`. When prompts
sound is measured on the sound itself: loudspeaker and microphone are recorded side by side, the recordings that were
played are found in the latter, and their truth says who spoke when (the bundled ones' exact truth, DIR's RTTM, or
hearing's own on the clean sound of what was told). `echo_after_s` says how far the two recordings are apart: 0.06 s and
the time of a sound card's buffer.

A prompt in a mid-turn pause is one after which the person who spoke last goes on within 2 s of their own stop. Help for
who is speaking (a reminder, say) waits for such a pause on purpose; `prompts_at_turn_ends…` leaves it out.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from _prompts import Spans, lags, prompts_heard, tell, words_of_prompts
from scipy.signal import correlate

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import sound  # noqa: E402
from truth import enrolments, fixtures  # noqa: E402

from voicecoach.audio import Chunk, Microphone  # noqa: E402
from voicecoach.audio.reference import Timeline  # noqa: E402
from voicecoach.coach.voice import VoiceSettings  # noqa: E402
from voicecoach.events import CaptureGap, Cue, Event, Interruption, Partial, Word  # noqa: E402
from voicecoach.floor.floor import TAKEN_S  # noqa: E402
from voicecoach.hearing import open_hearing  # noqa: E402
from voicecoach.hearing.base import stretches  # noqa: E402
from voicecoach.samples import RATE  # noqa: E402
from voicecoach.session import LiveSession  # noqa: E402
from voicecoach.store.log import read_log  # noqa: E402

PEOPLE = ("Anna", "Ben")
PART_S = 60.0
"""So much of a conversation is played, so that there are several."""
APART_S, APART_CUT_S = 24.0, 34.0
"""From one telling to the next: the coach rests for 20 s after a prompt, for 30 s after one that was spoken over."""
APART_RECORDING_S = 5.0
"""The recorder of the microphone and the player begin at most so late."""
TELLS_S, OVER_AFTER_S, OVER_S = 8.0, 0.7, 2.0
"""A telling ends in the pause of the read text after so long: cut in mid-sentence it would be no end of a turn."""
BREATH_S = 0.3
VOLUME = 0.55
"""Of prompts: -25 dBFS."""
KEPT_S = 120.0
"""Of what the session heard so much is kept, to find its beginning; all of it would count as its memory."""


# --- the session, in a process of its own ----------------------------------------------------------------------------


class Watched:
    """A microphone of whose sound the beginning is kept, and of which it is known when each sample was due."""

    kind, channels, length_s = "microphone", 2, None

    def __init__(self) -> None:
        self.microphone, self.timeline, self.heard = Microphone(channels=2), Timeline(), list[np.ndarray]()
        self.stop, self.close = self.microphone.stop, self.microphone.close

    def chunks(self) -> Iterator[Chunk]:
        kept = 0
        for chunk in self.microphone.chunks():
            if not self.heard:
                print("listening", flush=True)
            self.timeline.note(chunk.lost + len(chunk.samples), chunk.came_s or time.monotonic())
            if kept < KEPT_S * RATE:
                self.heard.append(np.vstack((np.zeros((chunk.lost, 2), np.float32), chunk.samples)))
                kept += len(self.heard[-1])
            yield chunk


def session(out: Path) -> None:
    """Listen until interrupted. Writes when and how late things were told, and what was heard, beside the log."""
    source, late = Watched(), list[tuple[str, float]]()

    def note(event: Event) -> None:
        now = time.monotonic() - source.timeline.begin_s
        if isinstance(event, Word):
            late.append(("word_lag", now - event.end))
        elif isinstance(event, Partial) and event.text:
            late.append(("partial_lag", now - event.end))
        elif isinstance(event, Interruption) and event.status == "provisional":
            late.append(("interruption_flag", now - event.start))
        elif isinstance(event, Interruption):
            outcome = event.start + TAKEN_S if event.kind == "silent" else event.end
            late.append((f"interruption_{event.status}", now - outcome))
        elif isinstance(event, Cue) and event.words:
            late.append(("cue", now))
            print("cue", flush=True)

    live = LiveSession(source, PEOPLE, out=out, on_event=note, announce=True, voice=VoiceSettings(volume=VOLUME))
    signal.signal(signal.SIGINT, lambda *_: live.stop())
    live.run()
    (out / "late.json").write_text(json.dumps(late))
    np.save(out / "heard.npy", np.concatenate(source.heard).mean(axis=1))


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


@dataclass(frozen=True)
class Played:
    """A recording that was played from ``at_s`` (since the microphone is recorded, roughly) for ``length_s``."""

    path: Path
    at_s: float
    length_s: float


class Stage:
    """Plays recordings into the microphone and remembers which and when."""

    def __init__(self, pulse: sound.PulseServer) -> None:
        self.played, self._pulse, self._begin = list[Played](), pulse, time.monotonic()

    def play(self, path: Path, most_s: float) -> None:
        """Play ``path``, at most ``most_s`` seconds of it, and wait until it is over."""
        at = time.monotonic()
        player = self._pulse.play(path)
        while player.poll() is None and time.monotonic() - at < most_s:
            time.sleep(0.05)
        player.terminate()
        self.played.append(Played(path, at - self._begin, time.monotonic() - at))


def conversations(data: Path | None) -> list[Path]:
    """What is played, in order; ours with most interruptions first, between those of ``data``."""
    ours = sorted(fixtures("2ch"), key=lambda f: (-len(f.of("interruption")), f.name))
    theirs = sorted((data / "two_channel").glob("*.flac")) if data else []
    both = itertools.zip_longest(theirs, [f.audio for f in ours])
    return [path for pair in both for path in pair if path is not None]


def told(folder: Path, teller: int) -> tuple[Path, Path]:
    """One person tells something; what the other says over the prompt, as files of two channels."""
    voices = [soundfile.read(enrolments()[name], dtype="float32")[0] for name in PEOPLE]
    paths = []
    for name, who, first_s, length_s in (("told", teller, 0.0, TELLS_S), ("over", 1 - teller, 9.0, OVER_S)):
        voice = voices[who][int(first_s * RATE) :]
        voice = voice[: until_breath(voice, length_s) if name == "told" else int(length_s * RATE)]
        both = np.zeros((len(voice), 2), np.float32)
        both[:, who] = voice
        paths.append(folder / f"{name}{teller}.wav")
        soundfile.write(paths[-1], both, RATE)
    return paths[0], paths[1]


def until_breath(voice: np.ndarray, after_s: float) -> int:
    """How many samples there are up to the first pause of `BREATH_S` that ends after ``after_s``."""
    loud = np.convolve(np.abs(voice), np.full(320, 1 / 320), "same") > 3e-3
    breath = np.convolve(loud, np.ones(int(BREATH_S * RATE)), "valid") < 0.5
    return int(after_s * RATE) + int(np.argmax(breath[int(after_s * RATE) :])) + int(0.05 * RATE)


def perform(stage: Stage, listening: Listening, files: list[Path], minutes: float, folder: Path) -> None:
    """Play conversations, then tellings, for ``minutes`` in all."""
    begin = time.monotonic()
    for path in itertools.cycle(files):
        left_s = begin + minutes * 40 - time.monotonic()
        if left_s < 5.0:
            break
        stage.play(path, min(PART_S, left_s))
        time.sleep(3.0)
    number = teller = prompts = 0
    while number < 2 or time.monotonic() < begin + minutes * 60 - APART_S / 2:
        first, over = told(folder, teller)
        now = time.monotonic()
        while listening.says("cue", 0.1):  # those of before
            pass
        stage.play(first, PART_S)
        prompted = listening.says("cue", 6.0)
        prompts += prompted
        cut = prompted and prompts % 2 == 0
        if cut:
            time.sleep(OVER_AFTER_S)
            stage.play(over, PART_S)
        else:  # a turn that goes on asks for no second answer
            teller = 1 - teller
        time.sleep(max(0.0, now + (APART_CUT_S if cut else APART_S) - time.monotonic()))
        number += 1


# --- who spoke when --------------------------------------------------------------------------------------------------


def truth(path: Path, data: Path | None) -> Spans:
    """Who speaks when in a recording: start and end in seconds, and the person whose channel it is."""
    if path.suffix == ".wav":
        both = soundfile.read(path, dtype="float32")[0]
        hearing = open_hearing(2, PEOPLE)
        spans = stretches([*hearing.push(both), *hearing.finish()], PEOPLE)
        return [(a, b, who) for who, parts in spans.items() for a, b in parts]
    if data is not None and path.parent == data / "two_channel":
        rows = [line.split() for line in path.with_suffix(".rttm").read_text().splitlines()]
        said = [(float(r[3]), float(r[3]) + float(r[4]), r[7]) for r in rows if r and r[0] == "SPEAKER"]
        return on_channels(said, *soundfile.read(path, dtype="float32"))
    (fixture,) = [f for f in fixtures("2ch") if f.audio == path]
    return [(r.start, r.end, str(r.speaker)) for r in fixture.of("speech")]  # type: ignore[attr-defined]


def on_channels(said: Spans, both: np.ndarray, rate: int) -> Spans:
    """The same, each of the two named as the session names the channel on which they are loudest."""

    def second(who: str) -> float:
        own = [both[int(a * rate) : int(b * rate)] for a, b, w in said if w == who]
        power = np.square(np.concatenate(own), dtype=np.float64).sum(axis=0)
        return float(power[1] / power.sum())

    names = dict(zip(sorted({who for *_, who in said}, key=second), PEOPLE, strict=True))
    return [(a, b, names[who]) for a, b, who in said]


def found(piece: np.ndarray, heard: np.ndarray, first_s: float, last_s: float) -> float:
    """At how many seconds of ``heard``, between two others, ``piece`` begins."""
    first = round(max(first_s, 0.0) * RATE)
    window = heard[first : round(last_s * RATE) + len(piece)]
    return (first + int(np.argmax(correlate(window, piece, mode="valid", method="fft")))) / RATE


def said_in(played: Played, data: Path | None, microphone: np.ndarray) -> Spans:
    """Who spoke when in the recording of the microphone while ``played`` was."""
    piece, rate = soundfile.read(played.path, dtype="float32", always_2d=True)
    mono = soxr.resample(piece.mean(axis=1), rate, RATE)[: int(min(20.0, played.length_s - 0.5) * RATE)]
    at = found(mono, microphone, played.at_s - APART_RECORDING_S, played.at_s + APART_RECORDING_S)
    spoken = [(a, min(b, played.length_s), who) for a, b, who in truth(played.path, data) if a < played.length_s]
    return [(a + at, b + at, who) for a, b, who in spoken]


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
    name = "two_channel, audio_fixtures" if args.data else "audio_fixtures"
    with tempfile.TemporaryDirectory() as temp:
        out = Path(temp) / "session"
        with (
            sound.PulseServer() as pulse,
            pulse.recorded("vc_mic") as microphone,
            pulse.recorded() as loudspeaker,
        ):
            stage = Stage(pulse)
            pulse.echo(60)
            pulse.room(Path(temp))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            listening = Listening(pulse, out)
            perform(stage, listening, conversations(args.data), args.minutes, Path(temp))
            listening.end()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        speech = sorted(s for played in stage.played for s in said_in(played, args.data, microphone[0]))
        records = read_log(out / "events.jsonl")
        late = json.loads((out / "late.json").read_text())
        heard = np.load(out / "heard.npy")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    tell(name, "heard_s", records[-1].end, "s", "higher")
    tell(name, "start_to_listening_s", listening.started_s, "s")
    tell(name, "frames_lost", sum(r.frames for r in records if isinstance(r, CaptureGap)), "frames")
    tell(name, "cpu_per_audio_second", cpu / records[-1].end, "CPU-s/s")
    tell(name, "rss_mb", after.ru_maxrss / 1024, "MB")
    lags(name, late)
    began_s = found(heard[30 * RATE : 60 * RATE], microphone[0], 30.0, 60.0) - 30.0  # the session, in the recording
    cues = [at + began_s for what, at in late if what == "cue"]
    prompts_heard(name, speech, cues, records, loudspeaker[0], microphone[0])
    words_of_prompts(name, [(a - began_s, b - began_s, who) for a, b, who in speech], records)


if __name__ == "__main__":
    main()
