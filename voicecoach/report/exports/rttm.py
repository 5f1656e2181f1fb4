"""NIST RTTM: who spoke when."""

from __future__ import annotations

from collections.abc import Iterable

from voicecoach.events import Record, Speech, Turn


def rttm(records: Iterable[Record], of: type[Speech] | type[Turn]) -> str:
    """One SPEAKER line for each record of type ``of`` (file name ``session``, channel 1, seconds)."""
    lines = [
        f"SPEAKER session 1 {r.start:.3f} {r.end - r.start:.3f} <NA> <NA> {_one_token(r.speaker)} <NA> <NA>\n"
        for r in sorted((r for r in records if isinstance(r, of)), key=lambda r: (r.start, r.end, r.speaker))
    ]
    return "".join(lines)


def _one_token(name: str) -> str:
    """RTTM fields are separated by blanks, so a name may not have any."""
    return "_".join(name.split()) or "unnamed"
