"""Recordings as a source: any common format, any rate, one or two channels, a little at a time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile
import soxr

from voicecoach.audio.chunk import Chunk, clean
from voicecoach.audio.mp3 import said_samples
from voicecoach.errors import VoicecoachError
from voicecoach.samples import RATE, Samples

LOWEST_RATE, HIGHEST_RATE = 4_000, 384_000
"""Sample rates outside this range are not sound of people in a room."""
_LONGEST_PAGE = 65_307
_LAST_PAGE = 4
"""Of an Ogg page (RFC 3533): its longest length, and the flag of the last one."""

_PADDING = 4 * 1152
"""Samples that encoders add at both ends and decoders leave out, at most."""


class FileSource:
    """A recording (WAV, FLAC, OGG through libsndfile; MP3, M4A and others through FFmpeg), resampled to 16 kHz.

    ``speed``: 1.0 is real time, N is N times faster, None as fast as it goes. ``block_s``: length of one chunk.
    ``note``: what the user should know about the file once it has been read (it was cut off, say), else empty. Memory
    stays flat whatever its length. Raises `VoicecoachError` for what cannot be used.
    """

    kind = "recording"

    def __init__(self, path: str | Path, *, speed: float | None = None, block_s: float = 0.1) -> None:
        self._path = Path(path)
        self._speed = speed
        self._block = max(1, round(block_s * RATE))
        self._stop = threading.Event()
        self.note = ""
        self._check()
        self._reader: _SoundFile | _Media
        try:
            # libsndfile's MP3 decoder breaks some files at low rates (clicks, wrong levels); FFmpeg reads them well
            mp3 = soundfile.info(self._path).format == "MP3"
            self._reader = _Media(self._path) if mp3 else _SoundFile(self._path)
        except (soundfile.LibsndfileError, ValueError, RuntimeError):
            self._reader = _Media(self._path)
        self.channels = self._reader.channels
        self.length_s = self._reader.length_s
        if self.channels > 2:
            self.close()
            raise VoicecoachError(
                f"{self._path.name} has {self.channels} channels; give a recording with one channel for both people, "
                "or two with one person on each."
            )
        if not LOWEST_RATE <= self._reader.rate <= HIGHEST_RATE:
            self.close()
            raise VoicecoachError(
                f"{self._path.name} says it has {self._reader.rate} samples a second, which no recording of a "
                "conversation has; convert it to a 16 kHz WAV file."
            )

    def _check(self) -> None:
        path = self._path
        if not path.exists():
            raise VoicecoachError(f"There is no file {path}; check the name.")
        if path.is_dir():
            raise VoicecoachError(f"{path} is a folder; give a recording.")
        try:
            with path.open("rb") as file:
                empty = not file.read(1)
        except OSError as error:
            raise VoicecoachError(f"{path} cannot be read ({error.strerror}); check its permissions.") from error
        if empty:
            raise VoicecoachError(f"{path.name} is empty; give a recording with sound in it.")

    def chunks(self) -> Iterator[Chunk]:
        """Sound from beginning to end."""
        begin, given = time.monotonic(), 0
        for block in self._blocks():
            if self._speed is not None:
                due = begin + (given + len(block)) / RATE / self._speed
                if self._stop.wait(max(0.0, due - time.monotonic())):
                    return
            if self._stop.is_set():
                return
            given += len(block)
            yield Chunk(block)
        if given == 0:
            raise VoicecoachError(f"{self._path.name} holds no sound; give a recording with sound in it.")

    def _blocks(self) -> Iterator[Samples]:
        """Blocks of the wanted length at 16 kHz."""
        rate = self._reader.rate
        resample = soxr.ResampleStream(rate, RATE, self.channels, dtype="float32") if rate != RATE else None
        rest = np.zeros((0, self.channels), np.float32)
        for raw in self._read():
            data = clean(raw) if resample is None else self._resampled(resample, clean(raw), last=False)
            rest = np.concatenate((rest, data))
            while len(rest) >= self._block:
                yield rest[: self._block].copy()
                rest = rest[self._block :]
        if resample is not None:
            tail = self._resampled(resample, np.zeros((0, self.channels), np.float32), last=True)
            rest = np.concatenate((rest, tail))
        for at in range(0, len(rest), self._block):
            yield rest[at : at + self._block].copy()

    def _resampled(self, resample: Any, data: Samples, *, last: bool) -> Samples:
        done = np.asarray(resample.resample_chunk(data, last=last), np.float32)
        return done.reshape(-1, self.channels)

    def _read(self) -> Iterator[Samples]:
        try:
            yield from self._reader.read()
        except (soundfile.LibsndfileError, av.FFmpegError, EOFError):
            self.note = f"{self._path.name} is damaged or was cut off; what could be read of it was used."

    def stop(self) -> None:
        """End `chunks` soon."""
        self._stop.set()

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def __enter__(self) -> FileSource:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()


class _SoundFile:
    """What libsndfile reads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = soundfile.SoundFile(path)
        if not self._file.frames:
            raise VoicecoachError(f"{path.name} holds no sound; give a recording with sound in it.")
        self.channels: int = self._file.channels
        self.rate: int = self._file.samplerate
        self.length_s: float | None = self._file.frames / self.rate

    def read(self) -> Iterator[Samples]:
        """All of it, about a second at a time. Raises EOFError after the last when there should be more."""
        left: int = self._file.frames
        while len(block := self._file.read(self.rate, dtype="float32", always_2d=True)):
            left -= len(block)
            yield block
        if left > 0 or _cut_off(self._path):
            raise EOFError

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _cut_off(path: Path) -> bool:
    """Whether a WAV file is shorter than it says, or an Ogg file has no last page: libsndfile passes over both.

    WAV files written to a pipe say that they are endless, or 2 GB and more.
    """
    with path.open("rb") as file:
        kind, said = file.read(4), int.from_bytes(file.read(4), "little") + 8
        size = file.seek(0, os.SEEK_END)
        if kind == b"OggS":
            file.seek(max(0, size - _LONGEST_PAGE))
            last = file.read().rpartition(b"OggS")[2]
            return not (len(last) > 1 and last[1] & _LAST_PAGE)
    return kind == b"RIFF" and size + 1 < said < 0x7FFF0000  # some count a byte of padding that they leave out


class _Media:
    """What FFmpeg reads and libsndfile does not."""

    def __init__(self, path: Path) -> None:
        try:
            self._container = av.open(str(path))
            stream = next(iter(self._container.streams.audio), None)
        except (av.FFmpegError, ValueError, OSError) as error:
            raise VoicecoachError(
                f"{path.name} is not a recording that can be read; give WAV, FLAC, MP3, OGG or M4A."
            ) from error
        # a stream whose header FFmpeg cannot make sense of has no codec, so no channels either
        if stream is None or stream.codec_context is None or not stream.codec_context.channels:
            self._container.close()
            raise VoicecoachError(f"{path.name} holds no sound that can be read; give a recording with sound in it.")
        self._stream = stream
        self.channels: int = stream.channels
        self.rate: int = stream.rate
        self.length_s: float | None = (
            float(stream.duration * stream.time_base) if stream.duration and stream.time_base else None
        )
        self._said = self._said_samples(path)

    def _said_samples(self, path: Path) -> float:
        """Samples that the file surely says it holds; 0 where FFmpeg could only guess by its size."""
        name = self._container.format.name
        if name == "mp3":
            return said_samples(path) or 0
        return (self.length_s or 0) * self.rate if name.startswith("mov") else 0

    def read(self) -> Iterator[Samples]:
        """All of it, a frame at a time. Raises EOFError after the last when there should be more."""
        left = self._said
        layout = "mono" if self.channels == 1 else "stereo"
        to_float, form = None, None
        for frame in self._container.decode(self._stream):
            if form != (form := (frame.format.name, frame.layout.name, frame.sample_rate)) or to_float is None:
                to_float = av.AudioResampler(format="flt", layout=layout, rate=self.rate)  # it may change on the way
            left -= frame.samples
            for part in to_float.resample(frame):
                yield part.to_ndarray().reshape(-1, self.channels).astype(np.float32)
        if left > _PADDING:
            raise EOFError

    def close(self) -> None:
        """Close the file."""
        self._container.close()
