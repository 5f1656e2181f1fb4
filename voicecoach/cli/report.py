"""`voicecoach report`: the report again, from a session's log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voicecoach.cli.shared import tell_report
from voicecoach.errors import MisuseError


def report(
    log: Annotated[str, typer.Argument(help="An events.jsonl, its folder, or the name of a kept session.")],
    to: Annotated[Path | None, typer.Option("--out", help="Folder for the report.")] = None,
) -> None:
    """Render report and exports again from a session's log.

    Example: voicecoach report talk/events.jsonl --out again
    """
    from voicecoach import report as pages  # noqa: PLC0415
    from voicecoach.store import sessions  # noqa: PLC0415
    from voicecoach.store.log import log_at, read_log  # noqa: PLC0415

    path = log_at(log)
    if path is not None:
        folder = to or path.parent
        pages.render(read_log(path), folder)
    else:
        name = sessions.find(log)
        if to is None:
            raise MisuseError("Give --out DIR, a folder for the report.")
        folder = to
        pages.render(sessions.read(name), folder)
    tell_report(folder)
