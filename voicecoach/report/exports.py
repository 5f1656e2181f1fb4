"""The plain exports: captions (WebVTT) and who spoke when (RTTM)."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Iterable, Sequence

from voicecoach.events import Record, Speech, Turn, Word

CUE_S = 6.0
"""A caption is no longer than this …"""
CUE_CHARACTERS = 84
"""… and no wider: two lines of 42, the usual limit for subtitles."""
CUE_BREAK_S = 0.8
"""A silence this long starts a new caption."""


def transcript_vtt(records: Sequence[Record]) -> str:
    """WebVTT with a voice tag per cue; cues of all people in order of time, so people who overlap have cues that do."""
    by_person: dict[str, list[Word]] = defaultdict(list)
    for record in records:
        if isinstance(record, Word):
            by_person[record.speaker].append(record)
    cues = [cue for words in by_person.values() for cue in _cues(sorted(words, key=lambda w: (w.start, w.end)))]
    cues += [
        (r.start, r.end, r.speaker, r.text)
        for r in records
        if isinstance(r, Turn) and r.text and r.speaker not in by_person
    ]
    lines = ["WEBVTT", ""]
    for start, end, speaker, text in sorted(cues):
        lines += [f"{_stamp(start)} --> {_stamp(max(end, start + 0.001))}", f"<v {_plain(speaker)}>{_plain(text)}", ""]
    return "\n".join(lines)


def rttm(records: Iterable[Record], of: type[Speech] | type[Turn]) -> str:
    """One SPEAKER line for each record of type ``of`` (NIST RTTM; file name ``session``, channel 1, seconds)."""
    lines = [
        f"SPEAKER session 1 {r.start:.3f} {r.end - r.start:.3f} <NA> <NA> {_one_token(r.speaker)} <NA> <NA>\n"
        for r in sorted((r for r in records if isinstance(r, of)), key=lambda r: (r.start, r.end, r.speaker))
    ]
    return "".join(lines)


def _cues(words: Sequence[Word]) -> Iterable[tuple[float, float, str, str]]:
    held: list[Word] = []
    for word in words:
        if held:
            text = " ".join(w.word for w in held)
            full = word.end - held[0].start > CUE_S or len(text) + 1 + len(word.word) > CUE_CHARACTERS
            ended = text.endswith((".", "?", "!", "…")) and len(text) > CUE_CHARACTERS // 2
            if full or ended or word.start - held[-1].end > CUE_BREAK_S:
                yield held[0].start, max(w.end for w in held), held[0].speaker, text
                held = []
        held.append(word)
    if held:
        yield held[0].start, max(w.end for w in held), held[0].speaker, " ".join(w.word for w in held)


def _stamp(seconds: float) -> str:
    ms = max(0, round(seconds * 1000))
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def _plain(text: str) -> str:
    """Markup as text, on one line; ``-->`` cannot remain, because ``>`` is escaped."""
    return html.escape(" ".join(text.split()), quote=False)


def _one_token(name: str) -> str:
    """RTTM fields are separated by blanks, so a name may not have any."""
    return "_".join(name.split()) or "unnamed"
