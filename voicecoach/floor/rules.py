"""Was it a sign of listening? Pure judgements on a unit and what is around it."""

from __future__ import annotations

import math
from dataclasses import dataclass

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

BEGINS_S = 0.25
"""Whoever goes on sooner than this may have begun a sentence with it ("yeah, I know")."""
ENDS_S = 0.1
"""Sooner than this after one's own words it may belong to them; a "right" then asks for a sign of listening."""
STALE_S = 2.0
"""Where nobody else has spoken for so long, there is nothing to be a sign of listening to."""
UNKNOWN_S = 1.0
"""A silence of one's own where it is not looked at: neither short nor long."""


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a unit. Silences of its own speaker, in seconds; ``inside``: another speaks at its start.

    ``covered``: another speaks from its start to its end; ``stale``: nobody else has spoken for `STALE_S`; ``leads``:
    it may be the first sounds of another's turn.
    """

    own_before_s: float
    own_after_s: float
    inside: bool
    other_goes_on: bool
    covered: bool = False
    stale: bool = False
    leads: bool = False


def listening(text: str, around: Around, words: Lexicon) -> float:
    """How surely what somebody wrote down as ``text`` is a sign of listening; 0.0: it is none."""
    tokens = tokenise(text)
    kind = words.sign(tokens)
    if kind is None or kind == "while_the_other_goes_on":
        return 0.0
    ends, begins = around.own_before_s < ENDS_S, around.own_after_s < BEGINS_S
    if kind == "always":
        return 0.0 if begins and around.stale else 0.7 if begins or around.stale else 0.9
    asks = ends and not words.tags.isdisjoint(tokens)
    if (ends and begins) or asks or around.stale:
        return 0.0
    return 0.5 if ends or begins else 0.75


def is_backchannel(
    length_s: float, text: str | None, sure: float, around: Around, words: Lexicon, *, heard: bool
) -> bool:
    """Whether a unit of ``length_s`` is a sign of listening.

    ``text`` None: no words are known; empty: none were understood through another's voice, and longer than
    `MANGLED_MAX_S` it was words. ``heard``: the words come from a recogniser, which is ``sure`` of them (mean
    confidence) or has mangled a sound that is no word.
    """
    if heard and around.own_after_s < ALONE_S:
        return False
    tokens = tokenise(text or "")
    if tokens and words.backchannel(tokens, around.own_before_s, around.other_goes_on or around.inside):
        return not heard or length_s <= 2 * BACKCHANNEL_MAX_S
    in_the_flow = length_s <= BACKCHANNEL_MAX_S and around.inside and around.other_goes_on
    longest_s = MANGLED_MAX_S if text == "" else math.inf
    if not BACKCHANNEL_MIN_S <= length_s <= longest_s:
        return False
    if not tokens:  # a recogniser gives nothing for many a lone "mm-hm"
        alone = heard and length_s <= MANGLED_MAX_S and around.other_goes_on
        return in_the_flow or (alone and (around.inside or not around.leads))
    if not heard or not in_the_flow or around.own_before_s < ALONE_S or length_s > MANGLED_MAX_S:
        return False
    claims = words.claims.intersection(tokens) or (text or "").rstrip().endswith("?")
    return sure < MANGLED or (len(tokens) == 1 and not claims)
