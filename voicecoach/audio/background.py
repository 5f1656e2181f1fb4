"""`Background`: the sound of the room while nobody speaks, to stand where sound was taken out."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecoach.samples import RATE, Samples

PIECE_S = 0.1
"""Short enough to lie between two words."""
KNOWN_S = 12.0
"""Rooms change; as long as hearing itself looks back for the noise of a room."""
QUIET = 0.1
"""This share of the pieces is quieter still, as of hearing's levels: the quietest of all would be too quiet."""


class Background:
    """Remembers what a microphone gave lately, and gives the quiet of it.

    Silence in place of a room's noise would do harm: after a second of it hearing takes the room for a silent one, and
    its noise for a voice, for as long as it looks back.
    """

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._pieces: deque[Samples] = deque(maxlen=round(KNOWN_S / PIECE_S))
        self._rest = np.zeros((0, channels), np.float32)
        self._quiet: Samples | None = None
        self._at = 0

    def hear(self, samples: Samples) -> None:
        """Take sound ``(n, channels)`` in which there is nothing but the room and the people in it."""
        size = round(PIECE_S * RATE)
        rest = np.concatenate((self._rest, samples))
        while len(rest) >= size:
            self._pieces.append(rest[:size])
            rest, self._quiet = rest[size:], None
        self._rest = rest

    def take(self, n: int) -> Samples:
        """The next ``n`` samples of the quiet room, ``(n, channels)``. Silence while nothing is known of it."""
        if self._quiet is None:
            self._quiet, self._at = self._choose(), 0
        taken = np.resize(np.roll(self._quiet, -self._at, axis=0), (n, self._channels))
        self._at = (self._at + n) % len(self._quiet)
        return taken

    def _choose(self) -> Samples:
        """A quiet piece, of each channel by itself, forth and back: so there is no step where it begins again."""
        if not self._pieces:
            return np.zeros((1, self._channels), np.float32)
        pieces = np.stack(self._pieces)
        power = np.square(pieces, dtype=np.float64).mean(axis=1)
        order = np.argsort(power, axis=0)[int(QUIET * len(pieces))]
        piece = np.stack([pieces[which, :, c] for c, which in enumerate(order)], axis=1)
        return np.concatenate((piece, piece[::-1]))
