"""What commands have in common: two consoles, options, names and devices as people write them, a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.text import Text

from voicecoach.cli.lines import broken, clean
from voicecoach.errors import MisuseError
from voicecoach.store import asking

if TYPE_CHECKING:  # these load devices: commands import them when they run
    from voicecoach.audio import Source
    from voicecoach.store.settings import Settings

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

NOTHING_KEPT = "No session is kept yet; one is after: voicecoach listen --people Anna,Ben"

DEVICE = typer.Option("--device", help="Microphone: number or name of `voicecoach devices`.")
DEVICE_B = typer.Option("--device-b", help="A second microphone, for the second person.")
CHANNELS = typer.Option("--channels", min=1, max=2, help="2: one microphone channel each.")
MODEL = typer.Option("--model", help="A model of `models list`, a faster-whisper name, or a folder.")
CONSENT = typer.Option("--consent", help="Both of you have agreed to be listened to; do not ask aloud.")
KEEP_AUDIO = typer.Option("--keep-audio", help="Keep the sound of this one session with it, encrypted.")
KEEP_VOICES = typer.Option(
    "--keep-voices", help="Nobody enrolled: keep what each voice sounds like, so that whom you name is enrolled."
)
VOICE_NAME = typer.Option("--voice-name", help="The coach's voice, see `voicecoach voices`.")
RATE = typer.Option("--rate", min=80, max=300, help="Words per minute of the coach's voice.")
VOLUME = typer.Option("--volume", min=0.0, max=1.0, help="How loud the coach speaks.")
LANGUAGE = typer.Option("--language", help="What you speak: en, or de (German; replies are judged more roughly).")
LEVEL = typer.Option("--level", help="How much the coach helps: gentle, standard or strict.")


def preferred() -> Settings:
    """What holds where a command does not say otherwise. Raises `MisuseError` with what is wrong in the file."""
    from voicecoach.coach.levels import level  # noqa: PLC0415
    from voicecoach.store import settings  # noqa: PLC0415

    mine = settings.read()
    try:
        level(mine.level)
    except MisuseError as error:
        raise MisuseError(f"{settings.path()}: {error}") from error
    return mine


def microphone_of(device: str | None, device_b: str | None, channels: int | None) -> Source:
    """One microphone or two, as given, or else as in the settings. Raises `MisuseError`, `VoicecoachError`."""
    from voicecoach import audio  # noqa: PLC0415

    mine = preferred()
    if device_b is not None and device is None and mine.device is None:
        raise MisuseError("--device-b is the second microphone; name the first with --device.")
    first = mine.device if device is None else device_of(device)
    alone = device is not None or channels is not None  # then the settings' second one is not meant
    second = (None if alone else mine.device_b) if device_b is None else device_of(device_b)
    if second is not None:
        if first is None:
            raise MisuseError("device_b in the settings is the second microphone; name the first there with device.")
        return audio.TwoMicrophones(first, second)
    return audio.Microphone(first, channels or mine.channels)


def names_of(text: str) -> list[str]:
    """``Anna,Ben`` as names; nothing as no names. Raises `MisuseError` for an empty name or one given twice.

    Also for one that cannot be kept: a terminal that does not speak UTF-8 passes on half letters.
    """
    names = [n.strip() for n in text.split(",")] if text.strip() else []
    if not all(names):
        raise MisuseError("A name is empty; write them like Anna,Ben.")
    if len(set(names)) < len(names):
        raise MisuseError("Two people have the same name; give each a name of their own.")
    if text != text.encode("utf-8", "replace").decode():
        raise MisuseError("A name has letters that are not UTF-8; write it without them, or set the terminal to UTF-8.")
    return names


def device_of(text: str) -> int | str:
    """A sound device by number or by name."""
    return int(text) if text.isdigit() else text


def tell_report(folder: Path) -> None:
    """Say where the report is."""
    print(f"The report is in {folder / 'report.html'}")  # noqa: T201 - unwrapped, so that it can be copied


def tell_note(text: str) -> None:
    """Say what is to be known about a recording, one line on stderr."""
    err.print(clean(text), markup=False, soft_wrap=True)


def tell(text: str, *, indent: int = 4, style: str = "") -> None:
    """Print a line with people's own words in it: broken between words on a screen, whole where a program reads it.

    ``indent``: of what follows its first line.
    """
    text = clean(text)
    if out.is_terminal:
        text = broken(text, out.width, indent)
    out.print(Text(text, style), soft_wrap=True)


def confirmed(question: str, *, yes: bool) -> None:
    """Ask, unless ``yes``. Raises `MisuseError` when the answer is no, or nobody is there to answer."""
    if yes:
        return
    if not asking.somebody_is_here():
        raise MisuseError("Nobody is here to confirm that; add --yes.")
    if asking.ask(f"{question} [yes/no]").lower() not in ("y", "yes"):
        raise MisuseError("Nothing was changed.")


@contextmanager
def progress() -> Iterator[Callable[[str, float], None]]:
    """A bar on stderr that shows a stage and its share; nothing where that is no terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda stage, share: bar.update(task, description=stage, completed=share)
