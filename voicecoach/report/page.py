"""The report page: one self-contained HTML file that loads nothing and runs only its own script."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib import resources
from string import Template
from typing import Any

from voicecoach.events import Record
from voicecoach.report import sections
from voicecoach.report.html import Texts
from voicecoach.report.lines import transcript_lines
from voicecoach.report.marks import timeline_data

_HERE = resources.files("voicecoach.report")


def page(
    records: Sequence[Record], figures: dict[str, Any], language: str = "en", *, session: str = "", served: bool = False
) -> str:
    """HTML of the report. ``records`` in order of time, ``figures`` from `summarise` of the same records.

    ``session``: what `voicecoach correct` knows this session by; without it, the page takes the folder it lies in.
    ``served``: it comes from `PageServer` and may talk to that; a written page may talk to nobody.
    """
    texts = Texts(json.loads(_file(f"texts/{language}.json")), list(figures["people"]))
    lines = transcript_lines(records)
    scripts = [_file(name) for name in ("timeline.js", "fixes.js", *(["served.js"] if served else []))]
    style = _file("report.css")
    data = {**timeline_data(records, figures, lines, texts), "session": session, "served": served}
    return Template(_file("template.html")).substitute(
        language=texts.language,
        title=texts.html("title"),
        style=style,
        style_hash=_hash(style),
        connect="'self'" if served else "'none'",
        script_hashes=" ".join(map(_hash, scripts)),
        body=sections.body(texts, figures, lines, records),
        data=_json(data),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def _file(name: str) -> str:
    return _HERE.joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """How the policy names an inline block it allows (CSP level 2, hash-source)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: Any) -> str:
    """JSON that cannot end the script block it stands in; U+2028/9 would end a line in old script readers."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
