"""What is said first: what went well, and one thing to try. Never a grade, never blame, the same rules for everyone."""

from __future__ import annotations

from typing import Any

from voicecoach.report.figures import everyone_finished
from voicecoach.report.html import Texts, esc

Sentence = tuple[str, list[float]]
"""Its HTML, and the moments (seconds) that show it."""

MOST = 5
"""More than this is not read; the first come first."""
MOST_WORDS = 4
SURE = 0.7
"""Praise is for what surely was: a reply that was probably no reflection is not called one here."""
EVEN = 0.1
"""Shares this near to equal count as shared evenly."""


def went_well(t: Texts, f: dict[str, Any]) -> list[Sentence]:
    """What deserves to be said, with evidence; always at least one sentence."""
    out: list[Sentence] = []
    for p in f["people"]:
        said = [r for r in f["replies"] if r["reflection"] >= SURE and r["speaker"] == p]
        if said:
            yes = sum(r["landed"] is True for r in said)
            landed = f" {t.counted('s_landed', yes)}" if yes else ""
            less_sure = f["people"][p]["reflections"] > len(said) > 1
            if less_sure:
                told = t.html("s_reflected_least", count=len(said), name=t.name(p))
            else:
                told = t.counted("s_reflected", len(said), name=t.name(p))
            out.append((told + landed, [r["start"] for r in said]))
    for p, v in f["people"].items():
        if v["backchannels"]:
            out.append((t.counted("s_listening", v["backchannels"], name=t.name(p)), v["backchannels_at"]))
    feelings = [(word, when) for v in f["people"].values() for word, when in v["feelings"]]
    if feelings:
        named = list(dict.fromkeys(w for w, _ in feelings))[:MOST_WORDS]
        words = ", ".join(f"<bdi>{esc(w)}</bdi>" for w in named)
        out.append((t.html("s_feelings", words=words), sorted({when for w, when in feelings if w in named})))
    for p, v in f["people"].items():
        if v["questions_open"]:
            moments = [r["start"] for r in f["replies"] if r["open_question"] and r["speaker"] == p]
            out.append((t.counted("s_open", v["questions_open"], name=t.name(p)), moments))
    several = len(f["people"]) > 1 and bool(f["gaps"])
    if everyone_finished(f):
        out.append((t.html("s_room"), []))
    if several and all(abs(v["share"] - 1 / len(f["people"])) <= EVEN for v in f["people"].values()):
        out.append((t.html("s_shared"), []))
    return out[:MOST] or [(t.html("s_time", length=t.length(f["duration_s"])), [])]


def one_thing(t: Texts, f: dict[str, Any]) -> Sentence:
    """The one suggestion that would help most, to everyone alike."""
    missed = [r["start"] for r in f["replies"] if r["chance"] and not r["reflected"]]
    clear = [i["start"] for i in f["interruptions"] if i["confidence"] >= 0.6]
    people = f["people"].values()
    if len(missed) > sum(v["reflections"] for v in people):
        return t.counted("t_reflect", len(missed)), missed
    if clear:
        return t.html("t_breath"), clear
    if sum(v["questions_closed"] for v in people) > sum(v["questions_open"] for v in people):
        return t.html("t_open"), []
    if len(people) > 1 and max(v["share"] for v in people) > 1.4 / len(people):
        return t.html("t_share"), []
    return t.html("t_keep" if f["words_known"] else "t_keep_unheard"), []
