"""When to decode what, live: again and again while somebody talks, committing words as soon as they will not change."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import NamedTuple

import numpy as np

from voicecoach.events import Clock, Event, Partial, VoiceOff, VoiceOn, Word, WordsUntil
from voicecoach.samples import Samples
from voicecoach.transcript.jobs import Job, Result, Span, Step, TranscriptEvent
from voicecoach.transcript.ring import Ring
from voicecoach.transcript.windows import silence


@dataclass(frozen=True, slots=True, kw_only=True)
class ScribeSettings:
    """Times in seconds.

    ``silence_s``: a stretch of speech is finished after this much silence; one shorter than ``short_s`` waits
    ``short_silence_s`` for company, since Whisper mangles a lone syllable. Who has talked for ``long_s`` of the
    last ``long_of_s`` may be at the end of a turn that asks for an answer: after ``pause_s`` what was not decoded
    yet is, if it is ``fresh_s``, so that how the turn ends is known before it is committed. ``step_s``: while
    somebody talks, decode again after so much more speech; words that end ``margin_s`` before the end of the sound
    and that another follows are committed, unless none of them reaches ``likely`` (in laughter a short look hears words
    at 0.12 that the last, longer one does not; of speech nearly every look reaches it). ``window_s``: committed words
    so far back are heard again with the new, whose context they are, if no silence of ``apart_s`` lies between.
    ``longest_s``: most sound in one job. ``before_s``, ``after_s``: sound given around the voice. ``keep_s``: most
    sound that is kept for a decoder that is behind. ``tick_s``: how finely the watermark of who is silent moves.
    """

    silence_s: float = 0.4
    short_s: float = 0.4
    short_silence_s: float = 0.6
    long_s: float = 6.0
    long_of_s: float = 11.0
    pause_s: float = 0.1
    fresh_s: float = 0.3
    step_s: float = 0.7
    margin_s: float = 0.7
    likely: float = 0.3
    window_s: float = 7.0
    apart_s: float = 2.0
    longest_s: float = 20.0
    before_s: float = 0.2
    after_s: float = 0.2
    keep_s: float = 600.0
    tick_s: float = 0.1


class _Kind(Enum):
    """What a job is for, and so what comes of its words."""

    RUNNING = auto()  # the person talks on: those that will not change are committed
    ENDING = auto()  # a look at how a turn ends: nothing is committed, nor does it change what will be
    FULL = auto()  # the person talks on, but more does not fit in: the same, and never again from the same beginning
    FINISHED = auto()  # a stretch of speech is over: all are committed


class _Due(NamedTuple):
    """What is to be decoded now."""

    kind: _Kind
    spans: list[Span]


@dataclass(slots=True)
class _Person:
    """What is known about one person's speech."""

    channel: int
    pending: list[Span] = field(default_factory=list)  # not committed yet; an open stretch ends at infinity
    heard: list[Span] = field(default_factory=list)  # all recent stretches, to know whose the sound is
    said: list[Word] = field(default_factory=list)  # recent committed words
    busy: Job | None = None
    kind: _Kind = _Kind.FINISHED  # … that job's
    looked: float = -np.inf  # how far the last job heard
    peeked: float = -np.inf  # … and the last look at how a turn ends
    until: float = 0.0  # every word before this is committed
    told: float = 0.0  # … and this is what was said about it


class Scribe:
    """Turns sound and voice activity into jobs, and decoded jobs into words. No thread, no clock, no model.

    ``people``: names; ``channel_of``: on which channel a person is heard; ``ahead_s``: so much sound beyond the clock
    has always been pushed already. Sound is pushed first, then the signals about it (`on`), in order; a job that comes
    back is given to `accept`. Per person at most one job is out at a time, so a slow decoder gets longer jobs, not
    more. At the end call `finish` until it gives no job (accept each before the next call).
    """

    def __init__(
        self,
        people: Sequence[str],
        channel_of: Callable[[str], int],
        *,
        channels: int | None = None,
        ahead_s: float = 0.0,
        settings: ScribeSettings | None = None,
    ) -> None:
        self.settings = settings or ScribeSettings()
        self._ahead_s = ahead_s
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

    def forget(self) -> None:
        """From now on nothing that was pushed or said is known: no sound, no words, no job that is out."""
        self._ring.wipe()
        for person in self._people.values():
            person.pending, person.heard, person.said = [], [], []
            person.busy, person.looked, person.peeked = None, -np.inf, -np.inf
            person.until = max(person.until, self._ring.end_s)

    def accept(self, job: Job, result: Result) -> list[TranscriptEvent]:
        """Take what a job gave; the events are in order of time. Nothing comes of a job that was forgotten."""
        person = self._person(job.speaker)
        if person.busy is not job:
            return []
        person.busy = None
        words = list(result.words)
        cut, sure = job.voiced[-1][1], len(words)
        if person.kind in (_Kind.RUNNING, _Kind.FULL):
            cut, sure = self._boundary(job, person.kind, words)
        elif person.kind is _Kind.ENDING:
            cut, sure = job.voiced[0][0], 0
        person.pending = [(max(a, cut), b) for a, b in person.pending if b > cut]
        committed: list[Word] = []
        at = person.until
        for word in words[:sure]:
            start = max(word.start, at)
            committed.append(replace(word, start=start, end=max(word.end, start)))
            at = start
        person.said += committed
        person.until = max(person.until, cut, at)
        out: list[TranscriptEvent] = [*committed]
        rest = " ".join(w.word for w in words[sure:])
        if job.open or not person.pending:
            out.append(Partial(start=cut, end=max(cut, job.end if rest else cut), speaker=job.speaker, text=rest))
        return out + self._watermark(job.speaker, person, 0.0)

    # --- inside --------------------------------------------------------------------------------------------------

    def _person(self, name: str) -> _Person:
        if name not in self._people:
            self._people[name] = _Person(self._channel_of(name))
        return self._people[name]

    def _look(self) -> Step:
        s = self.settings
        step = Step([], [])
        for name, person in self._people.items():
            if person.pending and person.busy is None and (due := self._due(person)) is not None:
                if due.kind is _Kind.ENDING:
                    person.peeked = due.spans[-1][1]
                else:
                    person.looked = due.spans[-1][1]
                person.kind = due.kind
                person.busy = self._job(name, person, due)
                step.jobs.append(person.busy)
            step.events.extend(self._watermark(name, person, s.tick_s))
        needed = min([p.pending[0][0] for p in self._people.values() if p.pending] + [self._now])
        needed -= max(s.window_s + s.apart_s, s.long_of_s)
        self._ring.forget(needed)
        for person in self._people.values():
            person.said = [w for w in person.said if w.end > needed]
            while person.heard and person.heard[0][1] < needed:
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

    def _due(self, person: _Person) -> _Due | None:
        """What to decode now, if anything."""
        s = self.settings
        spans = [(a, min(b, self._now)) for a, b in person.pending if a < self._now]
        if not spans:
            return None
        last = spans[-1][1]
        ends = {b for _, b in person.pending}
        if last - spans[0][0] > s.longest_s:  # the decoder was behind: as much as fits, up to the longest pause
            spans = _fitting(spans, s.longest_s)
            return _Due(_Kind.FINISHED if spans[-1][1] in ends else _Kind.FULL, spans)
        talks = np.inf in ends
        wait = s.silence_s if sum(b - a for a, b in spans) >= s.short_s else s.short_silence_s
        if self._ended or (not talks and self._now - last >= wait):
            return _Due(_Kind.FINISHED, spans)
        fresh = sum(b - max(a, person.looked) for a, b in spans if b > person.looked)
        if talks:
            return _Due(_Kind.RUNNING, spans) if fresh >= s.step_s else None
        over = self._now - last >= s.pause_s and last > person.peeked and self._talked_s(person) >= s.long_s
        return _Due(_Kind.ENDING, spans) if over and fresh >= s.fresh_s else None

    def _talked_s(self, person: _Person) -> float:
        """How much of the last ``long_of_s`` the person talked."""
        since = self._now - self.settings.long_of_s
        return sum(min(b, self._now) - max(a, since) for a, b in person.heard if b > since)

    def _job(self, name: str, person: _Person, due: _Due) -> Job:
        s, spans, more = self.settings, due.spans, due.kind is not _Kind.FINISHED
        said = self._context(person, spans)
        begin = said[0].start - s.before_s / 2 if said else spans[0][0] - s.before_s
        if not said and person.said:
            begin = max(begin, min(person.said[-1].end, spans[0][0]))
        end = spans[-1][1] + (self._ahead_s if more else s.after_s)
        start, audio = self._ring.get(person.channel, (max(begin, 0.0), min(end, self._ring.end_s)))
        for other in self._people.values():
            if other is not person and other.channel == person.channel:
                silence(audio, start, other.heard, person.heard)
        return Job(speaker=name, start=start, audio=audio, voiced=tuple(spans), said=tuple(said), open=more)

    def _context(self, person: _Person, spans: list[Span]) -> list[Word]:
        """The committed words right before ``spans`` that are heard again with them, from the start of a sentence."""
        s = self.settings
        since = max(spans[-1][1] - s.longest_s, min(spans[0][0], spans[-1][1] - 1.0) - s.window_s)
        near: list[Word] = []
        following = spans[0][0]
        for word in reversed(person.said):
            if word.start < since or following - word.end > s.apart_s:
                break
            near.insert(0, word)
            following = word.start
        starts = [i + 1 for i, w in enumerate(near[:-1]) if w.word.endswith((".", "?", "!"))]
        whole = len(near) == len(person.said)
        return near if whole or not starts else near[starts[0] :]

    def _boundary(self, job: Job, kind: _Kind, words: Sequence[Word]) -> tuple[float, int]:
        """Where running speech is committed up to, and how many words that is: those that will not change."""
        s, begin, limit = self.settings, job.voiced[0][0], job.end - self.settings.margin_s
        if kind is _Kind.FULL:
            sure = sum(w.end <= limit for w in words)
            return max(begin + s.step_s, min([limit, *(w.start for w in words[sure:])])), sure
        sure = sum(one.end <= limit for one, _ in itertools.pairwise(words))
        if all(w.confidence < s.likely for w in words[:sure]):  # none, or perhaps no speech
            return begin, 0
        one, two = words[sure - 1], words[sure]
        return max(one.end, min(two.start, one.end + 0.3)), sure


def _fitting(spans: list[Span], longest_s: float) -> list[Span]:
    """The first of ``spans`` within ``longest_s``, ending before the longest pause of their second half."""
    first = spans[0][0]
    fit = [s for s in spans if s[1] - first <= longest_s]
    if not fit:
        return [(first, first + longest_s)]
    ends = [i for i, s in enumerate(fit) if s[1] - first >= longest_s / 2] or [len(fit) - 1]
    pauses = {i: spans[i + 1][0] - fit[i][1] if i + 1 < len(spans) else 0.0 for i in ends}
    return fit[: max(ends, key=lambda i: pauses[i]) + 1]
