"""The report page: one self-contained HTML file that loads nothing and runs only its own script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecoach.events import Record
from voicecoach.report import sections
from voicecoach.report.frame import framed, texts_of
from voicecoach.report.html import Texts
from voicecoach.report.lines import transcript_lines
from voicecoach.report.marks import timeline_data


def page(
    records: Sequence[Record],
    figures: dict[str, Any],
    language: str = "en",
    *,
    session: str = "",
    title: str = "",
    served: bool = False,
) -> str:
    """HTML of the report. ``records`` in order of time, ``figures`` from `summarise` of the same records.

    ``session``: what `voicecoach correct` knows this session by; without it, the page takes the folder it lies in.
    ``title``: what its people call it. ``served``: it comes from `PageServer` and may talk to that; a written
    page may talk to nobody.
    """
    texts = Texts(texts_of(language), list(figures["people"]))
    lines = transcript_lines(records)
    data = {**timeline_data(records, figures, lines, texts), "session": session, "served": served}
    body = sections.body(texts, figures, lines, records, title)
    return framed(texts.language, texts.html("title"), body, data, ("timeline.js", "fixes.js"), served=served)
