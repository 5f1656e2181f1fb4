"""Scripted conversations through floor, listening, coach and commands: each prompt at its place, and none elsewhere.

Voices and words are those of `scripts/fixtures/coached/*.json` as its synthetic voices say them, with words as late as
they come live. Only how a voice sounds is not heard here. `scripts/bench coach --ten` runs the sound itself through the
whole live pipeline.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from voicecoach.coach import Agreement, Situation
from voicecoach.events import (
    Clock,
    Command,
    Cue,
    Event,
    Record,
    SessionStarted,
    Speech,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
    from_dict,
)
from voicecoach.session import Conversation
from voicecoach.session.prompting import unspoken

FOLDER = Path(__file__).parents[2] / "audio_fixtures" / "coach"
WORDS_LATE_S = 1.7
HEARD_LATE_S = 0.3
PEOPLE = ("Anna", "Ben")


@dataclass(frozen=True)
class Scripted:
    """What is said when, and what is expected of the coach."""

    records: list[Record]
    expected: dict[str, Any]

    def arriving(self) -> Iterator[Event]:
        """Voices, words and the clock in the order in which they arrive live."""
        arriving: list[tuple[float, int, Event]] = []
        for r in self.records:
            if isinstance(r, Speech):
                on = VoiceOn(start=r.start, end=r.start, speaker=r.speaker)
                off = VoiceOff(start=r.end, end=r.end, speaker=r.speaker)
                arriving += [(r.start + HEARD_LATE_S, 0, on), (r.end + HEARD_LATE_S, 0, off)]
            elif isinstance(r, Word):
                arriving.append((r.end + WORDS_LATE_S, 1, r))
        end = max(r.end for r in self.records) + 5.0
        for k in range(1, int(end / 0.1)):
            at = k * 0.1
            known = max(0.0, at - WORDS_LATE_S)
            arriving += [(at, 2, WordsUntil(start=known, end=known, speaker=p)) for p in PEOPLE]
            arriving.append((at, 3, Clock(start=max(0.0, at - HEARD_LATE_S), end=max(0.0, at - HEARD_LATE_S))))
        return (event for _, _, event in sorted(arriving, key=lambda a: a[:2]))


def load(name: str) -> Scripted:
    lines = (FOLDER / f"{name}.truth.jsonl").read_text(encoding="utf-8").splitlines()
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))
    return Scripted([from_dict(json.loads(line)) for line in lines], expected)


@pytest.fixture(scope="module", params=["ten_minutes", "one_evening"])
def happened(request: pytest.FixtureRequest) -> tuple[Scripted, list[Event]]:
    scripted = load(request.param)
    conversation = Conversation(PEOPLE, agreements=[Agreement(**a) for a in scripted.expected["agreements"]])
    out = conversation.push(SessionStarted(start=0, end=0, people=PEOPLE))
    for event in scripted.arriving():
        for made in conversation.hear(event):
            out += [made, *(conversation.pass_on([unspoken(made)]) if isinstance(made, Cue) else [])]
    return scripted, out + conversation.finish()


def test_every_prompt_comes_at_its_place_and_none_elsewhere(happened: tuple[Scripted, list[Event]]) -> None:
    scripted, events = happened
    cues = [e for e in events if isinstance(e, Cue) and e.words]
    by_words = [p for p in scripted.expected["prompts"] if p["situation"] != "tension"]
    for wanted in by_words:
        ended = scripted.expected["times"][wanted["after"]][1]
        found = [c for c in cues if ended <= c.start <= ended + wanted.get("within", 6.0)]
        assert [(c.situation, c.to) for c in found] == [(wanted["situation"], wanted["to"])], wanted
        cues.remove(found[0])
    assert [(c.start, c.situation) for c in cues] == []


def test_every_command_is_heard_and_nothing_else_is_one(happened: tuple[Scripted, list[Event]]) -> None:
    scripted, events = happened
    commands = [e for e in events if isinstance(e, Command)]
    assert [[c.speaker, c.name] for c in commands] == [c[1:] for c in scripted.expected["commands"]]


def test_every_kind_of_help_has_its_place_in_one_of_them() -> None:
    wanted = {p["situation"] for name in ("ten_minutes", "one_evening") for p in load(name).expected["prompts"]}
    assert {s.value for s in Situation} <= wanted
