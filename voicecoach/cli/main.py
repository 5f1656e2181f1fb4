"""Where a command begins and ends: one clear sentence for each failure."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

import voicecoach
from voicecoach.cli.lines import broken, clean
from voicecoach.cli.shared import out
from voicecoach.errors import VoicecoachError

app = typer.Typer(
    help="A listening trainer for two people. Everything stays on this computer.\n\nTry it: voicecoach demo --fast",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    """A listening trainer for two people. Everything stays on this computer."""
    if version:
        out.print(f"voicecoach {voicecoach.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        out.print(context.get_help())


def run() -> None:
    """Entry point: like `app`, with one clear sentence for each failure."""
    _write_any_letters()
    debug = bool(os.environ.get("VOICECOACH_DEBUG"))
    if not debug:
        _quiet_libraries()
    _keep_to_ourselves()
    try:
        app()
    except VoicecoachError as error:
        _fail(str(error), error.status)
    except OSError as error:
        if debug:
            raise
        where = f" ({error.filename})" if error.filename else ""
        what = error.strerror or "Something on this computer failed"
        _fail(f"{what}{where}; check that the disk has room and that you may write there.", 1)
    except KeyboardInterrupt:
        _fail("Stopped.", 130)
    except Exception as error:
        if debug:
            raise
        _fail(f"Something inside went wrong ({_where(error)}). Please tell the makers this; it holds nothing said.", 1)


def _write_any_letters() -> None:
    """A file or terminal that does not know all letters gets a question mark for some, rather than nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _keep_to_ourselves() -> None:
    """What this program writes is its user's alone, and if it crashes, the system keeps no copy of its memory."""
    os.umask(0o077)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - Windows has none, and keeps no such copies

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _where(error: Exception) -> str:
    """Kind and place of an error, without its message: that may quote what was said."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f"{os.sep}voicecoach{os.sep}" in f.filename] or list(frames)
    return f"{type(error).__name__}, {Path(own[-1].filename).name} line {own[-1].lineno}"


def _quiet_libraries() -> None:
    """Keep what ALSA, PortAudio and FFmpeg print about themselves off the screen; our own stderr stays."""
    try:
        own = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
    except OSError:  # started with no stderr at all
        return
    sys.stderr = os.fdopen(own, "w", buffering=1, encoding="utf-8", errors="replace")


def _fail(sentence: str, status: int) -> None:
    line = clean(f"voicecoach: {sentence}")
    if sys.stderr.isatty():  # whole where a program reads it
        line = broken(line, shutil.get_terminal_size().columns)
    print(line, file=sys.stderr)  # noqa: T201
    raise SystemExit(status)
