"""What every way of hearing shares: the time grid, the interface, and turning frames into signals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from voicecoach.events import Clock, Event, Signal, VoiceOff, VoiceOn
from voicecoach.samples import RATE, Samples

if TYPE_CHECKING:
    from voicecoach.hearing.voiceprint import Voiceprint

FRAME = 128
"""Samples of one decision frame (8 ms)."""
FRAME_S = FRAME / RATE
"""Length of one decision frame in seconds."""
STEP = 512
"""Samples of one step (32 ms, four frames): what Silero reads at a time, and the grain of every inner loop."""
FRAMES_PER_STEP = STEP // FRAME


class Hearing(Protocol):
    """Who is speaking when, from pushed sound.

    ``people``: names in channel or enrolment order. ``mode``: ``"channels"``, ``"enrolled"`` or ``"separated"``.
    ``latency_s``: the longest a decision may wait after its sound; ``ahead_s``: the sound that had at least been pushed
    beyond what a decision is about. The signals do not depend on the size of the pushed pieces.
    """

    people: tuple[str, ...]
    mode: str
    latency_s: float
    ahead_s: float

    def channel_of(self, person: str) -> int:
        """Tell the channel on which ``person`` is heard best."""
        ...

    def push(self, samples: Samples) -> list[Signal]:
        """Take sound ``(n, channels)``; give what became certain, in order of time."""
        ...

    def finish(self) -> list[Signal]:
        """No more sound comes: give the rest. Open voices end where the sound ends."""
        ...

    def learned(self) -> dict[str, Voiceprint]:
        """Return what enrolled voices sound like now, of those that were heard clearly for long enough to tell."""
        ...

    def found(self) -> dict[str, Voiceprint]:
        """Return what voices sound like that were told apart without being enrolled, heard long enough to tell."""
        ...


class Blocks:
    """Cuts pushed sound into blocks of exactly ``size`` samples, whatever the size of the pieces."""

    def __init__(self, size: int, channels: int) -> None:
        self.size = size
        self.channels = channels
        self._rest = np.zeros((0, channels), np.float32)

    def push(self, samples: Samples) -> list[Samples]:
        """Whole blocks ``(size, channels)`` ready now. Raises ValueError when the number of channels is wrong."""
        data = np.asarray(samples, np.float32)
        if data.ndim == 1:
            data = data[:, None]
        if data.shape[1] != self.channels:
            raise ValueError(f"expected {self.channels} channels, got {data.shape[1]}")
        data = np.concatenate((self._rest, data)) if len(self._rest) else data
        whole = len(data) // self.size * self.size
        self._rest = data[whole:].copy()
        return [data[i : i + self.size] for i in range(0, whole, self.size)]

    def flush(self) -> Samples:
        """Give the samples that fill no block yet ``(n, channels)``."""
        rest, self._rest = self._rest, np.zeros((0, self.channels), np.float32)
        return rest


class Voices:
    """Turns decided frames into `VoiceOn`, `VoiceOff` and `Clock`, in order of time."""

    def __init__(self, people: Sequence[str]) -> None:
        self.people = tuple(people)
        self._on = [False] * len(self.people)
        self._frame = 0

    @property
    def decided_s(self) -> float:
        """Everything before this time has been said."""
        return self._frame * FRAME_S

    def decide(self, active: npt.NDArray[np.bool_], confidence: npt.NDArray[np.float32] | None = None) -> list[Signal]:
        """Take the next frames, ``active`` and ``confidence`` both ``(frames, people)``."""
        out: list[Signal] = []
        if len(active) == 0:
            return out
        before = np.vstack((self._on, active[:-1]))
        for frame, person in np.argwhere(active != before):
            at = (self._frame + int(frame)) * FRAME_S
            if active[frame, person]:
                sure = 1.0 if confidence is None else float(confidence[frame, person])
                out.append(VoiceOn(start=at, end=at, speaker=self.people[person], confidence=sure))
            else:
                out.append(VoiceOff(start=at, end=at, speaker=self.people[person]))
        self._on = [bool(a) for a in active[-1]]
        self._frame += len(active)
        out.append(Clock(start=self.decided_s, end=self.decided_s))
        return out

    def finish(self, end_s: float) -> list[Signal]:
        """Close what is open at ``end_s``, the length of the sound."""
        at = max(end_s, self.decided_s) if not any(self._on) else end_s
        at = max(at, self.decided_s)
        out: list[Signal] = [
            VoiceOff(start=at, end=at, speaker=p) for p, on in zip(self.people, self._on, strict=True) if on
        ]
        self._on = [False] * len(self.people)
        out.append(Clock(start=at, end=at))
        return out


def stretches(signals: Iterable[Event], people: Iterable[str]) -> dict[str, list[tuple[float, float]]]:
    """When each person speaks, from start to end in seconds, by the voices that go on and off in ``signals``."""
    spans: dict[str, list[tuple[float, float]]] = {p: [] for p in people}
    on: dict[str, float] = {}
    for signal in signals:
        if isinstance(signal, VoiceOn):
            on[signal.speaker] = signal.start
        elif isinstance(signal, VoiceOff):
            spans[signal.speaker].append((on.pop(signal.speaker), signal.start))
    return spans
