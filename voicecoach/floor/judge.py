"""Was it an overlap, an interruption, and who gave up? A pure judgement on two units that meet.

The three questions (Beattie 1981, Ferguson 1977): was speech simultaneous, did the first speaker finish, was the floor
taken?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voicecoach.events import InterruptionKind, OverlapKind
from voicecoach.floor.cues import Cues
from voicecoach.floor.fitted import OVERLAP_AT_S, PAUSE_AT_S, RESUMES_AT_S, fitted, log_ratio
from voicecoach.floor.lexicon import Lexicon, tokenise
from voicecoach.floor.rules import BACKCHANNEL_MAX_S

TERMINAL_S = 0.5
"""Starting this close before the end of a finished turn is how people take turns, not an interruption."""
BRIEF_S = 0.85
"""Where the words of one who came in are not understood: so short a remark did not want the floor."""
COOPERATIVE_MAX_S = 1.6
"""A completion, an echo, a short question inside the other's speech; longer talk claims the floor."""
EDGE_S = 0.15
"""Ends that people marked are right to about this (corpora give them to 0.1 s); what overlaps more was heard to."""
SILENT_MAX_S = 1.0
"""The floor taken this soon after an unfinished word was taken in the other's pause."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody (``u``) comes in on somebody (``v``). Times in seconds.

    ``left_s``: how long v went on after u began (0 for a start in v's pause); ``came_s``: length of u so far;
    ``stays``: u goes on after v stopped; ``since_s``: how long u began after v stopped, if it did; ``resumes_s``: how
    soon the one who stopped goes on; ``text``: what that one had said, None when no words are known; ``heard``: ends
    and words are as heard, otherwise as people marked them; ``blind``: nobody's words will ever be known; ``sound``:
    one of the two said no word, but laughed, say.
    """

    left_s: float
    came_s: float
    stays: bool
    since_s: float
    resumes_s: float
    text: str | None
    heard: bool
    blind: bool = False
    sound: bool = False

    @property
    def kind(self) -> Literal["over", "lost", "pause"]:
        """See `fitted.YieldWeights`."""
        return "pause" if self.left_s <= 0 else "over" if self.stays else "lost"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a contact was. ``gave_up``: ``"v"``, ``"u"`` or None, who stopped unfinished.

    ``interruption`` beside an ``overlap`` of another kind: a moment to look at, with a low ``confidence``.
    """

    overlap: OverlapKind | None
    interruption: InterruptionKind | None = None
    gave_up: str | None = None
    confidence: float = 0.0
    evidence: tuple[tuple[str, float], ...] = ()


def cues_to_yielding(contact: Contact, words: Lexicon, cues: Cues) -> dict[str, float]:
    """What there is to tell whether the one who stopped gave up unfinished, cut off by the other."""
    found: dict[str, float] = {contact.kind: 1.0}
    if contact.text and cues.endings:
        # Recognisers set a full stop after a lost start too.
        trust = not contact.heard or contact.kind != "lost"
        found[words.ending(contact.text, punctuated=contact.heard, trust_stops=trust)] = 1.0
        found["nothing_said_yet"] = float(words.holds_the_floor(tokenise(contact.text)))
    else:
        found["unknown"] = 1.0
    if cues.overlap and contact.kind == "pause":
        found["pause_s"] = log_ratio(contact.since_s, PAUSE_AT_S, 0.05, SILENT_MAX_S)
    elif cues.overlap:
        at_once = contact.left_s if contact.stays else contact.came_s
        found["overlap_s"] = log_ratio(at_once, OVERLAP_AT_S, 0.05, 3.0)
    if cues.resumes:
        found["resumes_s"] = log_ratio(contact.resumes_s, RESUMES_AT_S, 0.1, RESUMES_AT_S)
    return found


def judge(contact: Contact, words: Lexicon, cues: Cues) -> Verdict:
    """Judge a contact of two units of which neither is a backchannel."""
    if contact.sound:
        return Verdict("cooperative" if contact.left_s > 0 else None)
    numbers = fitted()
    found = cues_to_yielding(contact, words, cues)
    known = "unknown" not in found
    yields = known and numbers.yields.so(found)
    sure = numbers.confidence(numbers.yields.score(found), pause=contact.kind == "pause")
    evidence = tuple(numbers.yields.parts(found).items())
    if contact.kind == "pause":
        if not yields or contact.since_s > SILENT_MAX_S or contact.came_s < BACKCHANNEL_MAX_S:
            return Verdict(None)
        return Verdict(None, "silent", "v", sure, evidence)
    outcome: InterruptionKind = "successful" if contact.stays else "failed"
    first: Literal["v", "u"] = "v" if contact.stays else "u"
    if yields:
        return Verdict("interruption", outcome, first, sure, evidence)
    if not _normal(contact, known=known):
        # Without words, who stopped first is all there is to tell who gave up.
        return Verdict("interruption", outcome, first if contact.blind else None, sure, evidence)
    kind: OverlapKind = "terminal" if contact.stays else "cooperative"
    seen = not contact.heard and min(contact.left_s, contact.came_s) > EDGE_S
    return Verdict(kind, outcome if seen else None, None, sure, evidence)


def _normal(contact: Contact, *, known: bool) -> bool:
    """Whether people take turns or help each other so, as far as times tell."""
    if contact.stays:
        return contact.left_s <= TERMINAL_S
    return contact.came_s <= (COOPERATIVE_MAX_S if known else BRIEF_S)
