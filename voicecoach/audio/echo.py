"""Our own prompt, as the microphone hears it, is not a person: take it out, and notice who speaks over it."""

from __future__ import annotations

from collections import deque

import numpy as np
from pywebrtc_audio import EchoCanceller as Aec3

from voicecoach.audio.background import Background
from voicecoach.audio.echo_path import LATEST, EchoPath, Found
from voicecoach.audio.residue import FRAME, LEFT, Residue
from voicecoach.samples import RATE, Samples

TAIL_S = 0.6
"""Sound cards and room give a prompt back for so long after it was put out."""
FLOOR = 0.003
"""A person is louder than a quiet room (-50 dBFS)."""
SETTLING_S = 1.0
"""The longest that an echo may take to be known; until then nothing passes while a prompt sounds."""
SETTLED_S = 0.2
"""Known is an echo that was taken out for so long …"""
UNHEARD_S = 0.7
"""… and there is none (headphones) when a prompt sounded for so long and nothing came back."""
PERSON_S = 0.08
"""Somebody speaks when so much of the last `WITHIN_S` was a person's."""
WITHIN_S = 0.16
YOUNG_S, YOUNG_AGAIN_S = 0.3, 1.0
"""What a canceller leaves is nobody, and hearing gets none of it, until it has heard so much of an echo; longer after a
sound card stumbled, when it began in the middle of a word."""
LOUDER = 2.0
"""What is so many times louder than the loudest echo so far is no echo."""
TAUGHT_S = 2.0
"""Who has heard less of an echo cannot know at the next prompt how much it will leave of it: a chime is no speech, and
two sound cards have drifted apart since."""
NEAR = RATE // 100
"""Known is also how late the echo is; the prompt is held back until its echo comes so many samples after it, because
AEC3 needs a second to look for it by itself, and lets 10 % of it through when it has found it …"""
LEARNT_FROM_S = 3.0
"""… and a new canceller learns the room from so much of what was heard before a sound card stumbled, …"""
RECENT = RATE * 3 // 10
"""… or, at first, from so many samples in which the echo was found, …"""
SINCE = RATE // 5
"""… of which so many, when the echo has moved, come after that."""
HUSH = 1e-16
"""AEC3 is told of noise this loud, which nobody could hear, where nothing is put out: after a prompt, digital silence
lets its numbers fade to where processors are slow with them (denormal), 0.12 of a core for a channel instead of 0.007.
"""


class EchoCanceller:
    """Subtracts the prompt, as late as it comes back (`EchoPath`), with WebRTC's AEC3, which learns the room.

    Sound passes bit for bit while no prompt plays, and where nothing may pass, the quiet of the room (`Background`).
    ``person``: somebody was heard over the prompt in the last piece. When a sound card stumbles, the echo comes at
    another time than before and AEC3 leaves much of it; by its time it is found to be the prompt. Then a new canceller
    begins at that time, with what the old one has heard of the room, and nothing passes until it takes the echo out.
    Measured by `scripts/bench echo`. A half-duplex gate by level, tried before, heard nobody over a prompt.
    """

    def __init__(self, channels: int) -> None:
        self.person = False
        self._channels = channels
        self._sounding: deque[bool] = deque(maxlen=round(TAIL_S * RATE / FRAME))
        self._persons: deque[bool] = deque(maxlen=round(WITHIN_S * RATE / FRAME))
        self._path = EchoPath()
        self._background = Background(channels)
        self._loudest = 0.0
        self._behind: int | None = None
        self._again = False
        self._out = np.zeros(LATEST + RECENT, np.float32)
        self._hush = np.random.default_rng(0)
        self._heard = np.zeros((RECENT, channels), np.float32)
        self._fed: deque[tuple[Samples, Samples]] = deque()
        self._anew()

    def _anew(self) -> None:
        """Know nothing of the room."""
        self._cancel = [Aec3(sample_rate=RATE) for _ in range(self._channels)]
        self._settled = self._none = self._moving = False
        self._residue, self._comes_back = Residue(), False
        self._echo = self._removed = self._unheard = 0
        self._persons.clear()

    def _align(self) -> None:
        """The echo is known to come later or sooner than was thought: begin anew with the prompt held back for it."""
        self._again, self._behind = self._behind is not None, self._early()
        self._anew()
        for heard, far in self._fed:
            self._taken_out(heard, far)
            self._echo += len(far)
        n = SINCE if self._again else RECENT
        self._taken_out(self._heard[-n:], self._held_back(n))

    def process(self, heard: Samples, reference: Samples) -> Samples:
        """``heard`` ``(n, channels)`` without the prompt; ``reference`` ``(n,)``: the next of what was put out."""
        self.person = False
        far = np.asarray(reference, np.float32)
        hushed = far + HUSH * self._hush.standard_normal(len(far), np.float32)
        self._out = np.concatenate((self._out, hushed))[-(LATEST + max(RECENT, len(far))) :]
        self._heard = np.concatenate((self._heard, heard))[-RECENT:]
        fed = self._held_back(len(far))
        # also while no prompt plays: AEC3 has to know the noise of the room
        clean = self._taken_out(heard, fed)
        self._path.push(heard, far)
        if not (far.any() or any(self._sounding)):
            self._unheard, self._comes_back = 0, False
            if self._echo < TAUGHT_S * RATE:
                self._residue.begin()
            if self._none:
                self._anew()
            if self._behind is not None:  # sound cards drift apart: followed while nothing sounds
                self._behind = self._early()
            self._background.hear(heard)
            return heard
        quiet = self._background.take(len(heard))
        under, suspected, loudest = np.zeros(len(heard), bool), False, 0.0
        for at in range(0, len(heard), FRAME):
            here = slice(at, at + FRAME)
            self._sounding.append(bool(np.any(far[here])))
            if not any(self._sounding):
                self._persons.clear()
                continue
            under[here] = True
            level = _rms(heard[here].T)
            if self._none:
                clean[:, here] = heard[here].T
            self._follow(level, _rms(clean[:, here]))
            if not (self._none or self._residue.stood_out):
                clean[:, here] = quiet[here].T
            suspected = suspected or (self._persons[-1] and sum(self._persons) * FRAME >= PERSON_S * RATE)
            loudest = max(loudest, level)
        if loudest > FLOOR:
            self._judge(loudest, left=suspected)
        out: Samples = heard.copy()
        known = self._settled and not (suspected or self._young or self._moving)
        out[under] = clean.T[under] if known or self.person else quiet[under]
        if known and self._behind is not None and loudest > FLOOR and not any(self._persons):
            self._fed.append((heard, fed))
            while sum(len(f) for _, f in self._fed) > LEARNT_FROM_S * RATE:
                self._fed.popleft()
        return out

    def _early(self) -> int:
        """By how much to hold the prompt back, in samples, for its echo to come `NEAR` later."""
        return max(0, (self._path.known or 0) - NEAR)

    def _held_back(self, n: int) -> Samples:
        """The last ``n`` samples put out as early as it takes for their echo to come `NEAR` later."""
        end = len(self._out) - (self._behind or 0)
        return self._out[end - n : end]

    def _taken_out(self, heard: Samples, far: Samples) -> Samples:
        """``heard`` ``(n, channels)`` without what is of ``far``; ``(channels, n)``."""
        far = np.ascontiguousarray(far)
        return np.stack([c.process(np.ascontiguousarray(x), far) for c, x in zip(self._cancel, heard.T, strict=True)])

    @property
    def _young(self) -> bool:
        """Whether the canceller has heard too little of an echo for what it leaves to be a person."""
        return not self._none and self._echo < (YOUNG_AGAIN_S if self._again else YOUNG_S) * RATE

    def _follow(self, heard: float, left: float) -> None:
        """Take note of one frame under a prompt, and of what the canceller left of it."""
        audible = heard > FLOOR
        self._echo += FRAME * audible
        self._comes_back = self._comes_back or audible
        self._removed += FRAME * (audible and left < LEFT * heard)
        self._unheard += FRAME * (self._sounding[-1] and not audible)
        self._none = self._none or (self._unheard >= UNHEARD_S * RATE and not self._comes_back)
        known = self._removed >= SETTLED_S * RATE or self._echo >= SETTLING_S * RATE
        self._settled = self._settled or known or self._none
        person = self._residue.person(heard, left, audible=audible) or self._none
        self._persons.append(self._settled and left > FLOOR and person)

    def _judge(self, loudest: float, *, left: bool) -> None:
        """Whether what the canceller ``left``, if it did, is a person, or the echo at another time than before."""
        if self._none or (left and loudest > LOUDER * self._loudest > 0.0):
            self.person = left
            return
        found = self._path.look()
        self._moving = found is Found.ELSEWHERE or (self._path.known or 0) < 0
        if found is Found.MOVED:
            self._align()
        elif left:
            self.person = not (self._moving or self._young)
        elif not any(self._persons):
            self._loudest = max(self._loudest, loudest)


def _rms(sound: Samples) -> float:
    """Level of the loudest channel of ``(channels, n)``."""
    return float(np.sqrt(np.square(sound, dtype=np.float64).mean(axis=1).max())) if sound.size else 0.0
