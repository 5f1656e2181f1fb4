"""ELAN (.eaf): each tier of its own is a person; tiers that hang on another are passed over."""

from __future__ import annotations

import xml.parsers.expat
from collections.abc import Iterator
from xml.etree import ElementTree

from voicecoach.store.segments.segment import BadLineError, Segment, segment


def eaf(text: str) -> Iterator[Segment]:
    """Every annotation that has times. Where some tiers name a participant, the others are not speech."""
    root = _parsed(text)
    times = {s.get("TIME_SLOT_ID", ""): s.get("TIME_VALUE") for s in root.iterfind("TIME_ORDER/TIME_SLOT")}
    tiers = [t for t in root.iterfind("TIER") if t.get("PARENT_REF") is None]
    named = [t for t in tiers if t.get("PARTICIPANT")]
    for tier in named or tiers:
        speaker = tier.get("PARTICIPANT") or tier.get("TIER_ID") or ""
        for note in tier.iterfind("ANNOTATION/ALIGNABLE_ANNOTATION"):
            slots = [times.get(note.get(f"TIME_SLOT_REF{i}", "")) for i in (1, 2)]
            if None in slots:
                continue  # a slot without a value lies somewhere between its neighbours
            try:
                start, end = (int(slot or "") / 1000 for slot in slots)
            except (ValueError, OverflowError) as error:
                raise BadLineError(1, "a time slot is not a whole number of milliseconds") from error
            yield segment(1, start, end, speaker, note.findtext("ANNOTATION_VALUE") or "")


def _parsed(text: str) -> ElementTree.Element:
    """The document. One with a DOCTYPE is refused: ELAN writes none, and entities can be made to fill the memory."""
    if "<!DOCTYPE" in text:
        raise BadLineError(text.count("\n", 0, text.index("<!DOCTYPE")) + 1, "an ELAN file has no DOCTYPE")
    try:
        root = ElementTree.fromstring(text.encode("utf-8", "replace"), ElementTree.XMLParser(encoding="utf-8"))
    except ElementTree.ParseError as error:
        what = xml.parsers.expat.ErrorString(error.code) or "not XML"
        raise BadLineError(error.position[0], f"not an ELAN file ({what})") from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise BadLineError(1, "not an ELAN file")
    return root
