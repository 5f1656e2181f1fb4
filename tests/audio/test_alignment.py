"""Two sound cards with a clock each: what sounds at one time stands at one place of both channels.

They are played here: each begins when it does, counts seconds its own way, and brings its blocks late now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
import pytest

from voicecoach.audio import Chunk, TwoMicrophones, two_microphones
from voicecoach.audio.alignment import ALIGNED
from voicecoach.samples import RATE, Samples

BLOCK = RATE // 10
BURST_S, EVERY_S = 0.4, 1.5
BURST = 0.25


def room(at_s: np.ndarray) -> Samples:
    """What there is to hear at these times: a burst now and then, and a little noise."""
    noise = np.random.default_rng(0).normal(0, 0.001, len(at_s))
    return np.where(at_s % EVERY_S < BURST_S, BURST, noise).astype(np.float32)


class Card:
    """A microphone that begins at ``begin_s`` and whose clock is ``ppm`` fast.

    ``late``: by how much a block comes late, by when. ``loses``: block → samples lost before it, of which it tells one.
    """

    now_s: ClassVar[float] = 0.0
    length_s: ClassVar[float] = 60.0

    def __init__(
        self,
        begin_s: float = 0.0,
        ppm: float = 0.0,
        late: Callable[[float], float] = lambda t: 0.0,
        loses: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        self.begin_s, self.rate, self.late, self.loses = begin_s, RATE * (1 + ppm * 1e-6), late, loses
        self.block = 0

    def begins(self) -> int:
        """The sample that the next block begins with, as if nothing had been lost."""
        return self.block * BLOCK + sum(n for block, n in self.loses.items() if block <= self.block)

    def due_s(self) -> float:
        done_s = self.begin_s + (self.begins() + BLOCK) / self.rate
        return done_s + self.late(done_s)

    @property
    def waiting(self) -> bool:
        return self.due_s() <= Card.now_s

    def chunks(self) -> Iterator[Chunk]:
        while (came_s := self.due_s()) < self.length_s:
            at, lost = self.begins() + np.arange(BLOCK), int(self.block in self.loses)
            self.block += 1
            Card.now_s = max(Card.now_s, came_s)
            yield Chunk(room(self.begin_s + at / self.rate)[:, None], lost, came_s=came_s)


def heard(first: Card, second: Card, monkeypatch: pytest.MonkeyPatch, length_s: float = 60.0) -> list[Chunk]:
    monkeypatch.setattr(two_microphones, "Microphone", lambda card, *_: card)
    Card.now_s, Card.length_s = 0.0, length_s
    mics: Any = TwoMicrophones(first, second)  # type: ignore[arg-type]
    return list(mics.chunks())


def bursts(sound: Samples) -> tuple[np.ndarray, np.ndarray]:
    """Where each whole burst of a channel begins, and how long it is."""
    loud = np.diff((sound > BURST / 2).astype(int), prepend=0, append=0)
    begins, ends = np.flatnonzero(loud > 0), np.flatnonzero(loud < 0)
    whole = (begins > 0) & (ends < len(sound))
    return begins[whole], (ends - begins)[whole]


def apart_s(chunks: list[Chunk]) -> np.ndarray:
    """By how much each burst stands later in the second channel than in the first."""
    sound = np.concatenate([c.samples for c in chunks])
    (a, _), (b, _) = bursts(sound[:, 0]), bursts(sound[:, 1])
    a, b = (x[x > RATE] for x in (a, b))
    n = min(len(a), len(b))
    return (b[:n] - a[:n]) / RATE


def whole(chunks: list[Chunk], channel: int, ppm: float = 0.0) -> bool:
    """Whether no burst was cut or stretched."""
    _, lengths = bursts(np.concatenate([c.samples for c in chunks])[:, channel])
    return bool((np.abs(lengths[1:-1] - BURST_S * RATE * (1 + ppm * 1e-6)) <= 1.5).all())


@pytest.mark.parametrize("begin_s", [0.03, 0.4, 1.3])
def test_one_that_begins_later_stands_where_it_belongs(begin_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    for cards in ((Card(), Card(begin_s)), (Card(begin_s), Card())):
        chunks = heard(*cards, monkeypatch, 20.0)
        assert np.abs(apart_s(chunks)).max() < 0.001
        assert sum(c.filled for c in chunks) == 0, "nothing was lost"


@pytest.mark.parametrize("ppm", [150.0, -150.0])
@pytest.mark.parametrize("fast", [0, 1])
def test_cards_that_drift_apart_are_kept_together_and_nobody_is_cut(
    fast: int, ppm: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes drift apart by 0.09 s, five times what is borne."""
    rng = np.random.default_rng(1)
    cards = [Card(0.05 * i, ppm * (i == fast), lambda t: float(rng.exponential(0.005))) for i in range(2)]
    chunks = heard(cards[0], cards[1], monkeypatch, 600.0)
    apart = apart_s(chunks)
    assert np.abs(apart).max() < ALIGNED / RATE + 0.01
    assert sum(c.filled for c in chunks) == 0
    assert all(whole(chunks, i, ppm * (i == fast)) for i in range(2))
    assert sum(len(c.samples) for c in chunks) == pytest.approx(600 * RATE, rel=2e-4, abs=RATE)


def test_blocks_that_come_late_are_no_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    """One card's driver is slow, for seconds at a time; what it brings stays where it was."""

    def late(t: float) -> float:
        return 0.25 if t % 20 > 16.5 else 0.0

    chunks = heard(Card(), Card(0.02, 0.0, late), monkeypatch, 120.0)
    assert np.abs(apart_s(chunks)).max() < 0.001
    assert whole(chunks, 1)


@pytest.mark.parametrize("which", [0, 1])
def test_a_loss_that_is_not_told_whole_is_put_right_in_a_pause(which: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [Card(loses={300: RATE // 4} if i == which else {}) for i in range(2)]
    chunks = heard(cards[0], cards[1], monkeypatch, 90.0)
    apart = apart_s(chunks)
    assert np.abs(apart[:17]).max() < 0.001  # before it, …
    assert np.abs(apart).max() > 0.1
    assert np.abs(apart[-20:]).max() < 0.001  # … and again half a minute after it
    assert whole(chunks, 1 - which)


@pytest.mark.parametrize("by_s", [0.09, -0.09])
def test_a_sound_server_that_delivers_later_or_sooner_moves_nothing(
    by_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program opens the same microphone, say. What drifts apart after that is still kept together."""

    def late(t: float) -> float:
        return 0.1 + by_s * (t > 30)

    chunks = heard(Card(), Card(0.02, 150.0, late), monkeypatch, 400.0)
    apart = apart_s(chunks) - apart_s(chunks)[0]
    assert np.abs(apart).max() < ALIGNED / RATE + 0.01
    assert whole(chunks, 1, 150.0)


def test_a_first_block_that_comes_late_is_put_right_in_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = heard(Card(), Card(0.0, 0.0, lambda t: 0.07 if t < 0.15 else 0.0), monkeypatch, 30.0)
    apart = apart_s(chunks)
    assert abs(apart[0]) > 0.05
    assert np.abs(apart[4:]).max() < 0.001
    assert whole(chunks, 1)
