"""The words of a conversation: what to decode, decoded beside it, and what came of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from voicecoach.errors import VoicecoachError
from voicecoach.events import Event
from voicecoach.samples import Samples
from voicecoach.session.decoding import Inline, Worker
from voicecoach.transcript import Scribe
from voicecoach.transcript.jobs import Step


class Transcription:
    """``scribe`` says what to decode and when; ``decoding`` does it.

    ``trouble``: why no more words can be written down, if they cannot. It is raised once; from then on there are none,
    so that the session can still hear out what else it knows, and end.
    """

    def __init__(self, scribe: Scribe, decoding: Inline | Worker) -> None:
        self._scribe, self._decoding = scribe, decoding
        self.trouble: VoicecoachError | None = None

    @property
    def behind_s(self) -> float:
        """Sound that waits to become words, in seconds."""
        return self._decoding.behind_s

    def push(self, samples: Samples) -> None:
        """Take sound ``(n, channels)``."""
        self._scribe.push(samples)

    def on(self, signal: Event) -> Sequence[Event]:
        """Follow who speaks; what can be said of the words at once. Raises `VoicecoachError`."""
        return self._do(self._scribe.on(signal))

    def ready(self, *, wait: bool = False) -> Iterator[Event]:
        """What came of the decodes that are done; with ``wait``, of all of them. Raises `VoicecoachError`."""
        if self.trouble is None:
            with self._noted():
                done = self._decoding.results(wait=wait)
            for job, result in done:
                yield from self._scribe.accept(job, result)

    def finish(self) -> Iterator[Event]:
        """Everything there is still to be written down."""
        with contextlib.suppress(VoicecoachError):  # it is the trouble
            while self.trouble is None:
                yield from self.ready(wait=True)
                step = self._scribe.finish()
                yield from self._do(step)
                if not step.jobs:
                    break

    def forget(self) -> None:
        """Drop all sound and all words that wait."""
        self._scribe.forget()
        self._decoding.forget()

    def close(self) -> None:
        """End the decoding."""
        self._decoding.close()

    def _do(self, step: Step) -> Sequence[Event]:
        if self.trouble is None:
            with self._noted():
                for job in step.jobs:
                    self._decoding.submit(job)
        return step.events

    @contextlib.contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except VoicecoachError as error:
            self.trouble = error
            raise
