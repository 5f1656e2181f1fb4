"""PortAudio behind one door: what is there, and sentences instead of its errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
