from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.events import Clock, Partial, Signal, VoiceOff, VoiceOn, Word, WordsUntil
from voicecoach.samples import RATE
from voicecoach.transcript import Job, Result, Scribe, ScribeSettings, Step, TranscriptEvent

PEOPLE = ("Anna", "Ben")
TICK = 0.1
Stretch = tuple[str, float, float]


def syllables(job: Job) -> Result:
    """A decoder by ruler: a word at every whole 0.25 s of session time that is voiced, named by that time."""
    words = []
    for a, b in job.voiced:
        for k in range(int(np.ceil(a / 0.25 - 1e-9)), int(np.ceil(b / 0.25 - 1e-9))):
            at = k * 0.25
            words.append(Word(start=at, end=min(at + 0.2, b), speaker=job.speaker, word=f"w{k}"))
    return Result(tuple(words))


def signals(stretches: Sequence[Stretch], length_s: float) -> list[Signal]:
    """Voice signals in order of time with a Clock every `TICK`."""
    voices: list[Signal] = []
    for who, a, b in stretches:
        voices += [VoiceOn(start=a, end=a, speaker=who), VoiceOff(start=b, end=b, speaker=who)]
    voices.sort(key=lambda v: (v.start, isinstance(v, VoiceOn)))
    out: list[Signal] = []
    for k in range(1, int(length_s / TICK) + 2):
        while voices and voices[0].start < k * TICK - 1e-9:
            out.append(voices.pop(0))
        out.append(Clock(start=k * TICK, end=k * TICK))
    return out


def run(
    stretches: Sequence[Stretch],
    length_s: float,
    *,
    piece: int = 1600,
    decode: Callable[[Job], Result] = syllables,
    channel_of: Callable[[str], int] = PEOPLE.index,
    sound: np.ndarray | None = None,
) -> tuple[list[Job], list[TranscriptEvent]]:
    scribe = Scribe(PEOPLE, channel_of)
    jobs: list[Job] = []
    events: list[TranscriptEvent] = []

    def take(step: Step) -> bool:
        events.extend(step.events)
        for job in step.jobs:
            jobs.append(job)
            events.extend(scribe.accept(job, decode(job)))
        return bool(step.jobs)

    channels = 1 + max(channel_of(p) for p in PEOPLE)
    if sound is None:
        sound = np.zeros((int((length_s + 1) * RATE), channels), np.float32)
    pushed = 0
    for signal in signals(stretches, length_s):
        while pushed < min(int(signal.start * RATE + 1), len(sound)):
            scribe.push(sound[pushed : pushed + piece])
            pushed += piece
        take(scribe.on(signal))
    while take(scribe.finish()):
        pass
    return jobs, events


def words(events: Sequence[TranscriptEvent], who: str) -> list[Word]:
    return [e for e in events if isinstance(e, Word) and e.speaker == who]


def test_a_finished_stretch_is_decoded_at_once() -> None:
    jobs, events = run([("Anna", 1.0, 1.6)], 4.0)
    assert [(j.voiced, j.open) for j in jobs] == [(((1.0, 1.6),), False)]
    assert [w.word for w in words(events, "Anna")] == [f"w{k}" for k in range(4, 7)]
    assert jobs[0].start == pytest.approx(0.8)
    assert jobs[0].end == pytest.approx(1.8)


def test_while_somebody_talks_words_are_committed_and_the_newest_stay_partial() -> None:
    jobs, events = run([("Ben", 0.5, 4.0)], 5.0)
    assert [j.open for j in jobs] == [True] * (len(jobs) - 1) + [False]
    partials = [e for e in events if isinstance(e, Partial)]
    assert partials[0].text
    assert partials[-1].text == ""
    first = next(e for e in events if isinstance(e, Word))
    assert first.word == "w2"
    assert [w.word for w in words(events, "Ben")] == [f"w{k}" for k in range(2, 16)]


def test_a_word_in_running_speech_waits_for_the_margin_the_next_word_and_a_step_at_most() -> None:
    jobs, events = run([("Ben", 0.5, 20.0)], 21.0)
    settings = ScribeSettings()
    running = [job for job in jobs if job.said]  # what one committed, the next one is given
    for word in words(events, "Ben"):
        given = next((job for job in running if job.said[-1].end >= word.end), None)
        if given is not None:
            waited = given.end - word.end - settings.step_s
            assert waited <= settings.margin_s + 0.25 + settings.step_s + 2 * TICK


def test_what_is_committed_is_heard_again_with_what_follows() -> None:
    jobs, _ = run([("Anna", 0.5, 8.0)], 9.0)
    settings = ScribeSettings()
    for job in jobs[2:]:
        assert job.said
        assert job.start <= job.said[0].start
        assert job.said[-1].end <= job.voiced[0][0] + 1e-6
        assert len(job.audio) / RATE < settings.window_s + settings.step_s + 2


def test_how_a_longer_turn_ends_is_looked_at_before_it_is_committed() -> None:
    jobs, events = run([("Anna", 1.0, 8.7)], 11.0)
    *_, early, last = jobs
    assert (early.open, early.voiced[-1][1], last.open) == (True, 8.7, False)
    told = next(i for i, e in enumerate(events) if isinstance(e, Partial) and e.text.endswith("w34") and e.end >= 8.7)
    committed = next(i for i, e in enumerate(events) if isinstance(e, Word) and e.word == "w34")
    assert told < committed


def test_after_a_shorter_turn_there_is_no_such_look() -> None:
    jobs, _ = run([("Anna", 1.0, 1.6), ("Anna", 4.0, 4.6)], 9.0)
    assert [job.open for job in jobs] == [False, False]


def test_after_a_long_silence_nothing_is_heard_again() -> None:
    jobs, _ = run([("Anna", 0.5, 2.0), ("Anna", 6.0, 6.6)], 9.0)
    assert jobs[-1].said == ()
    assert jobs[-1].start == pytest.approx(5.8)


def test_long_speech_is_committed_before_it_ends() -> None:
    _, events = run([("Anna", 0.0, 30.0)], 31.0)
    seen = [e for e in events if isinstance(e, (Word, WordsUntil)) and e.speaker == "Anna"]
    assert isinstance(seen[0], Word)
    assert sum(isinstance(e, WordsUntil) and e.start < 25 for e in seen) >= 4
    assert [w.word for w in words(events, "Anna")] == [f"w{k}" for k in range(120)]


def test_running_speech_of_which_no_word_is_likely_is_not_committed_before_it_is_over() -> None:
    """In laughter a first short look hears words that the last long one does not."""

    def doubts(job: Job) -> Result:
        return Result(tuple(replace(w, confidence=0.1) for w in syllables(job).words) if job.open else ())

    assert words(run([("Anna", 0.0, 6.0)], 7.0, decode=doubts)[1], "Anna") == []

    def mumbles(job: Job) -> Result:
        return Result(tuple(replace(w, confidence=0.1) for w in syllables(job).words))

    jobs, events = run([("Anna", 0.0, 6.0)], 7.0, decode=mumbles)
    assert not any(job.said for job in jobs)
    assert [w.word for w in words(events, "Anna")] == [f"w{k}" for k in range(24)]


def test_a_long_voice_without_words_is_not_heard_again_and_again() -> None:
    """Somebody sings, or a machine is taken for a voice: at the end the last look once did not end."""
    seen: list[Job] = []

    def sings(job: Job) -> Result:
        seen.append(job)
        assert len(seen) < 500
        return Result(tuple(w for w in syllables(job).words if w.start >= 50.0))

    _, events = run([("Anna", 0.0, 60.0)], 61.0, decode=sings)
    assert all(job.voiced[-1][1] - job.voiced[0][0] <= ScribeSettings().longest_s + 2.0 for job in seen)
    assert [w.word for w in words(events, "Anna")] == [f"w{k}" for k in range(200, 240)]


def test_a_syllable_waits_for_its_neighbour() -> None:
    jobs, _ = run([("Anna", 1.0, 1.2), ("Anna", 1.7, 3.0)], 5.0)
    assert jobs[0].voiced[0] == (1.0, 1.2)
    assert len(jobs[0].voiced) == 2


def test_who_is_silent_has_all_words_committed() -> None:
    _, events = run([("Anna", 1.0, 2.0)], 10.0)
    marks = [e.start for e in events if isinstance(e, WordsUntil) and e.speaker == "Ben"]
    assert max(marks) >= 9.9
    assert all(b - a < 0.25 for a, b in itertools.pairwise(marks))


def test_on_a_shared_channel_what_only_the_other_says_is_silenced() -> None:
    sound = np.full((8 * RATE, 1), 0.5, np.float32)
    stretches: list[Stretch] = [("Anna", 1.0, 2.0), ("Ben", 2.0, 2.6), ("Anna", 2.3, 4.0)]
    jobs, _ = run(stretches, 6.0, channel_of=lambda _: 0, sound=sound)
    job = next(j for j in jobs if j.speaker == "Anna" and j.start < 1.4 and j.end > 2.6)

    def at(t: float) -> float:
        return float(job.audio[int((t - job.start) * RATE)])

    assert at(1.5) == 0.5
    assert at(2.15) == 0.0
    assert at(2.5) == 0.5


def test_a_slow_decoder_gets_fewer_and_longer_jobs_and_loses_nothing() -> None:
    stretches: list[Stretch] = [("Anna", 0.3, 9.0), ("Ben", 4.0, 4.3), ("Anna", 9.8, 12.0)]
    quick, events = run(stretches, 14.0)
    scribe, jobs, out = Scribe(PEOPLE, PEOPLE.index), list[Job](), list[TranscriptEvent]()
    scribe.push(np.zeros((20 * RATE, 2), np.float32))
    waiting: list[tuple[float, Job]] = []
    for signal in signals(stretches, 14.0):
        for job in scribe.on(signal).jobs:
            jobs.append(job)
            waiting.append((signal.start + 3.0, job))
        while waiting and waiting[0][0] <= signal.start:
            job = waiting.pop(0)[1]
            out += scribe.accept(job, syllables(job))
    for _, job in waiting:
        out += scribe.accept(job, syllables(job))
    while rest := scribe.finish().jobs:
        for job in rest:
            out += scribe.accept(job, syllables(job))
    assert len(jobs) < len(quick)
    for who in PEOPLE:
        assert [w.word for w in words(out, who)] == [w.word for w in words(events, who)]


def test_a_decoder_far_behind_gets_no_more_than_fits_in_one_decode() -> None:
    scribe = Scribe(PEOPLE, PEOPLE.index)
    scribe.push(np.zeros((100 * RATE, 2), np.float32))
    held: list[Job] = []
    for signal in signals([("Anna", t, t + 3.0) for t in np.arange(0.0, 90.0, 4.0)], 95.0):
        held += scribe.on(signal).jobs
    assert len(held) == 1  # one at a time
    seen: list[Word] = []
    while held:
        job = held.pop()
        assert len(job.audio) / RATE <= ScribeSettings().longest_s + 1
        seen += [e for e in scribe.accept(job, syllables(job)) if isinstance(e, Word)]
        held += scribe.finish().jobs
    expected = [f"w{k}" for t in np.arange(0.0, 90.0, 4.0) for k in range(int(t * 4), int(t * 4) + 12)]
    assert [w.word for w in seen] == expected


def test_memory_is_bounded_by_what_is_not_yet_committed() -> None:
    scribe = Scribe(("Anna",), lambda _: 0)
    for k in range(600):
        scribe.push(np.zeros((RATE, 1), np.float32))
        scribe.on(Clock(start=k + 1.0, end=k + 1.0))
    assert scribe._ring.end_s - scribe._ring.start_s < 30


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[Stretch], float]:
    out: list[Stretch] = []
    length = 1.0
    for who in PEOPLE:
        t = 0.0
        for _ in range(draw(st.integers(0, 6))):
            start = t + draw(st.integers(1, 40)) * 0.05
            t = start + draw(st.integers(1, 160)) * 0.05
            out.append((who, start, t))
        length = max(length, t + 0.5)
    return out, length


@settings(max_examples=40, deadline=None)
@given(conversations())
def test_every_word_is_committed_once_and_no_watermark_is_broken(case: tuple[list[Stretch], float]) -> None:
    stretches, length = case
    _, events = run(stretches, length)
    for who in PEOPLE:
        mark, last = 0.0, 0.0
        for e in events:
            if getattr(e, "speaker", "") != who:
                continue
            if isinstance(e, Word):
                assert e.start >= mark - 1e-6
                assert e.start >= last - 1e-6
                assert any(a - 1e-6 <= e.start <= e.end <= b + 1e-6 for w, a, b in stretches if w == who)
                last = e.start
            elif isinstance(e, WordsUntil):
                assert e.start > mark
                mark = e.start
        names = [w.word for w in words(events, who)]
        assert len(names) == len(set(names))
        truth = {w.word for a, b in ((a, b) for w, a, b in stretches if w == who) for w in _ruler(who, a, b)}
        assert set(names) == truth


def _ruler(who: str, a: float, b: float) -> tuple[Word, ...]:
    return syllables(Job(speaker=who, start=0.0, audio=np.zeros(0, np.float32), voiced=((a, b),))).words


@settings(max_examples=15, deadline=None)
@given(conversations(), st.integers(100, 9000))
def test_jobs_do_not_depend_on_the_size_of_the_pieces(case: tuple[list[Stretch], float], piece: int) -> None:
    stretches, length = case
    sound = np.random.default_rng(1).normal(0, 0.1, (int((length + 2) * RATE), 2)).astype(np.float32)
    one, first = run(stretches, length, piece=1600, sound=sound)
    two, second = run(stretches, length, piece=piece, sound=sound)
    assert [(j.speaker, j.voiced, j.open) for j in one] == [(j.speaker, j.voiced, j.open) for j in two]
    assert [e for e in first if isinstance(e, (Word, WordsUntil))] == [
        e for e in second if isinstance(e, (Word, WordsUntil))
    ]
