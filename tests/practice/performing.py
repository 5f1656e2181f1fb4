"""Somebody who practises: a source of sound that answers what the drill says, at full speed, in the real session."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import soundfile
from truth import FOLDER

from voicecoach.audio import Chunk
from voicecoach.events import Command, Event, Practised, Prompt
from voicecoach.practice.drills import Drill, sheet_of
from voicecoach.practice.drills.drill import STORY
from voicecoach.practice.drills.level import Go
from voicecoach.practice.drills.material import pick
from voicecoach.samples import RATE
from voicecoach.session import LiveSession
from voicecoach.session.sentences import embed_if_here
from voicecoach.transcript import Decoder

BLOCK = 1600
LONGEST_S = 300.0
LINES = {"curious": "Why did you buy that without asking me?", "i-statement": "You never help in the kitchen."}
"""The sentences that the recordings turn round."""

GOOD: Mapping[str, Sequence[str]] = {
    "mirror": ["paraphrase"], "hold": ["thanks"], "feeling": ["feeling"], "curious": ["open_question"],
    "i-statement": ["i_statement"], "need": ["need"], "silence": ["thanks"], "repair": ["repair"],
    "full": ["paraphrase", "need"],
}  # fmt: skip
"""Drill → what somebody says who does it well."""
POOR: Mapping[str, tuple[Sequence[str], Mapping[int, str]]] = {
    "mirror": (["advice"], {}), "hold": (["thanks"], {1: "too_soon"}), "feeling": (["advice"], {}),
    "curious": (["judging_question"], {}), "i-statement": (["blame"], {}), "need": (["advice"], {}),
    "silence": (["thanks"], {2: "too_soon"}), "repair": (["too_soon"], {}), "full": (["advice"], {1: "too_soon"}),
}  # fmt: skip
"""… and who does not: the reply, and number of a line of the story → clip said into the pause after it."""


def before(name: str) -> list[Go]:
    """So many goes that the sentence of the recordings comes next; who has practised hears the short introduction."""
    items = [line for line, _ in sheet_of(name).items.get(1, ())]
    number = next((n for n in range(1, 20) if items and pick(items, n) == LINES[name]), 1)
    return [Go(1, 0.5, True)] * number


def clip(name: str) -> np.ndarray:
    """A recording of ``audio_fixtures/``, ``(n,)``."""
    return np.asarray(soundfile.read(FOLDER / f"drill_{name}.flac", dtype="float32")[0])


class Performer:
    """A `Source` with one microphone, quiet but for the clips that `play` puts into it."""

    kind = "recording"
    length_s: float | None = None

    def __init__(self, channels: int = 1) -> None:
        self.channels = channels
        self._now = 0
        self._rng = np.random.default_rng(1)
        self._coming: list[tuple[int, int, str]] = []
        self._stopped = False

    def play(self, names: Sequence[str], at_s: float, channel: int = 0) -> None:
        """Say clips, one after another, from ``at_s`` on."""
        at = max(self._now, round(at_s * RATE))
        for name in names:
            heapq.heappush(self._coming, (at, channel, name))
            at += len(clip(name)) + RATE // 2

    def chunks(self) -> Iterator[Chunk]:
        end = LONGEST_S * RATE
        sound = self._rng.normal(0, 0.0004, (round(end) + 60 * RATE, self.channels)).astype(np.float32)
        while not self._stopped and self._now < end:
            while self._coming and self._coming[0][0] < self._now + BLOCK:
                at, channel, name = heapq.heappop(self._coming)
                said = clip(name)
                sound[at : at + len(said), channel] += said
            block = sound[self._now : self._now + BLOCK]
            self._now += BLOCK
            yield Chunk(block)

    def stop(self) -> None:
        self._stopped = True

    def close(self) -> None:
        pass


def perform(
    name: str,
    decoder: Decoder,
    *,
    reply: Sequence[str] = (),
    into: Mapping[int, str] | None = None,
    goes: int = 1,
    after_s: float = 0.0,
    hears: Callable[[Event, LiveSession], None] | None = None,
) -> list[Event]:
    """Everything that happened in a drill until ``goes`` goes were over, and ``after_s`` more.

    ``reply``: clips said when it is one's turn; ``into``: number of a line of the story → clip said 0.35 s after it.
    """
    source, seen = Performer(), list[Event]()
    ask = sheet_of(name).ask
    told, over = 0, LONGEST_S

    def happen(event: Event) -> None:
        nonlocal told, over
        seen.append(event)
        if isinstance(event, Prompt) and event.situation == STORY and event.words:
            if told in (into or {}):
                source.play([(into or {})[told]], event.end + 0.35)
            told += 1
        elif isinstance(event, Prompt) and event.text == ask:
            source.play(reply, event.end + 0.5)
        if hears is not None:
            hears(event, session)
        if isinstance(event, Practised) and sum(isinstance(e, Practised) for e in seen) >= goes:
            over = event.end + after_s
        if event.end >= over:
            source.stop()

    guide = Drill(name, ["Anna"], before={"Anna": before(name)}, embed=embed_if_here(), story="waiting-result")
    session = LiveSession(
        source, ["Anna"], keep=False, speak=False, hurry=True, decoder=decoder, guide=guide, on_event=happen
    )
    session.run()
    return seen


def command(session: LiveSession, name: str) -> None:
    """Press a key."""
    session.command(Command(start=0.0, end=0.0, name=name))  # type: ignore[arg-type]
