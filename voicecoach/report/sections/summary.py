"""In a few words: what went well, one thing to try, and how the time was shared."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.report.charts import share_bar
from voicecoach.report.sections.parts import View, percent, section
from voicecoach.report.words import one_thing, went_well

SHOWN = 4
"""So many moments are evidence enough for a sentence."""


def summary(v: View) -> str:
    """The section that is read first."""
    t = v.t

    def sentence(text: str, moments: Sequence[float]) -> str:
        links = v.spread(moments, SHOWN)
        return text + (f' <span class="note">{t.html("evidence")}</span> {links}' if links else "")

    well = "".join(f"<li>{sentence(*s)}</li>" for s in went_well(t, v.f))
    shares = "".join(f"<li>{t.name(p)} {percent(x['share'])}</li>" for p, x in v.f["people"].items())
    shared = f'{share_bar(t, v.f["people"])}<ul class="shares">{shares}</ul>'
    return section(
        t,
        "h_summary",
        f'<div class="two"><div class="leaf"><h3>{t.html("well")}</h3><ul>{well}</ul></div>'
        f'<div class="stack"><div class="leaf try"><h3>{t.html("try")}</h3><p>{sentence(*one_thing(t, v.f))}</p></div>'
        f'<div class="leaf"><h3>{t.html("shared")}</h3>{shared}</div></div></div>',
    )
