"""The figures of one session, from its records alone. Times in seconds since the session began."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeGuard

from voicecoach.events import (
    Backchannel,
    CaptureGap,
    Gap,
    Interruption,
    Overlap,
    Pause,
    Prompt,
    Record,
    ReplyAct,
    SessionEnded,
    SessionStarted,
    Speech,
    Turn,
)

SUBSTANTIVE_S = 6.0
"""Speech in a turn from which on a reply has something to say back (the coach's own default)."""
LIKELY = 0.5
"""An act is counted from this probability on."""
MINUTE_S = 60.0

Span = tuple[float, float]


CLEAR = 0.5
"""An interruption less sure than this is not counted as one; it is listed as a moment to look at."""


def is_clear(record: Record) -> TypeGuard[Interruption]:
    """Whether a record is an interruption that the report counts as one."""
    return isinstance(record, Interruption) and record.confidence >= CLEAR


def summarise(records: Iterable[Record]) -> dict[str, Any]:
    """Everything report.json holds, ready for JSON; floats rounded to a millisecond. Works for no records at all."""
    kept = sorted(records, key=lambda r: (r.start, r.end))
    head = next((r for r in kept if isinstance(r, SessionStarted)), None)
    tail = next((r for r in kept if isinstance(r, SessionEnded)), None)
    people = list(head.people) if head else []
    people += dict.fromkeys(r.speaker for r in kept if isinstance(r, (Speech, Turn)) and r.speaker not in people)
    begin = head.start if head else 0.0
    end = max((r.end for r in kept), default=begin)
    spans = {p: merge((r.start, r.end) for r in kept if isinstance(r, Speech) and r.speaker == p) for p in people}
    talk = {p: length(spans[p]) for p in people}
    whole = sum(talk.values())
    anyone = length(merge(s for p in people for s in spans[p]))
    replies = _replies(kept)
    out = {
        "version": 1,
        "date": head.date if head else "",
        "source": head.source if head else "",
        "hearing": head.hearing if head else "",
        "ended": tail.reason if tail else None,
        "duration_s": end - begin,
        "somebody_speaks_s": anyone,
        "silence_s": max(0.0, end - begin - anyone),
        "together_s": max(0.0, _together([s for p in people for s in spans[p]])),
        "people": {p: _person(p, kept, talk[p], talk[p] / whole if whole else 0.0, replies) for p in people},
        "gaps": _gaps(kept),
        "overlaps": dict(sorted(Counter(r.kind for r in kept if isinstance(r, Overlap)).items())),
        "interruptions": [_interruption(r) for r in kept if is_clear(r)],
        "unclear": [_interruption(r) for r in kept if isinstance(r, Interruption) and not is_clear(r)],
        "came_in": _came_in(kept),
        "replies": replies,
        "prompts": _prompts(kept),
        "balance": _balance(spans, begin, end),
        "lost": [{"start": r.start, "end": r.end, "reason": r.reason} for r in kept if isinstance(r, CaptureGap)],
    }
    rounded: dict[str, Any] = _rounded(out)
    return rounded


def merge(spans: Iterable[Span]) -> list[Span]:
    """The union of spans as disjoint spans in order."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def length(spans: Iterable[Span]) -> float:
    """Seconds in all; overlapping spans count twice."""
    return sum(end - start for start, end in spans)


def _together(spans: Sequence[Span]) -> float:
    """Seconds in which at least two spans run at once."""
    edges = sorted([(s, 1) for s, _ in spans] + [(e, -1) for _, e in spans])
    total, depth, since = 0.0, 0, 0.0
    for at, step in edges:
        if depth >= 2:
            total += at - since
        depth, since = depth + step, at
    return total


def _person(
    person: str, records: Sequence[Record], talk_s: float, share: float, replies: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    turns = [r for r in records if isinstance(r, Turn) and r.speaker == person]
    longest = max(turns, key=lambda t: (t.end - t.start, -t.start), default=None)
    pauses = [r.end - r.start for r in records if isinstance(r, Pause) and r.speaker == person]
    mine = [r for r in replies if r["speaker"] == person]
    acts = [r.acts for r in records if isinstance(r, ReplyAct) and r.speaker == person]
    return {
        "talk_s": talk_s,
        "share": share,
        "turns": len(turns),
        "longest_turn_s": longest.end - longest.start if longest else 0.0,
        "longest_turn_at": longest.start if longest else None,
        "median_turn_s": _median([t.end - t.start for t in turns]),
        "pauses": len(pauses),
        "median_pause_s": _median(pauses),
        "backchannels": sum(isinstance(r, Backchannel) and r.speaker == person for r in records),
        "reflections": sum(r["reflected"] for r in mine),
        "chances": sum(r["chance"] for r in mine),
        "missed": sum(r["chance"] and not r["reflected"] for r in mine),
        "questions_open": sum(a.get("open_question", 0.0) >= LIKELY for a in acts),
        "questions_closed": sum(a.get("closed_question", 0.0) >= LIKELY for a in acts),
    }


def _replies(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Every judged reply; ``chance``: the turn before it, by the one it answers, was substantive."""
    turns = [r for r in records if isinstance(r, Turn)]
    out = []
    for act in (r for r in records if isinstance(r, ReplyAct) and not r.partial):
        before = [t for t in turns if t.speaker == act.to and t.start < act.start]
        said = max(before, key=lambda t: t.start, default=None)
        p = act.acts.get("reflection", 0.0)
        out.append({
            "start": act.start,
            "end": act.end,
            "speaker": act.speaker,
            "to": act.to,
            "reflection": p,
            "reflected": p >= LIKELY,
            "chance": said is not None and (said.speech_s or said.end - said.start) >= SUBSTANTIVE_S,
            "said_at": said.start if said else None,
            "words": act.evidence.get("reflection", ""),
            "covered": list(act.covered),
            "text": act.text,
        })  # fmt: skip
    return out


def _gaps(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Floor transfer offsets by direction: median, quartiles and the share that overlapped."""
    by: dict[tuple[str, str], list[float]] = defaultdict(list)
    for r in records:
        if isinstance(r, Gap):
            by[r.previous, r.speaker].append(r.fto_s)
    out = []
    for (previous, speaker), ftos in sorted(by.items()):
        low, _, high = statistics.quantiles(ftos, n=4, method="inclusive") if len(ftos) > 1 else (ftos * 3)
        out.append({
            "from": previous,
            "to": speaker,
            "count": len(ftos),
            "median_s": _median(ftos),
            "low_s": low,
            "high_s": high,
            "overlapped": sum(f < 0 for f in ftos) / len(ftos),
        })  # fmt: skip
    return out


def _interruption(r: Interruption) -> dict[str, Any]:
    return {
        "start": r.start,
        "speaker": r.speaker,
        "interrupted": r.interrupted,
        "kind": r.kind,
        "overlap_s": r.overlap_s,
        "yielded": r.yielded,
        "yielded_at": r.yielded_at,
        "words_cut": r.words_cut,
        "confidence": r.confidence,
    }


def _came_in(records: Sequence[Record]) -> list[dict[str, Any]]:
    """How often each person came in on each other, by kind and outcome."""
    counts = Counter((r.speaker, r.interrupted, r.kind, r.yielded) for r in records if is_clear(r))
    keys = ("speaker", "interrupted", "kind", "yielded")
    ordered = sorted(counts.items(), key=lambda c: [str(part) for part in c[0]])
    return [{**dict(zip(keys, which, strict=True)), "count": count} for which, count in ordered]


def _prompts(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Each prompt and what came of it: ``reflection`` if the next reply of the one it addressed was one."""
    acts = [r for r in records if isinstance(r, ReplyAct)]
    turns = [r for r in records if isinstance(r, Turn)]
    out = []
    for prompt in (r for r in records if isinstance(r, Prompt)):
        theirs = [a for a in acts if a.end > prompt.end and prompt.to in ("", a.speaker)]
        # A reminder falls into the reply it is about and is answered in the rest of it or in the next one.
        near = [a for a in theirs if a.start < prompt.end] + [a for a in theirs if a.start >= prompt.end][:1]
        act = next((a for a in near if a.acts.get("reflection", 0.0) >= LIKELY), None)
        turn = next((t for t in turns if t.end > prompt.end), None)
        if act:
            followed = "reflection"
        elif turn:
            followed = "talk"
        else:
            followed = "nothing"
        at = act.start if act else turn.start if turn else None
        out.append({
            "start": prompt.start,
            "text": prompt.text,
            "to": prompt.to,
            "situation": prompt.situation,
            "spoken": prompt.spoken,
            "cut": prompt.cut,
            "words": prompt.words,
            "followed": followed,
            "followed_at": at,
        })  # fmt: skip
    return out


def _balance(spans: dict[str, list[Span]], begin: float, end: float) -> list[dict[str, Any]]:
    """Speech of each person in each minute; the last may be shorter."""
    out = []
    for i in range(int(-(-(end - begin) // MINUTE_S))):
        low, high = begin + i * MINUTE_S, min(end, begin + (i + 1) * MINUTE_S)
        talk = {p: sum(max(0.0, min(e, high) - max(s, low)) for s, e in spans[p]) for p in spans}
        out.append({"start": low, "end": high, "talk_s": talk})
    return out


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3) + 0.0
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return value
