"""The page between its body tags, but for the scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecoach.events import CUT_OFF, UNTIL_AGREED, Decision, Record, Tension
from voicecoach.report.html import Texts, clock, day_of, esc
from voicecoach.report.lines import Line
from voicecoach.report.sections.about import fixed, how_sure, words_used
from voicecoach.report.sections.checkin import checkin
from voicecoach.report.sections.floor import balance, came_in, turns
from voicecoach.report.sections.listening import replies, signs
from voicecoach.report.sections.parts import Figures, View, section
from voicecoach.report.sections.prompts import prompts
from voicecoach.report.sections.summary import summary
from voicecoach.report.sections.tension import tension
from voicecoach.report.sections.timeline import timeline
from voicecoach.report.sections.transcript import transcript

CONTENTS = ("h_timeline", "h_listening", "h_balance", "h_came_in", "h_prompts", "h_transcript", "h_sure")


def body(t: Texts, f: Figures, lines: Sequence[Line], records: Sequence[Record], title: str = "") -> str:
    """Everything between the body tags but the scripts. ``title``: what its people call the session."""
    v = View(t, f, lines, sorted(line.start for line in lines))
    spoken = f["somebody_speaks_s"] > 0 or bool(lines)
    parts = [_notices(t, f)]
    if spoken:
        decisions = [r for r in records if isinstance(r, Decision)]
        parts += [
            summary(v), checkin(v), timeline(v), replies(v), signs(v), balance(v), turns(v), came_in(v),
            tension(v, [r for r in records if isinstance(r, Tension)]), prompts(v, decisions), transcript(v), fixed(v),
        ]  # fmt: skip
    else:
        parts.append(section(t, "h_summary", f"<p>{t.html('empty')}</p>"))
    parts += [how_sure(v), words_used(v)]
    return (
        f"{_head(t, f, spoken, title)}<main>{''.join(parts)}</main>"
        f'<footer class="note"><p>{t.html("private")}</p></footer><div id="fixes" hidden></div>'
    )


def _head(t: Texts, f: Figures, spoken: bool, title: str) -> str:
    names = [t.name(p) for p in f["people"]]
    who = t.html("and").join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or t.html("nobody")
    date = f" · <time>{esc(day_of(t.data, f['date']))}</time>" if f["date"] else ""
    links = "".join(f'<li><a href="#{k.replace("_", "-")}">{t.html(f"n{k[1:]}")}</a></li>' for k in CONTENTS)
    contents = f'<nav aria-label="{t.html("contents")}"><ul>{links}</ul></nav>' if spoken else ""
    who_is_who = '<div id="who"></div>' if spoken else ""
    skip = f'<a class="skip" href="#h-transcript">{t.html("skip")}</a>' if spoken else ""
    return (
        f"{skip}<header><h1>{f'<bdi>{esc(title)}</bdi>' if title else t.html('title')}</h1>"
        f'<p class="soft">{who} · {t.length(f["duration_s"])}{date}</p>{who_is_who}{contents}</header>'
    )


def _notices(t: Texts, f: Figures) -> str:
    out = []
    if f["ended"] is None:
        out.append(t.html("broke_off"))
    elif f["ended"] not in ("finished", "stopped"):
        out.append(t.html("ended_badly", reason=esc(f["ended"])))
    cut = [x for x in f["lost"] if x["reason"] == CUT_OFF]
    lost = [x["end"] - x["start"] for x in f["lost"] if x["reason"] != CUT_OFF]
    if cut:
        out.append(t.html("went_on", places=_places(cut)))
    if lost:
        out.append(t.counted("lost", len(lost), seconds=f"{sum(lost):.1f}"))
    before = [b for b in f["breaks"] if b["reason"] == UNTIL_AGREED]
    breaks = [b for b in f["breaks"] if b["reason"] != UNTIL_AGREED]
    if before:
        out.append(t.html("before_agreed", places=_places(before)))
    if breaks:
        out.append(f"{t.counted('broken', len(breaks))} ({_places(breaks)})")
    return "".join(f'<p class="notice" role="note">{text}</p>' for text in out)


def _places(stretches: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{clock(x['start'])}–{clock(x['end'])}" for x in stretches)
