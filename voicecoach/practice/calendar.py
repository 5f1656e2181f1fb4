"""A weekly time as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from voicecoach.store.practice import Weekly

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FOLD = 75
"""A line holds at most so many octets (RFC 5545, 3.1)."""


def next_time(weekly: Weekly, now: datetime) -> datetime:
    """When the pair meets next after ``now`` (local)."""
    hour, minute = (int(part) for part in weekly.time.split(":"))
    day = now.date() + timedelta(days=(weekly.day - now.weekday()) % 7)
    when = datetime(day.year, day.month, day.day, hour, minute)
    return when if when > now else when + timedelta(days=7)


def ics(weekly: Weekly, people: Sequence[str], summary: str, now: datetime) -> str:
    """A calendar with one weekly event in local time, and a reminder a quarter of an hour before."""
    start = next_time(weekly, now)
    uid = hashlib.sha256("\0".join([*sorted(people), weekly.time, str(weekly.day)]).encode()).hexdigest()[:24]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//voicecoach//check-in//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}@voicecoach.invalid",
        f"DTSTAMP:{datetime.now(timezone.utc):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"DURATION:PT{weekly.minutes}M",
        f"RRULE:FREQ=WEEKLY;BYDAY={_DAYS[weekly.day]}",
        f"SUMMARY:{_escaped(summary)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT15M",
        f"DESCRIPTION:{_escaped(summary)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(plain.split())


def _folded(line: str) -> str:
    pieces: list[str] = []
    piece = ""
    for sign in line:
        if len((piece + sign).encode()) > _FOLD - (1 if pieces else 0):
            pieces.append(piece)
            piece = ""
        piece += sign
    return "\r\n ".join([*pieces, piece])
