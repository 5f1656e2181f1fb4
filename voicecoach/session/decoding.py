"""Decoding beside the conversation: the words wait for nobody, and nobody waits for the words."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque

from voicecoach.errors import VoicecoachError
from voicecoach.samples import RATE
from voicecoach.transcript import Decodes, Job, Result

AGAIN_S = (0.1, 1.0, 5.0)
"""A decode that failed is tried again after these waits, in seconds; the sound that comes meanwhile is kept."""
STUCK_S = 120.0
"""At the end, wait at most this long for one decode."""


class Inline:
    """Decodes at once: for a recording that goes as fast as it can."""

    behind_s = 0.0

    def __init__(self, decoder: Decodes) -> None:
        self._decoder = decoder
        self._done: deque[tuple[Job, Result]] = deque()

    def submit(self, job: Job) -> None:
        """Take a job."""
        self._done.append((job, _tried(self._decoder, job)))

    def results(self, *, wait: bool = False) -> list[tuple[Job, Result]]:
        """What is done since last asked."""
        done = list(self._done)
        self._done.clear()
        return done

    def forget(self) -> None:
        """Drop what waits and what is done."""
        self._done.clear()

    def close(self) -> None:
        """Nothing to close."""


class Worker:
    """Decodes in a thread of its own, in order. The scribe asks for one job a person at a time, so few can wait."""

    def __init__(self, decoder: Decodes) -> None:
        self._decoder = decoder
        self._waiting: deque[Job] = deque()
        self._busy: Job | None = None
        self._done: queue.SimpleQueue[tuple[Job, Result]] = queue.SimpleQueue()
        self._wake = threading.Condition()
        self._closing = False
        self._error: VoicecoachError | None = None
        self._thread = threading.Thread(target=self._work, name="decoder", daemon=True)
        self._thread.start()

    @property
    def behind_s(self) -> float:
        """Sound that waits to be decoded, in seconds."""
        with self._wake:
            return sum(len(job.audio) / RATE for job in self._waiting)

    def submit(self, job: Job) -> None:
        """Take a job."""
        with self._wake:
            self._waiting.append(job)
            self._wake.notify()

    def results(self, *, wait: bool = False) -> list[tuple[Job, Result]]:
        """What is done since last asked; with ``wait``, until nothing is left to do."""
        done: list[tuple[Job, Result]] = []
        if wait:
            with self._wake:
                self._wake.wait_for(lambda: self._error is not None or not self._left(), timeout=STUCK_S)
        while not self._done.empty():
            done.append(self._done.get())
        if self._error is not None:
            raise self._error
        return done

    def forget(self) -> None:
        """Drop what waits and what is done; what is being decoded comes out still, for nobody."""
        with self._wake:
            self._waiting.clear()
        while not self._done.empty():
            self._done.get()

    def close(self) -> None:
        """End the thread after the job it is at."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join(timeout=STUCK_S)

    def _left(self) -> bool:
        return bool(self._waiting or self._busy)

    def _next(self) -> Job | None:
        with self._wake:
            self._busy = None
            self._wake.notify_all()
            self._wake.wait_for(lambda: self._closing or self._waiting)
            if self._closing:
                return None
            self._busy = self._waiting.popleft()
            return self._busy

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                result = _tried(self._decoder, job)
            except VoicecoachError as error:  # it must not vanish with its thread
                with self._wake:
                    self._error, self._busy = error, None
                    self._wake.notify_all()
                return
            self._done.put((job, result))


def _tried(decoder: Decodes, job: Job) -> Result:
    """Decode, again after a failure: memory that was short for a moment, say. Raises `VoicecoachError` if it stays.

    What the recogniser raises is not passed on: it may quote what it was decoding.
    """
    for wait_s in AGAIN_S:
        try:
            return decoder.decode(job)
        except VoicecoachError:
            raise
        except Exception:
            time.sleep(wait_s)
    try:
        return decoder.decode(job)
    except VoicecoachError:
        raise
    except Exception as error:
        raise VoicecoachError(
            f"Speech could not be written down any more ({type(error).__name__}): close other programs to free memory, "
            "and check the models: voicecoach models verify."
        ) from None
