"""`voicecoach privacy`: what is kept, in plain words, and the proof of it."""

from __future__ import annotations

from typing import Annotated

import typer

from voicecoach.cli.shared import confirmed, out, tell
from voicecoach.errors import VoicecoachError

app = typer.Typer(help="What is kept here, where and for how long, and its key.")


@app.callback(invoke_without_command=True)
def privacy(context: typer.Context) -> None:
    """Say what is kept, where and for how long, and prove it.

    Example: voicecoach privacy
    """
    if context.invoked_subcommand is None:
        _tell()
        _prove()


@app.command("key")
def privacy_key(
    kind: Annotated[str, typer.Argument(help="keyring, passphrase or file")],
    two: Annotated[bool, typer.Option("--two", help="Two passphrases: it opens only with both of you.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Change how the key is kept, and the key itself. Everything is encrypted anew.

    Example: voicecoach privacy key passphrase --two
    """
    from voicecoach.store import keys, rekeying  # noqa: PLC0415

    if kind in keys.LOSING:
        tell(keys.LOSING[kind], indent=0)
        confirmed("Change it?", yes=yes)
    rekeying.change(kind, 2 if two else 1)
    out.print("Everything is encrypted anew, and the old key opens nothing any more.")


@app.command("erase")
def privacy_erase(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete everything that is kept, and the key. Sessions, voices, practice and settings.

    Example: voicecoach privacy erase
    """
    from voicecoach.store import rekeying  # noqa: PLC0415

    confirmed("Delete everything that voicecoach keeps on this computer? Nothing brings it back.", yes=yes)
    rekeying.erase()
    out.print("Everything is deleted.")


def _tell() -> None:
    from voicecoach.store import database, keys, practice, sessions, sound, voices  # noqa: PLC0415
    from voicecoach.store.paths import data_dir  # noqa: PLC0415

    if not database.exists():
        tell(f"Nothing is kept yet. What you keep will be encrypted, in {data_dir()}.", indent=0)
        return
    kept, known = sessions.kept(), voices.list_names()
    pairs = [" and ".join(pair.people) for pair in practice.pairs()]
    slot = keys.read_slots()[0]
    how = "two passphrases" if slot.get("people") == 2 else {"file": "a key file"}.get(slot["kind"], slot["kind"])
    enrolled = f"the voices of {', '.join(known)}, as numbers that describe them" if known else "nobody's voice"
    practised = f"what {', '.join(pairs)} agreed, promised and noted in check-ins" if pairs else "no check-in"
    drills = len(practice.attempts())
    with_sound = sound.sessions_with()
    for line in (
        f"Kept: {_sessions(len(kept))} (who spoke when, the words, what the coach said); {enrolled}; "
        f"{practised}; {f'how {drills} drills went' if drills > 1 else 'how a drill went' if drills else 'no drill'}; "
        "settings.",
        "Not kept: what was said off the record; and sound, unless you ask for it for one session (--keep-audio): "
        f"{f'{_sessions(with_sound)} with theirs' if with_sound else 'no session has its sound'}.",
        f"Where: {data_dir()}, encrypted. The key: {how}. {keys.LOSING[slot['kind']]}",
        "For how long: until you delete it (voicecoach sessions delete, voicecoach privacy erase).",
        "Who gets it: nobody. Nothing is sent; only scripts/setup and `voicecoach models fetch` use a network.",
        "Deleting writes over what was there. A disk that spreads its writing (SSD) or a backup may hold an older copy "
        "of the encrypted file; it opens only with its key.",
    ):
        tell(line, indent=0)


def _prove() -> None:
    from voicecoach.store import proof  # noqa: PLC0415
    from voicecoach.store.paths import data_dir  # noqa: PLC0415

    files = proof.files()
    words = proof.sought()
    found = list(proof.readable(words))
    if files:
        out.print("\nThe files there:")
        for file in files:
            open_to = "  OTHERS CAN READ IT" if file.others_can_read else ""
            name = str(file.path.relative_to(data_dir()))
            tell(f"  {file.mode:04o}  {_size(file.size):>8}  {name:15}  {file.what}{open_to}", indent=35)
        out.print()
        read = "" if found else "none can be read in them."
        tell(f"Searched these files for {len(words)} names and words of your sessions: {read}", indent=0)
        for path, many in found:
            tell(f"  {many} can be read in {path}")
    count = proof.connections()
    if count is not None:
        out.print(f"Connections to other computers that this program has open: {count}.")
    if found or any(f.others_can_read for f in files):
        raise VoicecoachError("Something kept here can be read by others; the lines above say what.")


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _size(size: int) -> str:
    return f"{size} B" if size < 1000 else f"{size / 1e3:.0f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"
