from __future__ import annotations

import time

import numpy as np
import pytest
import soundfile
from truth import fixtures

from voicecoach.audio import EchoCanceller
from voicecoach.coach import chime
from voicecoach.samples import RATE


def speech(name: str, channel: int, seconds: float) -> np.ndarray:
    (fixture,) = fixtures("2ch", names=[name])
    sound, _ = soundfile.read(fixture.audio, dtype="float32")
    first = int(next(s.start for s in fixture.of("speech") if s.speaker == fixture.people[channel]) * RATE)
    return sound[first : first + int(seconds * RATE), channel]


def room(delay_s: float, gain: float) -> np.ndarray:
    """How a room and a sound card give the prompt back: later, with reverberation."""
    late = np.random.default_rng(0).normal(0, 1, RATE // 5) * np.exp(-np.arange(RATE // 5) / (0.05 * RATE))
    late[0] = 5.0
    return np.concatenate((np.zeros(int(delay_s * RATE)), gain * late / np.sqrt((late**2).sum())))


def echoed(prompt: np.ndarray, delay_s: float, gain: float) -> np.ndarray:
    noise = np.random.default_rng(1).normal(0, 0.0005, len(prompt))
    return (np.convolve(prompt, room(delay_s, gain))[: len(prompt)] + noise).astype(np.float32)


def through(canceller: EchoCanceller, heard: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, list[float]]:
    """The sound without the prompt, and when a person was noticed."""
    out, persons = [], []
    for at in range(0, len(heard), 1600):
        out.append(canceller.process(heard[at : at + 1600, None], reference[at : at + 1600]))
        if canceller.person:
            persons.append((at + 1600) / RATE)
    return np.concatenate(out)[:, 0], persons


def prompts(count: int) -> np.ndarray:
    """``count`` prompts of 2.5 s with a second of silence after each."""
    return np.tile(np.concatenate((speech("clean_turns", 0, 2.5), np.zeros(RATE, np.float32))), count)


def test_without_a_prompt_nothing_is_touched() -> None:
    heard = speech("clean_turns", 0, 3)
    out, persons = through(EchoCanceller(1), heard, np.zeros_like(heard))
    assert np.array_equal(out, heard)
    assert persons == []


def test_silence_after_a_prompt_is_as_cheap_as_before_it() -> None:
    canceller = EchoCanceller(1)
    quiet, silent = np.zeros(10 * RATE, np.float32), []
    prompt = prompts(1)
    for heard, played in ((quiet, quiet), (echoed(prompt, 0.1, 0.3), prompt), (quiet, quiet), (quiet, quiet)):
        began = time.thread_time()
        through(canceller, heard, played)
        silent.append(time.thread_time() - began)
    assert silent[3] < 4 * silent[0]  # 17 times where its numbers became denormal


@pytest.mark.parametrize("delay_s", [0.02, 0.15, 0.4])
@pytest.mark.parametrize("gain", [0.05, 0.3, 1.0])
def test_the_prompt_is_taken_out_and_nobody_is_noticed(delay_s: float, gain: float) -> None:
    prompt = prompts(2)
    echo = echoed(prompt, delay_s, gain)
    out, persons = through(EchoCanceller(1), echo, prompt)
    level = np.sqrt((echo**2).mean())
    assert np.sqrt((out**2).mean()) < 0.1 * level + 1e-3
    assert persons == []


def test_channels_are_cancelled_each_for_itself() -> None:
    prompt = prompts(2)
    both = np.stack((echoed(prompt, 0.1, 0.5), echoed(prompt, 0.13, 0.2)), axis=1)
    canceller = EchoCanceller(2)
    out = np.concatenate(
        [canceller.process(both[i : i + 1600], prompt[i : i + 1600]) for i in range(0, len(both), 1600)]
    )
    assert out.shape == both.shape
    assert np.sqrt((out**2).mean(axis=0)).max() < 0.1 * np.sqrt((both**2).mean())


@pytest.mark.parametrize("gain", [0.1, 0.5])
def test_a_person_over_a_later_prompt_is_noticed_at_once_and_stays_audible(gain: float) -> None:
    prompt = prompts(2)
    heard = echoed(prompt, 0.1, gain)
    begin = int(4.5 * RATE)  # one second into the second prompt
    person = speech("clean_turns", 1, 1.2)
    heard[begin : begin + len(person)] += person
    out, persons = through(EchoCanceller(1), heard, prompt)
    assert persons
    assert 4.5 < persons[0] <= 4.8
    level = np.sqrt((out[begin : begin + len(person)] ** 2).mean()) / np.sqrt((person**2).mean())
    assert 0.4 < level < 1.3


@pytest.mark.parametrize("later_s", [0.01, 0.08, 0.2])
def test_a_sound_card_that_stumbles_is_not_a_person(later_s: float) -> None:
    prompt = prompts(3)
    stumbles = 5 * RATE
    moved = np.roll(prompt[stumbles:], int(later_s * RATE))
    echo = echoed(np.concatenate((prompt[:stumbles], moved)), 0.15, 0.3)
    out, persons = through(EchoCanceller(1), echo, prompt)
    assert persons == []
    later = slice(int(7.2 * RATE), int(9.5 * RATE))
    assert np.sqrt((out[later] ** 2).mean()) < 0.1 * np.sqrt((echo[later] ** 2).mean()) + 1e-3


def longest_heard_s(out: np.ndarray) -> float:
    """The longest stretch of ``out`` that is as loud as somebody who speaks, in seconds."""
    loud = np.sqrt(np.square(out[: len(out) // 320 * 320].reshape(-1, 320)).mean(axis=1)) > 0.003
    return max(len(run) for run in "".join("x" if x else " " for x in loud).split(" ")) * 0.02


@pytest.mark.parametrize("later_s", [-0.08, -0.03, -0.012, -0.005, 0.005, 0.03, 0.08, 0.2])
def test_a_stumble_within_the_first_prompt_is_neither_a_person_nor_heard(later_s: float) -> None:
    """As the virtual sound card of the session's tests gives it back: no room, and not all of a prompt comes."""
    silence = np.zeros(RATE, np.float32)
    prompt = np.concatenate((silence, speech("paraphrase_missed", 0, 3.0), silence))
    for stumbles_s in (1.65, 2.35):
        at, by = int(stumbles_s * RATE), int(abs(later_s) * RATE)
        echo = 0.5 * np.roll(prompt, int(0.15 * RATE))
        pieces = (echo[:at], silence[:by], echo[at:]) if later_s > 0 else (echo[:at], echo[at + by :], silence[:by])
        echo = np.concatenate(pieces)[: len(prompt)] + np.random.default_rng(1).normal(0, 0.0005, len(prompt))
        out, persons = through(EchoCanceller(1), echo.astype(np.float32), prompt)
        assert persons == []
        assert longest_heard_s(out) < 0.08  # shorter than any speech


def test_an_echo_that_comes_before_its_prompt_is_not_a_person() -> None:
    """Sound of the microphone was lost and nobody said so: the prompt is looked for where it has not been yet."""
    silence = np.zeros(RATE, np.float32)
    prompt = np.concatenate((silence, speech("paraphrase_missed", 0, 4.0), silence))
    echo = 0.3 * np.roll(prompt, int(0.1 * RATE))
    at, by = int(2.2 * RATE), int(0.12 * RATE)
    echo = np.concatenate((echo[:at], echo[at + by :], silence[:by]))
    echo += np.random.default_rng(1).normal(0, 0.0005, len(echo))
    out, persons = through(EchoCanceller(1), echo.astype(np.float32), prompt)
    assert persons == []
    assert longest_heard_s(out) < 0.08


def over_the_first_prompt(before: np.ndarray, delay_s: float, begins_s: float) -> tuple[float, float]:
    """How late a person is noticed who begins so long into a prompt, and the share of their level that is left."""
    prompt = np.concatenate((before, speech("clean_turns", 0, 2.5)))
    heard = echoed(prompt, delay_s, 0.5)
    begin, person = len(before) + int(begins_s * RATE), speech("clean_turns", 1, 1.2)
    heard[begin : begin + len(person)] += person
    out, persons = through(EchoCanceller(1), heard, prompt)
    level = np.sqrt((out[begin : begin + len(person)] ** 2).mean()) / np.sqrt((person**2).mean())
    return min((p - begin / RATE for p in persons if p > begin / RATE), default=9.9), float(level)


@pytest.mark.parametrize("delay_s", [0.02, 0.15, 0.3])
def test_a_person_is_noticed_half_a_second_into_the_first_prompt(delay_s: float) -> None:
    late_s, level = over_the_first_prompt(np.zeros(2 * RATE, np.float32), delay_s, 0.5)
    assert late_s <= 0.4
    assert 0.4 < level < 1.3


@pytest.mark.parametrize("delay_s", [0.15, 0.3])
def test_the_chime_that_listening_begins_teaches_how_late_the_echo_is(delay_s: float) -> None:
    silence = np.zeros(2 * RATE, np.float32)
    before = np.concatenate((silence, chime("listening_on"), silence))
    late_s, level = over_the_first_prompt(before, delay_s, 0.3)
    assert late_s <= 0.31
    assert 0.6 < level < 1.3


@pytest.mark.parametrize("later_s", [-0.0017, 0.0, 0.0008, 0.0017])
@pytest.mark.parametrize("gain", [0.5, 1.0])
def test_the_first_prompt_in_a_room_is_not_a_person_though_sound_cards_drift(later_s: float, gain: float) -> None:
    """The chime taught the room; since then the two cards have drifted apart, and a prompt is no chime."""
    silence = np.zeros(3 * RATE, np.float32)
    before = np.concatenate((silence, chime("listening_on"), silence))
    prompt = np.concatenate((before, speech("paraphrase_missed", 0, 3.0), silence[:RATE]))
    heard = echoed(prompt, 0.09, gain)
    drifted = len(before) - RATE
    heard[drifted:] = np.roll(heard[drifted:], round(later_s * RATE))
    out, persons = through(EchoCanceller(1), heard, prompt)
    assert persons == []
    assert longest_heard_s(out) < 0.1


def test_with_headphones_a_person_is_noticed_during_the_first_prompt() -> None:
    prompt = prompts(1)
    heard = np.random.default_rng(1).normal(0, 0.0005, len(prompt)).astype(np.float32)
    begin, person = int(1.2 * RATE), speech("clean_turns", 1, 1.2)
    heard[begin : begin + len(person)] += person
    out, persons = through(EchoCanceller(1), heard, prompt)
    assert persons
    assert 1.2 < persons[0] <= 1.6
    level = np.sqrt((out[begin : begin + len(person)] ** 2).mean()) / np.sqrt((person**2).mean())
    assert 0.6 < level < 1.3


def test_with_headphones_who_spoke_over_a_prompt_is_heard_right_after_the_next() -> None:
    """Nobody's voice is an echo, so what was heard over one prompt says nothing about what comes after another."""
    prompt = prompts(2)
    heard = np.random.default_rng(1).normal(0, 0.0005, len(prompt)).astype(np.float32)
    for begin in (int(0.1 * RATE), 6 * RATE + RATE // 5):
        person = speech("clean_turns", 1, 0.5)
        heard[begin : begin + len(person)] += person
    out, _ = through(EchoCanceller(1), heard, prompt)
    assert np.array_equal(out[6 * RATE :], heard[6 * RATE :])


def test_with_headphones_who_speaks_on_when_the_first_prompt_begins_is_noticed() -> None:
    silence = np.zeros(RATE, np.float32)
    prompt = np.concatenate((silence, speech("clean_turns", 0, 2.5)))
    heard = np.random.default_rng(1).normal(0, 0.0005, len(prompt)).astype(np.float32)
    heard[RATE // 2 :] += speech("clean_turns", 1, 3.0)[: len(heard) - RATE // 2]
    out, persons = through(EchoCanceller(1), heard, prompt)
    assert persons
    assert persons[0] <= 2.3
    assert np.sqrt((out[int(2.3 * RATE) :] ** 2).mean()) > 0.7 * np.sqrt((heard[int(2.3 * RATE) :] ** 2).mean())


def test_what_was_said_before_and_after_a_prompt_is_whole() -> None:
    prompt = np.concatenate((np.zeros(2 * RATE, np.float32), prompts(1), np.zeros(2 * RATE, np.float32)))
    heard = echoed(prompt, 0.1, 0.3)
    heard[: 2 * RATE] += speech("clean_turns", 1, 2)
    out, _ = through(EchoCanceller(1), heard, prompt)
    assert np.array_equal(out[: 2 * RATE], heard[: 2 * RATE])
    assert np.array_equal(out[-RATE:], heard[-RATE:])
