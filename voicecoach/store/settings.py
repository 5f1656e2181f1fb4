"""What somebody wants otherwise than usual, in a small file of their own: ``settings.toml``.

It is plain text that people write themselves, so it holds nothing about anybody: no names, nothing that was said.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.store.paths import data_dir
from voicecoach.store.whole import write_new

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TEMPLATE = """\
# What voicecoach does when a command does not say otherwise. Take away the # in front of what you want to change.

# level = "standard"       # how much the coach helps: gentle, standard or strict
# language = "en"          # what you speak: en or de
# voice = "English (America)"   # the coach's voice, one of `voicecoach voices`
# rate = 150               # words a minute, 80 to 300
# volume = 1.0             # how loud it speaks, 0.0 to 1.0
# device = "USB microphone"     # name or number of `voicecoach devices`
# device_b = "Headset"     # a second microphone, for the second person
# channels = 1             # 2: one channel of the microphone each
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a command does when it is not told otherwise.

    ``level``: how much the coach helps; ``language``: ISO 639-1; ``voice``, ``rate`` (words a minute) and ``volume``
    (0 to 1) of the coach; ``device`` and ``device_b``: microphones by number or name, None for the usual one;
    ``channels``: of the microphone, one person each if 2.
    """

    level: str = "standard"
    language: str = "en"
    voice: str | None = None
    rate: int = 150
    volume: float = 1.0
    device: int | str | None = None
    device_b: int | str | None = None
    channels: int = 1


Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _whole(low: int, high: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _number(low: float, high: float) -> Check:
    return lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def _device(value: Any) -> bool:
    return _text(value) or _whole(0, 1 << 16)(value)


_CHECKS: Mapping[str, tuple[Check, str]] = {
    "level": (_text, 'a text, like level = "gentle"'),
    "language": (_text, 'a text, like language = "en"'),
    "voice": (_text, 'one of `voicecoach voices`, like voice = "English (America)"'),
    "rate": (_whole(80, 300), "a whole number from 80 to 300, like rate = 150"),
    "volume": (_number(0.0, 1.0), "a number from 0.0 to 1.0, like volume = 0.8"),
    "device": (_device, 'a name or number of `voicecoach devices`, like device = "USB microphone"'),
    "device_b": (_device, 'a name or number of `voicecoach devices`, like device_b = "Headset"'),
    "channels": (_whole(1, 2), "1 or 2, like channels = 2"),
}
"""By name: what fits, and how to say what would."""


def path() -> Path:
    """Where the file is, or would be."""
    return data_dir() / "settings.toml"


def read() -> Settings:
    """What the file says; what it does not say is as usual, and so is everything where there is no file.

    Raises `MisuseError` with the line or the name that does not fit, `VoicecoachError` when it cannot be read.
    """
    try:
        raw = path().read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise VoicecoachError(f"{path()} cannot be read ({error.strerror}); mend it, or delete it.") from error
    try:
        said = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # what it says may quote the file, and that is the user's own
        place = f" ({error})" if isinstance(error, tomllib.TOMLDecodeError) else ""
        raise MisuseError(f"{path()} is not written as it should be{place}; mend it, or delete it.") from error
    for name, value in said.items():
        if name not in _CHECKS:
            near = difflib.get_close_matches(name, _CHECKS, 1)
            meant = f"is {near[0]} meant?" if near else f"there are {', '.join(_CHECKS)}."
            raise MisuseError(f"{path()}: there is no setting {name!r}; {meant}")
        fits, should = _CHECKS[name]
        if not fits(value):
            raise MisuseError(f"{path()}: {name} should be {should}.")
    return Settings(**said)


def differing(settings: Settings) -> Mapping[str, bool]:
    """Each setting's name, and whether it is otherwise than usual."""
    usual = Settings()
    return {f.name: getattr(settings, f.name) != getattr(usual, f.name) for f in fields(Settings)}


def make() -> bool:
    """Write a file in which everything is explained and nothing is changed; False when there is one already.

    Raises `VoicecoachError` when it cannot be written.
    """
    try:
        path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return write_new(path(), TEMPLATE.encode())
    except OSError as error:
        raise VoicecoachError(f"{path()} cannot be written ({error.strerror}).") from error


def erase() -> None:
    """Delete the file."""
    path().unlink(missing_ok=True)
