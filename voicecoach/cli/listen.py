"""`voicecoach listen` and `voicecoach demo`: a conversation, live, with its display."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import voicecoach
from voicecoach.cli.converse import converse, voice_of
from voicecoach.cli.shared import (
    CHANNELS,
    CONSENT,
    DEVICE,
    DEVICE_B,
    KEEP_AUDIO,
    KEEP_VOICES,
    LANGUAGE,
    LEVEL,
    MODEL,
    RATE,
    VOICE_NAME,
    VOLUME,
    err,
    microphone_of,
    names_of,
    preferred,
    tell_note,
)
from voicecoach.errors import MisuseError, VoicecoachError

if TYPE_CHECKING:  # these load models or devices: commands import them when they run
    from voicecoach.audio import Source
    from voicecoach.coach import Agreement
    from voicecoach.session.resuming import Resuming


def listen(
    people: Annotated[str, typer.Option(help="Your names: Anna,Ben. Enrolled voices are known by them.")] = "",
    device: Annotated[str | None, DEVICE] = None,
    device_b: Annotated[str | None, DEVICE_B] = None,
    channels: Annotated[int | None, CHANNELS] = None,
    file: Annotated[Path | None, typer.Option(help="Play a recording as if it were live.")] = None,
    speed: Annotated[float, typer.Option(min=0.1, help="… so many times as fast.")] = 1.0,
    level: Annotated[str | None, LEVEL] = None,
    voice: Annotated[bool, typer.Option("--voice/--no-voice", help="Speak prompts aloud.")] = True,
    model: Annotated[str, MODEL] = "whisper-base",
    language: Annotated[str | None, LANGUAGE] = None,
    to: Annotated[Path | None, typer.Option("--out", help="Folder for plain log and report, not kept here.")] = None,
    plain: Annotated[bool, typer.Option(help="Lines instead of a screen.")] = False,
    consent: Annotated[bool, CONSENT] = False,
    keep_audio: Annotated[bool, KEEP_AUDIO] = False,
    keep_voices: Annotated[bool, KEEP_VOICES] = False,
    voice_name: Annotated[str | None, VOICE_NAME] = None,
    rate: Annotated[int | None, RATE] = None,
    volume: Annotated[float | None, VOLUME] = None,
    agreement: Annotated[
        list[str] | None, typer.Option(help="What you agreed: interruption=We let each other finish. Repeat.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on in the session that was cut off just now.")] = False,
) -> None:
    """Listen to a conversation, live. Ctrl-C ends it and gives the report.

    If the program or the computer dies, what was heard is kept, and --resume goes on in the same session.

    Example: voicecoach listen --people Anna,Ben
    """
    from voicecoach import audio  # noqa: PLC0415
    from voicecoach.session.offline import nobody_heard  # noqa: PLC0415

    names, mine = names_of(people), preferred()
    resumes = to_resume(names, level, language, to) if resume else None
    if resumes is not None:
        names, level, language = list(resumes.begun.people), resumes.begun.level, resumes.begun.language
    elif to is None and file is None:
        _tell_of_cut_off()
    agreed = [agreement_of(entry) for entry in agreement or []]
    settings = voice_of(voice_name, rate, volume)
    if resumes is not None and file is None and (device, device_b, channels) == (None, None, None):
        channels = None if mine.device_b is not None else resumes.begun.channels
    recording = audio.FileSource(file, speed=speed) if file is not None else None
    source: Source = recording or microphone_of(device, device_b, channels)
    spoke = converse(
        source, names, level=level or mine.level, folder=to, speak=voice, plain=plain, hurry=False, model=model,
        language=language or mine.language, voice=settings, agreements=agreed, consent=consent,
        keep_audio=keep_audio, keep_voices=keep_voices, resumes=resumes,
    )  # fmt: skip
    if recording is not None and recording.note:
        tell_note(recording.note)
    if file is not None and not spoke:
        tell_note(nobody_heard(file))


def demo(
    fast: Annotated[bool, typer.Option("--fast", help="As fast as it goes, without sound.")] = False,
    to: Annotated[Path | None, typer.Option("--out", help="Folder for log and report.")] = None,
    plain: Annotated[bool, typer.Option(help="Lines instead of a screen.")] = False,
) -> None:
    """Play a bundled conversation through the live coach.

    Example: voicecoach demo --fast
    """
    from voicecoach import audio  # noqa: PLC0415
    from voicecoach.store.log import LOG_NAME  # noqa: PLC0415
    from voicecoach.store.paths import data_dir  # noqa: PLC0415

    path = Path(voicecoach.__file__).parents[1] / "audio_fixtures" / "kitchen_table.2ch.flac"
    if not path.exists():
        raise VoicecoachError("The demo's recording is part of the source folder; run it from a clone of voicecoach.")
    source = audio.FileSource(path, speed=None if fast else 1.0)
    folder = to or data_dir() / "demo"  # these are no real people, so it may lie there as plain files
    if to is None:
        (folder / LOG_NAME).unlink(missing_ok=True)  # of the last demo
    converse(source, ["Anna", "Ben"], level="standard", folder=folder, speak=not fast, plain=plain, hurry=fast)


def to_resume(names: Sequence[str], level: str | None, language: str | None, to: Path | None) -> Resuming:
    """The session to go on in. It stays what it was: raises `MisuseError` for options that would change it."""
    from voicecoach.report.html import clock  # noqa: PLC0415
    from voicecoach.session.resuming import resuming  # noqa: PLC0415
    from voicecoach.store import database  # noqa: PLC0415

    if to is not None:
        raise MisuseError("Only a session that is kept can go on; leave out --out or --resume.")
    if database.exists():
        database.unlock()
    found = resuming(datetime.now())
    was = found.begun
    for what, given, before in (
        ("--people", ",".join(names), ",".join(found.names.get(p, p) for p in was.people)),
        ("--level", level, was.level),
        ("--language", language, was.language),
    ):
        if given and given != before:
            raise MisuseError(f"The session that was cut off has {what} {before}; leave out {what}, or --resume.")
    missing_s = found.since_s - found.cut_s
    gap = f"{missing_s / 60:.0f} min" if missing_s >= 90 else f"{missing_s:.0f} s"
    err.print(f"Going on in {found.name}, cut off at {clock(found.cut_s)}; {gap} are missing.", markup=False)
    return found


def _tell_of_cut_off() -> None:
    """Whoever begins anew after a crash may not know that the session could go on."""
    from voicecoach.report.html import clock  # noqa: PLC0415
    from voicecoach.session.resuming import last_cut_off  # noqa: PLC0415
    from voicecoach.store import database  # noqa: PLC0415

    if database.exists():
        database.unlock()
        found = last_cut_off(datetime.now())
        if found is not None:
            err.print(
                f"The session {found.name} was cut off at {clock(found.cut_s)}; `voicecoach listen --resume` goes on "
                "in it. This is a new one.",
                markup=False,
            )


def agreement_of(entry: str) -> Agreement:
    """``interruption=We let each other finish.`` as an agreement. Raises `MisuseError` when it is not one."""
    from voicecoach.coach import Agreement  # noqa: PLC0415

    about, _, text = entry.partition("=")
    return Agreement(text.strip(), about.strip())
