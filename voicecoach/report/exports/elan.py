"""ELAN (.eaf, format 3.0): a tier for each person, one for the moments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from voicecoach.events import Record, SessionStarted
from voicecoach.report.exports.spans import Span, moments, people_of, spoken

NO_DATE = "1970-01-01T00:00:00+00:00"
"""ELAN asks for a date; a log that has none gets this, so that the same log gives the same bytes."""
SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def eaf(records: Sequence[Record]) -> str:
    """An annotation document without media; times in whole milliseconds. Speech of unknown words has no text."""
    tiers = [(person, person, [s for s in spoken(records) if s.speaker == person]) for person in people_of(records)]
    taken = {name for name, _, _ in tiers}
    name = next(n for n in ("moments", *(f"moments {i}" for i in range(2, len(taken) + 3))) if n not in taken)
    tiers.append((name, "", _apart(moments(records))))
    slots: list[str] = []
    body: list[str] = []
    number = 0
    for tier, participant, spans in tiers:
        who = f" PARTICIPANT={_attribute(participant)}" if participant else ""
        kind = "speech" if participant else "moment"
        body.append(f'    <TIER LINGUISTIC_TYPE_REF="{kind}"{who} TIER_ID={_attribute(tier)}>')
        for s in spans:
            number += 1
            for slot, at in ((2 * number - 1, s.start), (2 * number, max(s.end, s.start + 0.001))):
                slots.append(f'        <TIME_SLOT TIME_SLOT_ID="ts{slot}" TIME_VALUE="{round(at * 1000)}"/>')
            body += [
                "        <ANNOTATION>",
                f'            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" TIME_SLOT_REF1="ts{2 * number - 1}" '
                f'TIME_SLOT_REF2="ts{2 * number}">',
                f"                <ANNOTATION_VALUE>{_text(s.text)}</ANNOTATION_VALUE>",
                "            </ALIGNABLE_ANNOTATION>",
                "        </ANNOTATION>",
            ]
        body.append("    </TIER>")
    head = next((r for r in records if isinstance(r, SessionStarted)), None)
    date = f"{head.date}:00+00:00" if head and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", head.date) else NO_DATE
    return "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<ANNOTATION_DOCUMENT AUTHOR="voicecoach" DATE="{date}" FORMAT="3.0" VERSION="3.0" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{SCHEMA}">',
        '    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>',
        "    <TIME_ORDER>", *slots, "    </TIME_ORDER>", *body,
        '    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="speech" TIME_ALIGNABLE="true"/>',
        '    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="moment" TIME_ALIGNABLE="true"/>',
        "</ANNOTATION_DOCUMENT>", "",
    ])  # fmt: skip


def _apart(spans: Sequence[Span]) -> list[Span]:
    """One tier holds no two annotations at once: each ends where the next begins; those at one time become one."""
    merged: list[Span] = []
    for s in spans:
        now = Span(s.start, s.end, "", f"{s.speaker}: {s.text}")
        if merged and round(s.start * 1000) <= round(merged[-1].start * 1000):
            last = merged.pop()
            now = Span(last.start, max(last.end, s.end), "", f"{last.text}; {now.text}")
        merged.append(now)
    nexts = [s.start for s in merged[1:]] + [float("inf")] * bool(merged)
    return [Span(s.start, min(s.end, end), "", s.text) for s, end in zip(merged, nexts, strict=True)]


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\ufffd", text))
