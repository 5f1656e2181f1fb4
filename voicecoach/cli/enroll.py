"""`voicecoach enroll`: a voice becomes known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.shared import DEVICE, err, microphones, out, progress
from voicecoach.errors import MisuseError

if TYPE_CHECKING:
    from voicecoach.audio import Source

READ_ALOUD = (
    "When the kettle boils in the morning I like to stand at the window for a minute. The street is quiet then, "
    "and I can hear the first birds. I think about the day, about who I will meet and what I want to ask them. "
    "Sometimes I forget the tea, and it is strong and dark when I come back to it."
)
"""About 20 seconds of ordinary reading, written for this."""


def enroll(
    name: Annotated[str, typer.Argument(help="Whose voice it is.")],
    file: Annotated[Path | None, typer.Option("--from", help="A recording of 15 s or more of this voice.")] = None,
    device: Annotated[str | None, DEVICE] = None,
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
        source = microphones(device, None, 1)
        err.print(f"Please read aloud, as you would speak to a friend:\n\n  {READ_ALOUD}\n")
    wanted_s = 15.0 if file is None else source.length_s or 0.0
    sound: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []
    heard = 0
    with progress() as tell:
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
