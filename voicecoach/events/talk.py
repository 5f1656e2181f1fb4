"""What people did: speech and words, turns and what happened on the floor, what replies do, how voices sounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from voicecoach.events.base import Record

InterruptionKind = Literal["successful", "failed", "silent"]


OverlapKind = Literal["backchannel", "terminal", "cooperative", "interruption"]


Status = Literal["provisional", "confirmed", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech(Record):
    """One inter-pausal unit: one person's speech with no silence over 200 ms inside."""

    type: ClassVar[str] = "speech"
    speaker: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Record):
    """One committed word, as written (capitals and punctuation kept, no surrounding space). Never changes after."""

    type: ClassVar[str] = "word"
    speaker: str
    word: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Record):
    """The IPUs with which one person holds the floor. ``speech_s``: speech inside, pauses left out."""

    type: ClassVar[str] = "turn"
    speaker: str
    speech_s: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Record):
    """Silence inside a turn of ``speaker``."""

    type: ClassVar[str] = "pause"
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Record):
    """A change of the floor. ``speaker``: who speaks next; ``previous``: who spoke before.

    ``fto_s`` (floor transfer offset) = next turn's start − previous turn's end; negative when the turns overlap.
    ``start``/``end`` bound the silence; for a negative offset both are the next turn's start.
    """

    type: ClassVar[str] = "gap"
    speaker: str
    previous: str
    fto_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backchannel(Record):
    """A short sign of listening by ``speaker`` while ``to`` has the floor. Never an interruption."""

    type: ClassVar[str] = "backchannel"
    speaker: str
    to: str
    text: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap(Record):
    """Two people speaking at once. ``speaker``: who came in; ``over``: who was speaking already."""

    type: ClassVar[str] = "overlap"
    speaker: str
    over: str
    kind: OverlapKind = "terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption(Record):
    """``speaker`` came in at ``start`` while ``interrupted`` was not finished, with more than a backchannel.

    ``kind``: ``successful`` (the one who was speaking gives up unfinished), ``failed`` (the one who came in gives up),
    ``silent`` (the floor is taken in a mid-sentence pause). ``yielded``: who gave up unfinished, or None;
    ``yielded_at``: when that person stopped. ``overlap_s``: speech at once. ``words_cut``: the last words of the one
    who yielded.
    ``evidence``: the cues that decided it, each with its weight. ``end``: when its outcome was known on the timeline.
    Only ``status == "confirmed"`` is logged; ``provisional`` and ``withdrawn`` are shown live.
    """

    type: ClassVar[str] = "interruption"
    speaker: str
    interrupted: str
    kind: InterruptionKind
    overlap_s: float = 0.0
    yielded: str | None = None
    yielded_at: float | None = None
    words_cut: str = ""
    confidence: float = 1.0
    evidence: Mapping[str, float] = field(default_factory=dict)
    status: Status = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAct(Record):
    """What the reply of ``speaker`` that starts at ``start`` does to the person who spoke before (``to``).

    ``acts``: act → probability. ``evidence``: act → the words that decided it. ``covered``: content words of the other
    person's turn that were said back; ``added``: those that are new. ``feelings``, ``needs``: named in the reply.
    ``moods``: mood → probability that the reply shows it (empty without sentence vectors).
    ``partial``: judged from the first part of the reply (live only, never logged).
    """

    type: ClassVar[str] = "reply_act"
    speaker: str
    to: str
    acts: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    covered: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    moods: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone(Record):
    """How ``speaker`` said a stretch of speech, beside how that person has spoken so far in this session.

    ``raised``: probability that the voice is raised (louder, higher, quicker than this person's own middle), in [0, 1];
    0.5 is never reached before enough is known of it. ``louder_db``, ``higher_st`` (semitones) and ``quicker``
    (syllables per second): differences to the person's middle. ``ending_st``: how far the melody rises (+) or falls (-)
    at the end, in semitones; None where it cannot be told. Nothing here says what anybody feels.
    """

    type: ClassVar[str] = "tone"
    speaker: str
    raised: float = 0.0
    louder_db: float = 0.0
    higher_st: float = 0.0
    quicker: float = 0.0
    ending_st: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tension(Record):
    """How tense the conversation sounds at ``end``, from the minute before it (``start``). Never a diagnosis.

    ``value`` in [0, 1]; ``parts``: what it is made of, each in [0, 1]: ``voice``, ``overlaps``, ``pace``, ``words``.
    It is about the conversation, never about one of the two.
    """

    type: ClassVar[str] = "tension"
    value: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)
