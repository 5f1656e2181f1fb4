"""How much the coach helps: gentle, standard, strict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.errors import MisuseError


@dataclass(frozen=True, slots=True)
class Level:
    """One level.

    ``told_s``: a turn of so much speech is to be said back; ``between_s``: least time between two prompts in words;
    ``reflects`` / ``lacks``: an answer whose reflection is at least / less than this probable has / lacks one (in
    between it has the benefit of the doubt); ``welcome``: acts that are a good beginning of an answer too; ``slip``:
    blame, advice and the like are answered from this probability on; ``tense``: `Tension` from which a break is
    offered; ``share``: of the air time, from which the other person is invited; ``long_s``: a silence so long is told
    to be fine; ``thanks_every_s``: thanks to one person at most so often.
    """

    told_s: float
    between_s: float
    reflects: float
    lacks: float
    welcome: frozenset[str]
    slip: float
    tense: float
    share: float
    long_s: float
    thanks_every_s: float


_KIND = frozenset({"clarifying_question", "open_question", "validation", "names_feeling", "apology", "repair"})

_CLOSE = frozenset({"clarifying_question", "names_feeling"})

LEVELS: Mapping[str, Level] = {
    "gentle": Level(
        told_s=10.0, between_s=40.0, reflects=0.4, lacks=0.15, welcome=_KIND | {"appreciation", "agreement"},
        slip=0.85, tense=0.75, share=0.85, long_s=30.0, thanks_every_s=300.0,
    ),
    "standard": Level(
        told_s=6.0, between_s=20.0, reflects=0.5, lacks=0.3, welcome=_KIND,
        slip=0.75, tense=0.6, share=0.78, long_s=25.0, thanks_every_s=180.0,
    ),
    "strict": Level(
        told_s=4.0, between_s=15.0, reflects=0.5, lacks=0.4, welcome=_CLOSE,
        slip=0.65, tense=0.5, share=0.7, long_s=25.0, thanks_every_s=180.0,
    ),
}  # fmt: skip


def level(name: str) -> Level:
    """The level called ``name``. Raises `MisuseError` when there is none."""
    if name not in LEVELS:
        raise MisuseError(f"There is no level {name!r}; choose one of {', '.join(LEVELS)}.")
    return LEVELS[name]
