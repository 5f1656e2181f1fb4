"""CSV, one row an event, and JSON, all of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from voicecoach.events import Noted, Record, to_dict
from voicecoach.report.figures import summarise

COLUMNS = ("type", "start", "end", "speaker", "other", "kind", "text", "confidence", "details")
OTHER = ("to", "over", "interrupted", "previous", "name")
KIND = ("kind", "label", "situation", "reason", "hearing")
TEXT = ("text", "word", "words_cut")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins like this would be computed by a spreadsheet; an apostrophe before it keeps it a text."""


def table(records: Sequence[Record]) -> str:
    """CSV (RFC 4180, UTF-8) with a heading row; times in seconds.

    ``other``: whom it is about besides the speaker; ``details``: what is left, as JSON. Texts that look like a formula
    get an apostrophe in front. What the coach noted for itself is no event and is left out.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record in records:
        if isinstance(record, Noted):
            continue
        row = to_dict(record)
        cells = [row.pop("type"), row.pop("start"), row.pop("end"), _safe(row.pop("speaker", ""))]
        cells += [_safe(next((row.pop(n) for n in names if row.get(n)), "")) for names in (OTHER, KIND, TEXT)]
        cells.append(row.pop("confidence", ""))
        rest = {k: v for k, v in row.items() if v not in ("", None, [], {})}
        cells.append(json.dumps(rest, ensure_ascii=False) if rest else "")
        writer.writerow(cells)
    return out.getvalue()


def whole(records: Sequence[Record]) -> str:
    """One JSON object: ``figures`` as in report.json and ``events`` as in the log."""
    data: dict[str, Any] = {"figures": summarise(records), "events": [to_dict(r) for r in records]}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def lines(records: Sequence[Record]) -> str:
    """The log again, one JSON object a line, as it is after corrections."""
    return "".join(json.dumps(to_dict(r), ensure_ascii=False) + "\n" for r in records)


def _safe(value: object) -> str:
    text = str(value)
    return "'" + text if text.startswith(FORMULA) else text
