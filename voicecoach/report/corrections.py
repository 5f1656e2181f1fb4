"""What the people themselves say of a moment, and what the records are once that is heeded.

`corrected` is a pure function of a log: it leaves the log as it is, gives new records, and gives the same when it is
applied again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from voicecoach.errors import VoicecoachError
from voicecoach.events import (
    Backchannel,
    BadEventError,
    Correction,
    Interruption,
    Overlap,
    Record,
    ReplyAct,
    SessionStarted,
    Speech,
    Turn,
    Word,
    called,
    from_dict,
    renamed,
    retold,
    standing,
)
from voicecoach.listening import judge_all
from voicecoach.report.again import OF_THE_FLOOR, floor_of
from voicecoach.report.unfinished import unfinished

NEAR_S = 0.3
"""A correction is about what begins this close to it."""
FAR_S = 90.0
"""What is said so long before or after a moment has no part in how it is judged: the floor forgets after 60 s."""
LAST_WORDS = 6
"""So many words of somebody who was cut off are shown."""

R = TypeVar("R", bound=Record)


def corrected(records: Iterable[Record]) -> list[Record]:
    """The records as they are by what the people said, in order of time; the corrections themselves stay in.

    People are called by their last names at the end: until then all names are those of the log.
    """
    logged = retold(records)
    hold = [c for _, c in standing(logged)]
    out = [r for r in logged if not isinstance(r, Correction)]
    out += unfinished(out)
    moved = [c for c in hold if c.label == "speaker"]
    if moved:
        out = _said_by_others(out, moved)
    for correction in hold:
        if correction.label == "not_interruption":
            out = _not_interruption(out, correction)
        elif correction.label == "interruption":
            out = _interruption(out, correction)
        elif correction.label == "listening":
            out = _listening(out, correction)
        elif correction.label in ("said_back", "not_said_back"):
            out = _reply(out, correction)
    out.sort(key=lambda r: (r.start, r.end))
    names = called(logged)
    return [renamed(r, names) for r in (*out, *(r for r in logged if isinstance(r, Correction)))]


def read_corrections(text: str) -> list[Correction]:
    """Corrections as the page writes them: one JSON object a line, as in the log.

    Raises `VoicecoachError` with the line that is none.
    """
    found: list[Correction] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = from_dict(json.loads(line))
        except (ValueError, TypeError, AttributeError, RecursionError, BadEventError) as error:
            raise VoicecoachError(f"Line {number} is not a correction; copy it again from the report.") from error
        if not isinstance(record, Correction):
            raise VoicecoachError(f"Line {number} is not a correction; copy it again from the report.")
        found.append(record)
    return found


# --- somebody else spoke -------------------------------------------------------------------------------------------


def _said_by_others(records: list[Record], moved: Sequence[Correction]) -> list[Record]:
    """Give speech and words to whom they belong; of what followed from them, change only what that changes."""
    for low, high in _around(records, moved):
        near = [r for r in records if isinstance(r, SessionStarted) or (r.start >= low and r.end <= high)]
        far = [r for r in records if not (isinstance(r, SessionStarted) or (r.start >= low and r.end <= high))]
        before = _following(near)
        near = [_given(r, moved) for r in near]
        after = _following(near)
        gone, new = _without(before, after), _without(after, before)
        near = [r for r in near if not (isinstance(r, (*OF_THE_FLOOR, ReplyAct)) and _among(r, gone))]
        records = [*far, *near, *(r for r in new if not _among(r, near))]
    return records


def _following(records: Sequence[Record]) -> list[Record]:
    """What follows from speech and words: the floor, and what replies do, judged by patterns alone."""
    floor = floor_of(records)
    return [*floor, *judge_all(sorted((r for r in floor if isinstance(r, Turn)), key=lambda t: t.end))]


def _around(records: Sequence[Record], moved: Sequence[Correction]) -> list[tuple[float, float]]:
    """Stretches around what was moved, wide enough for all that depends on it; none begins or ends within a turn."""
    turns = [r for r in records if isinstance(r, Turn)]
    out: list[tuple[float, float]] = []
    for c in sorted(moved, key=lambda c: c.start):
        low, high = c.start - FAR_S, c.end + FAR_S
        low = min([low, *(t.start for t in turns if t.start < low < t.end)])
        high = max([high, *(t.end for t in turns if t.start < high < t.end)])
        if out and low <= out[-1][1]:
            low, high = out[-1][0], max(high, out.pop()[1])
        out.append((low, high))
    return out


def _given(record: Record, moved: Sequence[Correction]) -> Record:
    if isinstance(record, (Speech, Word)):
        middle = (record.start + record.end) / 2
        for c in moved:
            if record.speaker == c.speaker and c.start - 0.05 <= middle <= c.end + 0.05:
                record = replace(record, speaker=c.name)
    return record


def _key(record: Record) -> tuple[str, str, str, float, float]:
    other = next((str(getattr(record, f)) for f in ("to", "over", "interrupted", "previous") if hasattr(record, f)), "")
    return record.type, str(getattr(record, "speaker", "")), other, round(record.start, 2), round(record.end, 1)


def _without(records: Sequence[Record], others: Sequence[Record]) -> list[Record]:
    known = {_key(r) for r in others}
    return [r for r in records if _key(r) not in known]


def _among(record: Record, others: Sequence[Record]) -> bool:
    """Whether a record is one of ``others``, found again; times of a log are rounded."""
    mine = _key(record)
    return any(
        _key(o)[:3] == mine[:3] and abs(o.start - record.start) < 0.02 and abs(o.end - record.end) < 0.06
        for o in others
    )


# --- it was something else -----------------------------------------------------------------------------------------


def _nearest(records: Iterable[Record], kind: type[R], c: Correction) -> R | None:
    """The record of this kind that the correction is about: near in time, of the same speaker if there is one."""
    near = [r for r in records if isinstance(r, kind) and abs(r.start - c.start) <= NEAR_S]
    return min(near, key=lambda r: (getattr(r, "speaker", "") != c.speaker, abs(r.start - c.start)), default=None)


def _swap(records: Iterable[Record], old: Record | None, new: Record | None) -> list[Record]:
    """``new`` for ``old``: None for ``new`` takes away, None for ``old`` adds."""
    out = [r for r in records if r is not old]
    return out if new is None else [*out, new]


def _not_interruption(records: list[Record], c: Correction) -> list[Record]:
    found = _nearest(records, Interruption, c)
    if found is None:
        return records
    overlap = _nearest(records, Overlap, c)
    if overlap is not None and overlap.kind == "interruption":
        records = _swap(records, overlap, replace(overlap, kind="terminal" if found.yielded else "cooperative"))
    return _swap(records, found, None)


def _interruption(records: list[Record], c: Correction) -> list[Record]:
    found = _nearest(records, Interruption, c)
    if found is not None:
        return _swap(records, found, replace(found, confidence=1.0))
    overlap, sign = _nearest(records, Overlap, c), _nearest(records, Backchannel, c)
    speaker = overlap.speaker if overlap else c.speaker
    if overlap is not None:
        other = overlap.over
    else:
        before = [r for r in records if isinstance(r, Speech) and r.speaker != speaker and r.start < c.start]
        other = max(before, key=lambda s: s.end).speaker if before else ""
    if not other:
        return records
    theirs = [s for s in records if isinstance(s, Speech) and s.speaker == other and s.start < c.start]
    stopped = max((s.end for s in theirs), default=c.start)
    mine = max(
        (s.end for s in records if isinstance(s, Speech) and s.speaker == speaker and s.start <= c.end), default=c.end
    )
    if overlap is None:
        kind, yielded = "silent", other
    elif stopped <= mine:
        kind, yielded = "successful", other
    else:
        kind, yielded = "failed", speaker
    at = stopped if yielded == other else mine
    spoken = [w for w in records if isinstance(w, Word) and w.speaker == yielded and w.start < at and w.end > at - 4.0]
    cut = " ".join(w.word for w in sorted(spoken, key=lambda w: w.start)[-LAST_WORDS:])
    added = Interruption(
        start=c.start, end=max(c.start, c.end), speaker=speaker, interrupted=other, kind=kind,  # type: ignore[arg-type]
        overlap_s=overlap.end - overlap.start if overlap else 0.0, yielded=yielded, yielded_at=at, words_cut=cut,
    )  # fmt: skip
    if overlap is not None:
        records = _swap(records, overlap, replace(overlap, kind="interruption"))
    return _swap(records, sign, added)


def _listening(records: list[Record], c: Correction) -> list[Record]:
    if _nearest(records, Backchannel, c) is not None:
        return records
    found, overlap = _nearest(records, Interruption, c), _nearest(records, Overlap, c)
    speaker = found.speaker if found else overlap.speaker if overlap else c.speaker
    others = [r for r in records if isinstance(r, Turn) and r.speaker != speaker and r.start <= c.start]
    to = found.interrupted if found else overlap.over if overlap else others[-1].speaker if others else ""
    if not to:
        return records
    spoken = [s for s in records if isinstance(s, Speech) and s.speaker == speaker and abs(s.start - c.start) <= NEAR_S]
    end = max((s.end for s in spoken), default=max(c.start, c.end))
    words = [w for w in records if isinstance(w, Word) and w.speaker == speaker and c.start - NEAR_S <= w.start < end]
    text = " ".join(w.word for w in sorted(words, key=lambda w: w.start))
    if overlap is not None:
        records = _swap(records, overlap, replace(overlap, kind="backchannel"))
    return _swap(records, found, Backchannel(start=c.start, end=end, speaker=speaker, to=to, text=text))


def _reply(records: list[Record], c: Correction) -> list[Record]:
    found = _nearest(records, ReplyAct, c)
    if found is None:
        turn = _nearest(records, Turn, c)
        before = [
            t for t in records if isinstance(t, Turn) and turn and t.speaker != turn.speaker and t.start < turn.start
        ]
        if turn is None or not before:
            return records
        to = max(before, key=lambda t: t.start).speaker
        found = ReplyAct(start=turn.start, end=turn.end, speaker=turn.speaker, to=to, text=turn.text)
        records = [*records, found]
    said = c.label == "said_back"
    evidence = {k: v for k, v in found.evidence.items() if said or k not in ("reflection", "complex")}
    acts = {**found.acts, "reflection": 1.0 if said else 0.0}
    return _swap(records, found, replace(found, acts=acts, evidence=evidence))
