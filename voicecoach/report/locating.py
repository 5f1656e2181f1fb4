"""From what somebody says of a moment ("at 1:13 that was not an interruption") to a correction of an event there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from voicecoach.errors import MisuseError
from voicecoach.events import (
    Backchannel,
    Correction,
    CorrectionLabel,
    Interruption,
    Overlap,
    Record,
    ReplyAct,
    Speech,
    Turn,
)
from voicecoach.report.corrections import corrected, standing
from voicecoach.report.exports.spans import people_of
from voicecoach.report.html import clock
from voicecoach.report.lines import transcript_lines

BEFORE_S, AFTER_S = 0.5, 1.5
"""A time as a clock shows it, ``1:13``, is cut off, so what is meant begins at it or within the second after."""
ABOUT: dict[str, tuple[type[Record], ...]] = {
    "not_interruption": (Interruption,),
    "interruption": (Interruption, Overlap, Backchannel, Turn),
    "listening": (Interruption, Overlap, Speech),
    "said_back": (ReplyAct, Turn),
    "not_said_back": (ReplyAct,),
}
"""What a label can be given to; of what begins near, the first kind that is there."""


def locate(records: Sequence[Record], at: float, label: CorrectionLabel, who: str = "", name: str = "") -> Correction:
    """The correction that gives ``label`` to what begins at ``at`` (s), by ``who`` if that is said.

    ``name``: who it was instead, for ``speaker``. Raises `MisuseError` when nothing of the kind begins there.
    """
    people = people_of(records)
    for person in filter(None, (who, name)):
        if person not in people:
            raise MisuseError(f"Nobody called {person} is in this session; the people are {', '.join(people)}.")
    now = corrected(records)
    if label == "speaker":
        spans = [(x.start, x.end, x.speaker) for x in transcript_lines(now) if x.kind != "prompt" and x.speaker != name]
        found = _nearest(spans, at, who)
    else:
        found = None
        for kind in ABOUT[label]:
            found = found or _nearest([(r.start, r.end, _who(r)) for r in now if isinstance(r, kind)], at, who)
    if found is None:
        whose = f" of {who}" if who else ""
        raise MisuseError(
            f"Nothing{whose} that it could be said of begins near {clock(at)}; look for its time in the report."
        )
    start, end, speaker = found
    return Correction(start=start, end=end, speaker=speaker, label=label, name=name)


def checked(records: Sequence[Record], made: Sequence[Correction]) -> list[Correction]:
    """Corrections that come from outside, if all fit the session. Raises `MisuseError` for one that does not."""
    people, end = people_of(records), max((r.end for r in records), default=0.0)
    known = [*records]
    for c in made:
        if c.label == "undo":
            if c.undoes not in {n for n, _ in standing(known)}:
                raise MisuseError(f"There is no correction {c.undoes} to take back.")
        elif c.label not in get_args(CorrectionLabel) or not 0 <= c.start <= end:
            raise MisuseError("A correction is about a moment that is not in this session.")
        elif c.speaker not in people or (c.label == "speaker" and c.name not in people):
            raise MisuseError("A correction names somebody who is not in this session.")
        known.append(c)
    return list(made)


def _who(record: Record) -> str:
    return str(getattr(record, "speaker", ""))


def _nearest(spans: Sequence[tuple[float, float, str]], at: float, who: str) -> tuple[float, float, str] | None:
    near = [s for s in spans if at - BEFORE_S <= s[0] <= at + AFTER_S and who in ("", s[2])]
    return min(near, key=lambda s: (abs(s[0] - at), s), default=None)
