"""Off the record, and pauses: what of a record may stay when from some moment on nothing is to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voicecoach.events import Command, CommandName, Pause, Record, SessionStarted, Speech, Turn

LEAVING: tuple[CommandName, ...] = ("pause", "off the record", "time out")
COMING_BACK: Mapping[CommandName, tuple[CommandName, ...]] = {
    "off the record": ("on the record",),
    "pause": ("go on", "on the record"),
    "time out": ("go on", "on the record"),
}
"""What ends each break. "Go on" is said in the middle of things, so it does not put anybody on the record again."""


def before(record: Record, since_s: float) -> Record | None:
    """What may be kept of ``record`` when nothing from ``since_s`` on may; None when nothing of it.

    Speech and turns are cut there, and a turn's text is left to its words. Whatever else reaches beyond is left out
    whole: it was judged from what came after too.
    """
    if isinstance(record, SessionStarted) or record.end <= since_s:
        return record
    if record.start >= since_s or not isinstance(record, (Speech, Turn, Pause)):
        return None
    if isinstance(record, Turn):
        length_s, cut_s = record.end - record.start, since_s - record.start
        return replace(record, end=since_s, text="", speech_s=min(record.speech_s * cut_s / length_s, cut_s))
    return replace(record, end=since_s)


def leaves(command: Command) -> bool:
    """Whether a break begins with ``command``."""
    return command.name in LEAVING
