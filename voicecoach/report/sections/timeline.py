"""The frame of the timeline; the script draws it."""

from __future__ import annotations

from voicecoach.report.sections.parts import View, section

SHAPES = {
    "reflection": "M2 3h12v8H8l-3 3v-3H2z",
    "chance": "M2 3h12v8H8l-3 3v-3H2zM4 5v4h8V5z",
    "backchannel": "M8 3a5 5 0 1 0 .01 0z",
    "supportive": "M8 3a5 5 0 1 0 .01 0zM8 5.6a2.4 2.4 0 1 1 -.01 0z",
    "interruption": "M8 2 14 13H2z",
    "prompt": "M8 2l6 6-6 6-6-6z",
}
"""Outlines in a 16 × 16 box; kinds differ by shape, people by colour."""


def timeline(v: View) -> str:
    """Two lanes, tools, what is pointed at, and the legend."""
    t = v.t
    legend = "".join(
        f'<li><svg viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d="{d}"/></svg>'
        f"{t.html('k_' + k)}</li>"
        for k, d in SHAPES.items()
    )
    tools = "".join(
        f'<button type="button" data-zoom="{z}">{t.html(f"zoom_{z}")}</button>' for z in ("in", "out", "all")
    )
    return section(
        t,
        "h_timeline",
        f'<div id="timeline" tabindex="0" role="application" aria-label="{t.html("timeline_label")}" '
        f'aria-describedby="timeline-help detail"></div><div class="tools">{tools}</div>'
        f'<div id="detail" aria-live="polite">{t.html("hint")}</div><ul class="legend">{legend}</ul>'
        f'<p class="note screen" id="timeline-help">{t.html("timeline_help")}</p>{v.sure("time")}',
    )
