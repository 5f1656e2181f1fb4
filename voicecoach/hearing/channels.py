"""One person per channel: energy says when, Silero and voicing say that it is a voice, the leak gate says whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicecoach.events import Signal
from voicecoach.hearing.base import FRAME, FRAME_S, FRAMES_PER_STEP, STEP, Blocks, Voices
from voicecoach.hearing.leak import LeakGate
from voicecoach.hearing.level import Loudness, Voicing
from voicecoach.hearing.silero import Silero
from voicecoach.hearing.voiceprint import Voiceprint
from voicecoach.samples import RATE, Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """When sound on a channel is that person's voice. Levels in dB, times in seconds."""

    lookahead_s: float = 0.256
    over_floor_db: float = 12.0
    quietest_db: float = -62.0
    below_voice_db: float = 36.0
    shortest_s: float = 0.08
    hole_s: float = 0.1
    evidence: float = 0.35
    voicing: float = 0.80
    doubt_s: float = 1.5


class Cues:
    """What speaks for a voice on one channel, step by step."""

    def __init__(self, settings: ChannelSettings | None = None) -> None:
        self.settings = settings = settings or ChannelSettings()
        self.loudness = Loudness(settings.over_floor_db, settings.quietest_db, settings.below_voice_db)
        self.silero = Silero()
        self.voicing = Voicing()

    def hear(self, step: Samples) -> tuple[npt.NDArray[np.float64], float]:
        """Levels ``(frames,)`` of a step in dB, and how much it is a voice, 1 = sure."""
        levels = self.loudness(step)
        voicing = self.voicing(step)
        periodic = (voicing - 0.5) / (self.settings.voicing - 0.5) * self.settings.evidence
        evidence = max(self.silero(step), min(periodic, 1.0) if voicing > self.settings.voicing else 0.0)
        if evidence > 0.5:
            self.loudness.learn(levels)
        return levels, evidence


class ChannelHearing:
    """Who speaks when, with one person on each channel.

    A frame can be a voice when it is far enough over the tracked noise floor and not the other's leak. A stretch of
    such frames becomes speech when it is not a click and, within the lookahead, something sounds like a voice; its
    beginning is then dated back to where the energy began. Speech ends where the energy ends.
    """

    mode = "channels"

    def __init__(self, people: Sequence[str], settings: ChannelSettings | None = None) -> None:
        self.people = tuple(people)
        self.settings = settings or ChannelSettings()
        self._ahead = round(self.settings.lookahead_s / FRAME_S)
        self.ahead_s = self._ahead * FRAME_S
        self.latency_s = self.ahead_s + STEP / RATE
        n = len(self.people)
        self._channels = [Cues(self.settings) for _ in range(n)]
        self._gate = LeakGate(n)
        self._blocks = Blocks(STEP, n)
        self._voices = Voices(self.people)
        self._loud = np.zeros((0, n), bool)
        self._evidence = np.zeros((0, n), np.float32)
        self._state = [_State() for _ in range(n)]
        self._samples = 0

    def channel_of(self, person: str) -> int:
        """Tell the channel of ``person``. Raises ValueError for a stranger."""
        return self.people.index(person)

    def push(self, samples: Samples) -> list[Signal]:
        """Take sound ``(n, channels)``; give what became certain."""
        self._samples += len(samples)
        out: list[Signal] = []
        for block in self._blocks.push(samples):
            self._hear(block)
            out += self._decide(self._ahead)
        return out

    def finish(self) -> list[Signal]:
        """Decide what is left and close open voices."""
        rest = self._blocks.flush()
        if len(rest):
            self._hear(np.vstack((rest, np.zeros((STEP - len(rest), len(self.people)), np.float32))))
        end = self._samples // FRAME - round(self._voices.decided_s / FRAME_S)
        self._loud, self._evidence = self._loud[: max(end, 0)], self._evidence[: max(end, 0)]
        return self._decide(0) + self._voices.finish(self._samples / RATE)

    def learned(self) -> dict[str, Voiceprint]:
        """Nobody is enrolled, so nothing is learnt of anybody."""
        return {}

    def found(self) -> dict[str, Voiceprint]:
        """No voice had to be told from another by its sound."""
        return {}

    def _hear(self, block: Samples) -> None:
        heard = [channel.hear(block[:, i]) for i, channel in enumerate(self._channels)]
        levels = np.stack([levels for levels, _ in heard], axis=1)
        floors = np.array([channel.loudness.floor.value() for channel in self._channels])
        limits = np.array([channel.loudness.threshold_db() for channel in self._channels])
        loud = (levels > limits) & self._gate(levels, floors)
        evidence = np.array([[evidence for _, evidence in heard]] * FRAMES_PER_STEP, np.float32)
        self._loud = np.vstack((self._loud, loud))
        self._evidence = np.vstack((self._evidence, evidence))

    def _decide(self, ahead: int) -> list[Signal]:
        count = len(self._loud) - ahead
        if count <= 0:
            return []
        active = np.zeros((count, len(self.people)), bool)
        sure = np.zeros((count, len(self.people)), np.float32)
        for i, state in enumerate(self._state):
            for frame in range(count):
                stop = frame + ahead if ahead else len(self._loud)
                active[frame, i], sure[frame, i] = state.next(
                    self._loud[frame:stop, i], self._evidence[frame:stop, i], self.settings
                )
        self._loud, self._evidence = self._loud[count:], self._evidence[count:]
        return self._voices.decide(active, sure)


class _State:
    """Whether one person is speaking, decided frame by frame with the frames ahead in view."""

    def __init__(self) -> None:
        self.on = False
        self.doubt = 0

    def next(
        self, loud: npt.NDArray[np.bool_], evidence: npt.NDArray[np.float32], s: ChannelSettings
    ) -> tuple[bool, float]:
        """Decide the state of the first frame of ``loud`` ``(ahead,)``, and how sure it is."""
        if not loud[0]:
            if self.on:
                ahead = loud[1 : 1 + round(s.hole_s / FRAME_S)]
                self.on = bool(ahead.any())
            return self.on, 0.0
        best = float(evidence[: self._reach(loud, s)].max())
        if self.on:
            self.doubt = 0 if best >= s.evidence else self.doubt + 1
            self.on = self.doubt * FRAME_S < s.doubt_s
        else:
            self.on = best >= s.evidence and int(loud.sum()) * FRAME_S >= s.shortest_s
            self.doubt = 0
        return self.on, min(best, 1.0)

    @staticmethod
    def _reach(loud: npt.NDArray[np.bool_], s: ChannelSettings) -> int:
        """How many frames ahead belong to this stretch: until a hole longer than ``hole_s``."""
        hole = round(s.hole_s / FRAME_S)
        quiet = 0
        for i, frame in enumerate(loud):
            quiet = 0 if frame else quiet + 1
            if quiet > hole:
                return i
        return len(loud)
