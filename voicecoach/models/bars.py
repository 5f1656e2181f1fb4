"""Fetching and checking models with a progress bar for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from voicecoach import models
from voicecoach.models import elsewhere


def fetch_with_bars(names: Sequence[str] = (), *, again: bool = False, console: Console | None = None) -> None:
    """Fetch the named models, or all of ours. What is here shows no bar. Raises `VoicecoachError` at the first failure.

    A name that only faster-whisper knows is fetched by it.
    """
    ours = [model.name for model in models.catalogue()]
    others = [name for name in dict.fromkeys(names) if name not in ours and elsewhere.knows(name)]
    chosen = [models.get(name).name for name in dict.fromkeys(names) if name not in others] if names else ours
    wanted = [name for name in chosen if again or not models.installed(name)]
    _each(wanted, lambda name, progress: models.fetch(name, progress, again=again), "fetching", console)
    for name in others:
        with (console or Console(stderr=True)).status(f"fetching {name} through faster-whisper"):
            elsewhere.bring(name)


def verify_with_bars(names: Sequence[str] = (), *, console: Console | None = None) -> None:
    """Check the named models, or all. Raises `VoicecoachError` at the first that is missing or damaged."""
    chosen = [models.get(name).name for name in names] or [model.name for model in models.catalogue()]
    _each(chosen, models.verify, "checking", console)


def _each(names: list[str], act: Callable[[str, models.Progress], object], verb: str, console: Console | None) -> None:
    if not names:
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console or Console(stderr=True)) as bars:
        for name in names:
            task = bars.add_task(f"{verb} {name}", total=models.get(name).size)
            act(name, lambda done, total, task=task: bars.update(task, completed=done, total=total))  # type: ignore[misc]
