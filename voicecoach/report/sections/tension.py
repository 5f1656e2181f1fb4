"""How tense the conversation sounded, if that was followed."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.events import Tension
from voicecoach.report.charts import course
from voicecoach.report.html import clock
from voicecoach.report.sections.parts import View, section

FELT = 0.5
"""From here on a moment is listed as tense."""
APART_S = 60.0
"""Peaks closer than this are one."""


def tension(v: View, course_of: Sequence[Tension]) -> str:
    """A line over time and its highest moments; nothing when tension was not followed."""
    t = v.t
    if len(course_of) < 2:
        return ""
    points = [(x.end, x.value) for x in course_of]
    top = max(course_of, key=lambda x: x.value)
    peaks: list[Tension] = []
    for x in sorted(course_of, key=lambda x: -x.value):
        if x.value >= FELT and len(peaks) < 4 and all(abs(x.end - p.end) > APART_S for p in peaks):
            peaks.append(x)
    links = v.links(sorted(p.end for p in peaks))
    label = t.html("tension_label", most=f"{top.value:.1f}", when=clock(top.end))
    return section(
        t,
        "h_tension",
        f'<p class="note">{t.html("tension_note")}</p>{course(points, max(v.f["duration_s"], points[-1][0]), label)}'
        f"<p>{t.html('tension_peaks') + ' ' + links if links else t.html('tension_calm')}</p>{v.sure('moments')}",
    )
