"""The floor once more, from the speech and the words of a log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voicecoach.errors import MisuseError
from voicecoach.events import (
    Backchannel,
    Clock,
    Event,
    Gap,
    Interruption,
    Overlap,
    Pause,
    Record,
    SessionStarted,
    Speech,
    Turn,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
)
from voicecoach.floor import Floor
from voicecoach.floor.lexicon import lexicon

OF_THE_FLOOR = (Turn, Pause, Gap, Backchannel, Overlap, Interruption)
"""The records that follow from speech and words alone."""


def floor_of(records: Sequence[Record]) -> list[Record]:
    """Turns, pauses, gaps, backchannels, overlaps and interruptions of the speech and words in ``records``.

    They are judged by the words of the log's language, or of English when there are none for it.
    """
    head = next((r for r in records if isinstance(r, SessionStarted)), None)
    speech = sorted((r for r in records if isinstance(r, Speech)), key=lambda s: (s.start, s.end, s.speaker))
    words = [r for r in records if isinstance(r, Word)]
    shared = head is not None and head.channels == 1
    floor = Floor(language=_known(head.language if head is not None else ""), words=bool(words), shared=shared)
    if head is not None and head.hearing == "given":
        events = [e for s in speech for e in floor.utterance(s, _said(s, words))]
    else:
        events = [e for heard in _heard(speech, words) for e in floor.push(heard)]
    events += floor.finish()
    return [
        e
        for e in events
        if isinstance(e, OF_THE_FLOOR) and not (isinstance(e, Interruption) and e.status != "confirmed")
    ]


def _known(language: str) -> str:
    try:
        lexicon(language)
    except MisuseError:
        return "en"
    return language


def _heard(speech: Sequence[Speech], words: Sequence[Word]) -> Iterator[Event]:
    """Voices and words in order of time, with the clock, as hearing would say them."""
    people = dict.fromkeys([*(s.speaker for s in speech), *(w.speaker for w in words)])
    moments: list[tuple[float, int, Event]] = [(w.start, 0, w) for w in words]
    for s in speech:
        on = VoiceOn(start=s.start, end=s.start, speaker=s.speaker, confidence=s.confidence)
        moments += [(s.start, 1, on), (s.end, 2, VoiceOff(start=s.end, end=s.end, speaker=s.speaker))]
    for at, _, event in sorted(moments, key=lambda m: m[:2]):
        yield event
        yield from (WordsUntil(start=at, end=at, speaker=p) for p in people)
        yield Clock(start=at, end=at)


def _said(speech: Speech, words: Sequence[Word]) -> str:
    """The words of a given utterance; they were spread over it, so they start inside."""
    return " ".join(w.word for w in words if w.speaker == speech.speaker and speech.start <= w.start < speech.end)
