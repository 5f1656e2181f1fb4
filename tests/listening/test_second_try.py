"""What somebody says after a prompt of the coach is judged apart from what they had said before it."""

from __future__ import annotations

from voicecoach.events import Clock, Event, Prompt, ReplyAct, Turn, TurnStarted, VoiceOff, VoiceOn, Word, WordsUntil
from voicecoach.listening import ReplyJudge

TOLD = "I came home and the kitchen was full of dishes and I felt so alone with all of it"
FIRST = "Well I was at work until eight and the traffic was terrible"
SECOND = "So you felt alone with all those dishes"


def said(who: str, start: float, text: str) -> list[Event]:
    words = text.split()
    end = start + 0.3 * len(words)
    spoken: list[Event] = [VoiceOn(start=start, end=start, speaker=who)]
    spoken += [
        Word(start=start + 0.3 * i, end=start + 0.3 * i + 0.25, speaker=who, word=w) for i, w in enumerate(words)
    ]
    return [*spoken, VoiceOff(start=end, end=end, speaker=who), WordsUntil(start=end, end=end, speaker=who)]


def acts(*, to: str, words: bool = True) -> list[ReplyAct]:
    """Anna tells; Ben answers with something else, is prompted (or somebody is), and says it back."""
    prompt = Prompt(start=11.0, end=13.0, to=to, text="Ben, what did you hear?" if words else "", words=words)
    events = [TurnStarted(start=0, end=0, speaker="Anna"), *said("Anna", 0.0, TOLD)]
    events += [TurnStarted(start=6.5, end=6.5, speaker="Ben", previous="Anna"), *said("Ben", 6.5, FIRST), prompt]
    events += said("Ben", 15.0, SECOND)
    events += [Turn(start=0, end=5.1, speaker="Anna", speech_s=5.1, text=TOLD)]
    events += [Turn(start=6.5, end=17.4, speaker="Ben", speech_s=6.0, text=f"{FIRST} {SECOND}")]
    judge = ReplyJudge()
    out = [a for e in events for a in judge.push(e)]
    return [a for a in out + judge.push(Clock(start=60, end=60)) if not a.partial and a.speaker == "Ben"]


def test_a_second_try_counts_by_itself() -> None:
    first, second = acts(to="Ben")
    assert (first.text, second.text) == (FIRST, SECOND)
    assert first.acts["reflection"] < 0.5 < second.acts["reflection"]
    assert first.to == second.to == "Anna"
    assert (first.start, second.start) == (6.5, 15.0)


def test_a_prompt_to_somebody_else_or_a_chime_does_not_divide_a_reply() -> None:
    for found in (acts(to="Anna"), acts(to="Ben", words=False)):
        assert [a.text for a in found] == [f"{FIRST} {SECOND}"]
