"""Who spoke when, from the files other programs write: JSON lines, RTTM, captions, Praat and ELAN."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from voicecoach.errors import VoicecoachError
from voicecoach.store.segments.captions import srt, vtt
from voicecoach.store.segments.elan import eaf
from voicecoach.store.segments.lines import jsonl, rttm
from voicecoach.store.segments.praat import textgrid
from voicecoach.store.segments.segment import BadLineError, Segment

__all__ = ["Segment", "read_segments"]

_KINDS = "JSON lines (.jsonl, .jsonl.gz), RTTM (.rttm), WebVTT (.vtt), SubRip (.srt), Praat (.TextGrid) or ELAN (.eaf)"


def read_segments(path: Path) -> list[Segment]:
    """All segments in order of time; the format goes by the file's name, then by its first line.

    Raises `VoicecoachError` with the line and what to do, when the file is missing, empty or not one of these formats.
    """
    text = _text(path)
    try:
        found = list(_reader(path, text)(text))
    except BadLineError as error:
        raise VoicecoachError(f"{path.name}, line {error.line}: {error}. Correct that line and try again.") from error
    if not found:
        raise VoicecoachError(f"{path.name} holds no segment of speech. Check that it is the right file ({_KINDS}).")
    return sorted(found, key=lambda s: (s.start, s.end, s.speaker))


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
    endings = {".jsonl": jsonl, ".rttm": rttm, ".vtt": vtt, ".srt": srt, ".textgrid": textgrid, ".eaf": eaf}
    for ending, reader in endings.items():
        if name.endswith(ending):
            return reader
    first = text.lstrip().splitlines()[0]
    signs = {"WEBVTT": vtt, "{": jsonl, "SPEAKER ": rttm, "File type": textgrid, "<?xml": eaf}
    for sign, reader in signs.items():
        if first.startswith(sign):
            return reader
    raise VoicecoachError(f"{path.name} is in no format known here. Give {_KINDS}.")
