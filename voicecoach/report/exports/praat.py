"""Praat TextGrid (long text format): a tier of intervals for each person, one of points for the moments."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.events import Record
from voicecoach.report.exports.spans import Span, moments, people_of, spoken

MOMENTS = "moments"


def textgrid(records: Sequence[Record]) -> str:
    """A TextGrid; silence is an interval without text, speech whose words are not known has the text ``…``."""
    spans, points = spoken(records), moments(records)
    end = round(max((r.end for r in records), default=0.0), 3) or 0.001
    people = people_of(records)
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {end}"]
    lines += ["tiers? <exists>", f"size = {len(people) + 1}", "item []:"]
    for number, person in enumerate(people, 1):
        lines += _tier(number, "IntervalTier", person, end)
        pieces = _pieces([s for s in spans if s.speaker == person], end)
        lines.append(f"        intervals: size = {len(pieces)}")
        for i, (start, stop, text) in enumerate(pieces, 1):
            lines += [f"        intervals [{i}]:", f"            xmin = {start}", f"            xmax = {stop}"]
            lines.append(f"            text = {_quoted(text)}")
    lines += _tier(len(people) + 1, "TextTier", MOMENTS, end)
    at: dict[float, list[str]] = {}  # Praat allows one point at a time
    for m in points:
        at.setdefault(round(m.start, 3), []).append(f"{m.speaker}: {m.text}")
    lines.append(f"        points: size = {len(at)}")
    for i, (when, texts) in enumerate(sorted(at.items()), 1):
        mark = _quoted("; ".join(texts))
        lines += [f"        points [{i}]:", f"            number = {when}", f"            mark = {mark}"]
    return "\n".join(lines) + "\n"


def _tier(number: int, kind: str, name: str, end: float) -> list[str]:
    head = [f"    item [{number}]:", f'        class = "{kind}"', f"        name = {_quoted(name)}"]
    return [*head, "        xmin = 0", f"        xmax = {end}"]


def _pieces(spans: Sequence[Span], end: float) -> list[tuple[float, float, str]]:
    """Intervals that fill the whole time without a hole, as Praat wants them."""
    out: list[tuple[float, float, str]] = []
    now = 0.0
    for s in spans:
        start, stop = max(now, round(s.start, 3)), round(s.end, 3)
        if stop <= start:
            continue
        if start > now:
            out.append((now, start, ""))
        out.append((start, stop, s.text or "…"))
        now = stop
    return [*out, (now, end, "")] if now < end else out


def _quoted(text: str) -> str:
    """Praat doubles quotes; line breaks become blanks."""
    return '"' + " ".join(text.split()).replace('"', '""') + '"'
