"""The command line: one thin command for each use. What they do stands in `session`, `models`, `store` and `report`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

import voicecoach
from voicecoach.errors import MisuseError, VoicecoachError

if TYPE_CHECKING:  # these load models or devices: commands import them when they run
    from collections.abc import Iterator

    from voicecoach.audio import Source
    from voicecoach.hearing import Voiceprint

app = typer.Typer(
    help="A listening trainer for two people. Everything stays on this computer.\n\nTry it: voicecoach demo --fast",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
models_app = typer.Typer(help="The model files: which there are, fetch and check them.", no_args_is_help=True)
app.add_typer(models_app, name="models")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

MODEL = typer.Option("--model", help="A model of `models list`, a faster-whisper name, or a folder.")
LEVEL = typer.Option("--level", help="How much the coach helps: gentle, standard or strict.")
READ_ALOUD = (
    "When the kettle boils in the morning I like to stand at the window for a minute. The street is quiet then, "
    "and I can hear the first birds. I think about the day, about who I will meet and what I want to ask them. "
    "Sometimes I forget the tea, and it is strong and dark when I come back to it."
)
"""About 20 seconds of ordinary reading, written for this."""


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


@app.command()
def analyze(
    file: Annotated[
        Path | None, typer.Argument(help="A recording: WAV, FLAC, MP3, OGG, M4A; one or two channels.")
    ] = None,
    speakers: Annotated[str, typer.Option(help="Names, in channel order or order of speaking: Anna,Ben")] = "",
    enroll: Annotated[list[str] | None, typer.Option(help="A voice: Anna=anna.wav (15 s of it). Repeat.")] = None,
    segments: Annotated[
        Path | None, typer.Option(help="Who spoke when, instead of sound: JSON lines, RTTM, WebVTT, TextGrid.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--out", help="Folder for what is written.")] = None,
    level: Annotated[str, LEVEL] = "standard",
    model: Annotated[str, MODEL] = "whisper-base",
) -> None:
    """Write the report of a recording.

    Example: voicecoach analyze talk.wav --speakers Anna,Ben --out talk
    """
    if (file is None) == (segments is None):
        raise MisuseError("Give either a recording or --segments with a file of who spoke when.")
    from voicecoach import session  # noqa: PLC0415

    path = file or segments
    assert path is not None
    folder = to or Path(f"{path.name.split('.')[0] or 'recording'}.voicecoach")
    voices = dict(_pair(entry) for entry in enroll or [])
    if len(voices) < len(enroll or []):
        raise MisuseError("--enroll gives the same name twice; give each person one recording.")
    with _progress() as tell:
        if segments is not None:
            session.analyze_segments(segments, out=folder, progress=tell)
        else:
            names = _names(speakers)
            session.analyze(path, speakers=names, enroll=voices, out=folder, level=level, model=model, progress=tell)
    _tell_report(folder)


@app.command()
def listen(
    people: Annotated[str, typer.Option(help="Your names: Anna,Ben. Enrolled voices are known by them.")] = "",
    device: Annotated[str | None, typer.Option(help="Microphone: number or name of `voicecoach devices`.")] = None,
    device_b: Annotated[str | None, typer.Option(help="A second microphone, for the second person.")] = None,
    channels: Annotated[int, typer.Option(min=1, max=2, help="2: one microphone channel each.")] = 1,
    file: Annotated[Path | None, typer.Option(help="Play a recording as if it were live.")] = None,
    speed: Annotated[float, typer.Option(min=0.1, help="… so many times as fast.")] = 1.0,
    level: Annotated[str, LEVEL] = "standard",
    voice: Annotated[bool, typer.Option("--voice/--no-voice", help="Speak prompts aloud.")] = True,
    model: Annotated[str, MODEL] = "whisper-base",
    to: Annotated[Path | None, typer.Option("--out", help="Folder for log and report.")] = None,
    plain: Annotated[bool, typer.Option(help="Lines instead of a screen.")] = False,
) -> None:
    """Listen to a conversation, live. Ctrl-C ends it and gives the report.

    Example: voicecoach listen --people Anna,Ben
    """
    from voicecoach import audio  # noqa: PLC0415

    names = _names(people)
    source: Source
    if file is not None:
        source = audio.FileSource(file, speed=speed)
    elif device_b is not None:
        if device is None:
            raise MisuseError("--device-b is the second microphone; name the first with --device.")
        source = audio.TwoMicrophones(_device(device), _device(device_b))
    else:
        source = audio.Microphone(None if device is None else _device(device), channels)
    _converse(source, names, level=level, folder=to, speak=voice, plain=plain, hurry=False, model=model)


@app.command()
def demo(
    fast: Annotated[bool, typer.Option("--fast", help="As fast as it goes, without sound.")] = False,
    to: Annotated[Path | None, typer.Option("--out", help="Folder for log and report.")] = None,
    plain: Annotated[bool, typer.Option(help="Lines instead of a screen.")] = False,
) -> None:
    """Play a bundled conversation through the live coach.

    Example: voicecoach demo --fast
    """
    from voicecoach import audio  # noqa: PLC0415

    path = Path(voicecoach.__file__).parents[1] / "audio_fixtures" / "kitchen_table.2ch.flac"
    if not path.exists():
        raise VoicecoachError("The demo's recording is part of the source folder; run it from a clone of voicecoach.")
    source = audio.FileSource(path, speed=None if fast else 1.0)
    _converse(source, ["Anna", "Ben"], level="standard", folder=to, speak=not fast, plain=plain, hurry=fast)


@app.command()
def enroll(
    name: Annotated[str, typer.Argument(help="Whose voice it is.")],
    file: Annotated[Path | None, typer.Option("--from", help="A recording of 15 s or more of this voice.")] = None,
    device: Annotated[str | None, typer.Option(help="Microphone: number or name.")] = None,
) -> None:
    """Learn a voice, so that one microphone is enough. Only numbers that describe it are kept, no sound.

    Example: voicecoach enroll Anna
    """
    import numpy as np  # noqa: PLC0415

    from voicecoach import audio, hearing  # noqa: PLC0415
    from voicecoach.store import voices  # noqa: PLC0415

    if not name.strip():
        raise MisuseError("Give the name of the person whose voice it is.")
    source: Source
    if file is not None:
        source = audio.FileSource(file)
    else:
        source = audio.Microphone(None if device is None else _device(device))
        err.print(f"Please read aloud, as you would speak to a friend:\n\n  {READ_ALOUD}\n")
    wanted_s = 15.0 if file is None else source.length_s or 0.0
    sound: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []
    heard = 0
    with _progress() as tell:
        for chunk in source.chunks():
            sound.append(chunk.samples.mean(axis=1))
            heard += len(chunk.samples)
            tell("Listening", min(1.0, heard / 16_000 / wanted_s) if wanted_s else 0.0)
            if file is None and heard >= wanted_s * 16_000:
                break
    source.close()
    voice = hearing.enroll(np.concatenate(sound).astype(np.float32))
    for other in voices.list_names():
        if other != name and hearing.similar(voice, hearing.Voiceprint.from_json(voices.load(other))):
            err.print(f"{name}'s voice is much like {other}'s here; a microphone for each of you will be more certain.")
    voices.save(name, voice.to_json())
    out.print(f"{name}'s voice is known now.")


@app.command()
def devices() -> None:
    """List microphones and loudspeakers.

    Example: voicecoach devices
    """
    from voicecoach import audio  # noqa: PLC0415

    found = audio.list_devices()
    if not found:
        raise VoicecoachError("There is no sound device; plug in a microphone. Recordings can be analysed without one.")
    for d in found:
        kinds = [f"{d.inputs} in"] * bool(d.inputs) + [f"{d.outputs} out"] * bool(d.outputs)
        default = " (default)" if d.default_in or d.default_out else ""
        out.print(f"{d.index:3}  {d.name}  {', '.join(kinds)}, {d.rate:.0f} Hz{default}", markup=False)


@app.command()
def doctor() -> None:
    """Check microphone, loudspeaker, voice, models and disk, and say what to do.

    Example: voicecoach doctor
    """
    from voicecoach.doctor import checks  # noqa: PLC0415

    with err.status("Checking …"):
        found = checks()
    for check in found:
        mark = {True: "ok  ", False: "MEND", None: "note"}[check.ok]
        out.print(f"{mark}  {check.name}: {check.what}" + (f"\n      {check.do}" if check.do else ""), markup=False)
    if any(check.ok is False for check in found):
        raise typer.Exit(1)


@app.command()
def report(
    log: Annotated[str, typer.Argument(help="An events.jsonl, its folder, or the name of a kept session.")],
    to: Annotated[Path | None, typer.Option("--out", help="Folder for the report.")] = None,
) -> None:
    """Render report and exports again from a session's log.

    Example: voicecoach report talk/events.jsonl --out again
    """
    from voicecoach import report as pages  # noqa: PLC0415
    from voicecoach.store import sessions  # noqa: PLC0415

    path = sessions.find(log)
    folder = to or path.parent
    pages.render(sessions.read_log(path), folder)
    _tell_report(folder)


@models_app.command("list")
def models_list() -> None:
    """List the models: licence, source, whether they are here.

    Example: voicecoach models list
    """
    from voicecoach import models  # noqa: PLC0415

    for m in models.catalogue():
        here = "here" if models.installed(m.name) else "not here"
        out.print(f"{m.name}  {m.version}  {m.licence}  {m.size / 1e6:.0f} MB  {here}\n    {m.purpose}", markup=False)


@models_app.command("fetch")
def models_fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all when left out.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Even if it is here.")] = False,
) -> None:
    """Fetch models and check them.

    Example: voicecoach models fetch
    """
    from voicecoach.models.bars import fetch_with_bars  # noqa: PLC0415

    fetch_with_bars(names or (), again=again)


@models_app.command("verify")
def models_verify(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all when left out.")] = None,
) -> None:
    """Check that models are whole.

    Example: voicecoach models verify
    """
    from voicecoach.models.bars import verify_with_bars  # noqa: PLC0415

    verify_with_bars(names or ())
    out.print("All whole.")


@models_app.command("path")
def models_path(name: str) -> None:
    """Print the folder of a model.

    Example: voicecoach models path whisper-base
    """
    from voicecoach import models  # noqa: PLC0415

    print(models.path(name))  # noqa: T201 - for scripts, unwrapped


# --- shared --------------------------------------------------------------------------------------------------------


def _names(text: str) -> list[str]:
    names = [n.strip() for n in text.split(",")] if text.strip() else []
    if not all(names):
        raise MisuseError("A name is empty; write them like Anna,Ben.")
    if len(set(names)) < len(names):
        raise MisuseError("Two people have the same name; give each a name of their own.")
    return names


def _pair(entry: str) -> tuple[str, Path]:
    name, _, path = entry.partition("=")
    if not name.strip() or not path:
        raise MisuseError(f"--enroll {entry!r} is not NAME=FILE; write it like Anna=anna.wav.")
    return name.strip(), Path(path)


def _device(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _converse(
    source: Source,
    names: Sequence[str],
    *,
    level: str,
    folder: Path | None,
    speak: bool,
    plain: bool,
    hurry: bool,
    model: str = "whisper-base",
) -> None:
    """Run a session with its display until it ends or the user ends it."""
    with err.status("Getting ready …"):
        from voicecoach.display import Plain, Screen  # noqa: PLC0415
        from voicecoach.session import LiveSession  # noqa: PLC0415
        from voicecoach.store import sessions  # noqa: PLC0415
        from voicecoach.transcript import Decoder  # noqa: PLC0415

        voices = _voices(names) if source.channels == 1 else None
        people = names or (["A", "B"])
        folder = folder or sessions.new_folder()
        session = LiveSession(
            source,
            people,
            voices=voices,
            level=level,
            out=folder,
            speak=speak,
            on_event=lambda event: display.show(event),  # noqa: PLW0108 - the display is made after the session
            hurry=hurry,
            decoder=Decoder(model),
        )
        lines = plain or not out.is_terminal
        display: Screen | Plain = Plain(out) if lines else Screen(people, lambda: session.lag_s, out)

    def end(number: int, frame: FrameType | None) -> None:
        session.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    if source.kind == "microphone":
        err.print("Listening. Ctrl-C ends the session and gives you its report.")
    with display:
        session.run()
    _tell_report(folder)


def _voices(names: Sequence[str]) -> dict[str, Voiceprint] | None:
    """The enrolled voices of ``names``, or None when nobody of them is enrolled."""
    from voicecoach.hearing import Voiceprint  # noqa: PLC0415
    from voicecoach.store import voices  # noqa: PLC0415

    known = set(voices.list_names())
    found = {n: Voiceprint.from_json(voices.load(n)) for n in names if n in known}
    if found and len(found) < len(names):
        missing = next(n for n in names if n not in found)
        raise MisuseError(f"{missing}'s voice is not known yet: voicecoach enroll {missing}")
    return found or None


def _tell_report(folder: Path) -> None:
    print(f"The report is in {folder / 'report.html'}")  # noqa: T201 - unwrapped, so that it can be copied


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """A bar on stderr that shows a stage and its share."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda stage, share: bar.update(task, description=stage, completed=share)


def run() -> None:
    """Entry point: like `app`, with one clear sentence for each failure."""
    if not os.environ.get("VOICECOACH_DEBUG"):
        _quiet_libraries()
    try:
        app()
    except VoicecoachError as error:
        _fail(str(error), error.status)
    except OSError as error:
        if os.environ.get("VOICECOACH_DEBUG"):
            raise
        where = f" ({error.filename})" if error.filename else ""
        _fail(f"{error.strerror or 'Something on this computer failed'}{where}; check that there is room and leave.", 1)
    except KeyboardInterrupt:
        _fail("Stopped.", 130)


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
    print(f"voicecoach: {sentence}", file=sys.stderr)  # noqa: T201
    raise SystemExit(status)
