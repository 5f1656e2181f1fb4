"""What goes into one decode: stretches of speech packed together, so that no decode is spent on silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from voicecoach.samples import RATE, Samples
from voicecoach.transcript.decoder import LONGEST_S
from voicecoach.transcript.jobs import Span

Read = Callable[[int, float, float], Samples]
"""Sound of a channel from a start to an end (seconds), ``(n,)``; shorter at the end of the recording."""

JOIN_S = 2.0
"""Stretches closer than this stay as they are, with the true silence between them."""
GAP_S = 0.6
"""Silence left between stretches that were farther apart."""
BEFORE_S, AFTER_S = 0.2, 0.2
"""Sound kept around a stretch, to not cut a soft beginning or end."""
_LONGEST_GROUP_S = LONGEST_S - BEFORE_S - AFTER_S - 0.3
_LONGEST_SPAN_S = _LONGEST_GROUP_S - 0.1


@dataclass(frozen=True, slots=True)
class Piece:
    """Recorded sound ``start`` … ``end`` (session time) with the voiced stretches inside."""

    start: float
    end: float
    voiced: tuple[Span, ...]


Window = Sequence[Piece]
"""Pieces that go into one decode together, in order of time."""


class Windows:
    """Cuts one person's stretches, given in order of time, into windows.

    A window is given as soon as nothing that may follow can change it, so they are the same however much is known.
    """

    def __init__(self) -> None:
        self._span: Span | None = None
        self._group: list[Span] = []
        self._window: list[Piece] = []
        self._length_s = 0.0

    def push(self, span: Span) -> list[Window]:
        """Take one more stretch (seconds); give the windows that are certain by it."""
        last = self._span
        if last is not None and span[0] <= last[1]:
            self._span = (last[0], max(last[1], span[1]))
            return []
        self._span = span
        return [] if last is None else self._add(last)

    def finish(self) -> list[Window]:
        """No more stretches come: give the rest."""
        out = [] if self._span is None else self._add(self._span)
        out += self._close(float("inf")) if self._group else []
        return [*out, self._window] if self._window else out

    def _add(self, span: Span) -> list[Window]:
        """Put ``span`` to those near it, in parts when it is too long for one decode."""
        out: list[Window] = []
        a, b = span
        parts = int((b - a) / _LONGEST_SPAN_S) + 1
        for i in range(parts):
            part = (a + (b - a) * i / parts, a + (b - a) * (i + 1) / parts)
            group = self._group
            if group and (part[0] - group[-1][1] > JOIN_S or part[1] - group[0][0] > _LONGEST_GROUP_S):
                out += self._close(part[0])
            self._group.append(part)
        return out

    def _close(self, until_s: float) -> list[Window]:
        """Make a piece of the group; the window before it, if the piece does not fit into that."""
        group, self._group = self._group, []
        piece = Piece(max(group[0][0] - BEFORE_S, 0.0), min(group[-1][1] + AFTER_S, until_s), tuple(group))
        length_s = piece.end - piece.start + GAP_S
        full = bool(self._window) and self._length_s + length_s > LONGEST_S
        out: list[Window] = [self._window] if full else []
        self._window, self._length_s = ([], 0.0) if full else (self._window, self._length_s)
        self._window.append(piece)
        self._length_s += length_s
        return out


def pack(
    read_audio: Read, channel: int, pieces: Window, others: Sequence[Span]
) -> tuple[Samples, list[Span], list[Span]]:
    """Sound of one window, its voiced stretches in it, and (place in the window, shift to session time) per piece."""
    parts: list[Samples] = []
    voiced: list[Span] = []
    shifts: list[Span] = []
    at = 0
    for piece in pieces:
        sound = np.array(read_audio(channel, piece.start, piece.end), np.float32)
        silence(sound, piece.start, others, piece.voiced)
        shift = piece.start - at / RATE
        shifts.append((at / RATE, shift))
        voiced += [(a - shift, b - shift) for a, b in piece.voiced]
        gap = np.zeros(int(GAP_S * RATE), np.float32)
        parts += [sound, gap]
        at += len(sound) + len(gap)
    return np.concatenate(parts[:-1]), voiced, shifts


def silence(audio: Samples, start: float, others: Sequence[Span], own: Sequence[Span]) -> None:
    """Silence, in place, what only ``others`` say in ``audio`` (which begins at ``start``); ``own`` is kept."""
    end = start + len(audio) / RATE
    near = [(a, b) for a, b in others if b > start and a < end]
    if not near:
        return
    at = np.arange(len(audio)) / RATE + start
    theirs = np.zeros(len(audio), bool)
    mine = np.zeros(len(audio), bool)
    for a, b in near:
        theirs |= (at >= a) & (at < b)
    for a, b in own:
        if b > start - 1 and a < end + 1:
            mine |= (at >= a - 0.1) & (at < b + 0.1)
    audio[theirs & ~mine] = 0.0
