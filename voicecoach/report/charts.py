"""Small charts as SVG without a letter in it: names and numbers stand beside them, so that they stay readable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecoach.report.html import Texts, clock

BAR = 40.0
"""Height of a bar that stands for a whole stretch spoken through."""
GAP_LOW_S, GAP_HIGH_S = -1.5, 3.5
"""What the strip of gaps shows; what lies outside is drawn at its edge."""
TIMES = 5


def share_bar(t: Texts, people: dict[str, Any]) -> str:
    """One bar, divided as the speech was."""
    x, bars = 0.0, []
    for p, v in people.items():
        width = 100 * v["share"]
        bars.append(f'<rect class="f{t.colour(p)}" x="{x:.2f}" y="0" width="{max(0.0, width - 0.3):.2f}" height="10"/>')
        x += width
    return _svg("share", 100, 10, "".join(bars), "")


def balance_chart(t: Texts, stretches: Sequence[dict[str, Any]], label: str) -> str:
    """For two, one above and one below the line; for more, a row each. ``label`` (HTML): the same in words."""
    people = t.people
    end = stretches[-1]["end"] - stretches[0]["start"]
    rows = [(-1, BAR), (1, BAR)] if len(people) == 2 else [(-1, BAR + i * (BAR + 6)) for i in range(len(people))]
    bars = []
    for s in stretches:
        x, width = s["start"] - stretches[0]["start"], s["end"] - s["start"]
        for p, (direction, base) in zip(people, rows, strict=True):
            height = BAR * min(1.0, s["talk_s"][p] / width) if width > 0 else 0.0
            y = base - height if direction < 0 else base
            if height > 0.05:
                bars.append(
                    f'<rect class="f{t.colour(p)}" x="{x + 0.06 * width:.2f}" y="{y:.2f}" '
                    f'width="{0.88 * width:.2f}" height="{height:.2f}"/>'
                )
    lines = "".join(f'<path class="rule" d="M0 {base}H{end:.2f}"/>' for base in sorted({base for _, base in rows}))
    height = 2 * BAR if len(people) == 2 else rows[-1][1] + 1
    start = stretches[0]["start"]
    return _svg("balance", end, height, "".join(bars) + lines, label) + _times(start, start + end)


def gap_strip(t: Texts, gap: dict[str, Any], label: str) -> str:
    """A tick for every change of speaker, by its offset; the middle one and the half around it stand out."""

    def at(seconds: float) -> float:
        return min(GAP_HIGH_S, max(GAP_LOW_S, seconds)) - GAP_LOW_S

    colour = t.colour(gap["to"])
    low, high, middle = at(gap["low_s"]), at(gap["high_s"]), at(gap["median_s"])
    parts = [f'<path class="rule" d="M{at(0):.3f} 0V10"/>']
    parts.append(f'<rect class="f{colour} half" x="{low:.3f}" y="2" width="{max(0.02, high - low):.3f}" height="6"/>')
    parts += [f'<path class="s{colour}" d="M{at(s):.3f} 3.2V6.8"/>' for _, s in gap["each"]]
    parts.append(f'<path class="s{colour} middle" d="M{middle:.3f} 1V9"/>')
    return _svg("strip", GAP_HIGH_S - GAP_LOW_S, 10, "".join(parts), label)


def gap_axis() -> str:
    """Seconds under the strips: a cell a second."""
    marks = ("−1 s", "0", "1 s", "2 s", "3 s")
    return '<div class="cells" aria-hidden="true">' + "".join(f"<span>{m}</span>" for m in marks) + "</div>"


def course(points: Sequence[tuple[float, float]], end: float, label: str) -> str:
    """A line of values in [0, 1] over time (s)."""
    path = "M" + "L".join(f"{x:.1f} {40 * (1 - y):.2f}" for x, y in points)
    area = f"{path}L{points[-1][0]:.1f} 40L{points[0][0]:.1f} 40Z"
    drawn = f'<path class="area" d="{area}"/><path class="line" d="{path}"/><path class="rule" d="M0 40H{end:.1f}"/>'
    return _svg("course", end, 40.3, drawn, label) + _times(0.0, end)


def _times(start: float, end: float) -> str:
    """Times under a chart, evenly spread."""
    ticks = "".join(f"<span>{clock(start + i * (end - start) / (TIMES - 1))}</span>" for i in range(TIMES))
    return f'<div class="axis" aria-hidden="true">{ticks}</div>'


def _svg(kind: str, width: float, height: float, content: str, label: str) -> str:
    known = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:.2f} {height:.2f}" preserveAspectRatio="none" {known}>{content}</svg>'
    )


def interval_chart(points: Sequence[tuple[float | None, float, float]], top: float, label: str) -> str:
    """A dot and its interval for each session, from 0 to ``top``; what reaches higher is cut there."""
    parts = []
    for i, (value, low, high) in enumerate(points):
        if value is None:
            continue
        x = i + 0.5
        at = [50 - 48 * min(1.0, v / top) for v in (low, value, high)]
        parts.append(f'<path class="reach" d="M{x:.2f} {at[0]:.2f}V{at[2]:.2f}"/>')
        parts.append(f'<path class="dot" d="M{x:.2f} {at[1]:.2f}h0"/>')
    parts.append(f'<path class="rule" d="M0 50H{len(points)}"/>')
    return _svg("intervals", len(points), 50.5, "".join(parts), label)
