"""A prompt comes back from the loudspeaker: is it taken for a person, and is a person heard over it.

  scripts/bench echo

Simulated rooms, one JSON object a line. Prompts of this computer's own voice; reverberation 0.3 s, delays of 20 to
450 ms (air, sound cards, buffers), echoes from 20 dB under a person's level up to equal to it; a little noise. The
person is one of audio_fixtures and begins 0.5 s into a prompt. Hearing is that of two channels, the person on
the first. Before the first prompt comes the chime that says that listening begins. A prompt stops 0.1 s after somebody
was noticed, as the player stops it. A sound card stumbles: from the middle of a prompt on, its echo comes 10 to 200 ms
later or earlier than before. `moved_prompt`: the same in the silence before a prompt; `drifted_prompt`: two sound cards
that drift apart, 1.7 ms since the chime. `taken_for_a_person`: hearing finds somebody in a prompt that nobody spoke
over. `louder`: echoes 10 dB over a person's level, as from a loudspeaker beside the microphone.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import soundfile  # noqa: E402
from scipy.signal import fftconvolve  # noqa: E402
from truth import enrolments  # noqa: E402

from voicecoach.audio.echo import EchoCanceller  # noqa: E402
from voicecoach.coach import chime  # noqa: E402
from voicecoach.coach.voice import Voice  # noqa: E402
from voicecoach.hearing import open_hearing  # noqa: E402
from voicecoach.hearing.base import stretches  # noqa: E402
from voicecoach.samples import RATE  # noqa: E402

PIECE = 1_600
SAID = (
    "Ben, what did you hear?",
    "Anna, you were in the middle of something. Please go on.",
    "Ben, could you first say back what you heard from Anna?",
    "What do you think matters most to Anna here?",
)
PERSON, NEVER_S = 0.05, 9.9


def tell(metric: str, value: float, unit: str, better: str) -> None:
    row = {
        "bench": "echo",
        "data": "simulated rooms",
        "metric": metric,
        "value": round(value, 4),
        "unit": unit,
        "better": better,
    }
    print(json.dumps(row), flush=True)


def loudness(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(sound[np.abs(sound) > 0.1 * np.abs(sound).max()]))))


def room(rng: np.random.Generator, delay_s: float, rt60_s: float) -> np.ndarray:
    """An impulse response: the direct sound after ``delay_s``, then noise that dies away by 60 dB in ``rt60_s``."""
    late = rng.normal(0, 1, int(rt60_s * RATE)) * 10 ** (-3 * np.arange(int(rt60_s * RATE)) / RATE / rt60_s)
    late[: int(0.003 * RATE)] = 0
    response = np.concatenate((np.zeros(int(delay_s * RATE)), 0.15 * late))
    response[int(delay_s * RATE)] = 1.0
    return response / np.sqrt(np.sum(response**2))


@dataclass
class Scene:
    """The chime, as in a session, then some prompts alone, some with a person.

    ``spans``: prompts alone; ``talks``: when the person speaks; both in samples.
    """

    far: np.ndarray
    person: np.ndarray
    spans: list[tuple[int, int]]
    talks: list[tuple[int, int]]


def opening() -> np.ndarray:
    """How a session begins: the chime, three seconds before anything else."""
    return np.concatenate((np.zeros(RATE), chime("listening_on"), np.zeros(3 * RATE))).astype(np.float32)


def scene(prompts: list[np.ndarray], people: list[np.ndarray], alone: int = 3, over: int = 4) -> Scene:
    before = opening()
    far, persons, spans, talks, at = [before], [np.zeros_like(before)], [], [], len(before)
    for k in range(alone + over):
        prompt = prompts[k % len(prompts)]
        piece = np.concatenate((np.zeros(RATE, np.float32), prompt, np.zeros(3 * RATE // 2, np.float32)))
        person = np.zeros_like(piece)
        if k < alone:
            spans.append((at + RATE, at + RATE + len(prompt)))
        else:
            begin, n = int(1.5 * RATE), int(1.2 * RATE)
            part = people[k % 2][(k + 1) * RATE : (k + 1) * RATE + n]
            person[begin : begin + n] = part * (PERSON / loudness(part))
            talks.append((at + begin, at + begin + n))
        far.append(piece)
        persons.append(person)
        at += len(piece)
    return Scene(np.concatenate(far), np.concatenate(persons), spans, talks)


def voiced(sound: np.ndarray) -> np.ndarray:
    """Per channel and sample, whether hearing finds speech."""
    hearing, out = open_hearing(2, ("A", "B")), np.zeros((2, len(sound)), bool)
    for i, spans in enumerate(stretches([*hearing.push(sound), *hearing.finish()], hearing.people).values()):
        for a, b in spans:
            out[i, int(a * RATE) : int(b * RATE)] = True
    return out


def first_prompt(
    name: str, shift_s: float, prompts: list[np.ndarray], people: list[np.ndarray], rng: np.random.Generator
) -> None:
    """Whether the first prompt of a session, 3 s after the chime, is taken for a person, and who is heard over it.

    Its echo comes ``shift_s`` later, or every other time earlier, than that of the chime.
    """
    noticed, found, speech, stops, taken, tried = list[float](), 0.0, 0.0, 0, 0, 0
    for k, (delay_s, level_db) in enumerate(itertools.product((0.02, 0.08, 0.15, 0.3), (-20, -10, 0))):
        prompt, part = prompts[2 + k % 2], people[k % 2][2 * RATE :][: round(1.2 * RATE)]
        before = opening()
        far = np.concatenate((before, prompt, np.zeros(RATE))).astype(np.float32)
        a = len(before) + RATE // 2
        person, noise = np.zeros((len(far), 2)), rng.normal(0, 0.0004, (len(far), 2))
        person[a : a + len(part), 0] = part * (PERSON / loudness(part))
        echo = fftconvolve(far, room(rng, delay_s + shift_s, 0.3))[: len(far)]
        apart = round((1 - 2 * (k % 2)) * shift_s * RATE)
        echo[len(before) - RATE :] = np.roll(echo, apart)[len(before) - RATE :]
        echo *= PERSON * 10 ** (level_db / 20) / loudness(echo[len(before) :])
        alone = (np.stack((echo, 0.7 * echo), axis=1) + noise).astype(np.float32)
        own, own_flags = through(EchoCanceller(2), alone, far)
        stops += bool(own_flags)
        taken += bool(voiced(own)[:, len(before) :].any())
        clean, flags = through(EchoCanceller(2), (alone + person).astype(np.float32), far)
        truth = voiced((person + noise).astype(np.float32))[0]
        first = int(np.flatnonzero(truth[a:])[0]) + a
        noticed.append(next(((f - first) / RATE for f in flags if f > first), NEVER_S))
        found += (truth & voiced(clean)[0]).sum() / RATE
        speech += truth.sum() / RATE
        tried += 1
    tell(f"{name}_prompt_stopped_by_itself_rate", stops / tried, "", "lower")
    tell(f"{name}_prompt_taken_for_a_person_rate", taken / tried, "", "lower")
    tell(f"speech_over_{name}_prompt_recall", found / speech, "of its time", "higher")
    tell(f"person_over_{name}_prompt_noticed_p50_s", float(np.percentile(noticed, 50)), "s", "lower")
    tell(f"person_over_{name}_prompt_noticed_p95_s", float(np.percentile(noticed, 95)), "s", "lower")


def through(canceller: EchoCanceller, heard: np.ndarray, far: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """``heard`` without the prompt, and the sample at which each piece ends that somebody was noticed in."""
    clean, flags = [], []
    for i in range(0, len(far), PIECE):
        clean.append(canceller.process(heard[i : i + PIECE], far[i : i + PIECE]))
        flags += [i + PIECE] if canceller.person else []
    return np.concatenate(clean), flags


def stumbling(said: Scene, rng: np.random.Generator) -> None:
    """Whether a prompt whose echo jumps in time stops itself."""
    stops, tried = 0, 0
    begin, end = said.spans[2]  # the chime and two prompts have taught the room
    far = said.far[: end + RATE]
    for rt60_s, shift in itertools.product((0.05, 0.3), (-0.2, -0.08, -0.03, -0.01, 0.01, 0.03, 0.08, 0.2)):
        echo = fftconvolve(far, room(rng, 0.25, rt60_s))[: len(far)]
        at = (begin + end) // 2 + int(rng.uniform(-0.5, 0.5) * RATE)
        echo[at:] = np.roll(echo, round(shift * RATE))[at:]
        echo = echo * (PERSON / loudness(echo)) + rng.normal(0, 0.0004, len(echo))
        canceller, stopped = EchoCanceller(1), False
        for i in range(0, len(echo), PIECE):
            canceller.process(echo[i : i + PIECE, None].astype(np.float32), far[i : i + PIECE])
            stopped = stopped or canceller.person
        stops, tried = stops + stopped, tried + 1
    tell("prompts_stopped_by_a_stumble_rate", stops / tried, "", "lower")


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with Voice() as voice:
        prompts = [p for text in SAID if (p := voice.say(text, timeout_s=20.0)) is not None]
    if not prompts:
        sys.exit("this computer has no voice; install espeak-ng")
    people = [soundfile.read(path, dtype="float32")[0] for path in enrolments().values()]
    rng = np.random.default_rng(1)
    said = scene(prompts, people)
    noise = rng.normal(0, 0.0004, (len(said.far), 2))
    truth = voiced((np.stack((said.person, 0 * said.person), axis=1) + noise).astype(np.float32))[0]
    stumbling(said, rng)
    first_prompt("first", 0.0, prompts, people, np.random.default_rng(2))
    first_prompt("drifted", 0.0017, prompts, people, np.random.default_rng(2))
    first_prompt("moved", 0.08, prompts, people, np.random.default_rng(3))
    for name, levels_db in (("", (-20, -10, 0)), ("louder_echo_", (10,))):
        over_prompts(name, levels_db, said, noise, truth, rng)


def over_prompts(
    name: str,
    levels_db: tuple[int, ...],
    said: Scene,
    noise: np.ndarray,
    truth: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """What of prompts is taken for a person, with echoes at these levels beside a person, and who is heard over them.

    ``truth``: when hearing finds the person alone.
    """
    total = dict.fromkeys(("own", "prompt", "stops", "alone", "found", "speech", "cpu", "all"), 0.0)
    noticed: list[float] = []
    for delay_s, level_db in itertools.product((0.02, 0.08, 0.15, 0.3, 0.45), levels_db):
        far, response = said.far.copy(), room(rng, delay_s, 0.3)
        echo = fftconvolve(far, response)[: len(far)]
        gain = PERSON * 10 ** (level_db / 20) / loudness(echo)
        canceller, flags, clean = EchoCanceller(2), list[int](), list[np.ndarray]()
        for i in range(0, len(far), PIECE):
            here = slice(i, i + PIECE)
            back = gain * echo[here]
            heard = (np.stack((back + said.person[here], 0.7 * back), axis=1) + noise[here]).astype(np.float32)
            began = time.process_time()
            clean.append(canceller.process(heard, far[here]))
            total["cpu"] += time.process_time() - began
            if canceller.person:
                flags.append(i + PIECE)
                if any(a < i < b for a, b in said.talks) and far[i + 2 * PIECE : i + 4 * PIECE].any():
                    far[i + 2 * PIECE : i + 2 * RATE] = 0.0
                    echo = fftconvolve(far, response)[: len(far)]
        total["all"] += len(far) / RATE
        found = voiced(np.concatenate(clean))
        for a, b in said.spans:
            total["own"] += found[:, a : b + RATE].any(axis=0).sum() / RATE
            total["prompt"] += (b - a) / RATE
            total["stops"] += any(a < f <= b for f in flags)
            total["alone"] += 1
        for a, b in said.talks:
            first = a + int(np.flatnonzero(truth[a:b])[0])
            noticed.append(next(((f - first) / RATE for f in flags if f > first), NEVER_S))
            total["found"] += (truth & found[0])[a:b].sum() / RATE
            total["speech"] += truth[a:b].sum() / RATE
    tell(f"{name}prompt_taken_for_a_person_share", total["own"] / total["prompt"], "of its time", "lower")
    tell(f"{name}prompts_stopped_by_themselves_rate", total["stops"] / total["alone"], "", "lower")
    tell(f"{name}speech_over_prompt_recall", total["found"] / total["speech"], "of its time", "higher")
    tell(f"{name}person_noticed_p50_s", float(np.percentile(noticed, 50)), "s", "lower")
    tell(f"{name}person_noticed_p95_s", float(np.percentile(noticed, 95)), "s", "lower")
    tell(f"{name}cpu_per_audio_second", total["cpu"] / total["all"], "CPU-s/s", "lower")


if __name__ == "__main__":
    main()
