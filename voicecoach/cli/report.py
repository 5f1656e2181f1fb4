"""`voicecoach report`: the report again, from a session's log."""

from __future__ import annotations

import json
import signal
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from voicecoach.cli.shared import err, tell_report


def report(
    log: Annotated[str, typer.Argument(help="The name of a kept session, or `last`; an events.jsonl, or its folder.")],
    to: Annotated[Path | None, typer.Option("--out", help="Folder for plain files, readable by who gets them.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser; else only the address is told.")] = True,
) -> None:
    """Show the report of a kept session, or write it as files.

    Example: voicecoach report last
    """
    from voicecoach import report as pages  # noqa: PLC0415
    from voicecoach.store import sessions  # noqa: PLC0415
    from voicecoach.store.log import log_at, read_log  # noqa: PLC0415

    path = log_at(log)
    if path is not None:
        folder = to or path.parent
        unreadable: list[int] = []
        pages.render(read_log(path, unreadable), folder)
        tell_report(folder)
        if unreadable:
            which = ", ".join(map(str, unreadable[:20])) + (" …" if len(unreadable) > 20 else "")
            err.print(f"{len(unreadable)} damaged lines of the log are left out: {which}.")
    elif to is not None:
        name = sessions.find(log)
        pages.render(sessions.read(name), to, session=name, title=sessions.title_of(name))
        tell_report(to)
        err.print("These files are not encrypted: whoever gets them can read them.")
    else:
        show(sessions.find(log), browser=browser)


def show(name: str, *, browser: bool) -> None:
    """Serve the report of a kept session until its page is closed. Nothing of it is written."""
    from voicecoach import report as pages  # noqa: PLC0415
    from voicecoach.store import sessions  # noqa: PLC0415

    title = sessions.title_of(name)

    def page() -> str:
        kept = pages.corrected(sessions.read(name))
        return pages.page(kept, pages.summarise(kept), session=name, title=title, served=True)

    def put_right(value: Any) -> None:
        made = pages.read_corrections("".join(json.dumps(c) + "\n" for c in value) if isinstance(value, list) else "[]")
        sessions.append(name, pages.checked(sessions.read(name), made))

    page()  # what is wrong with it is told here, not in the browser
    serve(page, put_right, browser=browser)


def serve(page: Callable[[], str], post: Callable[[Any], None] | None, *, browser: bool) -> None:
    """Show a page from memory until it is closed or Ctrl-C."""
    from voicecoach.report import PageServer  # noqa: PLC0415

    with PageServer(page, post) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *args: server.stop())
        print(server.address, flush=True)  # noqa: T201 - unwrapped, so that it can be copied
        err.print("The report is shown from memory, to this computer alone, until you close its page or press Ctrl-C.")
        if browser and not webbrowser.open(server.address):
            err.print("No browser could be opened; open the address yourself.")
        server.wait()
