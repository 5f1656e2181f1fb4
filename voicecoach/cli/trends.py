"""`voicecoach trends`: how it went over many sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.report import serve
from voicecoach.cli.shared import NOTHING_KEPT, err, names_of, out, tell
from voicecoach.errors import MisuseError

if TYPE_CHECKING:
    from voicecoach.events import Record
    from voicecoach.report.trends import Past


def trends(
    logs: Annotated[list[str] | None, typer.Argument(help="Logs or folders instead of kept sessions.")] = None,
    people: Annotated[str, typer.Option(help="Whose sessions: Anna,Ben. Else those of the pair with the most.")] = "",
    page: Annotated[bool, typer.Option("--page", help="Show it in the browser.")] = False,
    to: Annotated[Path | None, typer.Option("--out", help="Write the page to this plain file.")] = None,
    browser: Annotated[bool, typer.Option(help="With --page: open the browser; else only the address is told.")] = True,
) -> None:
    """Show how it went over time. Rates with their intervals, and a change only where it is one.

    Example: voicecoach trends --page
    """
    from voicecoach.report.trends import course_of, trends_page, trends_text  # noqa: PLC0415
    from voicecoach.store.whole import write_whole  # noqa: PLC0415

    course = course_of(_of_one_pair(_past(logs or []), names_of(people)))
    if to is not None:
        to.parent.mkdir(parents=True, exist_ok=True)
        write_whole(to, trends_page(course).encode("utf-8", "replace"))
        out.print(f"Written to {to}.", markup=False, soft_wrap=True)
        err.print("This file is not encrypted: whoever gets it can read it.")
    elif page:
        serve(lambda: trends_page(course, served=True), None, browser=browser)
    elif course["sessions"]:
        out.print(trends_text(course, width=min(out.width, 96)), markup=False, soft_wrap=True, end="")
    else:
        tell(NOTHING_KEPT)


def _past(logs: Sequence[str]) -> list[Past]:
    from voicecoach.cli.opened import open_session  # noqa: PLC0415
    from voicecoach.store import sessions  # noqa: PLC0415

    if logs:
        return _summed((text, "", open_session(text).records) for text in logs)
    return past_of([k.name for k in sessions.kept() if k.state != "open"])


def past_of(names: Sequence[str]) -> list[Past]:
    """The figures of kept sessions in which somebody spoke, oldest first."""
    from voicecoach.store import sessions  # noqa: PLC0415

    titles = {k.name: k.title for k in sessions.kept()}
    return _summed((name, titles[name], sessions.read(name)) for name in names)


def _summed(found: Iterable[tuple[str, str, Sequence[Record]]]) -> list[Past]:
    from voicecoach import report  # noqa: PLC0415
    from voicecoach.report.trends import Past  # noqa: PLC0415

    past = [Past(name, title, report.summarise(report.corrected(records))) for name, title, records in found]
    past = [p for p in past if p.figures["somebody_speaks_s"] > 0]
    return sorted(past, key=lambda p: p.figures["date"])  # those without a date stay as they were given


def _of_one_pair(past: list[Past], wanted: Sequence[str]) -> list[Past]:
    """The sessions of the people wanted, or of those who have the most; says so when others are left out."""
    groups = Counter(frozenset(p.figures["people"]) for p in past)
    if wanted and frozenset(wanted) not in groups:
        raise MisuseError(f"There is no session of {' and '.join(wanted)} alone.")
    if not groups:
        return []
    chosen = frozenset(wanted) if wanted else max(groups, key=lambda g: groups[g])
    left = sum(groups.values()) - groups[chosen]
    if left:
        others = "1 session with other people is" if left == 1 else f"{left} sessions with other people are"
        err.print(f"{others} left out; --people shows theirs.")
    return [p for p in past if frozenset(p.figures["people"]) == chosen]
