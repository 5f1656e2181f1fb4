"""When the coach helps, as tables: read this page to know what it does.

One *exchange* has a **teller**, who said something longer, and a **listener**, who answers. `TABLE` says for each state
of the exchange which state follows on what happens, and which help is then wanted. Wanting help is not giving it: help
waits for a silence, has a limit in time and is rationed (`TIMING`, `LEVELS`); if its moment passes, nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from voicecoach.errors import MisuseError


class Situation(Enum):
    """A kind of help. The value names its wording and stands in the log."""

    INTERRUPTION = "interruption"
    MISREAD = "misread"
    REMIND = "remind"
    INVITE = "invite"
    THANKS = "thanks"


class State(Enum):
    """Where an exchange stands."""

    OPEN = "nobody owes an answer"
    INVITED = "the listener was asked what they heard"
    ANSWERING = "the listener has begun to answer"
    REMINDED = "the listener answered something else first"
    REFLECTED = "the listener said back what they heard"
    CLEARING = "the teller said it was not quite that"


class Happening(Enum):
    """What can move an exchange on."""

    TOLD_THEN_SILENCE = "a longer turn ended, and nobody speaks"
    TOLD_THEN_ANSWER = "a longer turn ended, and another person speaks"
    ANSWER = "the listener speaks"
    REFLECTS = "the answer says back what was heard"
    LACKS = "the answer began with something else"
    GOES_ON = "the teller takes the floor again"
    LANDS = "the teller says: yes, that is it"
    NOT_QUITE = "the teller says: not quite"
    CUT_IN = "somebody took the floor from a person who had not finished"


Row = Mapping[Happening, tuple[State, "Situation | None"]]

_ANY_TIME: Row = {
    Happening.TOLD_THEN_SILENCE: (State.INVITED, Situation.INVITE),
    Happening.TOLD_THEN_ANSWER: (State.ANSWERING, None),
    Happening.CUT_IN: (State.OPEN, Situation.INTERRUPTION),
}

TABLE: Mapping[State, Row] = {
    State.OPEN: {
        **_ANY_TIME,
    },
    State.INVITED: {
        **_ANY_TIME,
        Happening.ANSWER: (State.ANSWERING, None),
        Happening.GOES_ON: (State.OPEN, None),
    },
    State.ANSWERING: {
        **_ANY_TIME,
        Happening.REFLECTS: (State.REFLECTED, None),
        Happening.LACKS: (State.REMINDED, Situation.REMIND),
        Happening.GOES_ON: (State.OPEN, None),
    },
    State.REMINDED: {
        **_ANY_TIME,
        Happening.REFLECTS: (State.REFLECTED, None),
        Happening.GOES_ON: (State.OPEN, None),
    },
    State.REFLECTED: {
        **_ANY_TIME,
        Happening.LANDS: (State.OPEN, Situation.THANKS),
        Happening.NOT_QUITE: (State.CLEARING, Situation.MISREAD),
    },
    State.CLEARING: {
        **_ANY_TIME,
        Happening.ANSWER: (State.ANSWERING, None),
    },
}


@dataclass(frozen=True, slots=True)
class Timing:
    """``silence_s``: nobody has spoken for so long; ``expires_s``: after so long the moment has passed."""

    silence_s: float
    expires_s: float


TIMING: Mapping[Situation, Timing] = {
    Situation.INTERRUPTION: Timing(silence_s=0.5, expires_s=8.0),
    Situation.MISREAD: Timing(silence_s=1.2, expires_s=8.0),
    Situation.REMIND: Timing(silence_s=0.6, expires_s=8.0),
    Situation.INVITE: Timing(silence_s=0.9, expires_s=8.0),
    Situation.THANKS: Timing(silence_s=0.7, expires_s=4.0),
}
"""In order of urgency: of two kinds of help that wait for the same silence, the first is given and the other let go."""

UNSURE_S = 1.5
"""An invitation waits this long after words that are not known yet, …"""
UNFINISHED_S = 2.6
"""… this long after words that are not an ending ("because", "the", "I") …"""
HEAVY_S = 4.0
"""… and this long after something painful: that silence is not a problem to fix."""
WORDS_LATE_S = 2.5
"""A reminder waits so long for the words before a silence; if they are still not known, nothing is said."""
SURE = 0.8
"""Only an interruption at least this sure is answered live; the others are moments to look at afterwards. From here on
in 96 % the one who stopped was marked unfinished (either mark of MRDA), in 84 % as interrupted: `live_precision` of
`scripts/bench floor --half B`. By the first it must stay above 90 %.
"""
RESUMED_S = 1.0
"""Who was cut off and has spoken this much again needs nobody to give the floor back."""
EXPLAINED_S = 3.0
"""Whoever says more than "yes" or "not quite" has gone on; neither thanks nor a question is needed."""
CHIMES_APART_S = 3.0
QUIETER = 0.5
"""Each answer that says back what was heard, unasked, makes the time between prompts longer by this share …"""
QUIETEST = 4
"""… up to this many times."""


@dataclass(frozen=True, slots=True)
class Level:
    """How much the coach helps.

    ``told_s``: a turn of so much speech is to be said back; ``between_s``: least time between two prompts in words;
    ``reflects`` / ``lacks``: an answer whose reflection is at least / less than this probable has / lacks one (in
    between it has the benefit of the doubt); ``welcome``: acts that are a good beginning of an answer too;
    ``thanks_every_s``: thanks at most so often.
    """

    told_s: float
    between_s: float
    reflects: float
    lacks: float
    welcome: frozenset[str]
    thanks_every_s: float


_KIND = frozenset({"clarifying_question", "open_question", "validation", "names_feeling", "apology"})

LEVELS: Mapping[str, Level] = {
    "gentle": Level(10.0, 40.0, 0.4, 0.15, _KIND | {"appreciation", "agreement"}, 300.0),
    "standard": Level(6.0, 20.0, 0.5, 0.3, _KIND, 180.0),
    "strict": Level(4.0, 15.0, 0.5, 0.4, frozenset({"clarifying_question", "names_feeling"}), 180.0),
}


def level(name: str) -> Level:
    """The level called ``name``. Raises `MisuseError` when there is none."""
    if name not in LEVELS:
        raise MisuseError(f"There is no level {name!r}; choose one of {', '.join(LEVELS)}.")
    return LEVELS[name]
