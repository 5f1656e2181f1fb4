"""PortAudio behind one door: what is there, and sentences instead of its errors."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any, Protocol

from voicecoach.errors import VoicecoachError


@dataclass(frozen=True, slots=True)
class Device:
    """One sound device. ``inputs``/``outputs``: channels; ``rate``: its own samples per second."""

    index: int
    name: str
    inputs: int
    outputs: int
    rate: float
    default_in: bool
    default_out: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A microphone by what stays when its number changes: the ``nth`` (from 0) of ``count`` that are called ``name``.

    Windows lists each under several sound systems, of which ``system`` is one; two of a model have one name anyway.
    """

    name: str
    system: str
    nth: int
    count: int

    @classmethod
    def of(cls, number: int) -> Place:
        """The place of what has this number now."""
        name, system = _called(portaudio().query_devices(number))
        same = _so_called(name, system)
        return cls(name, system, same.index(number), len(same))

    def number(self, *, gone: bool) -> int:
        """Its number now. Raises ValueError when it is not there.

        ``gone``: it is this one that was unplugged, so while one of those of its name is missing, none of them is it.
        """
        same = _so_called(self.name, self.system)
        if not same or (gone and len(same) < self.count):
            raise ValueError(f"{self.name} is not there")
        return same[min(self.nth, len(same) - 1)]


class Holder(Protocol):
    """Something that holds a stream of PortAudio."""

    def let_go(self) -> None:
        """Close the stream for a moment."""
        ...

    def take_up(self) -> None:
        """Open it again, if it can be; never raises."""
        ...


_holders: weakref.WeakSet[Holder] = weakref.WeakSet()


def hold(holder: Holder) -> None:
    """Have ``holder`` let go and take up its stream when `look_again` is called."""
    _holders.add(holder)


def let_be(holder: Holder) -> None:
    """``holder`` holds no stream any more."""
    _holders.discard(holder)


def look_again() -> None:
    """Find devices that came back. PortAudio only looks when it begins, so every stream ends and begins anew."""
    sd = portaudio()
    holders = list(_holders)
    for holder in holders:
        holder.let_go()
    sd._terminate()
    sd._initialize()
    for holder in holders:
        holder.take_up()


def _called(listed: Any) -> tuple[str, str]:
    """Name of a device that PortAudio has listed, and of its sound system."""
    return str(listed["name"]), str(portaudio().query_hostapis(listed["hostapi"])["name"])


def _so_called(name: str, system: str) -> list[int]:
    """Numbers of the microphones of this name under this sound system."""
    every = enumerate(portaudio().query_devices())
    return [i for i, d in every if d["max_input_channels"] > 0 and _called(d) == (name, system)]


def portaudio() -> Any:
    """The sounddevice module. Raises `VoicecoachError` when the PortAudio library is missing.

    Imported late: it looks for devices at that moment, and those who only analyse recordings need none.
    """
    try:
        import sounddevice  # noqa: PLC0415 - see above
    except OSError as error:
        raise VoicecoachError(
            "The PortAudio library is missing, so no microphone can be used; install it "
            "(on Debian and Ubuntu: sudo apt install libportaudio2)."
        ) from error
    return sounddevice


def list_devices() -> list[Device]:
    """All sound devices of this computer. Raises `VoicecoachError` when PortAudio is missing."""
    sd = portaudio()
    default_in, default_out = sd.default.device
    return [
        Device(
            i,
            str(d["name"]),
            int(d["max_input_channels"]),
            int(d["max_output_channels"]),
            float(d["default_samplerate"]),
            i == default_in,
            i == default_out,
        )
        for i, d in enumerate(sd.query_devices())
    ]
