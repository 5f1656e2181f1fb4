"""`voicecoach enroll`: a voice becomes known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.shared import DEVICE, err, microphone_of, progress, tell, tell_note
from voicecoach.errors import MisuseError

if TYPE_CHECKING:
    from voicecoach.audio import Source

READ_ALOUD = (
    "When the kettle boils in the morning I like to stand at the window for a minute. The street is quiet then, "
    "and I can hear the first birds. I think about the day, about who I will meet and what I want to ask them. "
    "Sometimes I forget the tea, and it is strong and dark when I come back to it."
)
"""About 20 seconds of ordinary reading, written for this."""
READ_S = 15.0
"""So much of it is listened to."""


def enroll(
    name: Annotated[str, typer.Argument(help="Whose voice it is.")],
    file: Annotated[
        Path | None, typer.Option("--from", help="A recording of this voice: 15 s or more, the first 3 minutes count.")
    ] = None,
    device: Annotated[str | None, DEVICE] = None,
) -> None:
    """Learn a voice, so that one microphone is enough. Only numbers that describe it are kept, no sound.

    Example: voicecoach enroll Anna
    """
    from voicecoach import audio, hearing  # noqa: PLC0415
    from voicecoach.store import voices  # noqa: PLC0415

    if not name.strip():
        raise MisuseError("Give the name of the person whose voice it is.")
    source: Source
    if file is not None:
        source = audio.FileSource(file)
    else:
        source = microphone_of(device, None, 1)
        err.print(f"Please read aloud, as you would speak to a friend:\n\n  {READ_ALOUD}\n")
    with progress() as heard:
        most_s = hearing.MOST_S if file is not None else READ_S
        voice = hearing.enroll_from(source, most_s, lambda share: heard("Listening", share))
    for other in voices.list_names():
        if other != name and hearing.similar(voice, hearing.Voiceprint.from_json(voices.load(other))):
            like = f"{name}'s voice is much like {other}'s here"
            tell_note(f"{like}; a microphone for each of you will be more certain.")
    voices.save(name, voice.to_json())
    tell(f"{name}'s voice is known now.")
