"""Does anybody seem to speak right now? Sooner known than who it is, so that a prompt does not begin in their words."""

from __future__ import annotations

import numpy as np

from voicecoach.hearing.base import FRAME_S, FRAMES_PER_STEP, STEP, Blocks
from voicecoach.hearing.channels import Cues
from voicecoach.samples import Samples

WITHIN_S = 0.16
"""The stretch that is looked at; its end is the newest sound."""
LEAST_S = 0.08
"""Somebody seems to speak when so much of it is loud enough for a voice (as long as the shortest speech of
`ChannelSettings`), and it sounds like one."""


class Stirring:
    """Follows sound of ``channels`` channels, whoever is on them, without looking ahead.

    Hearing waits for what follows before it decides (0.3 s with a microphone each, 1 s with one), which is too late for
    somebody who begins just as a prompt does.
    """

    def __init__(self, channels: int) -> None:
        self.voice = False
        steps = round(WITHIN_S / FRAME_S) // FRAMES_PER_STEP
        self._cues = [Cues() for _ in range(channels)]
        self._blocks = Blocks(STEP, channels)
        self._loud = np.zeros((steps, channels))
        self._evidence = np.zeros((steps, channels))

    def push(self, samples: Samples) -> bool:
        """Take sound ``(n, channels)``; ``voice``: whether somebody seems to speak at its end."""
        for block in self._blocks.push(samples):
            heard = [cues.hear(block[:, i]) for i, cues in enumerate(self._cues)]
            loud = [
                (levels > cues.loudness.threshold_db()).sum()
                for cues, (levels, _) in zip(self._cues, heard, strict=True)
            ]
            self._loud = np.vstack((self._loud[1:], loud))
            self._evidence = np.vstack((self._evidence[1:], [evidence for _, evidence in heard]))
            like_voice = self._evidence.max(axis=0) >= self._cues[0].settings.evidence
            self.voice = bool((like_voice & (self._loud.sum(axis=0) * FRAME_S >= LEAST_S)).any())
        return self.voice
