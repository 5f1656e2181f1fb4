"""`voicecoach analyze`: the report of a recording."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voicecoach.cli.shared import (
    KEEP_VOICES,
    LANGUAGE,
    LEVEL,
    MODEL,
    names_of,
    preferred,
    progress,
    tell_note,
    tell_report,
)
from voicecoach.errors import MisuseError


def analyze(
    file: Annotated[
        Path | None, typer.Argument(help="A recording: WAV, FLAC, MP3, OGG, M4A; one or two channels.")
    ] = None,
    speakers: Annotated[str, typer.Option(help="Names, in channel order or order of speaking: Anna,Ben")] = "",
    enroll: Annotated[list[str] | None, typer.Option(help="A voice: Anna=anna.wav (15 s of it). Repeat.")] = None,
    segments: Annotated[
        Path | None,
        typer.Option(help="Who spoke when, not sound: JSON lines, RTTM, WebVTT, SRT, TextGrid, ELAN."),
    ] = None,
    to: Annotated[Path | None, typer.Option("--out", help="Folder for what is written.")] = None,
    level: Annotated[str | None, LEVEL] = None,
    model: Annotated[str, MODEL] = "whisper-base",
    language: Annotated[str | None, LANGUAGE] = None,
    keep_voices: Annotated[bool, KEEP_VOICES] = False,
) -> None:
    """Write the report of a recording.

    Example: voicecoach analyze talk.wav --speakers Anna,Ben --out talk
    """
    if (file is None) == (segments is None):
        raise MisuseError("Give either a recording or --segments with a file of who spoke when.")
    sound = {"--speakers": speakers, "--enroll": enroll, "--level": level, "--keep-voices": keep_voices}
    for option in [name for name, given in sound.items() if given and segments is not None]:
        raise MisuseError(f"{option} is for a recording and does nothing with --segments; leave it out.")
    from voicecoach import session  # noqa: PLC0415

    path = file or segments
    assert path is not None
    folder = to or Path(f"{path.stem.strip('.') or 'recording'}.voicecoach")
    voices = dict(pair(entry) for entry in enroll or [])
    if len(voices) < len(enroll or []):
        raise MisuseError("--enroll gives the same name twice; give each person one recording.")
    mine = preferred()
    level, language = level or mine.level, language or mine.language
    with progress() as tell:
        if segments is not None:
            session.analyze_segments(segments, out=folder, language=language, progress=tell)
        else:
            names = names_of(speakers)
            session.analyze(
                path,
                speakers=names,
                enroll=voices,
                out=folder,
                level=level,
                model=model,
                language=language,
                keep_voices=keep_voices,
                progress=tell,
                note=tell_note,
            )
    tell_report(folder)


def pair(entry: str) -> tuple[str, Path]:
    """``NAME=FILE`` as name and path."""
    name, _, path = entry.partition("=")
    if not name.strip() or not path:
        raise MisuseError(f"--enroll {entry!r} is not NAME=FILE; write it like Anna=anna.wav.")
    return name.strip(), Path(path)
