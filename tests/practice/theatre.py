"""Two people who answer a guide: events as a session would give them, from a function that says who says what."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from voicecoach.events import (
    Clock,
    Command,
    Cue,
    Event,
    Keep,
    Prompt,
    Save,
    SessionStarted,
    Speech,
    Step,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
)
from voicecoach.practice import Guide

WORD_S = 0.3
WORDS_LATE_S = 1.2


@dataclass(frozen=True)
class Line:
    """``who`` says ``text``, ``after_s`` after the coach has finished. ``length_s``: how long it takes."""

    who: str
    text: str
    after_s: float = 0.5
    length_s: float | None = None


Answer = Callable[[Prompt], Iterable[Line | Event]]


@dataclass
class Theatre:
    """Runs ``guide``; ``answer`` is asked after each of its prompts. ``now``: time so far, in seconds."""

    guide: Guide
    answer: Answer
    prompts: list[Prompt] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    kept: list[Keep] = field(default_factory=list)
    saves: list[Save] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    now: float = 0.0
    tick_s: float = 0.2

    def __post_init__(self) -> None:
        self._due: list[tuple[float, int, Event]] = []
        self._order = itertools.count()
        self._on: set[str] = set()
        self._cues: list[Cue] = []
        self._playing = False

    def run(self, until_s: float = 7200.0, stop: Callable[[Theatre], bool] = lambda theatre: False) -> Theatre:
        """Play until the guide is done, ``stop`` says so, or ``until_s``."""
        if self.now == 0.0:
            self._push(SessionStarted(start=0, end=0, people=("Anna", "Ben")))
        while not self.guide.done and not stop(self) and self.now < until_s:
            self.now = round(self.now + self.tick_s, 3)
            while self._due and self._due[0][0] <= self.now:
                event = heapq.heappop(self._due)[2]
                self._push(event)
                if isinstance(event, Prompt):
                    self._heard(event)
            self._push(Clock(start=self.now, end=self.now))
            self._speak()
        return self

    def say(self, line: Line, at: float) -> None:
        """Have a line said at a time."""
        words = line.text.split() or ["…"]
        length = line.length_s or WORD_S * len(words)
        end = at + length
        self._later(at, VoiceOn(start=at, end=at, speaker=line.who))
        self._later(end, VoiceOff(start=end, end=end, speaker=line.who))
        for i, word in enumerate(words):
            start = at + i * length / len(words)
            stop = start + length / len(words)
            self._later(stop + WORDS_LATE_S, Word(start=start, end=stop, speaker=line.who, word=word))
        self._later(end + WORDS_LATE_S, Speech(start=at, end=end, speaker=line.who))
        self._later(end + WORDS_LATE_S, WordsUntil(start=end, end=end, speaker=line.who))

    def said(self, text: str) -> bool:
        """Whether a prompt held ``text``."""
        return any(text in p.text for p in self.prompts)

    def _later(self, at: float, event: Event) -> None:
        heapq.heappush(self._due, (at, next(self._order), event))

    def _push(self, event: Event) -> None:
        if isinstance(event, VoiceOn):
            self._on.add(event.speaker)
        elif isinstance(event, VoiceOff):
            self._on.discard(event.speaker)
        for out in self.guide.push(event):
            match out:
                case Cue():
                    self._cues.append(out)
                case Step():
                    self.steps.append(out)
                case Keep():
                    self.kept.append(out)
                case Command():
                    self.commands.append(out)
                case Save():
                    self.saves.append(out)

    def _speak(self) -> None:
        if self._cues and not self._playing and not self._on:
            cue = self._cues.pop(0)
            length = WORD_S * len(cue.text.split()) if cue.words else 0.4
            prompt = Prompt(
                start=self.now, end=self.now + length, text=cue.text, to=cue.to, situation=cue.situation,
                words=cue.words, spoken=True,
            )  # fmt: skip
            self._playing = True
            self._later(prompt.end, prompt)

    def _heard(self, prompt: Prompt) -> None:
        """A prompt is over: the two answer it."""
        self._playing = False
        self.prompts.append(prompt)
        at = self.now
        for answer in self.answer(prompt):
            if isinstance(answer, Line):
                at += answer.after_s
                self.say(answer, at)
                at += answer.length_s or WORD_S * len(answer.text.split())
            else:
                self._later(at, answer)
