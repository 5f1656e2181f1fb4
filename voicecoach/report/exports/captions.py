"""Captions: WebVTT and SubRip, the same cues in both."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Iterator, Sequence

from voicecoach.events import Record, Turn, Word

Cue = tuple[float, float, str, str]

CUE_S = 6.0
"""A caption is no longer than this …"""
CUE_CHARACTERS = 84
"""… and no wider: two lines of 42, the usual limit for subtitles."""
CUE_BREAK_S = 0.8
"""A silence this long starts a new caption."""


def transcript_vtt(records: Sequence[Record]) -> str:
    """WebVTT with a voice tag per cue; cues of all people in order of time, so people who overlap have cues that do."""
    lines = ["WEBVTT", ""]
    for start, end, speaker, text in _all_cues(records):
        lines += [f"{_stamp(start)} --> {_stamp(end)}", f"<v {_escaped(speaker)}>{_escaped(text)}", ""]
    return "\n".join(lines)


def srt(records: Sequence[Record]) -> str:
    """SubRip, which knows no speakers and no escapes: cues begin with ``Name: ``, signs of markup become ``‹ ›``."""
    lines = []
    for number, (start, end, speaker, text) in enumerate(_all_cues(records), 1):
        said = f"{_one_line(speaker.replace(':', ' '))}: {_one_line(text)}".translate({60: "‹", 62: "›"})
        lines += [str(number), f"{_stamp(start, ',')} --> {_stamp(end, ',')}", said, ""]
    return "\n".join(lines)


def _all_cues(records: Sequence[Record]) -> list[Cue]:
    """Start, end (at least a millisecond later), speaker and text of every caption, in order of time."""
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
    return [(start, max(end, start + 0.001), speaker, text) for start, end, speaker, text in sorted(cues)]


def _cues(words: Sequence[Word]) -> Iterator[Cue]:
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


def _stamp(seconds: float, point: str = ".") -> str:
    ms = max(0, round(seconds * 1000))
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{point}{ms % 1000:03d}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """Markup as text, on one line; ``-->`` cannot remain, because ``>`` is escaped."""
    return html.escape(_one_line(text), quote=False)
