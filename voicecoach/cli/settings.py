"""`voicecoach settings`: what holds when a command does not say otherwise, and where to change it."""

from __future__ import annotations

from typing import Annotated

import typer

from voicecoach.cli.shared import out, preferred


def settings(
    new: Annotated[bool, typer.Option("--new", help="Write a file to change, with everything explained.")] = False,
) -> None:
    """Show the settings and the file they are in. Options of a command go before them.

    Example: voicecoach settings --new
    """
    from voicecoach.store import settings as stored  # noqa: PLC0415

    made = new and stored.make()
    mine = preferred()
    for name, differs in stored.differing(mine).items():
        value = getattr(mine, name)
        shown = "as the system has it" if value is None else value
        out.print(f"{name:9} {shown}{'  (yours)' if differs else ''}", markup=False, soft_wrap=True)
    there = stored.path().exists()
    if made:
        out.print(f"\nWritten, for you to change: {stored.path()}", markup=False, soft_wrap=True)
    elif there:
        out.print(f"\nThey are in {stored.path()}", markup=False, soft_wrap=True)
    else:
        out.print("\nAll as usual. `voicecoach settings --new` writes a file to change.")
