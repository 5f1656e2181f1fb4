"""`ReplyJudge`: from turns and words on the timeline to what each reply does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from voicecoach.events import (
    Clock,
    Event,
    Prompt,
    Prosody,
    ReplyAct,
    Turn,
    TurnStarted,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
)
from voicecoach.listening.judge import judge
from voicecoach.listening.meaning import Embed, understand

FIRST_WORDS = 8
"""Words after which a reply is judged for the first time: from them alone F1 is 0.63, from all of it 0.69 (AnnoMI)."""
FIRST_SPEECH_S = 3.0
"""… or the words of this much of the reply are known …"""
FIRST_PAUSE_S = 0.3
"""… or the one replying paused this long and the words until then are known."""
MORE_WORDS = 4
MORE_SHARE = 0.5
"""Then it is judged again each time so many more words, or this share more, are known …"""
MOST_WORDS = 60
"""… but only in its first part: what comes later is for the final judgement."""
SLACK_S = 0.35
"""Recognised words and voice activity differ by so much at their ends."""
ENDS_S = 0.5
"""A melody that ends so near to where the words end is theirs."""
WAIT_S = 15.0
"""A finished reply waits this long for the record of the turn before it, then does with the words it has."""
SILENT_S = 60.0
"""After so long a silence the course of the talk begins anew; the floor forgets after as long."""


@dataclass(slots=True)
class _Turn:
    """A turn as far as it is known.

    ``to``: the turn it replies to; ``continues``: the rest of one, after a prompt; ``reflects``: once it is judged, how
    probably it says back, if it says anything.
    """

    speaker: str
    start: float
    to: _Turn | None
    end: float | None = None
    text: str | None = None
    judged_words: int = 0
    reflects: float | None = None
    final: bool = False
    continues: bool = False


@dataclass(slots=True)
class _Person:
    words: list[Word] = field(default_factory=list)
    known_until: float = 0.0
    voice: bool = False
    off: float | None = None
    prompted: float | None = None
    melody: Prosody | None = None


class ReplyJudge:
    """Judges every turn that follows another person's. Feed it all events; it uses turns, words, voices and the clock.

    While a reply goes on it may give several `ReplyAct` with ``partial=True`` (``end``: how far its words were known),
    then one final when its `Turn` record is there. A turn without any words gets none. What somebody says after a
    prompt of the coach to them is judged apart from what they had said before it: a second try counts. ``embed``:
    sentence vectors, with which it judges better; without them, patterns alone decide.
    """

    def __init__(self, language: str = "en", embed: Embed | None = None) -> None:
        self._language = language
        self._meaning = understand(embed, language)
        self._people: dict[str, _Person] = {}
        self._turns: list[_Turn] = []

    def push(self, event: Event) -> list[ReplyAct]:
        """Give what is newly known about replies after ``event``, oldest first."""
        match event:
            case TurnStarted():
                self._begin(event.speaker, event.start)
                return self._early(event.speaker)
            case Word():
                person = self._person(event.speaker)
                person.words.append(event)
                self._divide(event.speaker)
                return self._early(event.speaker)
            case Prompt() if event.words and event.to:
                self._person(event.to).prompted = event.start
                self._divide(event.to)
            case WordsUntil():
                person = self._person(event.speaker)
                person.known_until = max(person.known_until, event.start)
                return self._early(event.speaker)
            case VoiceOn():
                self._person(event.speaker).voice = True
            case VoiceOff():
                person = self._person(event.speaker)
                person.voice, person.off = False, event.start
            case Prosody():
                self._person(event.speaker).melody = event
            case Turn():
                self._close(event)
                return self._finals(event.end)
            case Clock():
                acts = [act for name in self._people for act in self._early(name, now=event.start)]
                return acts + self._finals(event.start)
        return []

    def _person(self, name: str) -> _Person:
        return self._people.setdefault(name, _Person())

    def _begin(self, speaker: str, start: float) -> _Turn:
        other = [t for t in self._turns if t.speaker != speaker and t.start <= start]
        turn = _Turn(speaker, start, max(other, key=lambda t: t.start, default=None))
        self._turns.append(turn)
        return turn

    def _divide(self, speaker: str) -> None:
        """Begin the rest of the turn that is going on, once there are words after the prompt that came into it."""
        person, turn = self._person(speaker), self._current(speaker)
        if person.prompted is None or turn is None or turn is not self._turns[-1]:
            return
        after = [w.start for w in person.words if w.start >= person.prompted]
        if after and turn.start < person.prompted:
            person.prompted = None
            self._turns.append(_Turn(speaker, min(after), turn.to, continues=True))

    def _current(self, speaker: str) -> _Turn | None:
        return next((t for t in reversed(self._turns) if t.speaker == speaker and t.end is None), None)

    def _said(self, turn: _Turn) -> str:
        return turn.text if turn.text is not None else " ".join(w.word for w in self._words(turn))

    def _words(self, turn: _Turn) -> list[Word]:
        end = turn.end if turn.end is not None else float("inf")
        later = [t.start for t in self._turns if t.speaker == turn.speaker and t.start > turn.start]
        end = min([end, *(start - SLACK_S for start in later)])
        words = self._person(turn.speaker).words
        return sorted(
            (w for w in words if turn.start - SLACK_S <= w.start and w.start < end + SLACK_S), key=lambda w: w.start
        )

    def _early(self, speaker: str, now: float | None = None) -> list[ReplyAct]:
        """Judge the turn that ``speaker`` is in, if enough of it is known and more than last time."""
        turn = self._current(speaker)
        if turn is None or turn.to is None or turn.judged_words >= MOST_WORDS:
            return []
        words = self._words(turn)
        if len(words) <= turn.judged_words:
            return []
        person = self._person(speaker)
        ready = len(words) >= max(FIRST_WORDS, turn.judged_words + max(MORE_WORDS, MORE_SHARE * turn.judged_words))
        ready = ready or (not turn.judged_words and person.known_until >= turn.start + FIRST_SPEECH_S)
        if now is not None and not person.voice and person.off is not None and person.off > turn.start:
            ready = ready or (now - person.off >= FIRST_PAUSE_S and person.known_until >= person.off - SLACK_S)
        if not ready:
            return []
        turn.judged_words = len(words)
        return [self._act(turn, turn.to, " ".join(w.word for w in words), words[-1].end, partial=True)]

    def _close(self, record: Turn) -> None:
        known = [
            t
            for t in self._turns
            if t.speaker == record.speaker and t.end is None and record.start - 1.0 <= t.start < record.end
        ]
        turn = min(known, key=lambda t: abs(t.start - record.start), default=None)
        if turn is None:
            turn = self._begin(record.speaker, record.start)
        rest = [t for t in self._turns if t.continues and t.speaker == record.speaker and t.end is None]
        rest = sorted((t for t in rest if turn.start < t.start < record.end), key=lambda t: t.start)
        turn.start, turn.end = record.start, record.end
        turn.text = None if rest else record.text or None
        for part, end in zip((turn, *rest), (*(t.start for t in rest), record.end), strict=True):
            part.end = end
            part.text = part.text or " ".join(w.word for w in self._words(part))

    def _finals(self, now: float) -> list[ReplyAct]:
        acts = []
        for turn in sorted(self._turns, key=lambda t: t.start):
            if turn.final or turn.end is None:
                continue
            if turn.to is not None and turn.to.text is None and now < turn.end + WAIT_S:
                continue
            turn.final = True
            if turn.to is not None and turn.text:
                acts.append(self._act(turn, turn.to, turn.text, turn.end, partial=False))
        self._forget()
        return acts

    def _forget(self) -> None:
        """Keep what a later reply can need: the last turns of everybody, and the words since."""
        done = [t for t in self._turns if t.final]
        for turn in done[:-8]:
            self._turns.remove(turn)
            turn.to = None
        for name, person in self._people.items():
            since = min((t.start for t in self._turns if t.speaker == name), default=person.known_until - 60.0)
            person.words = [w for w in person.words if w.start >= since - 1.0]

    def _before(self, turn: _Turn) -> float | None:
        """How probably the last reply of the same person was a reflection, unless there was a long silence since."""
        course = [turn]
        for earlier in sorted((t for t in self._turns if t.start < turn.start), key=lambda t: t.start, reverse=True):
            if earlier.end is not None and course[-1].start - earlier.end > SILENT_S:
                break
            course.append(earlier)
        replies = course[1:-1]  # who opens it answers nothing in it
        return next((t.reflects for t in replies if t.speaker == turn.speaker and t.reflects is not None), None)

    def _act(self, turn: _Turn, to: _Turn, text: str, end: float, *, partial: bool) -> ReplyAct:
        melody = self._person(turn.speaker).melody
        ending_st = melody.ending_st if melody is not None and abs(melody.end - end) <= ENDS_S else None
        found = judge(text, self._said(to), self._language, self._meaning, ending_st, self._before(turn))
        if not partial and not found.acts["acknowledgement"]:
            turn.reflects = found.acts["reflection"]
        return ReplyAct(
            start=turn.start,
            end=max(turn.start, end),
            speaker=turn.speaker,
            to=to.speaker,
            acts=found.acts,
            evidence=found.evidence,
            covered=found.covered,
            added=found.added,
            feelings=found.feelings,
            needs=found.needs,
            moods=found.moods,
            text=text,
            partial=partial,
        )


def judge_all(events: Iterable[Event], language: str = "en", embed: Embed | None = None) -> list[ReplyAct]:
    """Give the final `ReplyAct` of every reply in a finished conversation, from its records (turns with their text)."""
    replies = ReplyJudge(language, embed)
    acts = [act for event in events for act in replies.push(event)]
    acts += replies.push(Clock(start=float("inf"), end=float("inf")))
    return [act for act in acts if not act.partial]
