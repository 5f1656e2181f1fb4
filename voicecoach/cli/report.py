"""`voicecoach report`: the report again, from a session's log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voicecoach.cli.shared import tell_report


def report(
    log: Annotated[str, typer.Argument(help="An events.jsonl, its folder, or the name of a kept session.")],
    to: Annotated[Path | None, typer.Option("--out", help="Folder for the report.")] = None,
) -> None:
    """Render report and exports again from a session's log.

    Example: voicecoach report talk/events.jsonl --out again
    """
    from voicecoach import report as pages  # noqa: PLC0415
    from voicecoach.store import sessions  # noqa: PLC0415

    path = sessions.find(log)
    folder = to or path.parent
    pages.render(sessions.read_log(path), folder)
    tell_report(folder)
