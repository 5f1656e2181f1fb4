"""`voicecoach reflect`: look back together, and see whether the agreements still fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.pair import PEOPLE, pair_named, proposed, tell_agreements
from voicecoach.cli.shared import out, tell
from voicecoach.cli.trends import past_of

if TYPE_CHECKING:
    from voicecoach.store.practice import CheckIn, Pair

NOTES = (("breakthrough", "Worth celebrating"), ("learned", "What you learned"), ("appreciated", "Appreciated"))
SHOWN = 6
"""So many notes of a kind are shown, the last ones."""
LET_GO = "-"


def reflect(
    people: Annotated[str, PEOPLE] = "",
    adjust: Annotated[bool, typer.Option("--adjust", help="Go through your agreements, one by one, together.")] = False,
    export: Annotated[Path | None, typer.Option(help="Write all that practice keeps, as JSON, to this file.")] = None,
) -> None:
    """Look back together, without grades. How your check-ins developed, what you learned, what you agreed.

    Example: voicecoach reflect --adjust
    """
    from voicecoach.store import practice  # noqa: PLC0415

    if export is not None:
        _export(export)
        return
    pair = pair_named(people)
    held = [c for c in practice.checkins(pair) if c.state == "done"]
    if not held:
        out.print("There is no finished check-in to look back on yet: voicecoach check-in")
        return
    _tell_course(pair, held)
    _tell_heard(held)
    _tell_notes(pair)
    out.print()
    tell_agreements(pair)
    if adjust:
        _adjust(pair)
    else:
        out.print("\nDo they still fit? voicecoach reflect --adjust goes through them with you both.")


def _tell_course(pair: Pair, held: Sequence[CheckIn]) -> None:
    """The figures of `voicecoach trends`, of the sessions in which their check-ins were held."""
    from voicecoach.report.trends import course_of, trends_text  # noqa: PLC0415
    from voicecoach.store import sessions  # noqa: PLC0415

    kept = {k.name for k in sessions.kept()}
    names = [name for checkin in held for name in checkin.sessions if name in kept]
    past = [p for p in past_of(names) if set(p.figures["people"]) == set(pair.people)]
    if past:
        out.print(trends_text(course_of(past), width=min(out.width, 96)), markup=False, soft_wrap=True, end="")
    else:
        out.print("The sessions of your check-ins are no longer kept, so there are no figures of them.")


def _tell_heard(held: Sequence[CheckIn]) -> None:
    """In how many of the check-ins they felt heard, as they said themselves."""
    said = Counter(
        sum(bool(figures.get("heard")) for figures in checkin.figures.get("people", {}).values()) for checkin in held
    )
    of = f"{len(held)} check-ins" if len(held) > 1 else "one check-in"
    out.print()
    tell(f"Felt heard, as you said yourselves: both in {said[2]}, one of you in {said[1]} of {of}.", indent=0)


def _tell_notes(pair: Pair) -> None:
    from voicecoach.store import practice  # noqa: PLC0415

    notes = practice.notes(pair)
    for kind, title in NOTES:
        said = [n for n in notes if n.kind == kind]
        if said:
            out.print(f"\n{title}:")
        last = {(n.person, n.text): n for n in said}  # what came several times is told once, with its last day
        times = Counter((n.person, n.text) for n in said)
        for (person, text), n in sorted(last.items(), key=lambda item: item[1].date)[-SHOWN:]:
            who = f"{person}: " if person else ""
            often = f"  ({times[person, text]} times)" if times[person, text] > 1 else ""
            tell(f"  {n.date}  {who}{text}{often}", indent=14)
    kept = [c for c in practice.commitments(pair) if c.state == "kept"]
    if kept:
        out.print(f"\nPromises kept: {len(kept)}")


def _adjust(pair: Pair) -> None:
    """Go through the agreements, and add some. Nothing changes unless both agree."""
    from voicecoach.store import practice  # noqa: PLC0415

    out.print(f"\nRead each aloud. Enter keeps it; write it anew to change it; {LET_GO} lets it go.")
    for agreement in practice.agreements(pair):
        new = _written(f"{agreement.number}. {agreement.text}")
        if new:
            _change(pair, "" if new == LET_GO else new, agreement.number)
    for proposal in [a for a in practice.history(pair) if a.state == "proposed"]:
        tell(proposed(proposal))
        if _both_agree():
            practice.agree(pair, proposal, date.today().isoformat())
    while new := _written("One to add? (Enter for none)"):
        _change(pair, new, None)
    out.print()
    tell_agreements(pair)


def _written(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False, prompt_suffix="\n  > ")).strip()


def _both_agree() -> bool:
    if typer.confirm("Do you both agree?"):
        return True
    out.print("Then it stays as it is.")
    return False


def _change(pair: Pair, text: str, number: int | None) -> None:
    from voicecoach.practice.wording import wording  # noqa: PLC0415
    from voicecoach.store import practice  # noqa: PLC0415

    if not _both_agree():
        return
    about, today = wording().kind(text), date.today().isoformat()
    practice.propose(pair, text, by="", today=today, about=about, number=number, agreed=True)


def _export(path: Path) -> None:
    import json  # noqa: PLC0415

    from voicecoach.store import practice  # noqa: PLC0415
    from voicecoach.store.whole import write_whole  # noqa: PLC0415

    write_whole(path, json.dumps(practice.export(), ensure_ascii=False, indent=1).encode())
    out.print(f"All that practice keeps is in {path}, readable by whoever gets the file.", soft_wrap=True, markup=False)
