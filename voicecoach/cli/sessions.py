"""`voicecoach sessions …`: what is kept, session by session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.lines import clean
from voicecoach.cli.shared import NOTHING_KEPT, confirmed, err, out, tell
from voicecoach.errors import MisuseError, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.store.sessions import Kept

app = typer.Typer(help="The kept sessions: list, show, rename, delete, export, rescue.", no_args_is_help=True)

NAME = typer.Argument(help="Its name, its title, or `last`.")


@app.command("list")
def sessions_list() -> None:
    """List the sessions that are kept, oldest first.

    Example: voicecoach sessions list
    """
    from voicecoach.store import sessions  # noqa: PLC0415

    found = sessions.kept()
    for k in found:
        tell(_line(k), indent=30)
    if not found:
        tell(NOTHING_KEPT)


@app.command("show")
def sessions_show(name: Annotated[str, NAME]) -> None:
    """Show a session and its transcript in the terminal.

    Example: voicecoach sessions show last
    """
    from voicecoach import report  # noqa: PLC0415
    from voicecoach.report.html import clock  # noqa: PLC0415
    from voicecoach.store import sessions  # noqa: PLC0415

    name = sessions.find(name)
    tell(_line(next(k for k in sessions.kept() if k.name == name)), indent=30)
    for line in report.transcript_lines(report.corrected(sessions.read(name))):
        unsaid = "(a chime)" if line.kind == "prompt" else "(no words known)"
        tell(f"{clock(line.start):>7}  {line.speaker or 'coach'}: {line.text or unsaid}", indent=9)


@app.command("rename")
def sessions_rename(
    name: Annotated[str, NAME], title: Annotated[str, typer.Argument(help="What you call it; '' for nothing.")]
) -> None:
    """Give a session a title.

    Example: voicecoach sessions rename last "About the summer"
    """
    from voicecoach.store import sessions  # noqa: PLC0415

    title = " ".join(clean(title).split())
    if title == sessions.LAST:
        raise MisuseError("`last` means the newest session; choose another title.")
    name = sessions.find(name)
    sessions.rename(name, title)
    tell(f"{name} is called “{title}” now." if title else f"{name} has no title now.")


@app.command("delete")
def sessions_delete(
    names: Annotated[list[str] | None, typer.Argument(help="Their names or titles, or `last`.")] = None,
    person: Annotated[str, typer.Option(help="Delete a person: voice, practice and every session they were in.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every session.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete sessions, a person, or all sessions. Nothing brings them back.

    Example: voicecoach sessions delete last
    """
    from voicecoach.store import practice, sessions, voices  # noqa: PLC0415

    if bool(names) + bool(person) + everything != 1:
        raise MisuseError("Say what to delete: names of sessions, --person NAME, or --all.")
    kept = sessions.kept()
    if person:
        theirs = [k for k in kept if person in k.people]
        both = "for both people in it" if len(theirs) == 1 else "for both people in them"
        what = [
            *["the voice"] * (person in voices.list_names()),
            *["drills", "agreements, promises and check-ins, for both people in them"]
            * (person in practice.everybody()),
            *[f"{_sessions(len(theirs))}, {both}"] * bool(theirs),
        ]
        if not what:
            raise MisuseError(f"Nothing is kept of {clean(person)}.")
        confirmed(f"Delete all that is kept of {clean(person)}: {'; '.join(what)}?", yes=yes)
        sessions.delete_person(person)
    else:
        meant = {sessions.find(n) for n in names or []}
        chosen = [k for k in kept if everything or k.name in meant]
        if not yes:
            for k in chosen:
                tell(_line(k), indent=30)
        confirmed(f"Delete {_sessions(len(chosen))}?", yes=yes)
        for k in chosen:
            sessions.delete(k.name)
    out.print("Deleted. Nothing of it is left in the file.")


@app.command("export")
def sessions_export(
    name: Annotated[str, typer.Argument(help="Its name, its title, or `last`; an events.jsonl, or its folder.")],
    to: Annotated[Path | None, typer.Option("--out", help="File to write; its ending says the format.")] = None,
    form: Annotated[str, typer.Option("--format", help="Instead of the file's ending: json, csv, vtt, …")] = "",
    audio: Annotated[Path | None, typer.Option(help="Write its kept sound to this .flac or .wav file.")] = None,
) -> None:
    """Write a session as a plain file for other programs. json, jsonl, csv, rttm, vtt, srt, TextGrid, eaf.

    Example: voicecoach sessions export last --out talk.csv
    """
    from voicecoach import report  # noqa: PLC0415
    from voicecoach.cli.opened import open_session  # noqa: PLC0415
    from voicecoach.store import sound  # noqa: PLC0415
    from voicecoach.store.whole import write_whole  # noqa: PLC0415

    if to is None and audio is None:
        raise MisuseError("Say which file to write: --out FILE, or --audio FILE for the sound.")
    session = open_session(name)
    if audio is not None and not session.name:
        raise MisuseError("A log in a folder has no sound with it; name a kept session: `voicecoach sessions list`.")
    if audio is not None:
        sound.check_export(session.name, audio)
    if to is not None:
        text = report.export(session.records, form or report.ending_of(to.name))
        to.parent.mkdir(parents=True, exist_ok=True)
        write_whole(to, text.encode("utf-8", "replace"))
        out.print(f"Written to {to}.", markup=False, soft_wrap=True)
    if audio is not None:
        audio.parent.mkdir(parents=True, exist_ok=True)
        sound.export(session.name, audio)
        out.print(f"Written to {audio}.", markup=False, soft_wrap=True)
    err.print("This file is not encrypted: whoever gets it can read it.")


@app.command("rescue")
def sessions_rescue(
    to: Annotated[Path | None, typer.Option("--out", help="Folder for the sessions, as plain logs.")] = None,
    mend: Annotated[bool, typer.Option("--mend", help="Put it into a new database; the damaged one is kept.")] = False,
) -> None:
    """Read what is intact out of a damaged database. Says what is not.

    What stands on a page that is whole is found, whatever happened to others: with --mend also agreements, check-ins,
    promises, drills and kept sound.

    Example: voicecoach sessions rescue --mend
    """
    from voicecoach.store import rescue  # noqa: PLC0415
    from voicecoach.store.log import check_free, write_lines  # noqa: PLC0415

    if to is None and not mend:
        raise MisuseError("Say where to put it: --mend for a new database, or --out FOLDER for plain logs.")
    found = rescue.read_intact()
    for name, session in found.sessions.items():
        lost = [f"{session.lost} of its records are lost"] * bool(session.lost) + ["its end is lost"] * session.end_lost
        told = ", ".join(lost) or "whole"
        tell(f"{name}: {len(session.lines)} records read, {told}")
    for name in found.voices:
        tell(f"{name}'s voice, whole")
    if not found.sessions and not found.voices and not found.others:
        raise VoicecoachError("Nothing could be read: nothing is kept there, or the key is another one.")
    if not found.sessions and not mend:
        raise VoicecoachError("No session could be read; what else there is goes into a new database with --mend.")
    if to is not None:
        for name in found.sessions:
            check_free(to / name)
        for name, session in found.sessions.items():
            write_lines(to / name, session.lines)
        out.print(f"{_sessions(len(found.sessions))} written to {to}.", markup=False, soft_wrap=True)
        err.print("These files are not encrypted: whoever gets them can read them.")
    if mend:
        mended = rescue.mend(found)
        if mended.others:
            tell(f"With them: {', '.join(_told(mended.others))}.")
        if mended.doubtful:
            err.print(f"Of these something may be missing: {', '.join(_told(mended.doubtful))}.")
        tell(
            f"They are in a new database. The damaged one is {mended.aside}, encrypted still: it keeps what you delete "
            "from now on, so remove it once you do not need it any more.",
            indent=0,
        )


def _told(tables: list[str]) -> list[str]:
    """What stands in these tables, each once."""
    known = {
        "pair": "who practises with whom", "pair_person": "who practises with whom", "agreement": "agreements",
        "checkin": "check-ins", "checkin_step": "check-ins", "checkin_note": "check-ins", "commitment": "promises",
        "schedule": "weekly times", "drill_attempt": "drills", "sound": "kept sound",
    }  # fmt: skip
    return list(dict.fromkeys(known.get(table, table) for table in tables))


def _line(k: Kept) -> str:
    from voicecoach.report.html import clock  # noqa: PLC0415

    state = {"open": "  (goes on)", "cut off": "  (was cut off)"}.get(k.state, "")
    return f"{k.name}  {clock(k.length_s):>7}  {', '.join(k.people)}{'  ' + k.title if k.title else ''}{state}"


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"
