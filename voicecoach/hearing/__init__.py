"""Who is speaking when: voice activity, channels, enrolled voices, overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voicecoach.errors import MisuseError
from voicecoach.hearing.base import Hearing
from voicecoach.hearing.channels import ChannelHearing, ChannelSettings
from voicecoach.hearing.enrolment import enroll, similar
from voicecoach.hearing.enrolled import EnrolledHearing
from voicecoach.hearing.mono import MonoSettings
from voicecoach.hearing.voiceprint import Voiceprint

__all__ = [
    "ChannelHearing",
    "ChannelSettings",
    "EnrolledHearing",
    "Hearing",
    "MonoSettings",
    "Voiceprint",
    "enroll",
    "open_hearing",
    "similar",
]


def open_hearing(channels: int, people: Sequence[str], voiceprints: Mapping[str, Voiceprint] | None = None) -> Hearing:
    """The right hearing for ``channels`` channels, the names of ``people`` and the voices of those enrolled.

    Raises `MisuseError` when they do not fit together, `VoicecoachError` when a model is not on this computer.
    """
    if channels > 1:
        if len(people) != channels:
            raise MisuseError(f"There are {channels} channels and {len(people)} names: give one name for each channel.")
        return ChannelHearing(people)
    voices = voiceprints or {}
    missing = [name for name in people if name not in voices]
    if missing:
        raise MisuseError(f"On one channel every voice must be enrolled, and {missing[0]}'s is not: enroll it first.")
    return EnrolledHearing({name: voices[name] for name in people})
