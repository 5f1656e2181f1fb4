"""Sound in and out: recordings, microphones, the loudspeaker."""

from __future__ import annotations

from voicecoach.audio.chunk import Chunk, Source
from voicecoach.audio.device import Device, list_devices
from voicecoach.audio.echo import EchoCanceller
from voicecoach.audio.file import FileSource
from voicecoach.audio.microphone import Microphone
from voicecoach.audio.player import Player
from voicecoach.audio.two_microphones import TwoMicrophones

__all__ = [
    "Chunk",
    "Device",
    "EchoCanceller",
    "FileSource",
    "Microphone",
    "Player",
    "Source",
    "TwoMicrophones",
    "list_devices",
]
