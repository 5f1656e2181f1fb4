"""`voicecoach correct`: put right what a report says of a moment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from voicecoach.cli.opened import open_session
from voicecoach.cli.shared import out, tell, tell_report
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import Correction, CorrectionLabel, KeptVoice, Record, called, renamed


def correct(
    session: Annotated[str, typer.Argument(help="A kept session, or `last`; an events.jsonl, or its folder.")],
    at: Annotated[str, typer.Argument(help="When it begins, as the report shows it: 1:13, or seconds.")] = "",
    who: Annotated[str, typer.Option(help="Whose it is, if two things begin at that time.")] = "",
    not_interruption: Annotated[bool, typer.Option("--not-interruption", help="They did not come in early.")] = False,
    interruption: Annotated[bool, typer.Option("--interruption", help="They came in early.")] = False,
    listening: Annotated[bool, typer.Option("--listening", help="It was a sign of listening.")] = False,
    said_back: Annotated[bool, typer.Option("--said-back", help="It said back what was heard.")] = False,
    not_said_back: Annotated[bool, typer.Option("--not-said-back", help="It did not.")] = False,
    was: Annotated[str, typer.Option(help="Who it was that spoke.")] = "",
    name: Annotated[list[str] | None, typer.Option(help="Who somebody is: A=Anna. Repeat.")] = None,
    keep_voice: Annotated[bool, typer.Option("--keep-voice", help="… and enroll that voice by it.")] = False,
    undo: Annotated[int, typer.Option(help="Take back the correction with this number.")] = 0,
    file: Annotated[Path | None, typer.Option("--from", help="Corrections downloaded from the report.")] = None,
) -> None:
    """Put right what a report says of a moment. With no more than a session, list what was put right.

    The correction is kept with the session, everything is computed again, and it can be taken back.

    Example: voicecoach correct last 1:13 --not-interruption
    """
    from voicecoach import report  # noqa: PLC0415
    from voicecoach.store import voices as known  # noqa: PLC0415

    flags = {
        "not_interruption": not_interruption,
        "interruption": interruption,
        "listening": listening,
        "said_back": said_back,
        "not_said_back": not_said_back,
        "speaker": bool(was),
        "named": bool(name),
        "undo": bool(undo),
    }
    labels: list[CorrectionLabel] = [label for label, given in flags.items() if given]  # type: ignore[misc]
    if len(labels) + (file is not None) > 1:
        raise MisuseError("Say one thing at a time.")
    opened = open_session(session)
    if keep_voice and labels != ["named"]:
        raise MisuseError("--keep-voice goes with --name: voicecoach correct last --name A=Anna --keep-voice")
    if file is not None:
        made = report.checked(opened.records, report.read_corrections(_text(file)))
    elif labels == ["undo"]:
        made = report.checked(opened.records, [Correction(start=0.0, end=0.0, label="undo", undoes=undo)])
    elif labels == ["named"]:
        made = report.checked(opened.records, report.naming(opened.records, dict(map(_naming, name or []))))
    elif labels:
        if not at:
            raise MisuseError("Say when it begins, as the report shows it: voicecoach correct last 1:13 --listening")
        made = report.checked(opened.records, [report.locate(opened.records, _seconds(at), labels[0], who, was)])
    elif at:
        raise MisuseError("Say what it was: --not-interruption, --listening, --was NAME …; see --help.")
    else:
        _list(opened.records)
        return
    voices = _voices(opened.records, made) if keep_voice else {}
    opened.append(made)
    if opened.path is not None:
        report.render([*opened.records, *made], opened.path.parent)
        tell_report(opened.path.parent)
    for person, voice in voices.items():
        known.save(person, voice)
        tell(f"{person}'s voice is known now.")
    out.print("Kept." if len(made) == 1 else f"{len(made)} kept.")


def _list(records: list[Record]) -> None:
    from voicecoach import report  # noqa: PLC0415
    from voicecoach.report.html import clock  # noqa: PLC0415

    holding = report.standing(records)
    names = called(records)
    for number, c in holding:
        if c.label == "named":
            tell(f"{number:3}  {c.speaker} is called {c.name}", indent=5)
            continue
        c = renamed(c, names)  # noqa: PLW2901
        name = f" {c.name}" if c.name else ""
        tell(f"{number:3}  {clock(c.start)}  {c.speaker}: {c.label.replace('_', ' ')}{name}", indent=5)
    if not holding:
        out.print("Nothing was put right in this session.")


def _naming(entry: str) -> tuple[str, str]:
    """``A=Anna`` as who and name."""
    before, sign, name = entry.partition("=")
    if not sign:
        raise MisuseError(f"--name {entry!r} does not say who is called what; write it like A=Anna.")
    return before.strip(), name.strip()


def _voices(records: Sequence[Record], made: Sequence[Correction]) -> dict[str, dict[str, object]]:
    """The voices of those who are named, as they are enrolled. Raises `VoicecoachError` for one that was not kept."""
    kept = {r.speaker: r for r in records if isinstance(r, KeptVoice)}
    out: dict[str, dict[str, object]] = {}
    for c in made:
        voice = kept.get(c.speaker)
        if voice is None:
            raise VoicecoachError(
                f"{c.name}'s voice was not kept with this session: it needs --keep-voices while it is heard, "
                "and some 15 s of that voice alone."
            )
        out[c.name] = {
            "version": voice.version, "model": voice.model, "threshold": voice.threshold,
            "embedding": list(voice.embedding),
        }  # fmt: skip
    return out


def _seconds(text: str) -> float:
    if not re.fullmatch(r"(?:(?:\d{1,3}:)?\d{1,3}:)?\d{1,6}(?:\.\d{1,6})?", text):
        raise MisuseError(f"{text!r} is not a time; write it as the report shows it, like 1:13.")
    total = 0.0
    for part in text.split(":"):
        total = total * 60 + float(part)
    return total


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VoicecoachError(f"{path} cannot be read; give the file that the report let you download.") from error
