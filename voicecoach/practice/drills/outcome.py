"""What a reply in a drill showed: what was done, what to try, and one figure for the curve. No grades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["answered", "nothing", "unrelated", "word_for_word"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen. ``code``: of ``drills/data/<language>.json``'s feedback; ``values`` fill its gaps."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kind``: what sort of reply it was; ``done`` and ``to_try``: most telling first.

    ``measure``: in [0, 1], what the drill's curve shows; ``figures``: more numbers, with their units in their names.
    """

    kind: Kind
    measure: float
    done: tuple[Finding, ...]
    to_try: tuple[Finding, ...]
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a drill practises: whether it was there, and what to say if so and if not."""

    ok: bool
    done: Finding
    to_try: Finding


def outcome(
    kind: Kind, checks: Iterable[Check], *, first: str = "", figures: Mapping[str, float] | None = None
) -> Outcome:
    """The outcome of ``checks``, of which the curve shows the share that was there.

    ``first``: code of the one that matters most where it was not there.
    """
    seen = list(checks)
    to_try = sorted((c.to_try for c in seen if not c.ok), key=lambda f: f.code != first)
    return Outcome(
        kind,
        round(sum(c.ok for c in seen) / len(seen), 3),
        tuple(c.done for c in seen if c.ok),
        tuple(f for i, f in enumerate(to_try) if f not in to_try[:i]),
        figures or {},
    )


def nothing(code: str, waited: Outcome | None = None, *, share: float = 1.0) -> Outcome:
    """Nobody said anything. ``waited``: what there is to say of the waiting before it, ``share``: its part in all."""
    first = (Finding(code),)
    if waited is None:
        return Outcome("nothing", 0.0, (), first)
    return Outcome("nothing", round(share * waited.measure, 3), waited.done, (*waited.to_try, *first), waited.figures)
