"""A microphone that is unplugged, changes, or sleeps with the computer: what was missed is told with its true length.

The driver is played here, and its clocks; `tests/session/test_sound.py` does the same with a real sound server.
"""

from __future__ import annotations

import itertools
import queue
import threading
import weakref
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from voicecoach.audio import Chunk, Microphone, TwoMicrophones, clock, device, microphone
from voicecoach.audio.residue import FRAME
from voicecoach.errors import VoicecoachError
from voicecoach.samples import RATE

BLOCK_S = 0.1


class Driver:
    """PortAudio with one microphone, as far as it is used. Time goes by when a stream gives sound or somebody waits."""

    class PortAudioError(Exception):
        pass

    def __init__(self) -> None:
        self.now_s, self.slept_s, self.set_s = 1000.0, 0.0, 0.0
        self.there, self.rate, self.refuses = True, 48_000, False
        self.streams: list[SimpleNamespace] = []
        self.opened = 0

    def query_devices(self, device: object, kind: str) -> dict[str, Any]:
        if not self.there:
            raise ValueError("no such device")
        return {"name": "mic", "default_samplerate": float(self.rate)}

    def InputStream(self, **options: Any) -> SimpleNamespace:  # noqa: N802 - PortAudio's name
        rate = options["samplerate"]
        if not self.there or (self.refuses and rate != self.rate):
            raise self.PortAudioError
        stream = SimpleNamespace(callback=options["callback"], rate=rate, start=lambda: None, active=True)
        stream.close = lambda ignore_errors=True: self.streams.remove(stream)
        self.streams.append(stream)
        self.opened += 1
        return stream

    def _terminate(self) -> None:
        assert not self.streams, "PortAudio is ended under an open stream"

    def _initialize(self) -> None: ...

    def give(self, blocks: int = 1, *, overflow: bool = False, value: float = 0.5) -> None:
        """So many blocks of sound come."""
        (stream,) = self.streams
        for _ in range(blocks):
            self.now_s += BLOCK_S
            n = round(BLOCK_S * stream.rate)
            time = SimpleNamespace(inputBufferAdcTime=self.now_s - BLOCK_S + self.set_s)
            stream.callback(
                np.full((n, 1), value, np.float32), n, time, SimpleNamespace(input_overflow=overflow)
            )  # fmt: skip


class TwoOfThem(Driver):
    """The same with two microphones, ``first`` and ``second``; ``gone``: which of them are unplugged."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = set[str]()
        self.by_name: dict[str, SimpleNamespace] = {}

    def query_devices(self, device: object, kind: str) -> dict[str, Any]:
        if device in self.gone:
            raise ValueError("no such device")
        return super().query_devices(device, kind)

    def InputStream(self, **options: Any) -> SimpleNamespace:  # noqa: N802
        if options["device"] in self.gone:
            raise self.PortAudioError
        self.by_name[options["device"]] = super().InputStream(**options)
        return self.by_name[options["device"]]

    def unplug(self, name: str) -> None:
        self.gone.add(name)
        self.by_name[name].active = False

    def hear(self, **values: float) -> None:
        """One block of each microphone named, of its value; a tenth of a second goes by, unless somebody waits."""
        self.now_s += 0.0 if self.gone else BLOCK_S
        for name, value in values.items():
            time = SimpleNamespace(inputBufferAdcTime=self.now_s - BLOCK_S)
            block = np.full((round(BLOCK_S * self.by_name[name].rate), 1), value, np.float32)
            self.by_name[name].callback(block, len(block), time, SimpleNamespace(input_overflow=False))


class Windows(Driver):
    """The same microphones under each of its sound systems; ``names``: of what is plugged in. Opens by number."""

    systems = ("MME", "Windows WASAPI")

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = names
        self.numbers: list[int] = []

    @property
    def list(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "hostapi": system, "max_input_channels": inputs, "default_samplerate": 16_000.0}
            for system in range(2)
            for name, inputs in (("Speakers", 0), *((name, 1) for name in self.names))
        ]

    def query_devices(self, device: object = None, kind: str | None = None) -> Any:
        return self.list if device is None else self.list[int(str(device))]

    def query_hostapis(self, index: int) -> dict[str, Any]:
        return {"name": self.systems[index]}

    def InputStream(self, **options: Any) -> SimpleNamespace:  # noqa: N802
        if options["device"] >= len(self.list):
            raise self.PortAudioError
        self.numbers.append(options["device"])
        return super().InputStream(**options)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    return play(Driver(), monkeypatch)


def play(played: Driver, monkeypatch: pytest.MonkeyPatch) -> Driver:
    """From now on ``played`` is what this computer has."""

    strangers = {*threading.enumerate()} - {threading.current_thread()}  # tqdm has one that waits
    really = threading.Event.wait

    def wait(event: threading.Event, timeout: float | None = None) -> bool:
        if timeout is None or threading.current_thread() in strangers:
            return really(event, timeout)
        played.now_s += timeout
        return False

    monkeypatch.setattr(device, "_holders", weakref.WeakSet())
    monkeypatch.setattr(device, "portaudio", lambda: played)
    monkeypatch.setattr(clock, "awake_s", lambda: played.now_s)
    monkeypatch.setattr(clock, "slept_s", lambda: played.slept_s)
    monkeypatch.setattr(microphone, "GONE_S", 0.01)
    monkeypatch.setattr(microphone, "SLICE_S", 0.01)
    monkeypatch.setattr("threading.Event.wait", wait)
    return played


def until(chunks: Iterator[Chunk], done: Callable[[Chunk], bool]) -> list[Chunk]:
    """Chunks up to the first with which it is ``done``."""
    out = []
    for chunk in itertools.islice(chunks, 10_000):
        out.append(chunk)
        if done(chunk):
            return out
    raise AssertionError("never")


def length(chunks: list[Chunk]) -> int:
    return sum(c.lost + len(c.samples) for c in chunks)


def test_what_came_before_anybody_listens_is_given_to_nobody(driver: Driver) -> None:
    """The microphone is open while models load: what is said then was said before the session."""
    mic = Microphone("mic", 1)
    driver.give(30, value=0.9)
    driver.slept_s += 3600
    driver.now_s += 0.05
    chunks = mic.chunks()
    driver.give(3, overflow=True)
    heard = [next(chunks) for _ in range(3)]
    assert all((c.samples == 0.5).all() for c in heard)
    assert sum(c.lost for c in heard) < 3 * BLOCK_S * RATE
    mic.close()


def test_what_came_before_anybody_listens_to_two_is_given_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    played = TwoOfThem()
    play(played, monkeypatch)
    mics = TwoMicrophones("first", "second")
    for _ in range(30):
        played.hear(first=0.9, second=0.9)
    chunks = mics.chunks()
    for _ in range(3):
        played.hear(first=0.5, second=0.5)
    assert all((next(chunks).samples == 0.5).all() for _ in range(3))
    mics.close()


def test_unplugged_and_back_the_time_that_went_by_is_lost_to_the_sample(driver: Driver) -> None:
    mic = Microphone("mic", 1)
    begun, chunks = driver.now_s, mic.chunks()
    driver.give(5)
    heard = [next(chunks) for _ in range(5)]
    driver.there = False
    waited = until(chunks, lambda c: driver.now_s > begun + 40)
    assert {c.reason for c in waited} == {"gone"}
    assert not any(len(c.samples) for c in waited)
    driver.there = True
    back = until(chunks, lambda c: bool(driver.streams) and driver.opened > 1)
    driver.give(3)
    rest = until(chunks, lambda c: bool(len(c.samples)))
    rest += [next(chunks) for _ in range(2)]
    assert rest[-1].reason == "overrun"
    assert rest[-1].came_s is not None
    assert length([*heard, *waited, *back, *rest]) == pytest.approx((rest[-1].came_s - begun) * RATE, abs=2)
    mic.close()


def test_a_computer_that_stands_still_for_a_while_has_lost_no_microphone(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody ran for half a minute, then all that came meanwhile is there."""
    monkeypatch.setattr(microphone, "GONE_S", 3.0)
    mic = Microphone("mic", 1)
    begun, chunks = driver.now_s, mic.chunks()
    driver.give(3)
    heard = [next(chunks) for _ in range(3)]
    get, waits = mic._queue.get, itertools.count()

    def stand_still(timeout: float) -> Any:
        """The first wait takes half a minute; only after it does the driver's thread run again."""
        wait = next(waits)
        if wait == 0:
            driver.now_s += 30 - 300 * BLOCK_S
            raise queue.Empty
        if wait == 1:
            driver.give(300)
        return get(timeout=timeout)

    monkeypatch.setattr(mic._queue, "get", stand_still)
    heard += [next(chunks) for _ in range(300)]
    assert {c.reason for c in heard} == {"overrun"}
    assert sum(c.lost for c in heard) == 0
    assert length(heard) == round((driver.now_s - begun) * RATE)
    assert driver.opened == 1, "the stream that works was let be"


def test_a_stream_that_the_driver_ended_is_gone_at_once(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microphone, "GONE_S", 1e9)
    mic = Microphone("mic", 1)
    chunks = mic.chunks()
    driver.give()
    next(chunks)
    driver.streams[0].active = False
    assert next(chunks).reason == "gone"


def test_it_gives_up_after_a_while_with_a_sentence(driver: Driver) -> None:
    mic = Microphone("mic", 1, wait_s=120)
    begun, chunks = driver.now_s, mic.chunks()
    driver.give()
    driver.there = False
    with pytest.raises(VoicecoachError, match="did not come back within 2 minutes"):
        list(chunks)
    assert 120 <= driver.now_s - begun < 123
    assert driver.opened == 1


def test_stopped_while_it_waits_it_ends(driver: Driver) -> None:
    mic = Microphone("mic", 1)
    chunks = mic.chunks()
    driver.there = False
    next(chunks)
    mic.stop()
    assert list(chunks) == []


def test_it_comes_back_with_another_rate(driver: Driver) -> None:
    mic = Microphone("mic", 1)
    chunks = mic.chunks()
    driver.give(5)
    for _ in range(5):
        next(chunks)
    driver.refuses = True
    until(chunks, lambda c: driver.opened > 1)
    driver.give(20)
    heard = until(chunks, lambda c: not mic.waiting)
    assert driver.streams[0].rate == 48_000
    assert sum(len(c.samples) for c in heard) == pytest.approx(2 * RATE, abs=1_000)
    assert heard[-1].samples[-100:].mean() == pytest.approx(0.5, abs=0.01)
    driver.rate = 44_100
    until(chunks, lambda c: driver.opened > 2)
    driver.give(20)
    heard = until(chunks, lambda c: not mic.waiting)
    assert sum(len(c.samples) for c in heard) == pytest.approx(2 * RATE, abs=1_000)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_at_the_rate_of_the_device_it_comes_in_whole_frames_of_the_echo_canceller(rate: int, driver: Driver) -> None:
    """A frame that is not whole is filled up with zeros there, in every piece."""
    driver.rate, driver.refuses = rate, True
    mic = Microphone("mic", 1)
    chunks = mic.chunks()
    driver.give(50)
    heard = [next(chunks) for _ in range(50)]
    assert {len(c.samples) % FRAME for c in heard} == {0}
    assert sum(len(c.samples) for c in heard) == pytest.approx(5 * RATE, abs=1_000)
    passed = np.cumsum([len(c.samples) for c in heard])
    begins = [(c.came_s or 0.0) - n / RATE for c, n in zip(heard, passed, strict=True)]
    assert begins == pytest.approx([1000.0] * 50, abs=0.001), "what waits has not come yet"

    driver.now_s += 0.3
    driver.give(overflow=True, value=0.25)
    driver.give(20, value=0.25)
    mic.stop()
    rest = list(chunks)
    (gap,) = [i for i, c in enumerate(rest) if c.lost]
    before, after = rest[:gap], [c for c in rest[gap:] if len(c.samples)]
    assert len(before) <= 1, "what was not whole comes before the gap"
    assert {len(c.samples) % FRAME for c in after[:-1]} == {0}
    assert sum(len(c.samples) for c in [*heard, *rest]) == pytest.approx(7.1 * RATE, abs=1_000)
    assert np.concatenate([c.samples for c in after])[FRAME:].mean() == pytest.approx(0.25, abs=0.01)


def test_an_hour_of_sleep_is_a_gap_of_an_hour(driver: Driver) -> None:
    mic = Microphone("mic", 1)
    chunks = mic.chunks()
    driver.give(2)
    driver.slept_s += 3600
    driver.give(2)
    heard = [next(chunks) for _ in range(4)]
    assert [c.lost for c in heard] == [0, 0, 3600 * RATE, 0]
    assert heard[2].reason == "asleep"


def test_asleep_while_it_waits(driver: Driver) -> None:
    """Some devices do not come back by themselves after a sleep."""
    mic = Microphone("mic", 1)
    chunks = mic.chunks()
    driver.give()
    next(chunks)
    driver.slept_s += 3600
    waited = until(chunks, lambda c: driver.opened > 1)
    driver.give()
    waited += until(chunks, lambda c: bool(len(c.samples)))
    assert sum(c.lost for c in waited) == pytest.approx(3600 * RATE, abs=10 * RATE)


@pytest.mark.parametrize("set_s", [-7200.0, 7200.0])
def test_the_clock_on_the_wall_does_not_matter(set_s: float, driver: Driver) -> None:
    """Some drivers tell the wall clock's time; it may be set while sound is lost."""
    mic = Microphone("mic", 1)
    chunks = mic.chunks()
    driver.give(2)
    driver.set_s = set_s
    driver.give(overflow=True)
    driver.give()
    assert sum(next(chunks).lost for _ in range(4)) < RATE


@pytest.mark.parametrize(
    ("names", "number", "without", "after", "then"),
    [
        (["A", "B"], 5, ["A"], ["A", "B"], 5),  # by its name B is two: one under each sound system
        (["A", "B"], 5, ["A"], ["C", "A", "B"], 7),
        (["A", "A"], 2, ["A"], ["A", "A"], 2),  # two of a model: while one of them is away nobody knows which
        (["A", "A"], 5, ["A"], ["B", "A", "A"], 7),
    ],
)
def test_one_chosen_by_number_comes_back_whatever_its_number_is_then(
    names: list[str], number: int, without: list[str], after: list[str], then: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Windows(*names)
    play(played, monkeypatch)
    mic = Microphone(number, 1)
    chunks = mic.chunks()
    played.give()
    next(chunks)
    played.names = tuple(without)
    played.streams[0].active = False
    began = played.now_s
    until(chunks, lambda c: played.now_s > began + 10)
    assert played.numbers == [number]
    played.names = tuple(after)
    until(chunks, lambda c: len(played.numbers) > 1)
    assert played.numbers == [number, then]
    mic.close()


@pytest.mark.parametrize(("stays", "goes"), [(0, 1), (1, 0)])
def test_of_two_of_a_model_the_one_that_stays_is_still_heard(
    stays: int, goes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Windows("A", "A")
    play(played, monkeypatch)
    mics = TwoMicrophones(1, 2)
    there, away = (mics._first, mics._second) if stays == 0 else (mics._second, mics._first)
    chunks = away.chunks()
    played.names = ("A",)
    away._stream.active = False
    until(chunks, lambda c: len(played.streams) == 1)
    assert there._stream in played.streams, "there is one, and it is not the other's"
    assert played.numbers == [1, 2, 1]
    played.names = ("A", "A")
    until(chunks, lambda c: len(played.streams) == 2)
    assert sorted(played.numbers[-2:]) == [1, 2]
    assert (there._device, away._device) == (1 + stays, 1 + goes)
    mics.close()


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_what_the_other_missed_while_devices_were_looked_for_is_lost_to_it(
    rate: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is opened anew too, and would be ahead of its own time from then on."""

    class Slow(TwoOfThem):
        def _initialize(self) -> None:
            self.now_s += 0.4

    played = Slow()
    played.rate, played.refuses = rate, rate != RATE
    play(played, monkeypatch)
    mics = [Microphone(name, 1) for name in ("first", "second")]
    began, (stays, goes) = played.now_s, (mic.chunks() for mic in mics)
    for _ in range(5):
        played.hear(first=0.5, second=0.5)
        next(stays), next(goes)
    played.unplug("second")
    until(goes, lambda c: played.opened > 2)
    played.gone.clear()
    for _ in range(5):
        played.hear(first=0.5)
    mics[0].stop()
    heard = list(stays)
    passed_s = 0.5 + length(heard) / RATE
    assert sum(c.lost for c in heard) / RATE == pytest.approx(0.4, abs=0.15)
    assert passed_s == pytest.approx(played.now_s - began, abs=0.03)
    for mic in mics:
        mic.close()


@pytest.mark.parametrize(("stays", "goes"), [("first", "second"), ("second", "first")])
def test_one_of_two_unplugged_and_back_the_other_is_heard_all_the_time(
    stays: str, goes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = TwoOfThem()
    play(played, monkeypatch)
    mics = TwoMicrophones("first", "second")
    chunks, heard = mics.chunks(), list[Chunk]()

    def pass_by(blocks: int, **values: float) -> None:
        for _ in range(blocks):
            played.hear(**values)
            heard.append(next(chunks))

    pass_by(10, first=0.5, second=0.5)
    played.unplug(goes)
    pass_by(300, **{stays: 0.25})
    played.gone.clear()
    until(chunks, lambda c: heard.append(c) or played.by_name[goes] in played.streams)  # type: ignore[func-returns-value]
    pass_by(20, first=0.5, second=0.5)
    both = np.concatenate([c.samples for c in heard])
    there, away = (both[:, 0], both[:, 1]) if stays == "first" else (both[:, 1], both[:, 0])
    assert (there == 0.25).sum() == 300 * BLOCK_S * RATE  # all that was said to the other meanwhile
    assert not away[there == 0.25][RATE:].any()
    assert (away == 0.5).sum() >= 25 * BLOCK_S * RATE
    assert {c.reason for c in heard[20:300]} == {"gone"}
    gone_s = sum(c.lost + c.filled for c in heard if c.reason == "gone") / RATE
    assert gone_s == pytest.approx(30, abs=2)
    mics.close()
