"""Off the record, and pauses: what of a record may stay when from some moment on nothing is to be kept."""

from __future__ import annotations

from dataclasses import replace

from voicecoach.events import Correction, Noted, Pause, Record, SessionStarted, Speech, Turn

SLIVER_S = 0.4
"""What is left of somebody's voice so shortly before a command is the command's own: they differ by so much."""


def known_s(record: Record) -> float:
    """When all was known that ``record`` tells: a note may be taken later than what it is about."""
    return max(record.end, record.at) if isinstance(record, Noted) else record.end


def before(record: Record, since_s: float) -> Record | None:
    """What may be kept of ``record`` when nothing from ``since_s`` on may; None when nothing of it.

    Speech and turns are cut there, and a turn's text is left to its words. Whatever else reaches beyond is left out
    whole: it was judged from what came after too.
    """
    if isinstance(record, (SessionStarted, Correction)) or known_s(record) <= since_s:
        return record
    if record.start >= since_s - SLIVER_S or not isinstance(record, (Speech, Turn, Pause)):
        return None
    if isinstance(record, Turn):
        length_s, cut_s = record.end - record.start, since_s - record.start
        return replace(record, end=since_s, text="", speech_s=min(record.speech_s * cut_s / length_s, cut_s))
    return replace(record, end=since_s)
