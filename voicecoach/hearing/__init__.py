"""Who is speaking when: voice activity, channels, enrolled voices, overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voicecoach.errors import MisuseError
from voicecoach.hearing.base import Hearing
from voicecoach.hearing.channels import ChannelHearing, ChannelSettings
from voicecoach.hearing.decided import Decided
from voicecoach.hearing.enrolled import EnrolledHearing
from voicecoach.hearing.enrolment import MOST_S, enroll, enroll_from, similar
from voicecoach.hearing.kept import MayKeep, always
from voicecoach.hearing.mono import MonoSettings
from voicecoach.hearing.prosody import Measured
from voicecoach.hearing.recorded import RecordedHearing
from voicecoach.hearing.separated import SeparatedHearing
from voicecoach.hearing.stirring import Stirring
from voicecoach.hearing.voiceprint import Voiceprint

__all__ = [
    "MOST_S",
    "ChannelHearing",
    "ChannelSettings",
    "Decided",
    "EnrolledHearing",
    "Hearing",
    "Measured",
    "MonoSettings",
    "RecordedHearing",
    "SeparatedHearing",
    "Stirring",
    "Voiceprint",
    "enroll",
    "enroll_from",
    "open_hearing",
    "similar",
]


def open_hearing(
    channels: int,
    people: Sequence[str],
    voiceprints: Mapping[str, Voiceprint] | None = None,
    *,
    recorded: bool = False,
    may_keep: MayKeep = always,
) -> Hearing:
    """The right hearing for ``channels`` channels, the names of ``people`` and the voices of those enrolled.

    ``recorded``: nobody waits, so one microphone for several people says nothing before it has heard everything.

    ``may_keep``: whether what voices sound like between two times may be known after a live session.

    One person alone is whoever is heard. One channel for several and nobody enrolled: ``people`` are given to the
    voices in order of appearance.

    Raises `MisuseError` when they do not fit together, `VoicecoachError` when a model is not on this computer.
    """
    if channels > 1:
        if len(people) != channels:
            raise MisuseError(f"There are {channels} channels and {len(people)} names: give one name for each channel.")
        return ChannelHearing(people)
    if len(people) == 1:
        return ChannelHearing(people)
    voices = voiceprints or {}
    missing = [name for name in people if name not in voices]
    if len(missing) == len(people):
        people = people or ("A", "B")
        return RecordedHearing(people) if recorded else SeparatedHearing(people, may_keep=may_keep)
    if missing:
        raise MisuseError(f"{missing[0]} is not enrolled but others are: enroll everybody who speaks, or nobody.")
    if recorded:
        return RecordedHearing(people, voices)
    return EnrolledHearing({name: voices[name] for name in people}, may_keep=may_keep)
