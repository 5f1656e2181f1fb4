"""Who is speaking when: voice activity, channels, enrolled voices, overlap."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.errors import MisuseError
from voicecoach.hearing.base import Hearing
from voicecoach.hearing.channels import ChannelHearing, ChannelSettings

__all__ = ["ChannelHearing", "ChannelSettings", "Hearing", "open_hearing"]


def open_hearing(channels: int, people: Sequence[str]) -> Hearing:
    """Open the right hearing for ``channels`` channels and the names of ``people``.

    Raises `MisuseError` when they do not fit together.
    """
    if channels < 2:
        raise MisuseError("One channel needs enrolled voices: give each person a channel of their own.")
    if len(people) != channels:
        raise MisuseError(f"The recording has {channels} channels but {len(people)} names were given: give one each.")
    return ChannelHearing(people)
