"""`voicecoach replay`: what the coach decided in a session, when and why, and what it would decide at another level."""

from __future__ import annotations

from typing import Annotated

import typer

from voicecoach.cli.shared import err, tell

MARKS = {"both": " ", "then": "-", "now": "+"}


def replay(
    log: Annotated[str, typer.Argument(help="The name of a kept session, or `last`; an events.jsonl, or its folder.")],
    level: Annotated[str | None, typer.Option(help="Decide once more as gentle, standard or strict.")] = None,
    said: Annotated[bool, typer.Option("--said", help="Only what was said, not what was held back.")] = False,
) -> None:
    """Show each decision of the coach and why, also to be silent.

    With --level, lines with - were decided in the session alone, those with + only now.

    Example: voicecoach replay last --level gentle
    """
    from voicecoach.report.html import clock  # noqa: PLC0415
    from voicecoach.session.replay import compare  # noqa: PLC0415
    from voicecoach.store import sessions  # noqa: PLC0415
    from voicecoach.store.log import log_at, read_log  # noqa: PLC0415

    path = log_at(log)
    lines = compare(read_log(path) if path is not None else sessions.read(sessions.find(log)), level)
    for line in lines:
        d = line.decision
        if said and d.choice not in ("said", "chimed"):
            continue
        about = f"{d.situation} {d.to}".strip()
        spoken = f"  “{line.text}”" if line.text else ""
        when = f"{MARKS[line.when]} {clock(d.start):>7}.{int(d.start * 10) % 10}"
        row = f"{when}  {d.choice:7}  {about:22}{spoken}  {d.reason}"
        tell(row, indent=13, style="bold" if d.choice in ("said", "chimed") else "")
    differ = sum(line.when != "both" for line in lines)
    err.print(f"{len(lines)} decisions; {differ or 'none'} of them differ from the session.")
