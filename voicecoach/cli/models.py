"""`voicecoach models …`: which model files there are, fetch and check them."""

from __future__ import annotations

from typing import Annotated

import typer

from voicecoach.cli.shared import out, tell

app = typer.Typer(help="The model files: which there are, fetch and check them.", no_args_is_help=True)


@app.command("list")
def models_list() -> None:
    """List the models: licence, source, whether they are here.

    Example: voicecoach models list
    """
    from voicecoach import models  # noqa: PLC0415

    for m in models.catalogue():
        here = "here" if models.installed(m.name) else "not here"
        out.print(f"{m.name}  {m.version}  {m.licence}  {m.size / 1e6:.0f} MB  {here}", markup=False)
        wheels = ", ".join(f"{w.project} {w.version}" for w in m.wheels)
        for line in (m.purpose, f"source: {m.origin}", f"wheels: {wheels}"):
            tell(f"    {line}", indent=8)


@app.command("fetch")
def models_fetch(
    names: Annotated[
        list[str] | None, typer.Argument(help="Which, also a faster-whisper name; all of ours when left out.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Even if it is here.")] = False,
) -> None:
    """Fetch models and check them.

    Example: voicecoach models fetch
    """
    from voicecoach.models.bars import fetch_with_bars  # noqa: PLC0415

    fetch_with_bars(names or (), again=again)


@app.command("verify")
def models_verify(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all when left out.")] = None,
) -> None:
    """Check that models are whole.

    Example: voicecoach models verify
    """
    from voicecoach.models.bars import verify_with_bars  # noqa: PLC0415

    verify_with_bars(names or ())
    out.print("All whole.")


@app.command("path")
def models_path(name: str) -> None:
    """Print the folder of a model.

    Example: voicecoach models path whisper-base
    """
    from voicecoach import models  # noqa: PLC0415

    print(models.path(name))  # noqa: T201 - for scripts, unwrapped
