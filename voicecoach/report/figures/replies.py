"""What replies did: said back or not, whether it landed, questions, feelings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from voicecoach.events import Record, ReplyAct, Turn

SUBSTANTIVE_S = 6.0
"""Speech in a turn from which on a reply has something to say back (the coach's own default)."""
LIKELY = 0.5
"""An act is counted from this probability on."""
ANSWER_S = 12.0
"""Whether a reflection landed is heard in the next reply to it, if that begins this soon after its end."""


def replies(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Every judged reply; ``chance``: the turn before it, by the one it answers, was substantive.

    ``landed``, of a reflection: True when the other then agreed, False when they said it was not quite that, else None.
    """
    turns: dict[str, list[Turn]] = defaultdict(list)
    for r in records:
        if isinstance(r, Turn):
            turns[r.speaker].append(r)
    acts = [r for r in records if isinstance(r, ReplyAct) and not r.partial]
    out = []
    for i, act in enumerate(acts):
        said = next((t for t in reversed(turns[act.to]) if t.start < act.start), None)
        p = act.acts.get("reflection", 0.0)
        out.append({
            "start": act.start,
            "end": act.end,
            "speaker": act.speaker,
            "to": act.to,
            "reflection": p,
            "reflected": p >= LIKELY,
            "chance": said is not None and (said.speech_s or said.end - said.start) >= SUBSTANTIVE_S,
            "landed": _landed(act, acts[i + 1 :]) if p >= LIKELY else None,
            "said_at": said.start if said else None,
            "words": _whole(act.evidence.get("reflection", "")),
            "covered": list(act.covered),
            "feelings": list(act.feelings),
            "open_question": act.acts.get("open_question", 0.0) >= LIKELY,
            "closed_question": _closed(act),
            "mends": max(act.acts.get("apology", 0.0), act.acts.get("repair", 0.0)) >= LIKELY,
            "text": act.text,
        })  # fmt: skip
    return out


def _whole(words: str) -> str:
    """The stretches that say something back, without those that lie within another."""
    parts = list(dict.fromkeys(words.split(" … ")))
    return " … ".join(p for p in parts if not any(f" {p} " in f" {other} " for other in parts if other != p))


def _closed(act: ReplyAct) -> bool:
    """A question for yes or no; one that asks openly too is counted as open alone."""
    return act.acts.get("closed_question", 0.0) >= LIKELY > act.acts.get("open_question", 0.0)


def _landed(act: ReplyAct, later: Sequence[ReplyAct]) -> bool | None:
    answer = next((a for a in later[:6] if a.speaker == act.to and a.to == act.speaker), None)
    if answer is None or answer.start - act.end > ANSWER_S:
        return None
    yes, no = answer.acts.get("agreement", 0.0), answer.acts.get("disagreement", 0.0)
    return yes > no if max(yes, no) >= LIKELY else None
