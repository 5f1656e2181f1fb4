"""`voicecoach next` and `agreements`: what is between two check-ins."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.shared import names_of, out, tell
from voicecoach.errors import MisuseError

if TYPE_CHECKING:
    from voicecoach.store.practice import Agreement, Pair, Weekly

PEOPLE = typer.Option("--people", help="Your names: Anna,Ben. Only needed when several pairs practise here.")
YEAR_DAYS = 365
USUAL_TIME, USUAL_MINUTES = "19:30", 30

agreements = typer.Typer(help="Your own rules: what holds, and what is proposed.")


def pair_named(people: str, *, new: bool = False) -> Pair:
    """The pair of two names; without names, the only pair that practises here. ``new``: they may begin with this.

    Raises `MisuseError` when there is no such pair: a name that is written another way makes none by looking.
    """
    from voicecoach.store import practice  # noqa: PLC0415

    names, known = names_of(people), practice.pairs()
    if names:
        found = [pair for pair in known if set(pair.people) == set(names)]
        if not found and len(names) == 2 and not new:
            which = " and ".join(names)
            raise MisuseError(f"{which} have not begun here yet: voicecoach check-in --people {','.join(names)}")
        return found[0] if found else practice.pair_of(names, date.today().isoformat())
    if len(known) != 1:
        why = "Nobody has had a check-in here yet" if not known else "Several pairs practise here"
        raise MisuseError(f"{why}; say who you are: --people Anna,Ben.")
    return known[0]


def next_up(
    people: Annotated[str, PEOPLE] = "",
    day: Annotated[str, typer.Option(help="Meet every week on this day: sunday.")] = "",
    time: Annotated[str, typer.Option(help="… at this time; 19:30 if none is set.")] = "",
    minutes: Annotated[
        int | None, typer.Option(min=10, max=60, help="… for so many minutes; 30 if none are set.")
    ] = None,
    ics: Annotated[Path | None, typer.Option(help="Write the weekly time as a calendar file.")] = None,
) -> None:
    """Show what is due. The next check-in, promises to ask after, proposals to decide on.

    Example: voicecoach next --day sunday --time 19:30 --ics check-in.ics
    """
    from voicecoach.practice.calendar import ics as calendar  # noqa: PLC0415
    from voicecoach.practice.calendar import next_time  # noqa: PLC0415
    from voicecoach.practice.planning import left_open  # noqa: PLC0415
    from voicecoach.store import practice  # noqa: PLC0415
    from voicecoach.store.whole import write_whole  # noqa: PLC0415

    pair, now = pair_named(people, new=bool(day)), datetime.now()
    weekly = practice.schedule(pair)
    if day or time or minutes is not None:
        weekly = _changed(weekly, day, time, minutes)
        practice.set_schedule(pair, weekly)
    first, second = pair.people
    if ics is not None:
        if weekly is None:
            raise MisuseError("There is no weekly time yet; set it with --day sunday --time 19:30.")
        write_whole(ics, calendar(weekly, pair.people, f"Check-in: {first} and {second}", now).encode())
        out.print(f"The weekly time is in {ics}; open it with your calendar.", soft_wrap=True, markup=False)
    if weekly is None:
        out.print("No weekly time is set: voicecoach next --day sunday --time 19:30")
    else:
        when = next_time(weekly, now)
        out.print(f"Next check-in: {when:%A, %d %B, %H:%M}, {weekly.minutes} minutes.")
    if left_open(pair, now) is not None:
        out.print("One check-in is not over yet: voicecoach check-in goes on with it.")
    tell_pair(pair, now.date())


def tell_pair(pair: Pair, today: date) -> None:
    """Print what a pair has agreed, promised, and has still to decide."""
    from voicecoach.store import practice  # noqa: PLC0415

    promises = practice.commitments(pair, state="open")
    out.print("\nPromises:" if promises else "\nNo promises are open.")
    for promise in promises:
        days = (date.fromisoformat(promise.due) - today).days
        when = "today" if days == 0 else f"in {days} days" if days > 1 else "tomorrow" if days == 1 else "is due"
        tell(f"  {promise.person}: {promise.text}  ({when})")
    out.print()
    tell_agreements(pair)
    years = (today - date.fromisoformat(pair.since)).days // YEAR_DAYS
    if years:
        so_long = "a year" if years == 1 else f"{years} years"
        out.print(f"\nYou have practised together for {so_long}: voicecoach reflect looks back with you.")


def tell_agreements(pair: Pair) -> None:
    """Print what a pair has agreed, and what one of them proposes."""
    from voicecoach.store import practice  # noqa: PLC0415

    agreed = practice.agreements(pair)
    out.print("Agreements:" if agreed else "There are no agreements yet; the first check-in helps you make some.")
    for a in agreed:
        tell(f"  {a.number}. {a.text}  (since {a.date})", indent=5)
    for a in practice.history(pair):
        if a.state == "proposed":
            tell(f"  {proposed(a)}  (the next check-in asks you both)", indent=5)


def proposed(a: Agreement) -> str:
    """A proposal in a line: its number, whose it is, and what it would change."""
    if not a.text:
        return f"{a.number}. to let it go, proposed by {a.by}"
    return f"{a.number}. proposed by {a.by}{' as a new version' if a.version > 1 else ''}: {a.text}"


@agreements.callback(invoke_without_command=True)
def agreements_alone(context: typer.Context, people: Annotated[str, PEOPLE] = "") -> None:
    """Your own rules: what holds, and what is proposed. Without a command, what holds is shown.

    You change them in a check-in, by voice, or propose it here; either way it takes both of you.
    """
    if context.invoked_subcommand is None:
        tell_agreements(pair_named(people))


@agreements.command("list")
def agreements_list(people: Annotated[str, PEOPLE] = "") -> None:
    """Show what holds now.

    Example: voicecoach agreements list
    """
    tell_agreements(pair_named(people))


@agreements.command("propose")
def agreements_propose(
    text: Annotated[str, typer.Argument(help="In your own words: the coach will remind you in exactly these.")],
    by: Annotated[str, typer.Option(help="Who proposes it.")],
    instead_of: Annotated[int | None, typer.Option(help="Number of the agreement it is to replace.")] = None,
    people: Annotated[str, PEOPLE] = "",
) -> None:
    """Propose an agreement, or another wording of one. It holds once you both say yes in the next check-in.

    Example: voicecoach agreements propose "We put the phones away." --by Anna
    """
    if not text.strip():
        raise MisuseError("The agreement is empty; say it in one sentence.")
    _propose(pair_named(people, new=True), text, by, instead_of)


@agreements.command("let-go")
def agreements_let_go(
    number: Annotated[int, typer.Argument(help="Its number in `agreements list`.")],
    by: Annotated[str, typer.Option(help="Who proposes it.")],
    people: Annotated[str, PEOPLE] = "",
) -> None:
    """Propose to let an agreement go. It holds until you both say yes in the next check-in.

    Example: voicecoach agreements let-go 2 --by Anna
    """
    _propose(pair_named(people), "", by, number)


@agreements.command("history")
def agreements_history(people: Annotated[str, PEOPLE] = "") -> None:
    """Show every version of every agreement, with its date.

    Example: voicecoach agreements history
    """
    from voicecoach.store import practice  # noqa: PLC0415

    for a in practice.history(pair_named(people)):
        by = f" by {a.by}" if a.by else ""
        tell(f"{a.date}  {a.number}.{a.version}  {a.state}{by}: {a.text or 'let it go'}", indent=17)


def _propose(pair: Pair, text: str, by: str, number: int | None) -> None:
    from voicecoach.practice.wording import wording  # noqa: PLC0415
    from voicecoach.store import practice  # noqa: PLC0415

    if by not in pair.people:
        raise MisuseError(f"{by!r} is not one of you two; write --by {pair.people[0]} or --by {pair.people[1]}.")
    if number is not None and number not in {a.number for a in practice.agreements(pair)}:
        raise MisuseError(f"There is no agreement {number}; voicecoach agreements list shows their numbers.")
    about = wording().kind(text)
    practice.propose(pair, text, by=by, today=date.today().isoformat(), about=about, number=number)
    out.print("Proposed. The next check-in asks you both.")


def _changed(weekly: Weekly | None, day: str, time: str, minutes: int | None) -> Weekly:
    """The weekly time with what was given in place of what it was."""
    from voicecoach.store.practice import Weekly  # noqa: PLC0415

    if weekly is None and not day:
        raise MisuseError("There is no weekly time yet; say on which day too: --day sunday.")
    was = weekly or Weekly(0, USUAL_TIME, USUAL_MINUTES)
    return Weekly(
        _day(day) if day else was.day, _time(time) if time else was.time, was.minutes if minutes is None else minutes
    )


def _day(text: str) -> int:
    from voicecoach.store.practice.pairs import DAYS  # noqa: PLC0415

    found = [i for i, name in enumerate(DAYS) if name.startswith(text.strip().lower()) and text.strip()]
    if len(found) != 1:
        raise MisuseError(f"{text!r} is not a day of the week; write it like sunday.")
    return found[0]


def _time(text: str) -> str:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise MisuseError(f"{text!r} is not a time of the day; write it like 19:30.")
    return f"{int(match[1]):02}:{match[2]}"
