"""Each prompt of the coach, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecoach.events import Prompt, Record, ReplyAct, Turn
from voicecoach.report.figures.replies import LIKELY


def prompts(records: Sequence[Record]) -> list[dict[str, Any]]:
    """``followed``: ``reflection`` if the next reply of the one addressed said it back, or ``talk``, ``nothing``."""
    acts = [r for r in records if isinstance(r, ReplyAct)]
    turns = [r for r in records if isinstance(r, Turn)]
    out = []
    for prompt in (r for r in records if isinstance(r, Prompt)):
        theirs = [a for a in acts if a.end > prompt.end and prompt.to in ("", a.speaker)]
        # A reminder falls into the reply it is about and is answered in the rest of it or in the next one.
        near = [a for a in theirs if a.start < prompt.end] + [a for a in theirs if a.start >= prompt.end][:1]
        act = next((a for a in near if a.acts.get("reflection", 0.0) >= LIKELY), None)
        turn = next((t for t in turns if t.end > prompt.end), None)
        out.append({
            "start": prompt.start,
            "text": prompt.text,
            "to": prompt.to,
            "situation": prompt.situation,
            "spoken": prompt.spoken,
            "cut": prompt.cut,
            "words": prompt.words,
            "followed": "reflection" if act else "talk" if turn else "nothing",
            "followed_at": act.start if act else turn.start if turn else None,
        })  # fmt: skip
    return out
