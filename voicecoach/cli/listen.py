"""`voicecoach listen` and `voicecoach demo`: a conversation, live, with its display."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    KEEP_VOICES,
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
    preferred,
    tell_note,
    tell_report,
)
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import CommandName, Event, Speech

if TYPE_CHECKING:  # these load models or devices: commands import them when they run
    from voicecoach.audio import Source
    from voicecoach.coach import Agreement
    from voicecoach.coach.voice import VoiceSettings
    from voicecoach.hearing import Voiceprint
    from voicecoach.practice import Guide
    from voicecoach.session.resuming import Resuming


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
    channels: Annotated[int | None, CHANNELS] = None,
    file: Annotated[Path | None, typer.Option(help="Play a recording as if it were live.")] = None,
    speed: Annotated[float, typer.Option(min=0.1, help="… so many times as fast.")] = 1.0,
    level: Annotated[str | None, LEVEL] = None,
    voice: Annotated[bool, typer.Option("--voice/--no-voice", help="Speak prompts aloud.")] = True,
    model: Annotated[str, MODEL] = "whisper-base",
    language: Annotated[str | None, LANGUAGE] = None,
    to: Annotated[Path | None, typer.Option("--out", help="Folder for plain log and report, not kept here.")] = None,
    plain: Annotated[bool, typer.Option(help="Lines instead of a screen.")] = False,
    consent: Annotated[bool, CONSENT] = False,
    keep_audio: Annotated[bool, KEEP_AUDIO] = False,
    keep_voices: Annotated[bool, KEEP_VOICES] = False,
    voice_name: Annotated[str | None, VOICE_NAME] = None,
    rate: Annotated[int | None, RATE] = None,
    volume: Annotated[float | None, VOLUME] = None,
    agreement: Annotated[
        list[str] | None, typer.Option(help="What you agreed: interruption=We let each other finish. Repeat.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on in the session that was cut off just now.")] = False,
) -> None:
    """Listen to a conversation, live. Ctrl-C ends it and gives the report.

    If the program or the computer dies, what was heard is kept, and --resume goes on in the same session.

    Example: voicecoach listen --people Anna,Ben
    """
    from voicecoach import audio  # noqa: PLC0415
    from voicecoach.session.offline import nobody_heard  # noqa: PLC0415

    names, mine = names_of(people), preferred()
    resumes = to_resume(names, level, language, to) if resume else None
    if resumes is not None:
        names, level, language = list(resumes.begun.people), resumes.begun.level, resumes.begun.language
    elif to is None and file is None:
        _tell_of_cut_off()
    agreed = [agreement_of(entry) for entry in agreement or []]
    settings = voice_of(voice_name, rate, volume)
    if resumes is not None and file is None and (device, device_b, channels) == (None, None, None):
        channels = None if mine.device_b is not None else resumes.begun.channels
    recording = audio.FileSource(file, speed=speed) if file is not None else None
    source: Source = recording or microphone_of(device, device_b, channels)
    spoke = converse(
        source, names, level=level or mine.level, folder=to, speak=voice, plain=plain, hurry=False, model=model,
        language=language or mine.language, voice=settings, agreements=agreed, consent=consent,
        keep_audio=keep_audio, keep_voices=keep_voices, resumes=resumes,
    )  # fmt: skip
    if recording is not None and recording.note:
        tell_note(recording.note)
    if file is not None and not spoke:
        tell_note(nobody_heard(file))


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
    resumes: Resuming | None = None,
) -> bool:
    """Run a session with its display until it ends or the user ends it; whether anybody was heard.

    No ``folder``: it is kept in the database.

    ``practice``: guided practice that goes on in it; ``voice``: the coach's; ``agreements``: of the people.
    ``consent``: everybody has agreed already; else, at a microphone, they are asked. ``keep_audio``: keep the sound of
    this session with it; ``keep_voices``: what voices sounded like that nobody had enrolled. Raises `MisuseError` when
    sound is to go into a folder, where it would not be encrypted. ``resumes``: the session to go on in.
    """
    from voicecoach.store import database  # noqa: PLC0415

    if keep_audio and folder is not None:
        raise MisuseError("Sound is only kept encrypted with its session; leave out --out or --keep-audio.")
    if folder is None:
        database.unlock()  # a passphrase is asked for now, not when everybody is ready
    with err.status("Getting ready …"):
        from voicecoach import keys  # noqa: PLC0415
        from voicecoach.cli.keyboard import AGREE_KEY, WRITE_KEY, Keyboard  # noqa: PLC0415
        from voicecoach.cli.naming import Naming  # noqa: PLC0415
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
            resumes=resumes,
        )
        commands = dict(keys.COMMANDS) if practice is None else {**keys.COMMANDS, **practice.keys}
        legend = keys.LEGEND if practice is None else practice.legend
        help_text = HELP if practice is None else practice.help_text
        unknown = source.channels == 1 and len(people) > 1 and voices is None and practice is None
        naming = Naming(people, session.call) if unknown else None
        legend += f"   {WRITE_KEY} who is who" if unknown else ""
        lines = plain or not out.is_terminal
        display: Screen | Plain = Plain(out) if lines else Screen(people, lambda: session.lag_s, out, legend, help_text)

    spoke = False

    def heard(event: Event) -> None:
        nonlocal spoke
        spoke = spoke or isinstance(event, Speech)
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
    keyboard = Keyboard(session, display, commands, writes=practice is not None, naming=naming)
    with display, keys.Keys(keyboard.pressed):
        session.run()
    keep_learned(session.learned)
    keep_found(session.found if keep_voices else {})
    if folder is None:
        out.print(f"The session is kept, encrypted, as {session.name}. Its report: voicecoach report {session.name}")
    else:
        tell_report(folder)
    return spoke


def to_resume(names: Sequence[str], level: str | None, language: str | None, to: Path | None) -> Resuming:
    """The session to go on in. It stays what it was: raises `MisuseError` for options that would change it."""
    from voicecoach.session.resuming import resuming  # noqa: PLC0415
    from voicecoach.store import database  # noqa: PLC0415

    if to is not None:
        raise MisuseError("Only a session that is kept can go on; leave out --out or --resume.")
    if database.exists():
        database.unlock()
    found = resuming(datetime.now())
    was = found.begun
    for what, given, before in (
        ("--people", ",".join(names), ",".join(found.names.get(p, p) for p in was.people)),
        ("--level", level, was.level),
        ("--language", language, was.language),
    ):
        if given and given != before:
            raise MisuseError(f"The session that was cut off has {what} {before}; leave out {what}, or --resume.")
    missing_s = found.since_s - found.cut_s
    gap = f"{missing_s / 60:.0f} min" if missing_s >= 90 else f"{missing_s:.0f} s"
    err.print(f"Going on in {found.name}, cut off at {_clock(found.cut_s)}; {gap} are missing.", markup=False)
    return found


def _tell_of_cut_off() -> None:
    """Whoever begins anew after a crash may not know that the session could go on."""
    from voicecoach.session.resuming import last_cut_off  # noqa: PLC0415
    from voicecoach.store import database  # noqa: PLC0415

    if database.exists():
        database.unlock()
        found = last_cut_off(datetime.now())
        if found is not None:
            err.print(
                f"The session {found.name} was cut off at {_clock(found.cut_s)}; `voicecoach listen --resume` goes on "
                "in it. This is a new one.",
                markup=False,
            )


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


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


def voice_of(name: str | None, rate: int | None, volume: float | None) -> VoiceSettings:
    """The coach's voice, as given or as in the settings. Raises `MisuseError` for one this computer does not have."""
    from voicecoach.coach.voice import VoiceSettings, find_voice  # noqa: PLC0415

    mine = preferred()
    name = name or mine.voice
    volume = mine.volume if volume is None else volume
    return VoiceSettings(None if name is None else find_voice(name), rate or mine.rate, volume)


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
