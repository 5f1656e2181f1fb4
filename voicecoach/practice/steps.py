"""The check-in as one table: read this page to know how it goes.

A `Step` says whom it is about, what is listened for and what follows on how it ended; what is said in it stands under
its name in ``data/checkin/<language>.json``. A `Gate` is a fork that nobody notices: it asks one question of where
things stand. Every step can be skipped; however a step ends, the table leads on, and in the end to the close.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Who(Enum):
    """Whom a step asks."""

    NOBODY = "it only says something"
    EITHER = "whoever answers first"
    BOTH = "both must say yes"
    ONE = "the person whose place it is (in a round: the speaker)"
    OTHER = "the other person (in a round: the listener)"
    EACH = "one, then the other"
    OWNER = "whoever made the promise"


class Hears(Enum):
    """What a step listens for."""

    NOTHING = "nothing"
    VOICE = "that somebody speaks at all"
    YES_NO = "yes or no"
    YES_NO_OR_WORDS = "yes, no, or something of their own"
    CHOICE = "one of a few words"
    DATE = "a day"
    WORDS = "a sentence or more"
    REFLECTION = "what was told, said back"
    FLOOR = "one person has the floor, for their time"
    OPEN = "both talk, for a time"
    TIME = "a time passes"


@dataclass(frozen=True, slots=True)
class Step:
    """``then``: outcome → next step or gate; ``"*"`` for every other outcome, among them ``skipped`` and ``silent``.

    ``part``: of the check-in, for the display; ``keeps``: what is kept of the answer (`events.Keep`); ``wait_s``: how
    long to wait for an answer before asking again; ``asks``: how often to ask in all; ``unasked``: what is said right
    after the step before counts, and only who says nothing is asked.
    """

    part: str
    who: Who
    hears: Hears
    then: Mapping[str, str]
    keeps: str = ""
    wait_s: float = 8.0
    asks: int = 3
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """``asks``: a question of `voicecoach.practice.progress.Progress`, by name; then ``yes`` or ``no``."""

    asks: str
    yes: str
    no: str
    part: str = field(default="", kw_only=True)


ARRIVE, AGREE, ROUND, SOLVE, CLOSE, REST = "arrive", "agreements", "rounds", "solutions", "close", "cooling off"

TABLE: Mapping[str, Step | Gate] = {
    # --- arrive ------------------------------------------------------------------------------------------------------
    "welcome": Step(ARRIVE, Who.NOBODY, Hears.NOTHING, {"*": "voices"}),
    "voices": Step(ARRIVE, Who.EACH, Hears.VOICE, {"*": "private"}),
    "private": Step(ARRIVE, Who.EITHER, Hears.YES_NO, {"no": "settle", "*": "promise?"}),
    "settle": Step(ARRIVE, Who.EITHER, Hears.YES_NO, {"*": "promise?"}, wait_s=120.0, asks=5),
    "promise?": Gate("promise_left", "promise", "agreements?"),
    "promise": Step(ARRIVE, Who.OWNER, Hears.WORDS, {"*": "promise_done"}, wait_s=12.0),
    "promise_done": Step(
        ARRIVE, Who.OWNER, Hears.YES_NO, {"yes": "next_promise", "no": "promise_keep", "*": "next_promise"},
        keeps="promise_done",
    ),
    "promise_keep": Step(ARRIVE, Who.OWNER, Hears.YES_NO, {"*": "next_promise"}, keeps="promise_keep"),
    "next_promise": Gate("another_promise", "promise", "agreements?"),
    # --- agreements --------------------------------------------------------------------------------------------------
    "agreements?": Gate("has_agreements", "proposal?", "make?"),
    "make?": Gate("has_suggestions", "make", "proposal?"),
    "make": Step(AGREE, Who.NOBODY, Hears.NOTHING, {"*": "suggest"}),
    "suggest": Step(AGREE, Who.BOTH, Hears.YES_NO, {"*": "next_suggestion"}, keeps="suggested"),
    "next_suggestion": Gate("another_suggestion", "suggest", "proposal?"),
    "proposal?": Gate("proposal_left", "proposal", "read?"),
    "proposal": Step(AGREE, Who.BOTH, Hears.YES_NO, {"*": "next_proposal"}, keeps="proposed"),
    "next_proposal": Gate("another_proposal", "proposal", "read?"),
    "read?": Gate("has_agreements", "read", "own"),
    "read": Step(AGREE, Who.NOBODY, Hears.NOTHING, {"*": "change_any"}),
    "change_any": Step(
        AGREE, Who.EITHER, Hears.YES_NO, {"yes": "own", "words": "own", "let_go": "which?", "*": "burden?"},
        asks=1,
    ),
    "which?": Gate("says_which", "let_go", "which"),
    "which": Step(AGREE, Who.EITHER, Hears.CHOICE, {"chosen": "let_go", "*": "change_more?"}),
    "let_go": Step(AGREE, Who.BOTH, Hears.YES_NO, {"*": "change_more?"}, keeps="let_go"),
    "change_more?": Gate("has_agreements", "change_any", "own"),
    "own": Step(
        AGREE, Who.ONE, Hears.YES_NO_OR_WORDS,
        {"words": "own_read", "yes": "own_words", "let_go": "which?", "*": "other_own"}, wait_s=10.0,
    ),
    "own_words": Step(
        AGREE, Who.ONE, Hears.WORDS, {"words": "own_read", "let_go": "which?", "*": "other_own"}, wait_s=15.0,
    ),
    "own_read": Step(AGREE, Who.BOTH, Hears.YES_NO, {"yes": "own_instead?", "*": "other_own"}, keeps="own"),
    "own_instead?": Gate("one_about_the_same", "own_instead", "other_own"),
    "own_instead": Step(AGREE, Who.BOTH, Hears.YES_NO, {"*": "other_own"}, keeps="own_instead"),
    "other_own": Gate("other_turn", "own", "burden?"),
    # --- rounds ------------------------------------------------------------------------------------------------------
    "burden?": Gate("one_carries_more", "burden", "depth"),
    "burden": Step(ROUND, Who.BOTH, Hears.YES_NO, {"*": "depth"}, keeps="rebalance"),
    "depth": Step(ROUND, Who.EITHER, Hears.CHOICE, {"*": "topic"}, keeps="depth"),
    "topic": Step(
        ROUND, Who.EITHER, Hears.YES_NO_OR_WORDS, {"no": "other_topic", "*": "speak"}, keeps="topic", wait_s=10.0,
    ),
    "other_topic": Gate("another_topic", "topic", "speak"),
    "speak": Step(
        ROUND, Who.ONE, Hears.FLOOR,
        {"spoke": "reflect", "time": "reflect", "answered": "reflect", "*": "place_over"}, wait_s=30.0, asks=2,
    ),
    "reflect": Step(
        ROUND, Who.OTHER, Hears.REFLECTION, {"skipped": "sense", "*": "confirm"}, wait_s=12.0,
    ),
    "confirm": Step(ROUND, Who.ONE, Hears.YES_NO, {"no": "correct?", "*": "more?"}, unasked=True),
    "correct?": Gate("corrections_left", "correct", "more?"),
    "correct": Step(ROUND, Who.ONE, Hears.WORDS, {"words": "reflect", "*": "more?"}, wait_s=12.0),
    "more?": Gate("time_left", "more", "sense"),
    "more": Step(ROUND, Who.ONE, Hears.YES_NO_OR_WORDS, {"yes": "speak", "words": "reflect", "*": "sense"}),
    "sense": Step(ROUND, Who.OTHER, Hears.WORDS, {"*": "felt"}, wait_s=12.0),
    "felt": Step(ROUND, Who.ONE, Hears.YES_NO, {"*": "place_over"}, keeps="felt"),
    "place_over": Gate("other_turn", "change", "round_over"),
    "change": Step(ROUND, Who.NOBODY, Hears.NOTHING, {"*": "speak"}),
    "round_over": Gate("another_round", "topic", "heard?"),
    # --- solutions ---------------------------------------------------------------------------------------------------
    "heard?": Gate("both_heard", "want", "unheard"),
    "unheard": Step(SOLVE, Who.NOBODY, Hears.NOTHING, {"*": "learned"}),
    "want": Step(SOLVE, Who.BOTH, Hears.YES_NO, {"yes": "solve", "*": "learned"}),
    "solve": Step(SOLVE, Who.NOBODY, Hears.OPEN, {"*": "learned"}),
    # --- close -------------------------------------------------------------------------------------------------------
    "learned": Step(CLOSE, Who.EACH, Hears.WORDS, {"*": "support"}, keeps="learned", wait_s=15.0),
    "support": Step(CLOSE, Who.ONE, Hears.WORDS, {"words": "support_read", "*": "other_support"}, wait_s=15.0),
    "support_read": Step(CLOSE, Who.ONE, Hears.YES_NO, {"no": "support_again", "*": "support_when"}),
    "support_again": Gate("corrections_left", "support", "other_support"),
    "support_when": Step(CLOSE, Who.ONE, Hears.DATE, {"*": "other_support"}, keeps="commitment"),
    "other_support": Gate("other_turn", "support", "appreciated"),
    "appreciated": Step(CLOSE, Who.EACH, Hears.WORDS, {"*": "moment?"}, keeps="appreciated", wait_s=15.0),
    "moment?": Gate("has_moment", "moment", "goodbye"),
    "moment": Step(CLOSE, Who.NOBODY, Hears.NOTHING, {"*": "goodbye"}, keeps="breakthrough"),
    "goodbye": Step(CLOSE, Who.NOBODY, Hears.NOTHING, {"*": "end"}),
    # --- cooling off, from anywhere ----------------------------------------------------------------------------------
    "offer_rest": Step(REST, Who.EITHER, Hears.YES_NO, {"yes": "rest", "*": "back"}, asks=1),
    "rest": Step(REST, Who.NOBODY, Hears.TIME, {"*": "ready"}),
    "ready": Step(REST, Who.BOTH, Hears.YES_NO, {"no": "rest", "*": "back"}, wait_s=60.0, asks=10),
}  # fmt: skip

START, END, BACK = "welcome", "end", "back"
"""``back``: the step that was left for cooling off."""


def step_of(name: str) -> Step:
    """The step ``name``; a gate is none, nobody is ever in it."""
    found = TABLE[name]
    assert isinstance(found, Step)
    return found
