"""What happened, shown kindly: a page, a summary and exports, all pure functions of the session's records."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from voicecoach.events import Record, Speech, Turn, standing
from voicecoach.report.corrections import corrected, read_corrections
from voicecoach.report.exports import FORMATS, ending_of, export, rttm, transcript_vtt
from voicecoach.report.figures import summarise
from voicecoach.report.lines import transcript_lines
from voicecoach.report.locating import apart, checked, locate, name_of, naming
from voicecoach.report.page import page
from voicecoach.report.server import PageServer
from voicecoach.store.whole import write_whole

__all__ = [
    "FORMATS", "PageServer", "apart", "checked", "corrected", "ending_of", "export", "locate", "name_of", "naming",
    "page", "read_corrections", "render", "rttm", "standing", "summarise", "transcript_lines", "transcript_vtt",
]  # fmt: skip


def render(records: Iterable[Record], out: Path, session: str = "", title: str = "") -> list[Path]:
    """Write report.html, report.json, transcript.vtt, speech.rttm and turns.rttm into ``out``; gives their paths.

    The same records give the same bytes. ``session``: the name of a kept one, so that its page can say how to put
    something right; ``title``: what its people call it. ``out`` is made when it is not there. Raises OSError when that
    fails.
    """
    kept = corrected(records)  # in order of time; records at the same time stay as logged
    figures = summarise(kept)
    files = {
        "report.html": page(kept, figures, session=session, title=title),
        "report.json": json.dumps(figures, ensure_ascii=False, indent=1) + "\n",
        "transcript.vtt": transcript_vtt(kept),
        "speech.rttm": rttm(kept, Speech),
        "turns.rttm": rttm(kept, Turn),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        # Names and words may hold lone surrogates (a damaged log); they must not stop the report.
        write_whole(out / name, text.encode("utf-8", "replace"))
    return [out / name for name in files]
