"""`voicecoach devices` and `voicecoach doctor`: what this computer has."""

from __future__ import annotations

import typer

from voicecoach.cli.shared import err, out
from voicecoach.errors import VoicecoachError


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


def doctor() -> None:
    """Check what a session needs, and say what to do.

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
