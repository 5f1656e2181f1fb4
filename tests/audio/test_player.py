"""A loudspeaker that goes away: what was to be heard is over, and nobody waits for it. The driver is played here."""

from __future__ import annotations

import weakref
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from voicecoach.audio import Player, clock, device, player
from voicecoach.samples import RATE

PIECE = RATE // 10


class Driver:
    """PortAudio with one loudspeaker, as far as it is used."""

    class PortAudioError(Exception):
        pass

    def __init__(self) -> None:
        self.now_s, self.there = 1000.0, True
        self.stream: Any = None

    def query_devices(self, device: object, kind: str) -> dict[str, Any]:
        raise ValueError("no such device")

    def OutputStream(self, **options: Any) -> SimpleNamespace:  # noqa: N802 - PortAudio's name
        if not self.there:
            raise self.PortAudioError
        self.stream = SimpleNamespace(callback=options["callback"], active=True, start=lambda: None)
        self.stream.close = lambda ignore_errors=True: None
        return self.stream

    def _terminate(self) -> None: ...

    def _initialize(self) -> None: ...

    def asks(self, seconds: float) -> None:
        """The loudspeaker asks for so much sound."""
        for _ in range(round(seconds * RATE / PIECE)):
            self.now_s += PIECE / RATE
            self.stream.callback(np.zeros((PIECE, 1), np.float32), PIECE, None, SimpleNamespace(output_underflow=False))


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    played = Driver()
    monkeypatch.setattr(device, "_holders", weakref.WeakSet())
    monkeypatch.setattr(device, "portaudio", lambda: played)
    monkeypatch.setattr(clock, "awake_s", lambda: played.now_s)
    return played


def test_it_plays_to_the_end(driver: Driver) -> None:
    loudspeaker = Player()
    assert loudspeaker.available
    driver.now_s += 1.8  # a sound server may ask for the first sound so late
    loudspeaker.play(np.ones(RATE, np.float32))
    driver.asks(0.9)
    assert loudspeaker.playing
    driver.asks(0.1)
    assert not loudspeaker.playing
    assert loudspeaker.available


@pytest.mark.parametrize("how", ["asks for no more", "ended"])
def test_one_that_goes_away_plays_no_more(how: str, driver: Driver) -> None:
    loudspeaker = Player()
    loudspeaker.play(np.ones(3 * RATE, np.float32))
    driver.asks(1.0)
    assert loudspeaker.reference(PIECE, driver.now_s + 0.1).any()
    if how == "ended":
        driver.stream.active = False
    driver.now_s += player.GONE_S
    assert not loudspeaker.playing
    assert not loudspeaker.available
    assert not loudspeaker.reference(PIECE, driver.now_s).any()  # and nothing of it is heard
    loudspeaker.play(np.ones(RATE, np.float32))
    driver.stream.active = True
    driver.asks(0.1)
    assert loudspeaker.available, "it was only late"
    assert not loudspeaker.playing, "its moment has passed"


def test_one_that_cannot_be_opened_again_is_none(driver: Driver) -> None:
    loudspeaker = Player()
    loudspeaker.play(np.ones(RATE, np.float32))
    driver.asks(0.3)
    driver.there = False
    device.look_again()
    assert not loudspeaker.available
    assert not loudspeaker.playing
    assert not loudspeaker.reference(PIECE, driver.now_s).any()
    driver.there = True
    device.look_again()
    assert loudspeaker.available
