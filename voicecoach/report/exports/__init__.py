"""A session in the formats other programs read. Each is a function from records to text; `export` goes by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from voicecoach.errors import MisuseError
from voicecoach.events import KeptVoice, Record, Speech, Turn
from voicecoach.report.corrections import corrected
from voicecoach.report.exports.captions import srt, transcript_vtt
from voicecoach.report.exports.elan import eaf
from voicecoach.report.exports.praat import textgrid
from voicecoach.report.exports.rows import lines, table, whole
from voicecoach.report.exports.rttm import rttm

__all__ = ["FORMATS", "ending_of", "export", "rttm", "transcript_vtt"]

FORMATS: dict[str, tuple[str, Callable[[Sequence[Record]], str]]] = {
    "json": ("all figures and events", whole),
    "jsonl": ("the log, one event a line", lines),
    "csv": ("a table, one row an event", table),
    "rttm": ("who spoke when", lambda records: rttm(records, Speech)),
    "turns.rttm": ("who had the floor when", lambda records: rttm(records, Turn)),
    "vtt": ("captions, WebVTT", transcript_vtt),
    "srt": ("captions, SubRip", srt),
    "TextGrid": ("Praat", textgrid),
    "eaf": ("ELAN", eaf),
}
"""Name of a format, which is also the ending of its files: what it is, and the function that makes it."""


def ending_of(name: str) -> str:
    """The format that the name of a file says: its longest ending that is one, or else its last."""
    known = {form.lower() for form in FORMATS}
    parts = name.split(".")[1:]
    endings = [".".join(parts[i:]) for i in range(len(parts))]
    return next((e for e in endings if e.lower() in known), parts[-1] if parts else "")


def export(records: Iterable[Record], format_name: str) -> str:
    """The session as it is after its corrections, in one of `FORMATS` (any case). Raises `MisuseError` for others.

    What a voice sounds like is for this program alone, so it is in none of them.
    """
    known = {name.lower(): make for name, (_, make) in FORMATS.items()}
    make = known.get(format_name.lower().lstrip("."))
    if make is None:
        raise MisuseError(f"There is no format {format_name!r}; give one of {', '.join(FORMATS)}.")
    return make([r for r in corrected(records) if not isinstance(r, KeptVoice)])
