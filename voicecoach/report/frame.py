"""The frame of every page: one self-contained HTML file with a strict policy, and the words of a language."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from string import Template
from typing import Any

_HERE = resources.files("voicecoach.report")


def framed(language: str, title: str, body: str, data: Any, scripts: Sequence[str], *, served: bool = False) -> str:
    """A whole page. ``title`` and ``body`` are HTML; ``scripts``: files of this folder; ``data``: what they read."""
    sources = [read(name) for name in (*scripts, *(["served.js"] if served else []))]
    style = read("report.css")
    return Template(read("template.html")).substitute(
        language=language,
        title=title,
        style=style,
        style_hash=_hash(style),
        connect="'self'" if served else "'none'",
        script_hashes=" ".join(map(_hash, sources)) or "'none'",
        body=body,
        data=_json(data),
        scripts="\n".join(f"<script>{source}</script>" for source in sources),
    )


@cache
def read(name: str) -> str:
    """A file of this folder."""
    return _HERE.joinpath(name).read_text(encoding="utf-8")


def texts_of(language: str) -> dict[str, Any]:
    """Every text of the pages in a language."""
    data: dict[str, Any] = json.loads(read(f"texts/{language}.json"))
    return data


def _hash(text: str) -> str:
    """How the policy names an inline block it allows (CSP level 2, hash-source)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: Any) -> str:
    """JSON that cannot end the script block it stands in; U+2028/9 would end a line in old script readers."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
