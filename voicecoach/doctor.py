"""Is everything there that a session needs? Each check says in a sentence what is so, and what to do if it is not."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass

import numpy as np

from voicecoach import audio, models
from voicecoach.coach.voice import HELP, Voice, VoiceSettings, find_voice
from voicecoach.errors import VoicecoachError
from voicecoach.samples import RATE, Samples
from voicecoach.store import settings
from voicecoach.store.paths import data_dir

LISTEN_S = 1.0
SAY_S = 15.0
"""A voice may take so long to start, and to say a word."""
NEEDED_MB = 300
QUIET_DBFS = -75.0
"""A microphone in a room is louder than this even when nobody speaks."""


@dataclass(frozen=True, slots=True)
class Check:
    """``ok`` None: it works without. ``what``: what was found. ``do``: what to do about it, or empty."""

    name: str
    ok: bool | None
    what: str
    do: str = ""


def checks() -> list[Check]:
    """All checks, in the order in which a session needs them."""
    return [*_microphone(), _loudspeaker(), _voice(), *_models(), _disk()]


def _microphone() -> list[Check]:
    try:
        inputs = [d for d in audio.list_devices() if d.inputs]
        if not inputs:
            advice = "Plug one in, or close the program that holds it; recordings work without."
            return [Check("microphone", False, "There is no microphone that can be used now.", advice)]
        microphone = audio.Microphone()
    except VoicecoachError as error:
        return [Check("microphone", False, "No microphone can be used.", str(error))]
    heard: list[Samples] = []
    try:
        for chunk in microphone.chunks():
            if chunk.reason == "gone":  # it opened and gave nothing, which a session would wait for
                raise VoicecoachError("Plug it in anew, or choose another one in the sound settings.")
            heard.append(chunk.samples)
            if sum(map(len, heard)) > LISTEN_S * RATE:
                break
    except VoicecoachError as error:
        return [Check("microphone", False, "The microphone gives no sound.", str(error))]
    finally:
        microphone.close()
    sound = np.concatenate(heard)
    power = float(np.mean(np.square(sound, dtype=np.float64)))
    if power == 0:
        advice = "Unmute it, and allow its use in the system's privacy settings."
        return [Check("microphone", False, "The microphone gives nothing but zeros.", advice)]
    level = 10 * float(np.log10(power))
    found = Check("microphone", True, f"{len(inputs)} found; the default one hears {level:.0f} dBFS.")
    if level < QUIET_DBFS:
        return [found, Check("level", None, "It is very quiet.", "Turn its level up in the sound settings.")]
    return [found]


def _loudspeaker() -> Check:
    player = audio.Player()
    try:
        if player.available:
            return Check("loudspeaker", True, "Prompts can be heard.")
        return Check("loudspeaker", None, player.why_not, "Plug one in to hear prompts; they are shown anyway.")
    finally:
        player.close()


def _voice() -> Check:
    try:
        mine = settings.read()
        voice = VoiceSettings(None if mine.voice is None else find_voice(mine.voice), mine.rate, mine.volume)
    except VoicecoachError as error:
        return Check("voice", False, "The voice of your settings cannot be used.", str(error))
    with Voice(voice, language=mine.language) as speaker:
        if speaker.say("Ready.", timeout_s=SAY_S) is not None:
            return Check("voice", True, "This computer can speak prompts.")
        if speaker.available:  # its program starts, and fails at every text
            what, do = "This computer's voice gives no sound; prompts are shown and chimed.", HELP.get(sys.platform, "")
            return Check("voice", None, what, do)
        return Check("voice", None, "This computer has no voice; prompts are shown and chimed.", speaker.reason)


def _models() -> list[Check]:
    missing = [m for m in models.catalogue() if not models.installed(m.name)]
    needed = [m.name for m in missing if m.needed]
    if needed:
        return [Check("models", False, f"Not here yet: {', '.join(needed)}.", "Fetch them: voicecoach models fetch")]
    if missing:
        found = "; ".join(f"{m.name} ({m.purpose})" for m in missing)
        return [Check("models", None, f"Not here yet: {found}.", "Fetch it: voicecoach models fetch")]
    return [Check("models", True, "All models are here.")]


def _disk() -> Check:
    folder = data_dir()
    while not folder.exists():
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < NEEDED_MB:
        return Check("disk", False, f"Only {free_mb} MB are free.", f"Make room: {NEEDED_MB} MB are comfortable.")
    return Check("disk", True, f"{free_mb / 1000:.0f} GB are free.")
