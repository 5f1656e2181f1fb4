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
    CHANNELS,
    CONSENT,
    DEVICE,
    DEVICE_B,
    KEEP_AUDIO,
    LANGUAGE,
    LEVEL,
    MODEL,
    RATE,
    VOICE_NAME,
    VOLUME,
    err,
    microphone_of,
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
    from voicecoach.hearing import Voiceprint
    from voicecoach.practice import Guide


@dataclass(frozen=True)
class Practice:
    """Guided practice in a session.

    ``show``: gets every event and the name of the kept session (empty for a folder); ``keys``: what keys mean besides
    `voicecoach.keys.COMMANDS`, told in ``legend``; ``help_text``: what can be said, and what the keys do; ``ends``: how
    one leaves it. Answers may be typed (`voicecoach.cli.keyboard`).
    """

    guide: Guide
    show: Callable[[Event, str], None]
    keys: Mapping[str, CommandName]
    legend: str
    help_text: str
    ends: str


def listen(
    people: Annotated[str, typer.Option(help="Your names: Anna,Ben. Enrolled voices are known by them.")] = "",
    device: Annotated[str | None, DEVICE] = None,
    device_b: Annotated[str | None, DEVICE_B] = None,
    channels: Annotated[int, CHANNELS] = 1,
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
    voice_name: Annotated[str | None, VOICE_NAME] = None,
    rate: Annotated[int, RATE] = 150,
    volume: Annotated[float, VOLUME] = 1.0,
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
    source: Source = (
        audio.FileSource(file, speed=speed) if file is not None else microphone_of(device, device_b, channels)
    )
    converse(
        source, names, level=level, folder=to, speak=voice, plain=plain, hurry=False, model=model, language=language,
        voice=settings, agreements=agreed, consent=consent, keep_audio=keep_audio,
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
        from voicecoach.cli.keyboard import AGREE_KEY, Keyboard  # noqa: PLC0415
        from voicecoach.display import HELP, Plain, Screen  # noqa: PLC0415
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
        help_text = HELP if practice is None else practice.help_text
        lines = plain or not out.is_terminal
        display: Screen | Plain = Plain(out) if lines else Screen(people, lambda: session.lag_s, out, legend, help_text)

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
        ends = "Ctrl-C ends the session and gives you its report." if practice is None else practice.ends
        err.print(f"Listening. {ends}")
    with display, keys.Keys(Keyboard(session, display, commands, writes=practice is not None).pressed):
        session.run()
    keep_learned(session.learned)
    if folder is None:
        out.print(f"The session is kept, encrypted, as {session.name}. Its report: voicecoach report {session.name}")
    else:
        tell_report(folder)


def keep_learned(learned: Mapping[str, Voiceprint]) -> None:
    """Keep enrolled voices as they sounded now, so that they follow the person, the room and the microphone."""
    from voicecoach.store import voices  # noqa: PLC0415

    for name, voice in learned.items():
        voices.save(name, voice.to_json())


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
