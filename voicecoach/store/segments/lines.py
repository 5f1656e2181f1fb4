"""JSON lines and NIST RTTM: a segment a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from voicecoach.store.segments.segment import BadLineError, Segment, segment


def jsonl(text: str) -> Iterator[Segment]:
    """One object a line with ``start``, ``end``, ``speaker`` and, if known, ``text``."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadLineError(number, "not a JSON object") from error
        if not isinstance(entry, dict):
            raise BadLineError(number, "not a JSON object")
        times = [_number(number, entry, key) for key in ("start", "end")]
        speaker, said = entry.get("speaker"), entry.get("text") or ""
        if not isinstance(speaker, str) or not isinstance(said, str):
            raise BadLineError(number, '"speaker" and "text" must be texts')
        yield segment(number, times[0], times[1], speaker, said)


def _number(line: int, entry: dict[str, Any], key: str) -> float:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadLineError(line, f'"{key}" must be a number of seconds')
    try:
        return float(value)
    except OverflowError as error:
        raise BadLineError(line, f'"{key}" is too large') from error


def rttm(text: str) -> Iterator[Segment]:
    """NIST RTTM: type, file, channel, start, length, spelling, subtype, name, confidence, …; only SPEAKER counts."""
    for number, line in enumerate(text.split("\n"), 1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        if len(fields) < 8:
            raise BadLineError(number, "a SPEAKER line has at least 8 fields")
        try:
            start, length = float(fields[3]), float(fields[4])
        except ValueError as error:
            raise BadLineError(number, "start and length (fields 4 and 5) must be numbers of seconds") from error
        yield segment(number, start, start + length, fields[7])
