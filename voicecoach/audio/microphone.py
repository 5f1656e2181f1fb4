"""A microphone as a source. The callback only copies and queues: speech never waits for us."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import soxr

from voicecoach.audio import clock
from voicecoach.audio import device as devices
from voicecoach.audio.chunk import Chunk, clean
from voicecoach.audio.residue import FRAME
from voicecoach.errors import VoicecoachError
from voicecoach.samples import RATE, Samples

GONE_S = 3.0
"""No sound for so long, while we looked for it, means that the device is gone: even silence is delivered."""
SLICE_S = 0.25
"""Sound is waited for in slices. Of a slice in which this whole computer stood still only so much is counted: then
nobody looked, and the sound that came meanwhile is in the queue a moment later."""
WAIT_S = 300.0
"""Wait so long for it to come back."""
LOOK_S, LOOK_MOST_S = 1.0, 15.0
"""Look for it after so long, then less and less often: looking interrupts what else uses sound for a moment."""
ZEROS_S = 10.0
"""Nothing but zeros for so long from the start is a muted or forbidden microphone: rooms are never that quiet."""
QUEUE_S = 1200.0
"""Sound kept for a consumer that stalls, in seconds."""
SLEEP_S = 1.0
"""Shorter is no sleep but two clocks that differ a little."""
BUSY = -9985
"""PortAudio's number for a device that another program holds (``paDeviceUnavailable``)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """What one callback brought, ``rate`` samples a second; ``lost`` of them before it, ``slept_s`` of that asleep."""

    data: Samples
    rate: float
    lost: int
    slept_s: float
    came_s: float


class Microphone:
    """One microphone, ``channels`` 1 (both people) or 2 (one each). ``device``: index or name, None for the default.

    Captures at 16 kHz, or at the device's own rate when it refuses that. Raises `VoicecoachError` when it cannot be
    opened. When the device goes away, `chunks` waits for it, and tells the time that goes by as lost; it raises
    `VoicecoachError` when it has not come back after ``wait_s``.
    """

    kind = "microphone"
    length_s: float | None = None

    def __init__(
        self, device: int | str | None = None, channels: int = 1, block_s: float = 0.1, wait_s: float = WAIT_S
    ) -> None:
        self.channels = channels
        self._device, self._block_s, self._wait_s = device, block_s, wait_s
        self._stop = threading.Event()
        self._queue: queue.Queue[_Block] = queue.Queue(maxsize=int(QUEUE_S / block_s))
        self._dropped = 0
        self._last_end: float | None = None
        self._came_s = clock.awake_s()
        self._slept_s = clock.slept_s()
        self._zeros_s, self._works = 0.0, False
        self._resample: Any = None
        self._resampled, self._held_s = float(RATE), 0.0
        self._rest: Samples = np.zeros((0, channels), np.float32)
        self._stream: Any = None
        self._place: devices.Place | None = None
        self._gone = self._anew = False
        sd = devices.portaudio()
        try:
            self._open()
            if isinstance(device, int):  # numbers change when devices come and go
                self._place = devices.Place.of(device)
        except (sd.PortAudioError, ValueError) as error:
            stranger = isinstance(device, int) and device >= len(sd.query_devices())
            if isinstance(error, sd.PortAudioError) and not stranger:
                raise VoicecoachError(_why_not(error)) from error
            # ALSA leaves out of its list what another program holds
            raise VoicecoachError(
                f"There is no microphone {device!r} that can be used now; see `voicecoach devices` for what is there, "
                "or, if another program holds it, close that and start again."
            ) from error
        devices.hold(self)

    @property
    def waiting(self) -> bool:
        """Whether sound has come that `chunks` has not given yet."""
        return not self._queue.empty()

    def _open(self) -> None:
        """Open the device, at its own rate if it refuses ours. Raises PortAudioError, or ValueError for no such."""
        sd = devices.portaudio()
        if self._place is not None:
            self._device = self._place.number(gone=self._gone)
        try:
            self._open_at(RATE)
        except sd.PortAudioError:
            self._open_at(float(sd.query_devices(self._device, "input")["default_samplerate"]))

    def _open_at(self, rate: float) -> None:
        def heard(data: Samples, frames: int, time: Any, status: Any) -> None:
            self._heard(data, rate, float(time.inputBufferAdcTime), overflow=bool(status.input_overflow))

        self._last_end = None
        self._stream = devices.portaudio().InputStream(
            samplerate=rate,
            blocksize=round(self._block_s * rate),
            device=self._device,
            channels=self.channels,
            dtype="float32",
            callback=heard,
        )
        self._stream.start()

    def _heard(self, data: Samples, rate: float, began: float, *, overflow: bool) -> None:
        now, lost = clock.awake_s(), 0
        if self._anew:  # what came while PortAudio looked for devices
            lost = max(0, round((now - self._came_s) * rate) - len(data))
        elif overflow:  # the device's clock may be one that can be set, so it is not believed beyond ours
            gap = 0.0 if self._last_end is None else min(began - self._last_end, now - self._came_s)
            lost = max(1, round(gap * rate))
        self._anew = False
        slept_s = self._slept_since()
        lost += round(slept_s * rate)
        self._last_end, self._came_s = began + len(data) / rate, now
        try:
            self._queue.put_nowait(_Block(data.copy(), rate, lost + self._dropped, slept_s, now))
            self._dropped = 0
        except queue.Full:
            self._dropped += len(data) + lost

    def _slept_since(self) -> float:
        """Seconds of sleep since this was asked last."""
        slept_s = clock.slept_s() - self._slept_s
        if slept_s < SLEEP_S:
            return 0.0
        self._slept_s += slept_s
        return slept_s

    def chunks(self) -> Iterator[Chunk]:
        """Sound from now on until `stop`: what came before that, while models were loaded, say, was for nobody."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        self._dropped, self._came_s, self._slept_s = 0, clock.awake_s(), clock.slept_s()
        return self._chunks()

    def _chunks(self) -> Iterator[Chunk]:
        waited_s = 0.0
        while not (self._stop.is_set() and self._queue.empty()):
            slice_s = 0.05 if self._stop.is_set() else SLICE_S
            try:
                block = self._queue.get(timeout=slice_s)
            except queue.Empty:
                waited_s += slice_s
                if not self._stop.is_set() and (waited_s >= GONE_S or self._ended()):
                    yield from self._wait()
                    waited_s = 0.0
                continue
            waited_s = 0.0
            self._look_for_zeros(block)
            lost = round(block.lost * RATE / block.rate)
            yield from self._given(block, lost, "asleep" if block.slept_s else "overrun")
        yield from self._left(self._came_s - self._held_s)

    def _ended(self) -> bool:
        """Whether the driver has ended the stream: with some, an unplugged microphone does that at once."""
        return self._stream is None or not self._stream.active

    def _wait(self) -> Iterator[Chunk]:
        """The device is gone: let time go by until it is back or `stop`. Raises `VoicecoachError` after ``wait_s``."""
        since_s, slept_s = self._came_s - self._held_s, 0.0
        yield from self._left(since_s)
        until_s = clock.awake_s() + self._wait_s
        pause_s, look_s = LOOK_S, clock.awake_s()
        told, self._gone = 0, True
        while not (self._stop.is_set() or self.waiting):
            now = clock.awake_s()
            if now > until_s:
                raise VoicecoachError(
                    f"The microphone went away and did not come back within {_minutes(self._wait_s)}; plug it in and "
                    "start again."
                )
            slept_s += self._slept_since()
            lost = max(0, round((now + slept_s - since_s) * RATE) - told)
            told += lost
            yield Chunk(np.zeros((0, self.channels), np.float32), lost, came_s=now, reason="gone")
            if now >= look_s:
                devices.look_again()
                look_s = clock.awake_s() + pause_s
                pause_s = min(2 * pause_s, LOOK_MOST_S)
            self._stop.wait(self._block_s)
        self._gone = False
        if self.waiting:
            self._resample = None
            block = self._queue.get()
            missing_s = block.came_s + slept_s - since_s - len(block.data) / block.rate
            lost = max(0, round(missing_s * RATE) - told) + round(block.slept_s * RATE)
            yield from self._given(block, lost, "overrun")

    def _given(self, block: _Block, lost: int, reason: str) -> Iterator[Chunk]:
        """What ``block`` brought after ``lost`` samples, in whole frames of the echo canceller; the rest waits."""
        sound = self._at_our_rate(block)
        came_s = block.came_s - self._held_s
        if lost:
            yield from self._left(came_s - (lost + len(sound)) / RATE)
        sound = np.concatenate((self._rest, sound))
        whole = len(sound) // FRAME * FRAME
        self._rest = sound[whole:]
        yield Chunk(sound[:whole], lost, came_s=came_s - len(self._rest) / RATE, reason=reason)

    def _left(self, came_s: float) -> Iterator[Chunk]:
        """What waits, because what comes next does not follow it at once."""
        rest, self._rest = self._rest, self._rest[:0]
        if len(rest):
            yield Chunk(rest, came_s=came_s)

    def let_go(self) -> None:
        """Close the stream, because PortAudio looks for devices anew."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)

    def take_up(self) -> None:
        """Open it again, if it can be."""
        sd = devices.portaudio()
        self._anew = True
        if not self._stop.is_set():
            with contextlib.suppress(sd.PortAudioError, ValueError):
                self._open()

    def _look_for_zeros(self, block: _Block) -> None:
        self._zeros_s += len(block.data) / block.rate
        if block.data.any():
            self._works = True
        elif not self._works and self._zeros_s >= ZEROS_S:
            raise VoicecoachError(
                "The microphone gives nothing but zeros: unmute it, and allow its use in the system's privacy "
                "settings (macOS: Privacy & Security > Microphone)."
            )

    def _at_our_rate(self, block: _Block) -> Samples:
        sound = clean(block.data)
        if block.rate == RATE:
            self._held_s = 0.0
            return sound
        if self._resample is None or self._resampled != block.rate:
            self._resample = soxr.ResampleStream(block.rate, RATE, self.channels, dtype="float32")
            self._resampled, self._held_s = block.rate, 0.0
        ours = np.asarray(self._resample.resample_chunk(sound), np.float32).reshape(-1, self.channels)
        self._held_s += len(sound) / block.rate - len(ours) / RATE
        return ours

    def stop(self) -> None:
        """End `chunks` once all that was heard is given."""
        self._stop.set()

    def close(self) -> None:
        """Give the device back."""
        self._stop.set()
        devices.let_be(self)
        self.let_go()


def _why_not(error: Exception) -> str:
    """A sentence about PortAudio's ``error`` on opening a microphone."""
    if len(error.args) > 1 and error.args[1] == BUSY:
        return (
            "The microphone is in use: another program holds it for itself; close that program, or choose another "
            "microphone (`voicecoach devices` lists them), and start again."
        )
    return (
        "The microphone cannot be opened; plug one in, close other programs that use it, allow its use in the system's "
        "privacy settings, and see `voicecoach devices` for what is there."
    )


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds"
