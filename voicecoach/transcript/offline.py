"""The words of a whole recording, written down while it is still being heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from voicecoach.events import Signal, VoiceOff, VoiceOn, Word
from voicecoach.transcript.decoder import Decoder
from voicecoach.transcript.jobs import Span
from voicecoach.transcript.memory import give_back
from voicecoach.transcript.windows import Read, Window, Windows, pack

Progress = Callable[[float], None]
"""Called with the share of the work that is done, 0 … 1."""

GIVE_BACK_EVERY = 10
"""Decodes after which free memory is given back."""


@dataclass(slots=True)
class _Person:
    """``spans``: when they spoke; ``since``: when they began what they are saying, infinity while they say nothing."""

    windows: Windows = field(default_factory=Windows)
    spans: list[Span] = field(default_factory=list)
    since: float = float("inf")


class Writing:
    """Writes down who is heard, on ``at_once`` threads beside the one that hears.

    ``read``: the sound, of which everything must be there already; ``decoder``: called when it is first needed, made
    for ``at_once``. The words do not depend on how far ahead of the decodes the hearing is. On a channel shared with
    others, what only the others say is silenced. Memory does not grow with the recording beyond its words. To be used
    with ``with``: left by an exception, nothing more is decoded.
    """

    def __init__(
        self, read: Read, channel_of: Callable[[str], int], decoder: Callable[[], Decoder], at_once: int = 2
    ) -> None:
        self._read, self._channel_of, self._decoder = read, channel_of, decoder
        self._people: dict[str, _Person] = {}
        self._decodes: list[Future[list[Word]]] = []
        self._done = count(1)
        self._pool = ThreadPoolExecutor(at_once)

    def push(self, signals: Iterable[Signal]) -> None:
        """Take what was heard, in order of time, and begin to write down what is certain by it."""
        for signal in signals:
            match signal:
                case VoiceOn():
                    self._people.setdefault(signal.speaker, _Person()).since = signal.start
                case VoiceOff():
                    person = self._people[signal.speaker]
                    span, person.since = (person.since, signal.start), float("inf")
                    person.spans.append(span)
                    self._begin(signal.speaker, person.windows.push(span))

    def finish(self, progress: Progress | None = None) -> list[Word]:
        """Everything was heard: every word, in order of time."""
        for name, person in self._people.items():
            self._begin(name, person.windows.finish())
        words: list[Word] = []
        for done, decode in enumerate(self._decodes, 1):
            words += decode.result()
            if progress is not None:
                progress(done / len(self._decodes))
        return sorted(words, key=lambda w: (w.start, w.end, w.speaker))

    def _begin(self, name: str, windows: Iterable[Window]) -> None:
        for window in windows:
            others = self._others(name, window[0].start, window[-1].end)
            self._decodes.append(self._pool.submit(self._decode, name, window, others))

    def _others(self, name: str, start_s: float, end_s: float) -> list[Span]:
        """When others speak on the channel of ``name``, near a window that was heard whole."""
        channel = self._channel_of(name)
        return [
            span
            for other, person in self._people.items()
            if other != name and self._channel_of(other) == channel
            for span in (*person.spans, (person.since, float("inf")))
            if span[1] > start_s and span[0] < end_s
        ]

    def _decode(self, name: str, window: Window, others: Sequence[Span]) -> list[Word]:
        audio, voiced, shifts = pack(self._read, self._channel_of(name), window, others)
        out = []
        for heard in self._decoder().hear(audio, voiced):
            at = max(i for i, (a, _) in enumerate(shifts) if i == 0 or a <= heard.start + 1e-6)
            shift = shifts[at][1]
            out.append(
                Word(
                    start=heard.start + shift,
                    end=heard.end + shift,
                    speaker=name,
                    word=heard.word,
                    confidence=heard.confidence,
                )
            )
        if next(self._done) % GIVE_BACK_EVERY == 0:
            give_back()
        return out

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, *args: object) -> None:
        self._pool.shutdown(cancel_futures=True)


def transcribe_all(
    read: Read,
    stretches: Mapping[str, Sequence[Span]],
    channel_of: Callable[[str], int],
    decoder: Decoder,
    progress: Progress | None = None,
) -> list[Word]:
    """Every word of ``stretches`` (person → when they speak, seconds, none in another), in order of time."""
    voices: list[VoiceOn | VoiceOff] = []
    for who, spans in stretches.items():
        for start, end in spans:
            voices += [VoiceOn(start=start, end=start, speaker=who), VoiceOff(start=end, end=end, speaker=who)]
    with Writing(read, channel_of, lambda: decoder, max(decoder.at_once, 1)) as writing:
        writing.push(sorted(voices, key=lambda v: (v.start, isinstance(v, VoiceOn))))
        return writing.finish(progress)
