"""The words of a whole recording: stretches of speech packed together, so that no decode is spent on silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from voicecoach.events import Word
from voicecoach.transcript.decoder import LONGEST_S, Decoder
from voicecoach.transcript.jobs import RATE, Samples, Span
from voicecoach.transcript.memory import give_back

Read = Callable[[int, float, float], Samples]
"""Sound of a channel from a start to an end (seconds), ``(n,)``; shorter at the end of the recording."""
Progress = Callable[[float], None]
"""Called with the share of the work that is done, 0 … 1."""

JOIN_S = 2.0
"""Stretches closer than this stay as they are, with the true silence between them."""
GAP_S = 0.6
"""Silence left between stretches that were farther apart."""
BEFORE_S, AFTER_S = 0.2, 0.2
"""Sound kept around a stretch, to not cut a soft beginning or end."""
GIVE_BACK_EVERY = 10
"""Decodes after which free memory is given back."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Recorded sound ``start`` … ``end`` (session time) with the voiced stretches inside."""

    start: float
    end: float
    voiced: tuple[Span, ...]


def transcribe_all(
    read_audio: Read,
    stretches: Mapping[str, Sequence[Span]],
    channel_of: Callable[[str], int],
    decoder: Decoder,
    progress: Progress | None = None,
) -> list[Word]:
    """Every word of ``stretches`` (person → when they speak, seconds), in order of time.

    On a channel shared with others, what only the others say is silenced. Uses as many threads as ``decoder`` was
    made for (``at_once``). Memory does not grow with the recording beyond its words.
    """
    windows = [(name, w) for name, spans in stretches.items() for w in _windows(_pieces(_tidy(spans)))]
    words: list[Word] = []
    done = 0

    def decode(window: tuple[str, list[_Piece]]) -> list[Word]:
        name, pieces = window
        others = [s for o, spans in stretches.items() if o != name and channel_of(o) == channel_of(name) for s in spans]
        audio, voiced, shifts = _pack(read_audio, channel_of(name), pieces, others)
        out = []
        for heard in decoder.hear(audio, voiced):
            at = max(i for i, (a, _) in enumerate(shifts) if i == 0 or a <= heard.start + 1e-6)
            shift = shifts[at][1]
            out.append(
                Word(
                    start=heard.start + shift,
                    end=heard.end + shift,
                    speaker=name,
                    word=heard.word,
                    confidence=heard.confidence,
                )
            )
        return out

    with ThreadPoolExecutor(max(decoder.at_once, 1)) as pool:
        for found in pool.map(decode, windows):
            words += found
            done += 1
            if done % GIVE_BACK_EVERY == 0:
                give_back()
            if progress is not None:
                progress(done / len(windows))
    return sorted(words, key=lambda w: (w.start, w.end, w.speaker))


def _tidy(spans: Sequence[Span]) -> list[Span]:
    """Sorted, joined where they touch, and none too long for one decode."""
    joined: list[Span] = []
    for a, b in sorted(spans):
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        elif b > a:
            joined.append((a, b))
    most = LONGEST_S - BEFORE_S - AFTER_S - 0.4
    out: list[Span] = []
    for a, b in joined:
        parts = int((b - a) / most) + 1
        out += [(a + (b - a) * i / parts, a + (b - a) * (i + 1) / parts) for i in range(parts)]
    return out


def _pieces(spans: Sequence[Span]) -> Iterator[_Piece]:
    """Stretches near each other as one piece, with the true silence between them."""
    group: list[Span] = []
    for span in spans:
        if group and (span[0] - group[-1][1] > JOIN_S or span[1] - group[0][0] > LONGEST_S - BEFORE_S - AFTER_S - 0.3):
            yield _Piece(max(group[0][0] - BEFORE_S, 0.0), min(group[-1][1] + AFTER_S, span[0]), tuple(group))
            group = []
        group.append(span)
    if group:
        yield _Piece(max(group[0][0] - BEFORE_S, 0.0), group[-1][1] + AFTER_S, tuple(group))


def _windows(pieces: Iterator[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces that go into one decode together."""
    window: list[_Piece] = []
    length = 0.0
    for piece in pieces:
        size = piece.end - piece.start + GAP_S
        if window and length + size > LONGEST_S:
            yield window
            window, length = [], 0.0
        window.append(piece)
        length += size
    if window:
        yield window


def _pack(
    read_audio: Read, channel: int, pieces: Sequence[_Piece], others: Sequence[Span]
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
