"""Captions: WebVTT and SubRip."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from voicecoach.store.segments.segment import UNNAMED, BadLineError, Segment, segment

_STAMP = re.compile(r"(?:(\d{2,6}):)?([0-5]?\d):([0-5]?\d(?:[.,]\d{1,3})?)", re.ASCII)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)*\s+([^>]*)>")
_TAG = re.compile(r"<[^>]*>")
_NAME = re.compile(r"([^:<>]{1,40}):\s+")


def vtt(text: str) -> Iterator[Segment]:
    """WebVTT; who speaks is in the voice tags."""
    if not text.startswith("WEBVTT"):
        raise BadLineError(1, "a WebVTT file begins with WEBVTT")
    for number, times, body in _cues(text):
        voices = _VOICE.split(body)
        if len(voices) == 1:
            voices = ["", UNNAMED, voices[0]]
        for speaker, said in zip(voices[1::2], voices[2::2], strict=True):
            yield segment(number, *times, html.unescape(speaker), html.unescape(_TAG.sub("", said)))


def srt(text: str) -> Iterator[Segment]:
    """SubRip; who speaks is what stands before the first colon of a cue, if that is short enough for a name."""
    for number, times, body in _cues(text):
        plain = _TAG.sub("", body)
        named = _NAME.match(plain)
        yield segment(number, *times, named[1] if named else UNNAMED, plain[named.end() :] if named else plain)


def _cues(text: str) -> Iterator[tuple[int, tuple[float, float], str]]:
    """Line, start and end (s), and text of every cue."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(lines):
        if "-->" not in lines[at]:
            at += 1
            continue
        number = at + 1
        start, _, rest = lines[at].partition("-->")
        times = (_time(number, start.strip()), _time(number, (rest.split() or [""])[0]))
        at += 1
        body = []
        while at < len(lines) and lines[at].strip() and "-->" not in lines[at]:
            body.append(lines[at])
            at += 1
        yield number, times, " ".join(body)


def _time(line: int, stamp: str) -> float:
    match = _STAMP.fullmatch(stamp)
    if not match:
        raise BadLineError(line, "times must look like 00:01:02.500 --> 00:01:04.000")
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
