"""Was it listening, an overlap, an interruption? Pure judgements on two units and what is around them.

The three questions (Beattie 1981, Ferguson 1977): was speech simultaneous, did the first speaker finish, was the floor
taken?
"""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.events import InterruptionKind, OverlapKind
from voicecoach.floor.lexicon import Lexicon, tokenise

BACKCHANNEL_MAX_S = 1.0
"""Signs of listening are seldom longer."""
BACKCHANNEL_MIN_S = 0.15
"""A shorter sound without a known word is a scrap of something longer: the shortest syllables last about so long."""
MANGLED = 0.55
"""Recognisers write nonsense for "mm-hm", and are less sure of it than this (fixtures: 0.33 to 0.43; words 0.6 up)."""
MANGLED_MAX_S = 0.65
"""Longer than this it was words, even if they were not understood."""
ALONE_S = 0.6
"""Whoever goes on speaking sooner than this after a sign of listening has begun a turn with it."""
TERMINAL_S = 0.45
"""Starting this close before the end of a finished turn is how people take turns, not an interruption."""
BRIEF_S = 0.85
"""Where the words of one who came in are not understood: so short a remark did not want the floor."""
COOPERATIVE_MAX_S = 1.6
"""A completion, an echo, a short question inside the other's speech; longer talk claims the floor."""
SILENT_MAX_S = 1.0
"""The floor taken this soon after an unfinished word was taken in the other's pause."""


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a unit. Silences of its own speaker, in seconds; ``inside``: another speaks at its start."""

    own_before_s: float
    own_after_s: float
    inside: bool
    other_goes_on: bool


def is_backchannel(
    length_s: float, text: str | None, sure: float, around: Around, words: Lexicon, *, heard: bool
) -> bool:
    """Whether a unit of ``length_s`` is a sign of listening.

    ``text`` None or empty: no words are known. ``heard``: the words come from a recogniser, which is ``sure`` of them
    (mean confidence) or has mangled a sound that is no word.
    """
    if heard and around.own_after_s < ALONE_S:
        return False
    tokens = tokenise(text or "")
    if tokens and words.backchannel(tokens, around.own_before_s, around.other_goes_on or around.inside):
        return not heard or length_s <= 2 * BACKCHANNEL_MAX_S
    in_the_flow = length_s <= BACKCHANNEL_MAX_S and around.inside and around.other_goes_on
    if length_s < BACKCHANNEL_MIN_S:
        return False
    if not tokens:  # a recogniser gives nothing for many a lone "mm-hm"
        return in_the_flow or (heard and length_s <= MANGLED_MAX_S and around.other_goes_on)
    if not heard or not in_the_flow or around.own_before_s < ALONE_S or length_s > MANGLED_MAX_S:
        return False
    claims = words.claims.intersection(tokens) or (text or "").rstrip().endswith("?")
    return sure < MANGLED or (len(tokens) == 1 and not claims)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody (``u``) comes in on somebody (``v``). Times in seconds; ``*_text`` None when no words are known.

    ``left_s``: how long v went on after u began (0 for a start in v's pause); ``came_s``: length of u so far;
    ``stays``: u goes on after v stopped; ``since_s``: how long u began after v stopped, if it did.
    """

    left_s: float
    came_s: float
    stays: bool
    since_s: float
    v_text: str | None
    u_text: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a contact was. ``gave_up``: ``"v"``, ``"u"`` or None, who stopped unfinished."""

    overlap: OverlapKind | None
    interruption: InterruptionKind | None = None
    gave_up: str | None = None
    confidence: float = 0.0
    evidence: tuple[tuple[str, float], ...] = ()


def judge(contact: Contact, words: Lexicon) -> Verdict:
    """Judge a contact of two units of which neither is a backchannel."""
    overlapped = contact.left_s > 0
    v_cut = words.unfinished(contact.v_text) if contact.v_text else None
    u_cut = words.unfinished(contact.u_text, trust_stops=False) if contact.u_text else None
    if not overlapped:
        return _in_a_pause(contact, v_cut)
    if contact.stays:
        return _floor_taken(contact, v_cut)
    return _floor_kept(contact, u_cut)


def _in_a_pause(contact: Contact, v_cut: bool | None) -> Verdict:
    if not v_cut or contact.since_s > SILENT_MAX_S or contact.came_s < BACKCHANNEL_MAX_S:
        return Verdict(None)
    sure = 0.85 if contact.since_s <= 0.7 else 0.65
    return Verdict(None, "silent", "v", sure, (("words_unfinished", 1.0), ("pause_s", contact.since_s)))


def _floor_taken(contact: Contact, v_cut: bool | None) -> Verdict:
    overlap = ("overlap_s", contact.left_s)
    if v_cut:
        sure = 0.95 if contact.left_s >= 0.3 and contact.came_s >= 1.5 else 0.75
        return Verdict("interruption", "successful", "v", sure, (("words_unfinished", 1.0), overlap))
    if contact.left_s <= TERMINAL_S:
        return Verdict("terminal", evidence=(overlap,))
    sure = 0.4 + 0.2 * min(1.0, contact.left_s) + (0.1 if v_cut is None else 0.0)
    return Verdict("interruption", "successful", None, sure, (("words_unfinished", 0.0), overlap))


def _floor_kept(contact: Contact, u_cut: bool | None) -> Verdict:
    length = ("came_in_s", contact.came_s)
    if u_cut:
        return Verdict("interruption", "failed", "u", 0.85, (("lost_start", 1.0), length))
    if contact.came_s <= (BRIEF_S if u_cut is None else COOPERATIVE_MAX_S):
        return Verdict("cooperative", evidence=(length,))
    return Verdict("interruption", "failed", None, 0.5, (("lost_start", 0.0), length))
