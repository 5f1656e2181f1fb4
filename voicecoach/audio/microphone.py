"""Microphones as a source. The callback only copies and queues: speech never waits for us."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any

import numpy as np
import soxr

from voicecoach.audio.chunk import RATE, Chunk, Samples, clean
from voicecoach.audio.device import portaudio
from voicecoach.errors import VoicecoachError

GONE_S = 2.0
"""No sound for so long means that the device is gone: even silence is delivered."""
ZEROS_S = 10.0
"""Nothing but zeros for so long from the start is a muted or forbidden microphone: rooms are never that quiet."""
QUEUE_S = 1200.0
"""Sound kept for a consumer that stalls, in seconds."""


class Microphone:
    """One microphone, ``channels`` 1 (both people) or 2 (one each). ``device``: index or name, None for the default.

    Captures at 16 kHz, or at the device's own rate when it refuses that. Raises `VoicecoachError` when it cannot be
    opened; `chunks` raises it when the device goes away, after giving all that was heard.
    """

    kind = "microphone"
    length_s: float | None = None

    def __init__(self, device: int | str | None = None, channels: int = 1, block_s: float = 0.1) -> None:
        self.channels = channels
        self._stop = threading.Event()
        self._queue: queue.Queue[tuple[Samples, int, float]] = queue.Queue(maxsize=int(QUEUE_S / block_s))
        self._dropped = 0
        self._last_end: float | None = None
        self._zeros, self._works = 0, False
        self._sd = portaudio()
        self._stream: Any = None
        self._rate = float(RATE)
        try:
            self._open(device, block_s, RATE)
        except self._sd.PortAudioError:
            try:
                own = float(self._sd.query_devices(device, "input")["default_samplerate"])
                self._open(device, block_s, own)
            except (self._sd.PortAudioError, ValueError) as error:
                raise VoicecoachError(
                    "The microphone cannot be opened; plug one in, close other programs that use it, allow its use in "
                    "the system's privacy settings, and see `voicecoach devices` for what is there."
                ) from error
        except ValueError as error:
            raise VoicecoachError(
                f"There is no microphone {device!r}; see `voicecoach devices` for what is there."
            ) from error

    def _open(self, device: int | str | None, block_s: float, rate: float) -> None:
        self._rate = rate
        self._stream = self._sd.InputStream(
            samplerate=rate,
            blocksize=round(block_s * rate),
            device=device,
            channels=self.channels,
            dtype="float32",
            callback=self._heard,
        )
        self._stream.start()

    def _heard(self, data: Samples, frames: int, time: Any, status: Any) -> None:
        lost = 0
        began = float(time.inputBufferAdcTime)
        if status.input_overflow:
            gap = 0.0 if self._last_end is None else began - self._last_end
            lost = max(1, round(gap * self._rate))
        self._last_end = began + frames / self._rate
        try:
            self._queue.put_nowait((data.copy(), lost + self._dropped, monotonic()))
            self._dropped = 0
        except queue.Full:
            self._dropped += frames + lost

    def chunks(self) -> Iterator[Chunk]:
        """Sound until `stop`."""
        resample = None if self._rate == RATE else soxr.ResampleStream(self._rate, RATE, self.channels, dtype="float32")
        while not (self._stop.is_set() and self._queue.empty()):
            try:
                data, lost, came_s = self._queue.get(timeout=0.05 if self._stop.is_set() else GONE_S)
            except queue.Empty:
                if self._stop.is_set():
                    return
                raise VoicecoachError(
                    "The microphone stopped giving sound; plug it in again and start a new session."
                ) from None
            self._zeros += len(data)
            if data.any():
                self._works = True
            elif not self._works and self._zeros >= ZEROS_S * self._rate:
                raise VoicecoachError(
                    "The microphone gives nothing but zeros: unmute it, and allow its use in the system's privacy "
                    "settings (macOS: Privacy & Security > Microphone)."
                )
            sound = clean(data)
            if resample is not None:
                sound = np.asarray(resample.resample_chunk(sound), np.float32).reshape(-1, self.channels)
            yield Chunk(sound, round(lost * RATE / self._rate), came_s=came_s)

    def stop(self) -> None:
        """End `chunks` once all that was heard is given."""
        self._stop.set()

    def close(self) -> None:
        """Give the device back."""
        self._stop.set()
        self._stream.close()


class TwoMicrophones:
    """Two devices, one person each, as one source of two channels.

    They are aligned by what has come so far: whenever one is more than `APART_S` ahead, the other is taken to have
    begun later or to run slower, and silence fills what is missing.
    """

    kind = "microphone"
    length_s: float | None = None
    channels = 2
    APART_S = 0.5

    def __init__(self, first: int | str, second: int | str, block_s: float = 0.1) -> None:
        self._first = Microphone(first, 1, block_s)
        try:
            self._second = Microphone(second, 1, block_s)
        except VoicecoachError:
            self._first.close()
            raise

    def chunks(self) -> Iterator[Chunk]:
        """Sound of both, side by side."""
        rest = [np.zeros(0, np.float32), np.zeros(0, np.float32)]
        far = round(self.APART_S * RATE)
        for pair in zip(self._first.chunks(), self._second.chunks(), strict=False):
            filled = max(chunk.lost for chunk in pair)
            for i, chunk in enumerate(pair):
                rest[i] = np.concatenate((rest[i], np.zeros(chunk.lost, np.float32), chunk.samples[:, 0]))
            if abs(len(rest[0]) - len(rest[1])) > far:
                short = 0 if len(rest[0]) < len(rest[1]) else 1
                missing = len(rest[1 - short]) - len(rest[short])
                rest[short] = np.pad(rest[short], (0, missing))
                filled += missing
            both = min(len(rest[0]), len(rest[1]))
            side_by_side = np.stack((rest[0][:both], rest[1][:both]), axis=1)
            rest = [rest[0][both:], rest[1][both:]]
            came_s = None if pair[0].came_s is None else pair[0].came_s - len(rest[0]) / RATE
            yield Chunk(side_by_side, filled=filled, came_s=came_s)

    def stop(self) -> None:
        """End `chunks` soon."""
        self._first.stop()
        self._second.stop()

    def close(self) -> None:
        """Give both devices back."""
        self._first.close()
        self._second.close()
