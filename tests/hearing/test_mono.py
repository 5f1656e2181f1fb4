"""One microphone: recordings of audio_fixtures/ through the hearings that share `MonoTracker`."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from truth import Fixture, enrolments, fixtures

from voicecoach.audio import FileSource
from voicecoach.events import Clock, Signal, Speech, VoiceOff, VoiceOn
from voicecoach.hearing import EnrolledHearing, Hearing, RecordedHearing, SeparatedHearing, Voiceprint, enroll
from voicecoach.hearing.mono import GROUP
from voicecoach.hearing.segmentation import Floats, Segmentation
from voicecoach.samples import RATE, Samples

pytestmark = pytest.mark.models
GRID = 100


@functools.cache
def prints() -> dict[str, Voiceprint]:
    out = {}
    for name, path in enrolments().items():
        with FileSource(path) as source:
            out[name] = enroll(np.concatenate([c.samples for c in source.chunks()])[:, 0])
    return out


@functools.cache
def sound(name: str, rendering: str) -> np.ndarray:
    with FileSource(one(name, rendering).audio) as source:
        return np.concatenate([c.samples for c in source.chunks()])[:, 0]


def one(name: str, rendering: str) -> Fixture:
    (fixture,) = fixtures(rendering, names=[name])
    return fixture


def hear(hearing: Hearing, x: np.ndarray, cuts: list[int] | None = None) -> list[Signal]:
    out: list[Signal] = []
    for piece in np.split(x, cuts or range(1600, len(x), 1600)):
        out += hearing.push(piece)
    return out + hearing.finish()


def spans(signals: list[Signal], speaker: str) -> list[tuple[float, float]]:
    on = [s.start for s in signals if isinstance(s, VoiceOn) and s.speaker == speaker]
    off = [s.start for s in signals if isinstance(s, VoiceOff) and s.speaker == speaker]
    return list(zip(on, off, strict=True))


def on_grid(pieces: list[tuple[float, float]], length_s: float) -> np.ndarray:
    out = np.zeros(round(length_s * GRID), bool)
    for a, b in pieces:
        out[round(a * GRID) : round(b * GRID)] = True
    return out


def missed(fixture: Fixture, signals: list[Signal], length_s: float) -> float:
    """Share of the true speech that was heard from nobody or from somebody else."""
    lost = total = 0
    for person in fixture.people:
        said = [(s.start, s.end) for s in fixture.truth if isinstance(s, Speech) and s.speaker == person]
        true = on_grid(said, length_s)
        lost += int((true & ~on_grid(spans(signals, person), length_s)).sum())
        total += int(true.sum())
    return lost / total


def test_soft_ends_of_words_in_a_room_are_heard() -> None:
    x = sound("clean_turns", "room")[: 15 * RATE]
    signals = hear(EnrolledHearing(prints()), x)
    assert missed(one("clean_turns", "room"), signals, 15.0) < 0.06  # 0.12 with a level of 12 dB over the noise


def test_speech_in_noise_is_not_full_of_holes() -> None:
    x = sound("clean_turns", "mix")[: 15 * RATE]
    speech = x[np.abs(x) > 0.01]
    noise = np.random.default_rng(0).standard_normal(len(x)) * np.sqrt((speech**2).mean()) * 10 ** (-18 / 20)
    signals = hear(EnrolledHearing(prints()), (x + noise).astype(np.float32))
    assert missed(one("clean_turns", "mix"), signals, 15.0) < 0.10


def test_digital_silence_before_it_teaches_nothing_about_the_room() -> None:
    x = sound("clean_turns", "mix")[: 10 * RATE]
    after = hear(EnrolledHearing(prints()), np.concatenate([np.zeros(3 * RATE, np.float32), x]))
    alone = hear(EnrolledHearing(prints()), x)
    for person in ("Anna", "Ben"):
        true, found = spans(alone, person), spans(after, person)
        assert len(found) == len(true)
        assert np.array(found) - 3.0 == pytest.approx(np.array(true), abs=0.1)


def test_who_follows_at_once_is_not_taken_for_who_spoke_before() -> None:
    fixture = one("terminal_overlaps", "mix")
    signals = hear(EnrolledHearing(prints()), sound("terminal_overlaps", "mix")[: 8 * RATE])
    ben = next(s for s in fixture.truth if isinstance(s, Speech) and s.speaker == "Ben")
    assert spans(signals, "Ben")[0][0] == pytest.approx(ben.start, abs=0.2)  # at once: not even heard before


def test_a_voice_from_the_next_room_is_nobody() -> None:
    x = sound("clean_turns", "mix")[: 8 * RATE]
    faint = (x * 10 ** (-72 / 20) / np.sqrt((x**2).mean()) * 0.5).astype(np.float32)
    assert not [s for s in hear(EnrolledHearing(prints()), faint) if isinstance(s, VoiceOn)]


def test_people_talking_at_once_while_one_is_enrolled_break_nothing() -> None:
    hearing = EnrolledHearing({"Anna": prints()["Anna"]})
    assert spans(hear(hearing, sound("interruptions", "mix")[: 8 * RATE]), "Anna")


def test_decisions_come_within_the_declared_latency() -> None:
    x = sound("clean_turns", "mix")[: 6 * RATE]
    hearing = EnrolledHearing(prints())
    assert hearing.latency_s <= 1.0
    for i in range(0, len(x), 800):
        clocks = [s.start for s in hearing.push(x[i : i + 800]) if isinstance(s, Clock)]
        if clocks:
            assert clocks[-1] >= (i + 800) / RATE - hearing.latency_s - 0.02


def test_the_size_of_the_pieces_changes_nothing() -> None:
    x = sound("interruptions", "mix")[: 8 * RATE]
    whole = hear(EnrolledHearing(prints()), x, [len(x) - 1])
    small = hear(EnrolledHearing(prints()), x, [7, 9000, 9001, 30_011, 77_777])
    voices = (VoiceOn, VoiceOff)
    assert [s for s in whole if isinstance(s, voices)] == [s for s in small if isinstance(s, voices)]


def test_two_people_are_two_voices_even_if_four_are_looked_for() -> None:
    x = sound("kitchen_table", "room")[: 25 * RATE]
    hearing = RecordedHearing("ABCD")
    spoke = {s.speaker for s in hear(hearing, x) if isinstance(s, VoiceOn)}
    assert spoke == {"A", "B"} == set(hearing.people) == set(hearing.found())


def test_a_recording_is_heard_at_least_as_well_as_live_in_pieces_of_any_size() -> None:
    fixture = one("interruptions", "room")
    x = sound("interruptions", "room")[: 20 * RATE]
    signals = hear(RecordedHearing(("Anna", "Ben"), prints()), x)
    assert missed(fixture, signals, 20.0) <= missed(fixture, hear(EnrolledHearing(prints()), x), 20.0) + 0.005
    assert hear(RecordedHearing(("Anna", "Ben"), prints()), x, [7, 9000, 77_777]) == signals


def test_a_voice_that_was_doubtful_in_the_middle_of_a_window_is_told_by_another_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Doubtful(Segmentation):
        def __call__(self, window: Samples) -> tuple[Floats, Floats, Floats]:
            voices, speech, overlap = super().__call__(window)
            voices[len(voices) // 2 - 45 : len(voices) // 2 + 45] = 0.4
            return voices, speech, overlap

    monkeypatch.setattr("voicecoach.hearing.recorded.Segmentation", Doubtful)
    fixture, x = one("clean_turns", "mix"), sound("clean_turns", "mix")[: 14 * RATE]
    assert missed(fixture, hear(RecordedHearing(("Anna", "Ben"), prints()), x), 14.0) < 0.06


def test_a_recording_of_nothing_has_nobody() -> None:
    for length in (0, 5 * RATE):
        quiet = np.zeros(length, np.float32)
        hearing = RecordedHearing(("Anna", "Ben"), prints())
        assert not [s for s in (*hearing.push(quiet), *hearing.finish()) if isinstance(s, VoiceOn)]


def test_three_and_more_are_heard_as_a_group_enrolled_or_not() -> None:
    """They sit further from the microphone, where the model is seldom sure of two at once."""
    three = {name: prints()["Anna"] for name in "ABC"}
    for two, more in (
        (EnrolledHearing(prints()), EnrolledHearing(three)),
        (SeparatedHearing(("A", "B")), SeparatedHearing(tuple(three))),
    ):
        assert two.settings.overlap > more.settings.overlap == GROUP.overlap


def test_while_voices_are_found_the_clock_stands_still_but_is_told() -> None:
    hearing = SeparatedHearing()
    told = [s for _ in range(8) for s in hearing.push(np.zeros(RATE // 4, np.float32))]
    assert len(told) > 5
    assert set(told) == {Clock(start=0.0, end=0.0)}


def test_nobody_enrolled_gives_each_their_own_voice() -> None:
    fixture = one("clean_turns", "mix")
    x = sound("clean_turns", "mix")[: 14 * RATE]
    first = next(s.speaker for s in fixture.truth if isinstance(s, Speech))
    people = (first, *(p for p in fixture.people if p != first))
    assert missed(fixture, hear(SeparatedHearing(people), x), 14.0) < 0.06
