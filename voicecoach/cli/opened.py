"""A session that a command is given: a log somewhere, or one that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecoach.errors import MisuseError
from voicecoach.events import Record


@dataclass(frozen=True, slots=True)
class Opened:
    """``path``: of its log, if it is a file; ``name``: if it is kept. ``records`` in the order written."""

    path: Path | None
    name: str
    records: list[Record]

    def append(self, records: Sequence[Record]) -> None:
        """Add to its log; all or nothing. Raises `MisuseError` while the session goes on in a file."""
        from voicecoach.store import sessions  # noqa: PLC0415
        from voicecoach.store.log import goes_on, line_of, read_log  # noqa: PLC0415
        from voicecoach.store.whole import write_whole  # noqa: PLC0415

        if self.path is None:
            sessions.append(self.name, records)
        elif goes_on(self.path):  # it would write on into the old file, and nobody would ever read that
            raise MisuseError(f"The session in {self.path.parent} goes on right now; end it, then put things right.")
        else:  # the whole log anew: its last line may have been cut off, or it has gone on since it was read
            lines = [line_of(r) + "\n" for r in (*read_log(self.path), *records)]
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
