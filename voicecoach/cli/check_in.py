"""`voicecoach check-in`: a guided conversation for two."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from voicecoach.cli.converse import Practice, converse, voice_of
from voicecoach.cli.pair import pair_named, tell_pair
from voicecoach.cli.shared import (
    CHANNELS,
    CONSENT,
    DEVICE,
    DEVICE_B,
    KEEP_AUDIO,
    LEVEL,
    MODEL,
    RATE,
    VOICE_NAME,
    VOLUME,
    err,
    microphone_of,
    names_of,
    out,
    preferred,
)
from voicecoach.events import CommandName, Event

KEYS: dict[str, CommandName] = {"\n": "next", "\r": "next", " ": "next", "y": "yes", "n": "no"}
LEGEND = "y/n  w write  Enter next  t time out  p pause  o off record  q leave  ? help"
HELP = """Say, with a moment of silence before and after:
  coach, next              skip this step
  time out                 a break; “coach, go on” ends it sooner
  coach, pause             until “coach, go on”
  coach, off the record    nothing is kept until “coach, on the record”
  coach, stop listening    leave, to go on later
Keys: y and n, yes and no, answer for both of you. w writes an answer, such
as an agreement, a topic, a promise or a day; Enter ends it. Also to let an
agreement go, when the coach asks: “let go of the second one”."""
LEAVES = "q or Ctrl-C leaves the check-in; started again, it goes on where you were."


def check_in(
    people: Annotated[str, typer.Option(help="Your names: Anna,Ben. Can be left out the next time.")] = "",
    minutes: Annotated[float, typer.Option(min=10, max=60, help="How long you have.")] = 30,
    floor: Annotated[
        float | None, typer.Option(min=10, help="Seconds each has the floor (default: by --minutes).")
    ] = None,
    rounds: Annotated[int | None, typer.Option(min=1, max=6, help="How many rounds (default: by --minutes).")] = None,
    grace: Annotated[float, typer.Option(min=0, help="Seconds to finish in after the bell.")] = 60,
    rest: Annotated[float, typer.Option(min=0.05, max=60, help="Minutes of a time out.")] = 20,
    new: Annotated[bool, typer.Option("--new", help="Begin anew even if one broke off.")] = False,
    device: Annotated[str | None, DEVICE] = None,
    device_b: Annotated[str | None, DEVICE_B] = None,
    channels: Annotated[int | None, CHANNELS] = None,
    level: Annotated[str | None, LEVEL] = None,
    voice: Annotated[bool, typer.Option("--voice/--no-voice", help="Speak aloud.")] = True,
    model: Annotated[str, MODEL] = "whisper-base",
    to: Annotated[Path | None, typer.Option("--out", help="Folder for plain log and report, not kept here.")] = None,
    plain: Annotated[bool, typer.Option(help="Lines instead of a screen.")] = False,
    consent: Annotated[bool, CONSENT] = False,
    keep_audio: Annotated[bool, KEEP_AUDIO] = False,
    voice_name: Annotated[str | None, VOICE_NAME] = None,
    rate: Annotated[int | None, RATE] = None,
    volume: Annotated[float | None, VOLUME] = None,
) -> None:
    """Lead the two of you through a talk. Arrive, agreements, rounds of speaking and listening, close.

    All of it by voice: you need not look at the screen. "Coach, next" or Enter skips a step, "time out" or t gives you
    a break. One that breaks off goes on where it was when you start it again; you are asked again whether it may
    listen, because much can have changed since, also who is in the room.

    Example: voicecoach check-in --people Anna,Ben --minutes 30
    """
    from voicecoach.practice.checkin import CheckIn  # noqa: PLC0415
    from voicecoach.practice.keeper import Keeper  # noqa: PLC0415
    from voicecoach.practice.planning import Length, left_open, plan  # noqa: PLC0415
    from voicecoach.session.sentences import embed_if_here  # noqa: PLC0415
    from voicecoach.store.log import check_free  # noqa: PLC0415

    if to is not None:
        check_free(to)  # before a check-in is noted that will not be held
    settings = voice_of(voice_name, rate, volume)
    pair = pair_named(people, new=True)
    now = datetime.now()
    left = None if new else left_open(pair, now)
    if left is None:
        length = Length(minutes, floor, rounds, grace, rest * 60)
        checkin, planned, progress = None, plan(pair, length, now), None
    else:
        checkin, planned, progress = left
        err.print(f"Going on with the check-in of {checkin.began.replace('T', ' ')} (--new begins another).")
    source = microphone_of(device, device_b, channels)
    guide = CheckIn(planned, progress=progress, embed=embed_if_here())
    keeper = Keeper(pair, planned, checkin, datetime.now)
    sessions = set[str]()

    def show(event: Event, session: str) -> None:
        if session not in sessions:
            sessions.add(session)
            keeper.began(session)
        keeper.show(event)

    practice = Practice(guide, show, KEYS, LEGEND, HELP, LEAVES)
    with keeper:
        converse(
            source,
            names_of(people) or list(pair.people),
            level=level or preferred().level,
            folder=to,
            speak=voice,
            plain=plain,
            hurry=False,
            model=model,
            practice=practice,
            consent=consent,
            keep_audio=keep_audio,
            voice=settings,
        )
    if guide.done:
        tell_pair(pair, now.date())
    else:
        out.print("The check-in is not over: voicecoach check-in goes on where you were.")
