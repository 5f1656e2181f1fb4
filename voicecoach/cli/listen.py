"""`voicecoach listen` and `voicecoach demo`: a conversation, live, with its display."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

import voicecoach
from voicecoach.cli.shared import (
    CONSENT,
    KEEP_AUDIO,
    KEEP_VOICES,
    LANGUAGE,
    LEVEL,
    MODEL,
    device_of,
    err,
    names_of,
    out,
    tell_report,
)
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import CommandName, Event

if TYPE_CHECKING:  # these load models or devices: commands import them when they run
    from voicecoach.audio import Source
    from voicecoach.coach import Agreement
    from voicecoach.coach.voice import VoiceSettings
    from voicecoach.display import NameTyping, Plain, Screen
    from voicecoach.hearing import Voiceprint
    from voicecoach.practice import Guide
    from voicecoach.session import LiveSession

AGREE_KEY = "y"
"""Says that everybody has agreed to be listened to."""
NAME_KEY = "w"
"""Asks who is who, where voices were told apart that nobody had enrolled."""


@dataclass(frozen=True)
class Practice:
    """Guided practice in a session.

    ``show``: gets every event and the name of the kept session (empty for a folder); ``keys``: what keys mean besides
    `voicecoach.keys.COMMANDS`, told in ``legend``.
    """

    guide: Guide
    show: Callable[[Event, str], None]
    keys: Mapping[str, CommandName]
    legend: str


def listen(
    people: Annotated[str, typer.Option(help="Your names: Anna,Ben. Enrolled voices are known by them.")] = "",
    device: Annotated[str | None, typer.Option(help="Microphone: number or name of `voicecoach devices`.")] = None,
    device_b: Annotated[str | None, typer.Option(help="A second microphone, for the second person.")] = None,
    channels: Annotated[int, typer.Option(min=1, max=2, help="2: one microphone channel each.")] = 1,
    file: Annotated[Path | None, typer.Option(help="Play a recording as if it were live.")] = None,
    speed: Annotated[float, typer.Option(min=0.1, help="… so many times as fast.")] = 1.0,
    level: Annotated[str, LEVEL] = "standard",
    voice: Annotated[bool, typer.Option("--voice/--no-voice", help="Speak prompts aloud.")] = True,
    model: Annotated[str, MODEL] = "whisper-base",
    language: Annotated[str, LANGUAGE] = "en",
    to: Annotated[Path | None, typer.Option("--out", help="Folder for plain log and report, not kept here.")] = None,
    plain: Annotated[bool, typer.Option(help="Lines instead of a screen.")] = False,
    consent: Annotated[bool, CONSENT] = False,
    keep_audio: Annotated[bool, KEEP_AUDIO] = False,
    keep_voices: Annotated[bool, KEEP_VOICES] = False,
    voice_name: Annotated[str | None, typer.Option(help="The coach's voice, see `voicecoach voices`.")] = None,
    rate: Annotated[int, typer.Option(min=80, max=300, help="Words per minute of the coach's voice.")] = 150,
    volume: Annotated[float, typer.Option(min=0.0, max=1.0, help="How loud the coach speaks.")] = 1.0,
    agreement: Annotated[
        list[str] | None, typer.Option(help="What you agreed: interruption=We let each other finish. Repeat.")
    ] = None,
) -> None:
    """Listen to a conversation, live. Ctrl-C ends it and gives the report.

    Example: voicecoach listen --people Anna,Ben
    """
    from voicecoach import audio  # noqa: PLC0415

    names = names_of(people)
    agreed = [agreement_of(entry) for entry in agreement or []]
    settings = voice_of(voice_name, rate, volume)
    source: Source
    if file is not None:
        source = audio.FileSource(file, speed=speed)
    elif device_b is not None:
        if device is None:
            raise MisuseError("--device-b is the second microphone; name the first with --device.")
        source = audio.TwoMicrophones(device_of(device), device_of(device_b))
    else:
        source = audio.Microphone(None if device is None else device_of(device), channels)
    converse(
        source, names, level=level, folder=to, speak=voice, plain=plain, hurry=False, model=model, language=language,
        voice=settings, agreements=agreed, consent=consent, keep_audio=keep_audio, keep_voices=keep_voices,
    )  # fmt: skip


def demo(
    fast: Annotated[bool, typer.Option("--fast", help="As fast as it goes, without sound.")] = False,
    to: Annotated[Path | None, typer.Option("--out", help="Folder for log and report.")] = None,
    plain: Annotated[bool, typer.Option(help="Lines instead of a screen.")] = False,
) -> None:
    """Play a bundled conversation through the live coach.

    Example: voicecoach demo --fast
    """
    from voicecoach import audio  # noqa: PLC0415
    from voicecoach.store.paths import data_dir  # noqa: PLC0415

    path = Path(voicecoach.__file__).parents[1] / "audio_fixtures" / "kitchen_table.2ch.flac"
    if not path.exists():
        raise VoicecoachError("The demo's recording is part of the source folder; run it from a clone of voicecoach.")
    source = audio.FileSource(path, speed=None if fast else 1.0)
    folder = to or data_dir() / "demo"  # these are no real people, so it may lie there as plain files
    converse(source, ["Anna", "Ben"], level="standard", folder=folder, speak=not fast, plain=plain, hurry=fast)


def converse(
    source: Source,
    names: Sequence[str],
    *,
    level: str,
    folder: Path | None,
    speak: bool,
    plain: bool,
    hurry: bool,
    model: str = "whisper-base",
    language: str = "en",
    practice: Practice | None = None,
    consent: bool = False,
    keep_audio: bool = False,
    keep_voices: bool = False,
    voice: VoiceSettings | None = None,
    agreements: Sequence[Agreement] = (),
) -> None:
    """Run a session with its display until it ends or the user ends it. No ``folder``: it is kept in the database.

    ``practice``: guided practice that goes on in it; ``voice``: the coach's; ``agreements``: of the people.
    ``consent``: everybody has agreed already; else, at a microphone, they are asked. ``keep_audio``: keep the sound of
    this session with it. Raises `MisuseError` when it is to go into a folder, where it would not be encrypted.
    """
    from voicecoach.store import database  # noqa: PLC0415

    if keep_audio and folder is not None:
        raise MisuseError("Sound is only kept encrypted with its session; leave out --out or --keep-audio.")
    if folder is None:
        database.unlock()  # a passphrase is asked for now, not when everybody is ready
    with err.status("Getting ready …"):
        from voicecoach import keys  # noqa: PLC0415
        from voicecoach.display import NameTyping, Plain, Screen  # noqa: PLC0415
        from voicecoach.session import LiveSession  # noqa: PLC0415
        from voicecoach.transcript import Decoder, DecoderSettings  # noqa: PLC0415

        voices = voices_of(names) if source.channels == 1 else None
        people = names or (["A", "B"])
        session = LiveSession(
            source,
            people,
            voices=voices,
            level=level,
            out=folder,
            keep_audio=keep_audio,
            keep_voices=keep_voices,
            speak=speak,
            on_event=lambda event: heard(event),  # noqa: PLW0108 - the display is made after the session
            hurry=hurry,
            decoder=Decoder(model, settings=DecoderSettings(language=language)),
            language=language,
            guide=practice.guide if practice is not None else None,
            consent=source.kind == "microphone" and not consent,
            announce=source.kind == "microphone",
            voice=voice,
            agreements=[*(agreements_of(people) if folder is None else ()), *agreements],
        )
        commands = dict(keys.COMMANDS) if practice is None else {**keys.COMMANDS, **practice.keys}
        legend = keys.LEGEND if practice is None else practice.legend
        unknown = source.channels == 1 and len(people) > 1 and voices is None and practice is None
        legend += f"   {NAME_KEY} who is who" if unknown else ""
        typing = NameTyping(people if unknown else (), session.call)
        lines = plain or not out.is_terminal
        display: Screen | Plain = Plain(out) if lines else Screen(people, lambda: session.lag_s, out, legend)

    def heard(event: Event) -> None:
        display.show(event)
        if practice is not None:
            practice.show(event, session.name)

    def end(number: int, frame: FrameType | None) -> None:
        session.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    if source.kind == "microphone":
        if not consent:
            err.print(f"Nothing is kept before each of you has said: yes, I agree. Or press {AGREE_KEY} if all agree.")
        if keep_audio:
            err.print("The sound of this session is kept too, encrypted with it, as you asked.")
        err.print("Listening. Ctrl-C ends the session and gives you its report.")
    with display, keys.Keys(_pressing(session, display, commands, typing if unknown else None)):
        session.run()
    keep_learned(session.learned)
    if keep_voices:
        keep_found(session.found)
    if folder is None:
        out.print(f"The session is kept, encrypted, as {session.name}. Its report: voicecoach report {session.name}")
    else:
        tell_report(folder)


def _pressing(
    session: LiveSession, display: Screen | Plain, commands: Mapping[str, CommandName], typing: NameTyping | None
) -> Callable[[str], None]:
    """What keys do. ``typing``: names can be typed."""
    from voicecoach import keys  # noqa: PLC0415
    from voicecoach.display import Screen  # noqa: PLC0415
    from voicecoach.events import Command  # noqa: PLC0415

    def pressed(typed: str) -> None:
        key = typed.lower()
        if typing is not None and (typing.line or key == NAME_KEY):
            typing.key(typed) if typing.line else typing.begin()
            display.ask(typing.line)
        elif key == AGREE_KEY and key not in commands:
            session.command(Command(start=0.0, end=0.0, name="agree"))
        elif key == keys.HELP and isinstance(display, Screen):
            display.help()
        elif key in commands:
            session.command(Command(start=0.0, end=0.0, name=commands[key]))

    return pressed


def keep_learned(learned: Mapping[str, Voiceprint]) -> None:
    """Keep enrolled voices as they sounded now, so that they follow the person, the room and the microphone."""
    from voicecoach.store import voices  # noqa: PLC0415

    for name, voice in learned.items():
        voices.save(name, voice.to_json())


def keep_found(found: Mapping[str, Voiceprint]) -> None:
    """Keep voices that were told apart, and named, as enrolled from now on."""
    from voicecoach.store import voices  # noqa: PLC0415

    for name, voice in found.items():
        voices.save(name, voice.to_json())
        out.print(f"{name}'s voice is known now.", markup=False)


def agreements_of(people: Sequence[str]) -> list[Agreement]:
    """What these people agreed on in their check-ins, as far as the coach can notice that it is touched."""
    from voicecoach.coach import Agreement  # noqa: PLC0415
    from voicecoach.coach.agreements import BEHAVIOURS  # noqa: PLC0415
    from voicecoach.store import practice  # noqa: PLC0415

    pairs = [pair for pair in practice.pairs() if set(pair.people) == set(people)]
    return [Agreement(a.text, a.about) for pair in pairs for a in practice.agreements(pair) if a.about in BEHAVIOURS]


def voice_of(name: str | None, rate: int, volume: float) -> VoiceSettings:
    """The coach's voice. Raises `MisuseError` for a name this computer does not have."""
    from voicecoach.coach.voice import VoiceSettings, find_voice  # noqa: PLC0415

    return VoiceSettings(None if name is None else find_voice(name), rate, volume)


def agreement_of(entry: str) -> Agreement:
    """``interruption=We let each other finish.`` as an agreement. Raises `MisuseError` when it is not one."""
    from voicecoach.coach import Agreement  # noqa: PLC0415

    about, _, text = entry.partition("=")
    return Agreement(text.strip(), about.strip())


def voices_of(names: Sequence[str]) -> dict[str, Voiceprint] | None:
    """The enrolled voices of ``names``, or None when nobody of them is enrolled."""
    from voicecoach.hearing import Voiceprint  # noqa: PLC0415
    from voicecoach.store import voices  # noqa: PLC0415

    known = set(voices.list_names())
    found = {n: Voiceprint.from_json(voices.load(n)) for n in names if n in known}
    if found and len(found) < len(names):
        missing = next(n for n in names if n not in found)
        raise MisuseError(f"{missing}'s voice is not known yet: voicecoach enroll {missing}")
    return found or None
