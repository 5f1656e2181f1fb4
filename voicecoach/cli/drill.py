"""`voicecoach drill`: practise one skill at a time, alone or as a pair; what it was like, over time."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.converse import voice_of, voices_of
from voicecoach.cli.shared import DEVICE, MODEL, RATE, VOICE_NAME, VOLUME, err, microphone_of, out
from voicecoach.errors import MisuseError

if TYPE_CHECKING:  # these load models or devices: the command imports them when it runs
    from voicecoach.coach.voice import VoiceSettings
    from voicecoach.events import CommandName, Event
    from voicecoach.practice.drills import Go
    from voicecoach.store.practice import Attempt

ALONE = "you"
"""Whoever practises alone and says no name."""
KEYS: Mapping[str, CommandName] = {
    "n": "next", " ": "next", "\r": "next", "\n": "next", "a": "again", "e": "example", "q": "stop listening",
}  # fmt: skip
NARROW, WIDE = 20, 40
"""So many blocks a curve has at most, among others and alone."""
LEGEND = "space or n next   a again   e example   q stop"


def drill(
    name: Annotated[str, typer.Argument(help="Which drill; without one, all are listed.")] = "",
    partner: Annotated[str, typer.Option("--with", help="Practise as a pair: the other's name.")] = "",
    me: Annotated[str, typer.Option("--as", help="Your name.")] = "",
    minutes: Annotated[float, typer.Option(min=3, max=8, help="How long, 3 to 8 minutes.")] = 5.0,
    topic: Annotated[str, typer.Option(help="Stories of one topic: work, money, parenting, family, …")] = "",
    story: Annotated[str, typer.Option(help="One story, by its name.")] = "",
    device: Annotated[str | None, DEVICE] = None,
    channels: Annotated[int, typer.Option(min=1, max=2, help="2, for a pair: one microphone channel each.")] = 1,
    voice: Annotated[bool, typer.Option("--voice/--no-voice", help="Speak aloud, or only show.")] = True,
    progress: Annotated[bool, typer.Option("--progress", help="Only show how it went so far.")] = False,
    model: Annotated[str, MODEL] = "whisper-base",
    plain: Annotated[bool, typer.Option(help="Lines instead of a screen.")] = False,
    voice_name: Annotated[str | None, VOICE_NAME] = None,
    rate: Annotated[int | None, RATE] = None,
    volume: Annotated[float | None, VOLUME] = None,
) -> None:
    """Practise one skill for a few minutes, by voice. Nothing you say is kept, only how it went.

    Example: voicecoach drill mirror
    """
    from voicecoach.practice.drills import sheet_of  # noqa: PLC0415
    from voicecoach.store import database  # noqa: PLC0415

    if name:
        sheet_of(name)
    _check(topic, story)
    practising = bool(name) and not progress
    if practising or database.exists():
        database.unlock()  # a passphrase is asked for now, not when somebody is ready
    people = _people(me, partner)
    if not practising:
        _tell_progress(people[0] if me else "", name)
    else:
        _practise(
            name, people, minutes=minutes, topic=topic, story=story, device=device,
            channels=channels, speak=voice, model=model, plain=plain, voice=voice_of(voice_name, rate, volume),
        )  # fmt: skip


def _check(topic: str, story: str) -> None:
    from voicecoach.practice.stories import TOPICS, stories  # noqa: PLC0415

    if topic and topic not in TOPICS:
        raise MisuseError(f"There are no stories about {topic!r}; the topics are {', '.join(TOPICS)}.")
    if story and story not in {s.name for s in stories()}:
        raise MisuseError(f"There is no story {story!r}; leave it out, or choose a --topic.")


def _people(me: str, partner: str) -> list[str]:
    """Who practises. A name given once is remembered by its goes."""
    from voicecoach.store.practice import attempts  # noqa: PLC0415

    names = {a.person for a in attempts()} - {ALONE}
    mine = me.strip() or (next(iter(names - {partner}), "") if len(names - {partner}) == 1 else "")
    if not partner:
        return [mine or ALONE]
    if not mine:
        raise MisuseError("Give your own name too, so that you can be told apart: --as Anna --with Ben")
    if mine == partner:
        raise MisuseError("Two people have the same name; give each a name of their own.")
    return [mine, partner]


def _before(name: str, people: Sequence[str]) -> dict[str, list[Go]]:
    from voicecoach.practice.drills import Go  # noqa: PLC0415
    from voicecoach.store.practice import attempts  # noqa: PLC0415

    return {
        p: [Go(a.level, a.figures.get("measure", 0.0), a.figures.get("answered", 1.0) > 0) for a in attempts(p, name)]
        for p in people
    }


def _practise(
    name: str,
    people: Sequence[str],
    *,
    minutes: float,
    topic: str,
    story: str,
    device: str | None,
    channels: int,
    speak: bool,
    model: str,
    plain: bool,
    voice: VoiceSettings,
) -> None:
    with err.status("Getting ready …"):
        from voicecoach import keys  # noqa: PLC0415
        from voicecoach.display import DrillLines, DrillScreen  # noqa: PLC0415
        from voicecoach.events import Command, Practised  # noqa: PLC0415
        from voicecoach.practice.drills import Drill  # noqa: PLC0415
        from voicecoach.session import LiveSession  # noqa: PLC0415
        from voicecoach.session.sentences import embed_if_here  # noqa: PLC0415
        from voicecoach.store.practice import add_attempt  # noqa: PLC0415
        from voicecoach.transcript import Decoder  # noqa: PLC0415

        guide = Drill(
            name, people, before=_before(name, people), minutes=minutes, topic=topic, story=story, embed=embed_if_here()
        )
        source = microphone_of(device, None, channels if len(people) > 1 else 1)
        lines = plain or not out.is_terminal
        display = DrillLines(out) if lines else DrillScreen(name, people, lambda: guide.stage, out, LEGEND)

        def happen(event: Event) -> None:
            if isinstance(event, Practised):
                add_attempt(
                    event.speaker,
                    event.drill,
                    level=event.level,
                    date=datetime.now().strftime("%Y-%m-%dT%H:%M"),
                    figures={"measure": event.measure, **event.figures},
                )
            display.show(event)

        session = LiveSession(
            source,
            people,
            voices=voices_of(people) if source.channels == 1 and len(people) > 1 else None,
            keep=False,
            speak=speak,
            on_event=happen,
            decoder=Decoder(model),
            guide=guide,
            voice=voice,
        )

    def pressed(key: str) -> None:
        if key.lower() in KEYS:
            session.command(Command(start=0.0, end=0.0, name=KEYS[key.lower()]))

    def end(number: int, frame: FrameType | None) -> None:
        session.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with display, keys.Keys(pressed):
        session.run()
    tell_curves(people, name)


# --- progress ------------------------------------------------------------------------------------------------------


def _tell_progress(person: str, name: str) -> None:
    """All drills, or one, with what each is and how it went."""
    from voicecoach.practice.drills import NAMES, material  # noqa: PLC0415
    from voicecoach.store.practice import attempts  # noqa: PLC0415

    done = attempts(person or None)
    for drill_name in [name] if name else NAMES:
        sheet = material().sheets[drill_name]
        out.print(f"[bold]{drill_name:12}[/bold] {sheet.line}")
        for who in dict.fromkeys(a.person for a in done if a.drill == drill_name):
            mine = [a for a in done if a.drill == drill_name and a.person == who]
            out.print(f"             {_line(mine, who, WIDE if name else NARROW)}", style="dim", markup=False)
            if name:
                first, last = mine[0].date[:10], mine[-1].date[:10]
                days = first if first == last else f"{first} to {last}"
                out.print(f"             {days}: {sheet.measure}", style="dim", markup=False)
    if not name:
        out.print(
            "\nvoicecoach drill mirror   begins one; add --with Ben --as Anna to practise as a pair.", style="dim"
        )


def _line(goes: Sequence[Attempt], who: str, width: int = NARROW) -> str:
    from voicecoach.practice.drills.curve import curve  # noqa: PLC0415

    name = "" if who == ALONE else f"{who}: "
    times = "once" if len(goes) == 1 else f"{len(goes)} times"
    line = f"{name}{times}, level {goes[-1].level}  {curve([a.figures.get('measure', 0.0) for a in goes], width)}"
    calm = max((a.figures.get("longest_calm_ms", 0.0) for a in goes), default=0.0)
    return line + (f"  longest calm wait {calm / 1000:.1f} s" if calm else "")


def tell_curves(people: Sequence[str], name: str) -> None:
    """How the drill went so far for each who has just practised."""
    from voicecoach.practice.drills import sheet_of  # noqa: PLC0415
    from voicecoach.store.practice import attempts  # noqa: PLC0415

    for person in people:
        goes = attempts(person, name)
        if goes:
            out.print(_line(goes, person), markup=False)
            out.print(f"The curve shows: {sheet_of(name).measure}.", style="dim")
