"""`voicecoach privacy`: what is kept, in plain words, and the proof of it."""

from __future__ import annotations

from typing import Annotated

import typer

from voicecoach.cli.shared import clean, confirmed, out
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
    """Change how the key is kept, and the key: everything is encrypted anew.

    Example: voicecoach privacy key passphrase --two
    """
    from voicecoach.store import keys, rekeying  # noqa: PLC0415

    if kind in keys.LOSING:
        out.print(keys.LOSING[kind], markup=False)
        confirmed("Change it?", yes=yes)
    rekeying.change(kind, 2 if two else 1)
    out.print("Everything is encrypted anew, and the old key opens nothing any more.")


@app.command("erase")
def privacy_erase(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete everything that is kept: sessions, voices, settings, and the key.

    Example: voicecoach privacy erase
    """
    from voicecoach.store import rekeying  # noqa: PLC0415

    confirmed("Delete everything that voicecoach keeps on this computer? Nothing brings it back.", yes=yes)
    rekeying.erase()
    out.print("Everything is deleted.")


def _tell() -> None:
    from voicecoach.store import database, keys, sessions, sound, voices  # noqa: PLC0415
    from voicecoach.store.paths import data_dir  # noqa: PLC0415

    if not database.exists():
        out.print(f"Nothing is kept yet. What you keep will be encrypted, in {data_dir()}.", markup=False)
        return
    kept = sessions.kept()
    known = voices.list_names()
    slot = keys.read_slots()[0]
    how = "two passphrases" if slot.get("people") == 2 else {"file": "a key file"}.get(slot["kind"], slot["kind"])
    people = ", ".join(clean(n) for n in known) or "nobody"
    for line in (
        f"Kept: {len(kept)} sessions (who spoke when, the words, what the coach said); the voices of {people}, as "
        "numbers that describe them; settings.",
        f"Not kept: what was said off the record; sound, unless you ask for it for one session (--keep-audio): "
        f"{sound.sessions_with() or 'no'} of them have theirs.",
        f"Where: {data_dir()}, encrypted. The key: {how}. {keys.LOSING[slot['kind']]}",
        "For how long: until you delete it (voicecoach sessions delete, voicecoach privacy erase).",
        "Who gets it: nobody. Nothing is sent; only scripts/setup and `voicecoach models fetch` use a network.",
        "Deleting writes over what was there. A disk that spreads its writing (SSD) or a backup may hold an older copy "
        "of the encrypted file; it opens only with its key.",
    ):
        out.print(line, markup=False)


def _prove() -> None:
    from voicecoach.store import proof  # noqa: PLC0415

    files = proof.files()
    if files:
        out.print("\nThe files:")
    for file in files:
        open_to = "  OTHERS CAN READ IT" if file.others_can_read else ""
        out.print(f"  {file.mode:04o}  {file.size:>9}  {file.path}  {file.what}{open_to}", markup=False, soft_wrap=True)
    words = proof.sought()
    found = list(proof.readable(words))
    out.print(f"\nSearched these files for {len(words)} names and words of your sessions: ", end="")
    out.print("none can be read in them." if not found else "")
    for path, many in found:
        out.print(f"  {many} can be read in {path}", markup=False, soft_wrap=True)
    count = proof.connections()
    if count is not None:
        out.print(f"Connections to other computers that this program has open: {count}.")
    if found or any(f.others_can_read for f in files):
        raise VoicecoachError("Something kept here can be read by others; the lines above say what.")
