"""From what somebody says of a moment ("at 1:13 that was not an interruption") to a correction of an event there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    called,
    standing,
)
from voicecoach.report.corrections import corrected
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
LONGEST_NAME = 60
"""Characters."""


def locate(records: Sequence[Record], at: float, label: CorrectionLabel, who: str = "", name: str = "") -> Correction:
    """The correction that gives ``label`` to what begins at ``at`` (s), by ``who`` if that is said.

    ``name``: who it was instead, for ``speaker``. Raises `MisuseError` when nothing of the kind begins there.
    """
    now = corrected(records)
    for person in filter(None, (who, name)):
        _known(person, people_of(now))
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


def naming(records: Sequence[Record], names: Mapping[str, str]) -> list[Correction]:
    """That people are called otherwise, given as what they are called now → what they are to be called.

    Raises `MisuseError` for somebody who is not in the session.
    """
    for person in names:
        _known(person, people_of(corrected(records)))
    return [Correction(start=0.0, end=0.0, speaker=person, label="named", name=name) for person, name in names.items()]


def checked(records: Sequence[Record], made: Sequence[Correction]) -> list[Correction]:
    """Corrections that come from outside, if all fit the session, by the names of the log.

    People see, and say, the last names they were given. Raises `MisuseError` for a correction that does not fit.
    """
    people, end = people_of(records), max((r.end for r in records), default=0.0)
    names = called(records)
    logged = {names.get(p, p): p for p in people}
    known = [*records]
    for given in made:
        c = replace(given, speaker=logged.get(given.speaker, given.speaker))
        if c.label == "speaker":
            c = replace(c, name=logged.get(c.name, c.name))
        if c.label == "undo":
            if c.undoes not in {n for n, _ in standing(known)}:
                raise MisuseError(f"There is no correction {c.undoes} to take back.")
        elif c.label not in get_args(CorrectionLabel) or not 0 <= c.start <= end:
            raise MisuseError("A correction is about a moment that is not in this session.")
        elif c.speaker not in people or (c.label == "speaker" and c.name not in people):
            raise MisuseError("A correction names somebody who is not in this session.")
        elif c.label == "named":
            c = replace(c, name=name_of(c.name))
        known.append(c)
    apart(people, called(known))
    return [c for c in known[len(records) :] if isinstance(c, Correction)]


def name_of(text: str) -> str:
    """``text`` as a name. Raises `MisuseError` when it is none."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or name.casefold() == "coach":
        raise MisuseError("That is no name for a person; give something like Anna.")
    return name


def apart(people: Sequence[str], names: Mapping[str, str]) -> None:
    """Raise `MisuseError` when two of ``people`` would be called the same by ``names``."""
    now = [names.get(p, p) for p in people]
    for twice in (n for n in now if now.count(n) > 1):
        raise MisuseError(f"Two people would be called {twice}; name both at once to have them change names.")


def _known(person: str, people: Sequence[str]) -> None:
    if person not in people:
        raise MisuseError(f"Nobody called {person} is in this session; the people are {', '.join(people)}.")


def _who(record: Record) -> str:
    return str(getattr(record, "speaker", ""))


def _nearest(spans: Sequence[tuple[float, float, str]], at: float, who: str) -> tuple[float, float, str] | None:
    near = [s for s in spans if at - BEFORE_S <= s[0] <= at + AFTER_S and who in ("", s[2])]
    return min(near, key=lambda s: (abs(s[0] - at), s), default=None)
