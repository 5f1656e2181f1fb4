"""The coach is told once, and in time, that the words before a silence are known."""

from __future__ import annotations

from voicecoach.coach import Notes
from voicecoach.events import Noted, Partial, VoiceOff, VoiceOn


def partial(text: str, end: float) -> Partial:
    return Partial(start=max(0.0, end - 1.0), end=end, speaker="Anna", text=text)


def endings(notes: Notes, *events: Partial | VoiceOn | VoiceOff) -> list[Noted]:
    return [line for event in events for line in notes.push(event)[0] if line.what == "ending"]


def test_the_same_last_word_is_told_again_once_it_is_known_to_be_the_last() -> None:
    notes = Notes()
    begins, ends = VoiceOn(start=0.0, end=0.0, speaker="Anna"), VoiceOff(start=4.0, end=4.0, speaker="Anna")
    told = endings(notes, begins, partial("and then I", 2.0), partial("then I", 2.4), ends, partial("I", 4.2))
    assert [(line.word, line.at) for line in told] == [("I", 2.0), ("I", 4.2)]
    assert endings(notes, partial("I", 4.3)) == []


def test_while_somebody_talks_only_another_last_word_is_told() -> None:
    told = endings(Notes(), partial("so", 1.0), partial("and so", 2.0), partial("and so we", 3.0))
    assert [line.word for line in told] == ["so", "we"]
