from __future__ import annotations

import numpy as np
import pytest
import soundfile
from truth import fixtures

from voicecoach.audio import EchoGate

RATE = 16000


def speech(name: str, channel: int, seconds: float) -> np.ndarray:
    (fixture,) = fixtures("2ch", names=[name])
    sound, _ = soundfile.read(fixture.audio, dtype="float32")
    first = int(next(s.start for s in fixture.of("speech") if s.speaker == fixture.people[channel]) * RATE)
    return sound[first : first + int(seconds * RATE), channel]


def through(
    gate: EchoGate, heard: np.ndarray, reference: np.ndarray, piece: int = 1600
) -> tuple[np.ndarray, list[float]]:
    out, persons = [], []
    for at in range(0, len(heard), piece):
        out.append(gate.process(heard[at : at + piece, None], reference[at : at + piece]))
        if gate.person:
            persons.append(at / RATE)
    return np.concatenate(out)[:, 0], persons


def test_without_a_prompt_nothing_is_touched() -> None:
    heard = speech("clean_turns", 0, 3)
    out, _ = through(EchoGate(), heard, np.zeros_like(heard))
    assert np.array_equal(out, heard)


@pytest.mark.parametrize("delay_s", [0.02, 0.08, 0.15])
@pytest.mark.parametrize("gain", [0.05, 0.3, 1.0])
def test_the_prompts_echo_is_silenced(delay_s: float, gain: float) -> None:
    prompt = np.concatenate((speech("clean_turns", 0, 2.5), np.zeros(RATE, np.float32)))
    rng = np.random.default_rng(0)
    room = rng.normal(0, 1, RATE // 5) * np.exp(-np.arange(RATE // 5) / (0.05 * RATE))
    room[0], delay = 5.0, int(delay_s * RATE)
    echo = np.convolve(prompt, room / np.sqrt((room**2).sum()))[: len(prompt)] * gain
    echo = np.concatenate((np.zeros(delay), echo))[: len(prompt)].astype(np.float32)
    out, persons = through(EchoGate(), echo, prompt)
    assert np.sqrt((out**2).mean()) < 0.05 * np.sqrt((echo**2).mean()) + 1e-4
    assert persons == []


def test_a_person_over_the_prompt_is_heard_at_once() -> None:
    prompt = speech("clean_turns", 0, 2.5)
    heard = 0.1 * prompt
    heard[RATE:] += speech("clean_turns", 1, 2.5)[: len(heard) - RATE]
    _, persons = through(EchoGate(), heard.astype(np.float32), prompt)
    assert persons
    assert persons[0] <= 1.2
