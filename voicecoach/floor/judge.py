"""Was it an overlap, an interruption, and who gave up? A pure judgement on two units that meet.

The three questions (Beattie 1981, Ferguson 1977): was speech simultaneous, did the first speaker finish, was the floor
taken?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voicecoach.events import InterruptionKind, OverlapKind
from voicecoach.floor.cues import Cues
from voicecoach.floor.lexicon import Lexicon, tokenise
from voicecoach.floor.rules import BACKCHANNEL_MAX_S

OPEN = {
    "cut": 3,
    "article": 3,
    "contraction": 3,
    "clause": 3,
    "phrase": 3,
    "subject": 3,
    "binding": 3,
    "joining": 2,
    "question": 2,
    "auxiliary": 2,
    "preposition": 2,
    "degree": 2,
    "filler": 2,
    "either_way": 0,
    "loose": 0,
    "doing": 0,
    "done": -2,
}
"""Points for how open the last words leave a sentence. After a cut word, an article, "because we" or "we're" more must
follow; after the others mostly, but "and" and "um" also trail off when somebody has finished (Walker 2012), and a
sentence can end in "with" or "is"."""
MARKS = {"full_stop": -1, "question_mark": -2, "no_stop": 3}
"""Points for how the recogniser closes a sentence. It sets a full stop after half of those that were cut off, too, so
that the words outweigh it; but where a sentence ended it hardly ever leaves one out (`scripts/bench endings`)."""
IN_PAUSE = -1
"""In a pause nobody was talked down: it takes one of the surest endings."""
IN_PAUSE_MOST = 1
"""Points for the confidence there, however sure it is that the sentence was open: who breaks off in a pause may as well
leave the rest to the other ("what kind of … ?")."""
RESUMED = -1
"""Who goes on at once has not given up."""
NOTHING_SAID = -1
"""Only "and" or "well, so": a bid for the floor, with nothing yet to be cut off."""
YIELDS = 2
"""From so many points on, the one who stopped gave up unfinished."""
SURENESS = {3: 0.9, 2: 0.7, 1: 0.4, 0: 0.25, -1: 0.15}
"""Points → confidence that the one who stopped was not finished, in round numbers, none below the last. How often it is
so, by people's marks, `scripts/bench floor` shows."""
RESUMES_S = 0.3
"""Who goes on sooner than this has only drawn breath."""
TERMINAL_S = 0.5
"""Starting this close before the end of a finished turn is how people take turns, not an interruption."""
BRIEF_S = 0.85
"""Where the words of one who came in are not understood: so short a remark did not want the floor."""
ASIDE_S = 1.0
"""Who came in and was done so soon ("That's awful.", a laugh, the word that was looked for) took no floor, though the
other stopped: a moment to look at, not one to be spoken of."""
ASIDE = 0.7
"""How sure such a one is at most."""
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
    one of the two said no word, but laughed, say; ``mixed``: what the one who stopped is said to have said was heard
    through the other's voice, on one microphone; ``begun``: that one had said something just before it already;
    ``ends_under``: the last word of it was heard through the other's voice, on one microphone; ``ended``: u has said
    no more than that.
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
    mixed: bool = False
    begun: bool = False
    ends_under: bool = False
    ended: bool = False

    @property
    def kind(self) -> Literal["over", "lost", "pause"]:
        """``over``: u talks v down; ``lost``: u gives up; ``pause``: u starts in v's pause."""
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


def openness(text: str, words: Lexicon, *, recognised: bool, trust_stops: bool = True) -> dict[str, int]:
    """Points for and against that the sentence at the end of ``text`` is unfinished, by what speaks so; see `YIELDS`.

    ``recognised``: a recogniser wrote it, which closes what it takes for done; of the people who mark utterances some
    write no full stops at all. ``trust_stops``: whether a full stop says anything; where no sentence can end it never
    does. How sure the recogniser is of the last word tells next to nothing (`scripts/bench endings`).
    """
    ending, mark = words.ending(text), words.mark(text)
    found = {ending: OPEN[ending]}
    left_open = recognised and ending != "cut"
    closed = trust_stops and ending not in words.cannot_end
    if left_open if mark == "no_stop" else closed:
        found[mark] = MARKS[mark]
    return found


def points(contact: Contact, words: Lexicon, cues: Cues) -> dict[str, int]:
    """What speaks for and against that the one who stopped gave up unfinished, cut off by the other."""
    found: dict[str, int] = {}
    # Who came in so late took the turn as people do, if nothing but a word heard through their voice says otherwise.
    told = not (contact.ends_under and contact.stays and contact.left_s <= TERMINAL_S)
    if contact.text and told and cues.endings:
        bid = not contact.begun and words.holds_the_floor(tokenise(contact.text))
        found |= openness(
            contact.text,
            words,
            recognised=contact.heard and not bid,  # a bid is no sentence to be closed
            trust_stops=not contact.heard or contact.kind != "lost",  # recognisers set one after a lost start too
        )
        if bid:
            found["nothing_said_yet"] = NOTHING_SAID
    if cues.overlap and contact.kind == "pause":
        found["pause"] = IN_PAUSE
    if cues.resumes and contact.resumes_s < RESUMES_S:
        found["resumes"] = RESUMED
    return found


def confidence(score: int) -> float:
    """How sure it is, by that many points, that the one who stopped was not finished."""
    return SURENESS[min(max(score, min(SURENESS)), max(SURENESS))]


def judge(contact: Contact, words: Lexicon, cues: Cues) -> Verdict:
    """Judge a contact of two units of which neither is a backchannel."""
    if contact.sound:
        return Verdict("cooperative" if contact.left_s > 0 else None)
    found = points(contact, words, cues)
    known = bool(contact.text) and cues.endings
    score = sum(found.values())
    yields = known and score >= YIELDS
    sure = confidence(score)
    evidence = tuple((name, float(value)) for name, value in found.items())
    if contact.kind == "pause":
        if not yields or contact.since_s > SILENT_MAX_S or contact.came_s < BACKCHANNEL_MAX_S:
            return Verdict(None)
        return Verdict(None, "silent", "v", confidence(IN_PAUSE_MOST), evidence)
    outcome: InterruptionKind = "successful" if contact.stays else "failed"
    first: Literal["v", "u"] = "v" if contact.stays else "u"
    if contact.heard and not contact.blind and contact.stays and contact.ended and contact.came_s <= ASIDE_S:
        sure = min(sure, ASIDE)
    if yields:
        return Verdict("interruption", outcome, first, sure, evidence)
    # A whole sentence that was heard through another's voice may be part of theirs: it excuses nothing.
    if cues.overlap and not _normal(contact, known=known and not contact.mixed):
        # Without words, who stopped first is all there is to tell who gave up.
        return Verdict("interruption", outcome, first if contact.blind else None, sure, evidence)
    kind: OverlapKind = "terminal" if contact.stays else "cooperative"
    seen = cues.overlap and not contact.heard and not contact.blind and min(contact.left_s, contact.came_s) > EDGE_S
    return Verdict(kind, outcome if seen else None, None, sure, evidence)


def _normal(contact: Contact, *, known: bool) -> bool:
    """Whether people take turns or help each other so, as far as times tell."""
    if contact.stays:
        return contact.left_s <= TERMINAL_S
    return contact.came_s <= (COOPERATIVE_MAX_S if known else BRIEF_S)
