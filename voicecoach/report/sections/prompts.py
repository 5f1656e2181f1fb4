"""What the coach said, what followed, and, for who wants to know, what it decided and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecoach.events import Decision
from voicecoach.report.html import esc, table
from voicecoach.report.sections.parts import View, bare, section


def prompts(v: View, decisions: Sequence[Decision]) -> str:
    """Prompts in a table; decisions folded away."""
    t, given = v.t, v.f["prompts"]
    why = _decisions(v, decisions)
    if not given:
        return section(t, "h_prompts", f"<p>{t.html('prompts_none')}</p>{why}")
    worked = sum(p["followed"] == "reflection" for p in given)
    line = t.html("prompts_line_one" if len(given) == 1 else "prompts_line", all=len(given), count=worked)
    rows = [
        [
            v.link(p["start"]), t.name(p["to"]) if p["to"] else "–",
            f"<bdi>{esc(p['text'])}</bdi>" if p["words"] and p["text"] else t.html("chime"),
            f"{t.html('f_' + p['followed'])} {_later(v, p)}",
        ]
        for p in given
    ]  # fmt: skip
    head = [t.html(k) for k in ("when", "prompt_to", "prompt", "followed")]
    return section(t, "h_prompts", f"<p>{line}</p>{t.long_table(head, rows)}{why}")


def _later(v: View, prompt: dict[str, Any]) -> str:
    """A link to what followed, unless it is the turn that was going on anyway."""
    at = prompt["followed_at"]
    return v.link(at) if at is not None and (at >= prompt["start"] or prompt["followed"] == "reflection") else ""


def _decisions(v: View, decisions: Sequence[Decision]) -> str:
    told = [d for d in decisions if d.choice != "none"]
    if not told:
        return ""
    rows = [
        [v.link(d.start), v.t.html(f"d_{d.choice}"), v.t.name(d.to) if d.to else "–", bare(d.reason or d.why)]
        for d in told
    ]
    head = [v.t.html(k) for k in ("when", "decision", "prompt_to", "because")]
    return f"<details><summary>{v.t.html('decisions')} ({len(told)})</summary>{table(head, rows)}</details>"
