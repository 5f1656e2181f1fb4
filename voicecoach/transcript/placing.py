"""Puts decoded words where the voice is: Whisper's own word times wander into the silence around them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from voicecoach.transcript.jobs import Heard, Span

REACH_S = 0.6
"""A word this far from any voice is still that voice's, only badly timed; farther away it was invented."""
SNAP_S = 0.35
"""The first word of a stretch begins with it, and the last one ends with it, if they are this close."""
SENTENCE_GAP_S = 0.6
"""Over a silence this long …"""
STRAY_WORDS = 2
"""… so few first words of a sentence do not stand alone."""
SHORTEST_S = 0.04
"""No word is shorter than this, where there is room."""


def place(heard: Sequence[Heard], voiced: Sequence[Span]) -> list[Heard]:
    """The words of ``heard`` (in order of time) inside ``voiced`` (in order of time), in order of time.

    Each goes to the stretch that it overlaps most, or to the nearest within `REACH_S`; those of no stretch are dropped.
    """
    homes: list[list[Heard]] = [[] for _ in voiced]
    at = 0
    for h in heard:
        home = _home(h, voiced, at)
        if home is not None:
            homes[home].append(h)
            at = home
    _reunite(homes, voiced)
    out: list[Heard] = []
    for words, (first, last) in zip(homes, voiced, strict=True):
        out += _fit(words, first, last)
    return out


def _reunite(homes: list[list[Heard]], voiced: Sequence[Span]) -> None:
    """Move the first words of a sentence, in place, over a silence to the rest of it ("Yeah. I" … "see.").

    Between short stretches Whisper's word times are often one word off, and it knows sentences better than times.
    """
    for i in range(len(homes) - 1):
        words, following = homes[i], homes[i + 1]
        if not following or voiced[i + 1][0] - voiced[i][1] < SENTENCE_GAP_S or not following[0].word[:1].islower():
            continue
        ends = [k for k, h in enumerate(words) if h.word.rstrip().endswith((".", "?", "!"))]
        if ends and 0 < len(words) - 1 - ends[-1] <= STRAY_WORDS:
            homes[i + 1] = words[ends[-1] + 1 :] + following
            homes[i] = words[: ends[-1] + 1]


def _home(h: Heard, voiced: Sequence[Span], at: int) -> int | None:
    """Index of the stretch of a word; never before ``at``, so that words keep their order."""
    best, score = None, -REACH_S
    for i in range(at, len(voiced)):
        a, b = voiced[i]
        shared = min(h.end, b) - max(h.start, a)  # below 0: how far away
        if shared > score:
            best, score = i, shared
    return best


def _fit(words: list[Heard], first: float, last: float) -> list[Heard]:
    """Clamp words into ``first`` … ``last``; no word begins before the one before it ends."""
    if not words:
        return []
    out = []
    before = first
    for i, h in enumerate(words):
        room = max(last - SHORTEST_S * (len(words) - i), before)
        start = min(max(h.start, before), room)
        end = min(max(h.end, min(start + SHORTEST_S, last)), last)
        out.append(replace(h, start=start, end=max(end, start)))
        before = out[-1].end
    if out[0].start - first < SNAP_S:
        out[0] = replace(out[0], start=first)
    if last - out[-1].end < SNAP_S:
        out[-1] = replace(out[-1], end=last)
    return out


def holes(found: Sequence[Heard], voiced: Sequence[Span], least_s: float) -> list[Span]:
    """Runs between two words, or before the first or after the last, with ``least_s`` or more of voice and no word."""
    edges = [(0.0, voiced[0][0]), *((h.start, h.end) for h in found), (voiced[-1][1], np.inf)]
    out = []
    for (_, a), (b, _) in itertools.pairwise(edges):
        parts = [(max(a, x), min(b, y)) for x, y in voiced if min(b, y) > max(a, x)]
        if sum(y - x for x, y in parts) >= least_s:
            out.append((parts[0][0], parts[-1][1]))
    return out
