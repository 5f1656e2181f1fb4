"""Who spoke when, from the files other programs write: JSON lines, RTTM, WebVTT and Praat TextGrid."""

from __future__ import annotations

import gzip
import html
import json
import math
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicecoach.errors import VoicecoachError

_KINDS = "JSON lines (.jsonl, .jsonl.gz), RTTM (.rttm), WebVTT (.vtt) or a Praat TextGrid (.TextGrid)"
UNNAMED = "A"
"""Whoever speaks where the file names nobody."""


@dataclass(frozen=True, slots=True)
class Segment:
    """``speaker`` speaks from ``start`` to ``end`` (seconds, ``0 <= start <= end``) and says ``text`` ("" = unknown).

    Real annotations hold segments of no length (``start == end``), with words in them; they are kept.
    """

    start: float
    end: float
    speaker: str
    text: str = ""


def read_segments(path: Path) -> list[Segment]:
    """All segments in order of time; the format goes by the file's name, then by its first line.

    Raises `VoicecoachError` with the line and what to do, when the file is missing, empty or not one of these formats.
    """
    text = _text(path)
    try:
        found = list(_reader(path, text)(text))
    except _BadLineError as error:
        raise VoicecoachError(f"{path.name}, line {error.line}: {error}. Correct that line and try again.") from error
    if not found:
        raise VoicecoachError(f"{path.name} holds no segment of speech. Check that it is the right file ({_KINDS}).")
    return sorted(found, key=lambda s: (s.start, s.end, s.speaker))


class _BadLineError(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise VoicecoachError(f"There is no file {path}. Check its name and folder.") from error
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        raise VoicecoachError(f"{path} cannot be read ({why}). Check that it is a file you may open.") from error
    if raw.startswith(b"\x1f\x8b"):
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise VoicecoachError(f"{path.name} is a damaged .gz file. Copy or compress it again.") from error
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise VoicecoachError(
            f"{path.name}, line {line}: not UTF-8 text. Save the file as UTF-8 and try again."
        ) from error
    if not text.strip():
        raise VoicecoachError(f"{path.name} is empty. Give a file with segments: {_KINDS}.")
    return text


def _reader(path: Path, text: str) -> Callable[[str], Iterator[Segment]]:
    name = path.name.lower().removesuffix(".gz")
    for ending, reader in ((".jsonl", _jsonl), (".rttm", _rttm), (".vtt", _vtt), (".textgrid", _textgrid)):
        if name.endswith(ending):
            return reader
    first = text.lstrip().splitlines()[0]
    for sign, reader in (("WEBVTT", _vtt), ("{", _jsonl), ("SPEAKER ", _rttm), ("File type", _textgrid)):
        if first.startswith(sign):
            return reader
    raise VoicecoachError(f"{path.name} is in no format known here. Give {_KINDS}.")


def _segment(line: int, start: float, end: float, speaker: str, text: str = "") -> Segment:
    if not (math.isfinite(start) and math.isfinite(end)):
        raise _BadLineError(line, "a time is not a finite number of seconds")
    if start < 0:
        raise _BadLineError(line, f"it starts at {start:g} s, before the beginning")
    if end < start:
        raise _BadLineError(line, f"it ends at {end:g} s, before its start at {start:g} s")
    return Segment(start, end, " ".join(speaker.split()) or UNNAMED, " ".join(text.split()))


def _jsonl(text: str) -> Iterator[Segment]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _BadLineError(number, "not a JSON object") from error
        if not isinstance(entry, dict):
            raise _BadLineError(number, "not a JSON object")
        times = [_number(number, entry, key) for key in ("start", "end")]
        speaker, said = entry.get("speaker"), entry.get("text") or ""
        if not isinstance(speaker, str) or not isinstance(said, str):
            raise _BadLineError(number, '"speaker" and "text" must be texts')
        yield _segment(number, times[0], times[1], speaker, said)


def _number(line: int, entry: dict[str, Any], key: str) -> float:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _BadLineError(line, f'"{key}" must be a number of seconds')
    try:
        return float(value)
    except OverflowError as error:
        raise _BadLineError(line, f'"{key}" is too large') from error


def _rttm(text: str) -> Iterator[Segment]:
    """NIST RTTM: type, file, channel, start, length, spelling, subtype, name, confidence, …; only SPEAKER counts."""
    for number, line in enumerate(text.split("\n"), 1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        if len(fields) < 8:
            raise _BadLineError(number, "a SPEAKER line has at least 8 fields")
        try:
            start, length = float(fields[3]), float(fields[4])
        except ValueError as error:
            raise _BadLineError(number, "start and length (fields 4 and 5) must be numbers of seconds") from error
        yield _segment(number, start, start + length, fields[7])


_STAMP = re.compile(r"(?:(\d{2,}):)?([0-5]?\d):([0-5]?\d(?:[.,]\d{1,3})?)", re.ASCII)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)*\s+([^>]*)>")


def _vtt(text: str) -> Iterator[Segment]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[0].startswith("WEBVTT"):
        raise _BadLineError(1, "a WebVTT file begins with WEBVTT")
    at = 1
    while at < len(lines):
        if "-->" not in lines[at]:
            at += 1
            continue
        number = at + 1
        start, _, rest = lines[at].partition("-->")
        times = [_vtt_time(number, start.strip()), _vtt_time(number, (rest.split() or [""])[0])]
        at += 1
        body = []
        while at < len(lines) and lines[at].strip() and "-->" not in lines[at]:
            body.append(lines[at])
            at += 1
        voices = _VOICE.split(" ".join(body))
        if len(voices) == 1:
            voices = ["", UNNAMED, voices[0]]
        for speaker, said in zip(voices[1::2], voices[2::2], strict=True):
            plain = html.unescape(re.sub(r"<[^>]*>", "", said))
            yield _segment(number, times[0], times[1], html.unescape(speaker), plain)


def _vtt_time(line: int, stamp: str) -> float:
    match = _STAMP.fullmatch(stamp)
    if not match:
        raise _BadLineError(line, "times must look like 00:01:02.500 --> 00:01:04.000")
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


_TOKEN = re.compile(r'"((?:[^"]|"")*)"|<exists>|(?<![\w.\[])(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.\]])', re.ASCII)
"""Praat reads free-standing texts, numbers and flags and passes over the rest, so both text formats read alike."""


def _textgrid(text: str) -> Iterator[Segment]:
    tokens: list[tuple[int, str | float]] = []
    line, seen = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        if match.group(2) is not None:
            tokens.append((line, float(match.group(2))))
        elif match.group(1) is not None:
            tokens.append((line, match.group(1).replace('""', '"')))
    stream = iter(tokens)

    def text_next() -> tuple[int, str]:
        number, token = next(stream)
        if not isinstance(token, str):
            raise _BadLineError(number, "a text in quotes was expected")
        return number, token

    def number_next() -> tuple[int, float]:
        number, token = next(stream)
        if isinstance(token, str):
            raise _BadLineError(number, "a number was expected")
        return number, token

    try:
        if text_next()[1] != "ooTextFile" or text_next()[1] != "TextGrid":
            raise _BadLineError(1, "not a Praat TextGrid in a text format")
        number_next(), number_next()
        for _ in range(int(number_next()[1])):
            number, kind = text_next()
            speaker = text_next()[1]
            number_next(), number_next()
            for _ in range(int(number_next()[1])):
                number, start = number_next()
                end = number_next()[1] if kind == "IntervalTier" else start
                label = text_next()[1]
                if kind == "IntervalTier" and label.strip():
                    yield _segment(number, start, end, speaker, label)
    except OverflowError:
        raise _BadLineError(1, "a count is not a finite number") from None
    except StopIteration:
        raise _BadLineError(text.count("\n") + 1, "the TextGrid ends too early") from None
