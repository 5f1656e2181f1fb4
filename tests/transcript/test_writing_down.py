"""Writing down what is heard, while it is still being heard. The decoder here says what sound it was given."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.events import VoiceOff, VoiceOn
from voicecoach.samples import RATE, Samples
from voicecoach.transcript import Decoder, Writing
from voicecoach.transcript.decoder import LONGEST_S
from voicecoach.transcript.jobs import Heard, Span
from voicecoach.transcript.windows import Windows


class Listening:
    """A decoder that keeps the sound it gets, and writes one word for each stretch in it."""

    def __init__(self) -> None:
        self.sounds: list[Samples] = []
        self.began = threading.Event()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def hear(self, audio: Samples, voiced: list[Span], **more: Any) -> list[Heard]:
        self.began.set()
        assert self.may_go_on.wait(10)
        self.sounds.append(audio)
        return [Heard("word", a, b) for a, b in voiced]


def sound(channel: int, start: float, end: float) -> Samples:
    return np.ones(round((end - start) * RATE), np.float32)


def writing(decoder: Listening, at_once: int = 2) -> Writing:
    def opened() -> Decoder:
        return decoder  # type: ignore[return-value]

    return Writing(sound, lambda who: 0, opened, at_once)


def said(who: str, *spans: Span) -> list[VoiceOn | VoiceOff]:
    return [
        signal
        for a, b in spans
        for signal in (VoiceOn(start=a, end=a, speaker=who), VoiceOff(start=b, end=b, speaker=who))
    ]


def test_the_first_words_are_looked_for_before_everything_was_heard() -> None:
    decoder = Listening()
    with writing(decoder) as written:
        written.push(said("Anna", *((20.0 * k, 20.0 * k + 15.0) for k in range(4))))
        assert decoder.began.wait(10)
        words = written.finish()
    times = [(20.0 * k, 20.0 * k + 15.0) for k in range(4)]
    assert np.allclose([(w.start, w.end) for w in words], times)


def test_who_still_speaks_on_the_same_channel_is_silenced_from_where_they_began() -> None:
    decoder = Listening()
    with writing(decoder) as written:
        written.push(said("Anna", (0.0, 10.0)))
        written.push([VoiceOn(start=10.1, end=10.1, speaker="Ben")])  # he goes on for minutes
        written.push(said("Anna", (20.0, 40.0), (60.0, 80.0), (90.0, 95.0)))
        assert decoder.began.wait(10)
    silent = {round(len(x) / RATE, 1): round(float((x == 0).sum()) / RATE, 1) for x in decoder.sounds}
    assert silent[10.2] == 0.1, "of the sound kept after her first stretch, what Ben says in it"


def test_left_by_an_exception_nothing_more_is_decoded() -> None:
    decoder = Listening()
    decoder.may_go_on.clear()
    written = writing(decoder, at_once=1)

    def interrupted() -> None:
        with written:
            written.push(said("Anna", *((20.0 * k, 20.0 * k + 15.0) for k in range(10))))
            assert decoder.began.wait(10)
            threading.Timer(0.2, decoder.may_go_on.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(decoder.sounds) == 1


@given(st.lists(st.tuples(st.floats(0.0, 6.0), st.floats(0.01, 70.0)), max_size=30))
@settings(deadline=None)
def test_every_stretch_is_in_one_window_that_one_decode_can_hold(times: list[tuple[float, float]]) -> None:
    spans, at = [], 0.0
    for silence_s, length_s in times:
        spans.append((at + silence_s, at + silence_s + length_s))
        at = spans[-1][1]
    cut = Windows()
    windows = [w for s in spans for w in cut.push(s)] + cut.finish()
    pieces = [p for w in windows for p in w]
    voiced = [v for p in pieces for v in p.voiced]
    assert sum(b - a for a, b in voiced) == pytest.approx(sum(b - a for a, b in spans))
    assert voiced == sorted(voiced)
    assert all(p.start <= p.voiced[0][0] and p.voiced[-1][1] <= p.end for p in pieces)
    assert all(a.end <= b.voiced[0][0] for a, b in pairwise(pieces))
    assert all(sum(p.end - p.start for p in w) <= LONGEST_S for w in windows)
