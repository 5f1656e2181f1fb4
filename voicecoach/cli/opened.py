"""A session that a command is given: a log somewhere, or one that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecoach.events import Record


@dataclass(frozen=True, slots=True)
class Opened:
    """``path``: of its log, if it is a file; ``name``: if it is kept. ``records`` in the order written."""

    path: Path | None
    name: str
    records: list[Record]

    def append(self, records: Sequence[Record]) -> None:
        """Add to its log; all or nothing."""
        from voicecoach.store import sessions  # noqa: PLC0415
        from voicecoach.store.log import line_of  # noqa: PLC0415
        from voicecoach.store.whole import write_whole  # noqa: PLC0415

        if self.path is None:
            sessions.append(self.name, records)
        else:  # the whole log anew: its last line may have been cut off
            lines = [line_of(r) + "\n" for r in (*self.records, *records)]
            write_whole(self.path, "".join(lines).encode("utf-8", "replace"))


def open_session(text: str) -> Opened:
    """The session that ``text`` names: a log or its folder, else a kept one. Raises `VoicecoachError`."""
    from voicecoach.store import sessions  # noqa: PLC0415
    from voicecoach.store.log import log_at, read_log  # noqa: PLC0415

    path = log_at(text)
    if path is not None:
        return Opened(path, "", read_log(path))
    name = sessions.find(text)
    return Opened(None, name, sessions.read(name))
