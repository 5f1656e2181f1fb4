"""`voicecoach voices`: the voices of this computer that the coach can have."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from voicecoach.cli.shared import err, out, preferred

SAMPLE = "Take your time. What did you hear?"


def voices(
    language: Annotated[str, typer.Option(help="Only those of this language: en, de …; empty for all.")] = "en",
    hear: Annotated[str | None, typer.Option(help="Say something with this voice.")] = None,
    rate: Annotated[int | None, typer.Option(min=80, max=300, help="Words per minute, with --hear.")] = None,
    volume: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="How loud, with --hear.")] = None,
) -> None:
    """List the voices the coach can speak with, or hear one.

    Example: voicecoach voices --hear "English (America)"
    """
    from voicecoach.coach.voice import find_voice, list_voices  # noqa: PLC0415

    if hear is not None:
        mine = preferred()
        say(find_voice(hear), rate or mine.rate, mine.volume if volume is None else volume)
        return
    for v in list_voices():
        codes = {code.split("-")[0] for code in v.languages}
        if not language or not codes or language in codes:
            out.print(f"{v.name}  {', '.join(v.languages)}  {v.id if v.id != v.name else ''}".rstrip(), markup=False)


def say(voice: str, rate: int, volume: float) -> None:
    """Say a sample through the loudspeaker and wait until it is over."""
    from voicecoach.audio import Player  # noqa: PLC0415
    from voicecoach.coach.voice import START_S, Voice, VoiceSettings  # noqa: PLC0415
    from voicecoach.samples import RATE  # noqa: PLC0415

    player = Player()
    try:
        with Voice(VoiceSettings(voice, rate, volume)) as speaker:
            samples = speaker.say(SAMPLE, START_S)
            if samples is None or not player.available:
                err.print(speaker.reason or "There is no loudspeaker to hear it with.", markup=False)
                raise typer.Exit(1)
            player.play(samples)
            time.sleep(len(samples) / RATE + 0.5)
    finally:
        player.close()
