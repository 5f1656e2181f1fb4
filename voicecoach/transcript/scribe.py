"""When to decode what, live: partial words while somebody talks, committed ones as soon as they will not change."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from voicecoach.events import Clock, Event, Partial, VoiceOff, VoiceOn, Word, WordsUntil
from voicecoach.transcript.jobs import RATE, Job, Kind, Result, Samples, Span, Step, TranscriptEvent
from voicecoach.transcript.offline import silence
from voicecoach.transcript.ring import Ring


@dataclass(frozen=True, slots=True, kw_only=True)
class ScribeSettings:
    """Times in seconds.

    ``silence_s``: a stretch of speech is finished after this much silence; one shorter than ``short_s`` waits
    ``short_silence_s`` for company, since Whisper mangles a lone syllable. ``running_s``: running speech longer than
    this is committed up to a word boundary; its last ``margin_s`` may still change. ``retry_s``: how soon to try again
    when there was no boundary. ``longest_s``: most sound in one job. ``before_s``, ``after_s``: sound given around
    the voice; ``known_s``: how far back committed speech is decoded again with the new, for its context
    (5 s changed the errors on three calls by -3 to +3 points and cost a fifth more, so none is the default).
    ``partial_s``: pace of partial words; ``partial_window_s``: sound they look at. ``keep_s``: most sound that is kept
    for a decoder that is behind. ``tick_s``: how finely the watermark of who is silent moves.
    """

    silence_s: float = 0.4
    short_s: float = 0.4
    short_silence_s: float = 0.8
    running_s: float = 4.0
    margin_s: float = 0.5
    retry_s: float = 1.0
    longest_s: float = 20.0
    before_s: float = 0.2
    after_s: float = 0.2
    known_s: float = 0.0
    partial_s: float = 0.7
    partial_window_s: float = 7.5
    keep_s: float = 600.0
    tick_s: float = 0.1


@dataclass(slots=True)
class _Person:
    """What is known about one person's speech that has not been committed yet."""

    channel: int
    pending: list[Span] = field(default_factory=list)  # an open stretch ends at infinity
    heard: list[Span] = field(default_factory=list)  # all recent stretches, to know whose the sound is
    busy: Job | None = None  # a final job that is being decoded
    partial_busy: bool = False
    partial_at: float = -np.inf
    try_at: float = -np.inf
    cut: float = 0.0  # sound before this has been decoded and committed
    until: float = 0.0  # every word before this is committed
    told: float = 0.0  # … and this is what was said about it


class Scribe:
    """Turns sound and voice activity into jobs, and decoded jobs into words. No thread, no clock, no model.

    ``people``: names; ``channel_of``: on which channel a person is heard. Sound is pushed first, then the signals
    about it (`on`), in order; a job that comes back is given to `accept`. Per person at most one final job is out at a
    time. At the end call `finish` until it gives no job (accept each before the next call).
    """

    def __init__(
        self,
        people: Sequence[str],
        channel_of: Callable[[str], int],
        *,
        channels: int | None = None,
        settings: ScribeSettings | None = None,
    ) -> None:
        self.settings = settings or ScribeSettings()
        self._channel_of = channel_of
        self._people = {name: _Person(channel_of(name)) for name in people}
        self._channels = channels or max((p.channel for p in self._people.values()), default=0) + 1
        self._ring = Ring(self._channels, self.settings.keep_s)
        self._now = 0.0
        self._ended = False

    def push(self, samples: Samples) -> None:
        """Take sound ``(n, channels)``."""
        self._ring.push(samples)

    def on(self, signal: Event) -> Step:
        """Take a `VoiceOn`, `VoiceOff` or `Clock`; other events change nothing."""
        if isinstance(signal, VoiceOn):
            person = self._person(signal.speaker)
            start = max(signal.start, person.until)
            person.pending.append((start, np.inf))
            person.heard.append((start, np.inf))
        elif isinstance(signal, VoiceOff):
            person = self._person(signal.speaker)
            for spans in (person.pending, person.heard):
                if spans and spans[-1][1] == np.inf:
                    spans[-1] = (spans[-1][0], max(signal.start, spans[-1][0]))
        elif isinstance(signal, Clock):
            self._now = max(self._now, signal.start)
            return self._look()
        return Step([], [])

    def finish(self) -> Step:
        """No more sound comes: decode what is left."""
        self._ended = True
        return self._look()

    def accept(self, job: Job, result: Result) -> list[TranscriptEvent]:
        """Take what a job gave; the events are in order of time."""
        person = self._person(job.speaker)
        if job.kind == "partial":
            person.partial_busy = False
            if person.busy is not None or not person.pending or person.pending[0][0] > job.voiced[0][0]:
                return []  # its words have been committed since
            text = " ".join(w.word for w in result.words)
            return [Partial(start=job.voiced[0][0], end=job.end, speaker=job.speaker, text=text)]
        person.busy = None
        words = list(result.words)
        cut = job.voiced[-1][1]
        if job.open:
            cut = self._boundary(job, words)
            words = [w for w in words if w.end <= cut + 1e-6]
            if not words and cut <= job.voiced[0][0]:
                person.try_at = self._now + self.settings.retry_s
                return []
        person.pending = [(max(a, cut), b) for a, b in person.pending if b > cut]
        person.cut = cut
        out: list[TranscriptEvent] = []
        at = person.until
        for word in words:
            start = max(word.start, at)
            out.append(replace(word, start=start, end=max(word.end, start)))
            at = start
        person.until = max(person.until, cut, at)
        if not person.pending:
            out.append(Partial(start=cut, end=cut, speaker=job.speaker, text=""))
        return out + self._watermark(job.speaker, person, 0.0)

    # --- inside --------------------------------------------------------------------------------------------------

    def _person(self, name: str) -> _Person:
        if name not in self._people:
            self._people[name] = _Person(self._channel_of(name))
        return self._people[name]

    def _look(self) -> Step:
        step = Step([], [])
        for name, person in self._people.items():
            if person.pending and person.busy is None:
                job = self._final(name, person) or self._partial(name, person)
                if job is not None:
                    step.jobs.append(job)
            step.events.extend(self._watermark(name, person, self.settings.tick_s))
        needed = min([p.pending[0][0] for p in self._people.values() if p.pending] + [self._now])
        self._ring.forget(needed - 2.0 - self.settings.known_s)
        for person in self._people.values():
            while person.heard and person.heard[0][1] < needed - 2.0 - self.settings.known_s:
                person.heard.pop(0)
        return step

    def _watermark(self, name: str, person: _Person, step_s: float) -> list[TranscriptEvent]:
        until = person.pending[0][0] if person.pending else self._now
        if person.busy is not None:
            until = min(until, person.busy.voiced[0][0])
        if until <= person.told or until < person.told + step_s:
            return []
        person.told = until
        person.until = max(person.until, until)
        return [WordsUntil(start=until, end=until, speaker=name)]

    def _final(self, name: str, person: _Person) -> Job | None:
        """Return a job when something can be committed now."""
        s = self.settings
        spans = [(a, min(b, self._now)) for a, b in person.pending if a < self._now]
        if not spans:
            return None
        first, last = spans[0][0], spans[-1][1]
        talking = person.pending[-1][1] == np.inf
        if last - first > s.longest_s:  # the decoder was behind: as much as fits, up to the longest pause
            spans = _fitting(spans, s.longest_s)
            cut_open = spans[-1][1] not in {b for _, b in person.pending}
            return self._job("final", name, person, spans, open_=cut_open)
        speech = sum(b - a for a, b in spans)
        wait = s.silence_s if speech >= s.short_s else s.short_silence_s
        if self._ended or (not talking and self._now - last >= wait):
            return self._job("final", name, person, spans, open_=False)
        if speech >= s.running_s and self._now >= person.try_at:
            person.try_at = self._now + s.retry_s
            return self._job("final", name, person, spans, open_=True)
        return None

    def _partial(self, name: str, person: _Person) -> Job | None:
        s = self.settings
        spans = [(a, min(b, self._now)) for a, b in person.pending if a < self._now]
        due = self._now - max(person.partial_at, person.pending[0][0]) >= s.partial_s
        if person.partial_busy or not spans or not due or spans[-1][1] <= person.partial_at:
            return None
        person.partial_busy = True
        person.partial_at = self._now
        return self._job("partial", name, person, _last(spans, s.partial_window_s), open_=True)

    def _job(self, kind: Kind, name: str, person: _Person, spans: list[Span], *, open_: bool) -> Job:
        s = self.settings
        after = 0.0 if open_ else s.after_s
        first = spans[0][0]
        known = []
        if kind == "final":
            since = max(first - s.known_s, spans[-1][1] - s.longest_s)
            known = [(max(a, since), min(b, first)) for a, b in person.heard if b > since and a < first]
            known = [(a, b) for a, b in known if b > a]
        begin = max(known[0][0] if known else first - s.before_s, 0.0 if known else person.cut)
        start, audio = self._ring.get(person.channel, (begin, min(spans[-1][1] + after, self._ring.end_s)))
        for other in self._people.values():
            if other is not person and other.channel == person.channel:
                silence(audio, start, other.heard, person.heard)
        job = Job(
            kind=kind, speaker=name, start=start, audio=audio, voiced=tuple(spans), known=tuple(known), open=open_
        )
        if kind == "final":
            person.busy = job
        return job

    def _boundary(self, job: Job, words: Sequence[Word]) -> float:
        """Where running speech can be cut: between two words, at the longest or quietest place late enough."""
        limit = job.voiced[-1][1] - self.settings.margin_s
        best, score = job.voiced[0][0], -np.inf
        for one, two in itertools.pairwise(words):
            if one.end > limit or two.end > job.voiced[-1][1] - 0.05:
                break
            gap = two.start - one.end
            where, level = _quietest(job, (one.end - 0.08, two.start + 0.08) if gap < 0.2 else (one.end, two.start))
            merit = min(gap, 0.5) * 40 - level + 2.0 * (one.end - job.voiced[0][0])
            if merit >= score:
                best, score = max(where, one.end), merit
        return best


def _quietest(job: Job, span: Span) -> tuple[float, float]:
    """Where in ``span`` the sound of a job is quietest, and how loud it is there in dB."""
    size = RATE // 50
    a = max(int((span[0] - job.start) * RATE), 0)
    piece = job.audio[a : max(int((span[1] - job.start) * RATE), a + size)]
    if len(piece) < size:
        return span[0], 0.0
    power = np.convolve(piece.astype(np.float64) ** 2, np.full(size, 1 / size), "valid")
    i = int(np.argmin(power))
    return job.start + (a + i + size / 2) / RATE, float(10 * np.log10(power[i] + 1e-10))


def _fitting(spans: list[Span], longest_s: float) -> list[Span]:
    """The first of ``spans`` within ``longest_s``, ending before the longest pause of their second half."""
    first = spans[0][0]
    fit = [s for s in spans if s[1] - first <= longest_s]
    if not fit:
        return [(first, first + longest_s)]
    ends = [i for i, s in enumerate(fit) if s[1] - first >= longest_s / 2] or [len(fit) - 1]
    pauses = {i: spans[i + 1][0] - fit[i][1] if i + 1 < len(spans) else 0.0 for i in ends}
    return fit[: max(ends, key=lambda i: pauses[i]) + 1]


def _last(spans: list[Span], window_s: float) -> list[Span]:
    begin = spans[-1][1] - window_s
    return [(max(a, begin), b) for a, b in spans if b > begin]
