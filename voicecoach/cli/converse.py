"""A session with its display, from its beginning to its report: what every command that listens has in common."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from voicecoach.cli.shared import err, out, preferred, tell_report
from voicecoach.errors import MisuseError
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
    sound is to go into a folder, where it would not be encrypted, or the folder has a session already. ``resumes``: the
    session to go on in.
    """
    _open_place(folder, keep_audio=keep_audio)
    with err.status("Getting ready …"):
        from voicecoach import keys  # noqa: PLC0415
        from voicecoach.cli.keyboard import WRITE_KEY, Keyboard  # noqa: PLC0415
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
        nobody_known = source.channels == 1 and len(people) > 1 and voices is None
        unknown = nobody_known and practice is None
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
        ends = "Ctrl-C ends the session and gives you its report." if practice is None else practice.ends
        tell_begun(ends, asks=not consent, nobody_known=nobody_known, keep_audio=keep_audio)
    keyboard = Keyboard(session, display, commands, writes=practice is not None, naming=naming)
    with display, keys.Keys(keyboard.pressed):
        session.run()
    if session.alike:
        err.print("Both channels gave the same sound, so it is not known who spoke: next time use one (--channels 1).")
    keep_learned(session.learned)
    keep_found(session.found if keep_voices else {})
    if folder is None:
        out.print(f"The session is kept, encrypted, as {session.name}. Its report: voicecoach report {session.name}")
    else:
        tell_report(folder)
    return spoke


def _open_place(folder: Path | None, *, keep_audio: bool) -> None:
    """See that the session can be kept there, while nobody has been asked anything."""
    from voicecoach.store import database  # noqa: PLC0415
    from voicecoach.store.log import check_free  # noqa: PLC0415

    if folder is None:
        database.unlock()  # a passphrase is asked for now, not when everybody is ready
    elif keep_audio:
        raise MisuseError("Sound is only kept encrypted with its session; leave out --out or --keep-audio.")
    else:
        check_free(folder)


def tell_begun(ends: str, *, asks: bool, nobody_known: bool, keep_audio: bool) -> None:
    """Say that a microphone listens, what is kept, and how that ``ends``; how all agree, if the session ``asks``."""
    from voicecoach.session.consent import AGREE_KEY  # noqa: PLC0415

    if asks and nobody_known:
        err.print(f"Nothing is kept before you press {AGREE_KEY}, for all of you: nobody's voice is known yet.")
    elif asks:
        err.print(f"Nothing is kept before each of you has said: yes, I agree. Or press {AGREE_KEY} if all agree.")
    if keep_audio:
        err.print("The sound of this session is kept too, encrypted with it, as you asked.")
    err.print(f"Listening. {ends}")


def voice_of(name: str | None, rate: int | None, volume: float | None) -> VoiceSettings:
    """The coach's voice, as given or as in the settings. Raises `MisuseError` for one this computer does not have."""
    from voicecoach.coach.voice import VoiceSettings, find_voice  # noqa: PLC0415

    mine = preferred()
    name = name or mine.voice
    volume = mine.volume if volume is None else volume
    return VoiceSettings(None if name is None else find_voice(name), rate or mine.rate, volume)


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


def agreements_of(people: Sequence[str]) -> list[Agreement]:
    """What these people agreed on in their check-ins, as far as the coach can notice that it is touched."""
    from voicecoach.coach import Agreement  # noqa: PLC0415
    from voicecoach.coach.agreements import BEHAVIOURS  # noqa: PLC0415
    from voicecoach.store import practice  # noqa: PLC0415

    pairs = [pair for pair in practice.pairs() if set(pair.people) == set(people)]
    return [Agreement(a.text, a.about) for pair in pairs for a in practice.agreements(pair) if a.about in BEHAVIOURS]


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
