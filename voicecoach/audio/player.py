"""The loudspeaker: prompts out, and what was put out, for telling our own voice from people's."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import soxr

from voicecoach.audio import clock
from voicecoach.audio import device as devices
from voicecoach.audio.reference import Reference
from voicecoach.errors import VoicecoachError
from voicecoach.samples import RATE, Samples

FADE_S = 0.01
"""A prompt that is stopped fades this quickly: no click, and silence well within 50 ms."""
LATENCY_S = 0.1
"""Sound the device holds ready: less gives clicks when the computer is busy, more makes stopping slow."""
GONE_S = 3.0
"""A loudspeaker that has asked for no sound for so long is gone: nothing else tells that. The first time is late, by up
to 1.8 s where a sound server wakes up."""


class Player:
    """Plays sound without waiting. ``available`` False when there is no loudspeaker (any more).

    ``why_not``: why none could be opened.
    """

    def __init__(self, device: int | str | None = None) -> None:
        self.why_not = ""
        self._lock = threading.Lock()
        self._queued: Samples = np.zeros(0, np.float32)
        self._reference = Reference()
        self._rate = float(RATE)
        self._resample: Any = None
        self._stream: Any = None
        self._device = device
        self._begun_anew = False
        self._asked_s = 0.0
        self.take_up()
        devices.hold(self)

    def take_up(self) -> None:
        """Open the loudspeaker, if it can be."""
        self.why_not = ""
        try:
            sd = devices.portaudio()
            try:
                self._open(sd, RATE)
            except sd.PortAudioError:
                self._open(sd, float(sd.query_devices(self._device, "output")["default_samplerate"]))
        except VoicecoachError as error:
            self.why_not = str(error)
        except Exception:  # PortAudio's errors are of a module that may not be there
            self._stream = None
            self.why_not = "No loudspeaker can be opened."

    def let_go(self) -> None:
        """Give the device back, because PortAudio looks for devices anew; what was playing is over."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)
        with self._lock:
            self._queued = np.zeros(0, np.float32)
            self._begun_anew = True

    def _open(self, sd: Any, rate: float) -> None:
        self._rate, self._asked_s = rate, clock.awake_s()
        self._resample = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="float32")
        self._stream = sd.OutputStream(
            samplerate=rate, device=self._device, channels=1, dtype="float32", latency=LATENCY_S, callback=self._give
        )
        self._stream.start()

    @property
    def available(self) -> bool:
        """Whether there is a loudspeaker to play on."""
        asks = clock.awake_s() - self._asked_s < GONE_S
        return self._stream is not None and asks and bool(self._stream.active)

    @property
    def playing(self) -> bool:
        """Whether sound is still to come. What a loudspeaker that went away has not played is over."""
        there = self.available
        with self._lock:
            if not there:
                self._queued = np.zeros(0, np.float32)
            return len(self._queued) > 0

    def play(self, samples: Samples) -> None:
        """Play ``(n,)`` float32 at 16 kHz after what is playing."""
        if not self.available:
            return
        sound = samples if self._rate == RATE else np.asarray(soxr.resample(samples, RATE, self._rate), np.float32)
        with self._lock:
            self._queued = np.concatenate((self._queued, sound))

    def stop(self) -> None:
        """Fall silent within `FADE_S`."""
        with self._lock:
            tail = self._queued[: round(FADE_S * self._rate)]
            self._queued = tail * np.linspace(1.0, 0.0, len(tail), dtype=np.float32)

    def reference(self, n: int, now: float, lost: int = 0) -> Samples:
        """What was put out, as `Reference.take` gives it; nothing of a loudspeaker that is gone."""
        there = self.available
        with self._lock:
            out = self._reference.take(n, now, lost)
        return out if there else np.zeros(n, np.float32)

    def close(self) -> None:
        """Give the device back."""
        devices.let_be(self)
        self.let_go()

    def _give(self, out: Samples, frames: int, time: Any, status: Any) -> None:
        with self._lock:
            self._asked_s = clock.awake_s()
            sound, self._queued = self._queued[:frames], self._queued[frames:]
            out[:, 0] = 0.0
            out[: len(sound), 0] = sound
            put = out[:, 0] if self._resample is None else self._resample.resample_chunk(out[:, 0])
            stumbled, self._begun_anew = bool(status.output_underflow) or self._begun_anew, False
            self._reference.put(np.asarray(put, np.float32), self._asked_s, stumbled=stumbled)
