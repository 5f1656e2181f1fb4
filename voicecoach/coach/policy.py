"""When the coach helps, as tables: read this page to know what it does.

One *exchange* has a **teller**, who said something longer, and a **listener**, who answers. `TABLE` says for each state
of the exchange which state follows on what happens, and which help is then wanted. `SLIPS` and `BESIDE` say what else
is noticed. Wanting help is not giving it: help waits for a silence, has a limit in time and is rationed (`TIMING`,
`voicecoach.coach.levels`); if its moment passes, nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Situation(Enum):
    """A kind of help. The value names its wording and stands in the log."""

    REPEATED = "repeated"
    INTERRUPTION = "interruption"
    TENSION = "tension"
    MISREAD = "misread"
    AGREEMENT = "agreement"
    BLAME = "blame"
    JUDGING = "judging"
    MINIMISING = "minimising"
    ADVICE = "advice"
    REMIND = "remind"
    INVITE = "invite"
    REPAIR = "repair"
    ROUND = "round"
    MORE = "more"
    THANKS = "thanks"
    BALANCE = "balance"
    REASSURE = "reassure"


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
    ADVISES = "the answer gives advice before it says back what was heard"
    GOES_ON = "the teller takes the floor again"
    LANDS = "the teller says: yes, that is it"
    LANDS_AGAIN = "the teller says so again, and was asked already whether there is more"
    NOT_QUITE = "the teller says: not quite"
    CUT_IN = "somebody took the floor from a person who had not finished"
    CUT_IN_AGAIN = "… and it was not the first time within `REPEATED_WITHIN_S`"
    LEAVES = "voicecoach was told to pause, or something was off the record"


Row = Mapping[Happening, tuple[State, "Situation | None"]]

_ANY_TIME: Row = {
    Happening.TOLD_THEN_SILENCE: (State.INVITED, Situation.INVITE),
    Happening.TOLD_THEN_ANSWER: (State.ANSWERING, None),
    Happening.CUT_IN: (State.OPEN, Situation.INTERRUPTION),
    Happening.CUT_IN_AGAIN: (State.OPEN, Situation.REPEATED),
    Happening.LEAVES: (State.OPEN, None),
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
        Happening.ADVISES: (State.REMINDED, Situation.ADVICE),
        Happening.GOES_ON: (State.OPEN, None),
    },
    State.REMINDED: {
        **_ANY_TIME,
        Happening.REFLECTS: (State.REFLECTED, None),
        Happening.ADVISES: (State.REMINDED, Situation.ADVICE),
        Happening.GOES_ON: (State.OPEN, None),
    },
    State.REFLECTED: {
        **_ANY_TIME,
        Happening.LANDS: (State.OPEN, Situation.MORE),
        Happening.LANDS_AGAIN: (State.OPEN, Situation.THANKS),
        Happening.NOT_QUITE: (State.CLEARING, Situation.MISREAD),
    },
    State.CLEARING: {
        **_ANY_TIME,
        Happening.ANSWER: (State.ANSWERING, None),
    },
}

SLIPS: Mapping[str, Situation] = {
    "blame": Situation.BLAME,
    "judging_question": Situation.JUDGING,
    "minimising": Situation.MINIMISING,
}
"""What a reply may do that asks for help wherever the exchange stands, most urgent first: act → help for the one who
replies. Advice is one more, but only before understanding, so it is in `TABLE`."""

BESIDE: Mapping[Situation, str] = {
    Situation.TENSION: "the last minute has sounded tense: offer both a break",
    Situation.AGREEMENT: "what they agreed about happened: say it in their own words, in place of that help",
    Situation.REPAIR: "somebody takes something back or apologises after a slip: thank them",
    Situation.ROUND: "both have told something, both were understood, nobody was cut off: thank both, once",
    Situation.BALANCE: "one person has had nearly all of the last minutes: invite the other",
    Situation.REASSURE: "it has been silent for long: leave it, then say that this is fine",
}
"""What is noticed beside the exchange (`voicecoach.coach.watch`), and the help it asks for."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The moment of one kind of help.

    ``silence_s``: nobody has spoken for so long; ``expires_s``: after so long the moment has passed; ``again_s``: to
    the same person at most so often.
    """

    silence_s: float
    expires_s: float
    again_s: float = 0.0


TIMING: Mapping[Situation, Timing] = {
    Situation.REPEATED: Timing(silence_s=0.5, expires_s=8.0, again_s=120.0),
    Situation.INTERRUPTION: Timing(silence_s=0.5, expires_s=8.0),
    Situation.TENSION: Timing(silence_s=1.0, expires_s=20.0, again_s=300.0),
    Situation.MISREAD: Timing(silence_s=1.2, expires_s=8.0),
    Situation.AGREEMENT: Timing(silence_s=0.6, expires_s=8.0, again_s=120.0),
    Situation.BLAME: Timing(silence_s=0.6, expires_s=6.0, again_s=60.0),
    Situation.JUDGING: Timing(silence_s=0.6, expires_s=6.0, again_s=60.0),
    Situation.MINIMISING: Timing(silence_s=0.6, expires_s=6.0, again_s=60.0),
    Situation.ADVICE: Timing(silence_s=0.6, expires_s=8.0),
    Situation.REMIND: Timing(silence_s=0.6, expires_s=8.0),
    Situation.INVITE: Timing(silence_s=0.6, expires_s=8.0),
    Situation.REPAIR: Timing(silence_s=0.7, expires_s=5.0, again_s=60.0),
    Situation.ROUND: Timing(silence_s=1.0, expires_s=15.0, again_s=math.inf),
    Situation.MORE: Timing(silence_s=1.2, expires_s=6.0, again_s=60.0),
    Situation.THANKS: Timing(silence_s=0.7, expires_s=4.0),
    Situation.BALANCE: Timing(silence_s=1.5, expires_s=8.0, again_s=240.0),
    Situation.REASSURE: Timing(silence_s=0.0, expires_s=5.0, again_s=180.0),
}
"""In order of urgency: of two kinds of help that wait for the same silence, the first is given and the other let go.
The silence before `Situation.REASSURE` and the limit of `Situation.THANKS` are the level's."""

TO_BOTH = frozenset({Situation.TENSION, Situation.ROUND, Situation.REASSURE})

NO_STOP_S = 0.9
"""An invitation waits this long after words that end no sentence, as far as the recogniser writes full stops, …"""
UNSURE_S = 1.5
"""… this long after words that are not known yet, …"""
UNFINISHED_S = 2.6
"""… this long after words that are not an ending ("because", "the", "I") …"""
HEAVY_S = 4.0
"""… and this long after something painful: that silence is not a problem to fix."""
WORDS_LATE_S = 2.5
"""Help about a reply waits so long for the words before a silence; if they are still not known, nothing is said."""
SURE = 0.8
"""Only an interruption at least this sure is answered live; the others are moments to look at afterwards. From here on
in 96 % the one who stopped was marked unfinished (either mark of MRDA), in 84 % as interrupted: `live_precision` of
`scripts/bench floor --half B`. By the first it must stay above 90 %.
"""
REPEATED_WITHIN_S = 180.0
"""Who comes in on the other again within this time is asked, together with the other, to take turns."""
RESUMED_S = 1.0
"""Who was cut off and has spoken this much again needs nobody to give the floor back."""
EXPLAINED_S = 3.0
"""Whoever says more than "yes" or "not quite" has gone on; neither thanks nor a question is needed."""
CHIMES_APART_S = 3.0
AIR_S = 240.0
"""Air time is compared over so much of the past …"""
AIR_LEAST_S = 90.0
"""… once there is so much speech in it."""
REPAIR_AFTER_S = 120.0
"""An apology so soon after a slip of one's own repairs it."""
QUIETER = 0.5
"""Each answer that says back what was heard, unasked, makes the time between prompts longer by this share; so does each
prompt that somebody spoke over …"""
QUIETEST = 4
"""… up to this many times."""
MUTE_S = 300.0
"""After "not now" nothing is said for so long."""
