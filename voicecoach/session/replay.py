"""A kept session decided once more from its log: by the same policy, or at another level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicecoach.coach import Agreement, Coach, Situation, recall
from voicecoach.coach.noted import READ
from voicecoach.errors import VoicecoachError
from voicecoach.events import (
    CUT_OFF,
    Break,
    CaptureGap,
    Clock,
    Command,
    Cue,
    Decision,
    Event,
    Interruption,
    Noted,
    Prompt,
    Record,
    ReplyAct,
    SessionEnded,
    SessionStarted,
    from_dict,
    moved,
    to_dict,
)
from voicecoach.session.beat import BEAT_S, Beat

_OWN = {s.value for s in Situation}


@dataclass(frozen=True, slots=True)
class Line:
    """One decision. ``when``: made ``then`` (live), ``now`` (in the replay) or ``both``; ``text``: what was said."""

    when: Literal["both", "then", "now"]
    decision: Decision
    text: str = ""


def decide_again(records: Sequence[Record], level: str | None = None) -> list[Cue | Decision]:
    """What the coach decides about a logged session, at ``level`` (default: the one it had), in order.

    Raises `VoicecoachError` when the log does not tell what the coach went by, `MisuseError` for an unknown level.
    """
    begin = records[0]
    assert isinstance(begin, SessionStarted)
    if not any(isinstance(r, Noted) for r in records):
        raise VoicecoachError("This log does not tell what the coach went by, so it cannot be decided once more.")
    made: list[Cue | Decision] = []
    for since_s, part in _parts(records):
        made += (moved(one, since_s) for one in _decide(begin, part, level or begin.level))
    return made


def _parts(records: Sequence[Record]) -> list[tuple[float, list[Record]]]:
    """The session, or its parts if it was cut off and went on: each with its beginning, and with times from there."""
    parts: list[tuple[float, list[Record]]] = [(0.0, [])]
    for record in records:
        if isinstance(record, CaptureGap) and record.reason == CUT_OFF:
            parts.append((record.end, []))
        since_s, part = parts[-1]
        part.append(from_dict(to_dict(moved(record, -since_s))) if since_s else record)  # rounded as it was then
    return parts


def _decide(begin: SessionStarted, records: Sequence[Record], level: str) -> list[Cue | Decision]:
    """What a new coach decides about one part of a session, in order."""
    agreed = [Agreement(r.word, r.to) for r in records if isinstance(r, Noted) and r.what == "agreement"]
    coach = Coach(begin.people, level, agreements=agreed, language=begin.language)
    beat = Beat()
    made: list[Cue | Decision] = []

    def tell(event: Event) -> None:
        made.extend(decided for heard in beat.push(event) for decided in coach.push(heard))

    arrived: list[Event] = []
    for record in records:
        if isinstance(record, Noted) and record.what == "beat":
            before = record.at - BEAT_S
            tell(Clock(start=before, end=before))
            for event in arrived:
                if not isinstance(event, Prompt) or _was_said(event, made):
                    tell(event)
            arrived.clear()
            tell(recall(record))
        elif isinstance(record, Break):  # nothing of it is in the log, not even the words that began and ended it
            for event in arrived:
                tell(event)
            arrived.clear()
            tell(Command(start=record.start, end=record.start, name="off the record"))
            tell(Command(start=record.end, end=record.end, name="on the record"))
        elif isinstance(record, Noted):
            arrived += [recall(record)] if record.what not in ("agreement", "end") else []
        elif isinstance(record, (*READ, ReplyAct, Interruption)):
            arrived.append(record)
    end = _stopped(records)
    tell(Clock(start=end, end=end))
    for event in arrived:
        tell(event)
    return made


def _stopped(records: Sequence[Record]) -> float:
    """Where the coach's clock stopped; where it was cut off, as far as is known: when it decided last."""
    ends = [r.at for r in records[-5:] if isinstance(r, Noted) and r.what == "end"]
    if ends or isinstance(records[-1], SessionEnded):
        return max([records[-1].end, *ends])
    beats = [r.at for r in records if isinstance(r, Noted) and r.what == "beat"]
    return max([0.0, *beats, *(r.start for r in records if isinstance(r, Decision))])


def compare(records: Sequence[Record], level: str | None = None) -> list[Line]:
    """Every decision then and now, in order of time."""
    made = decide_again(records, level)
    then = [r for r in records if isinstance(r, Decision)]
    breaks = [r for r in records if isinstance(r, Break)]
    now = [d for d in made if isinstance(d, Decision) and not _unlogged(d, breaks)]
    texts = {(round(c.start, 2), c.situation): c.text for c in made if isinstance(c, Cue)}
    texts |= {(round(p.start, 2), p.situation): p.text for p in records if isinstance(p, Prompt)}
    left = Counter(map(_key, then))
    lines: list[Line] = []
    for decision in now:
        same = left[_key(decision)] > 0
        left[_key(decision)] -= same
        lines.append(Line("both" if same else "now", decision, _text(decision, texts)))
    for decision in reversed(then):
        if left[_key(decision)] > 0:
            left[_key(decision)] -= 1
            lines.append(Line("then", decision, _text(decision, texts)))
    return sorted(lines, key=lambda line: line.decision.start)


def _was_said(prompt: Prompt, made: Sequence[Cue | Decision]) -> bool:
    """Whether this replay wanted to say ``prompt`` too; what a guide said was said in any case."""
    if prompt.situation not in _OWN:
        return True
    same = (c for c in reversed(made) if isinstance(c, Cue) and c.situation == prompt.situation)
    return any(abs(c.start - prompt.start) < 1.5 * BEAT_S and c.words == prompt.words for c in same)


def _unlogged(decision: Decision, breaks: Sequence[Break]) -> bool:
    """Whether ``decision`` would not be in the log either: it fell into a break, or was taken because of it."""
    return decision.why == "left" or any(b.start <= decision.start <= b.end for b in breaks)


def _key(decision: Decision) -> tuple[object, ...]:
    d = decision
    return round(d.start, 2), d.choice, d.situation, d.to, d.why


def _text(decision: Decision, texts: dict[tuple[float, str], str]) -> str:
    """What was said or will be: a cue may begin up to a beat before the decision."""
    if decision.choice != "said":
        return ""
    near = [
        t
        for (at, situation), t in texts.items()
        if situation == decision.situation and abs(at - decision.start) < 1.5 * BEAT_S
    ]
    return near[-1] if near else ""
