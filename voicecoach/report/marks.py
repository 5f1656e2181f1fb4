"""What the timeline draws, small enough to stand in the page."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import Any

from voicecoach.events import CUT_OFF, UNTIL_AGREED, Backchannel, Overlap, Prompt, Record, Speech
from voicecoach.report.figures import is_clear
from voicecoach.report.html import Texts, anchor
from voicecoach.report.lines import Line

_UI = (
    "k_turn", "k_backchannel", "k_supportive", "k_interruption", "k_prompt", "k_reflection", "k_chance",
    "coach", "chime", "fix", "fix_title", "fix_interruption", "fix_not_interruption", "fix_listening", "fix_said_back",
    "fix_not_said_back", "fix_speaker", "fix_close", "fix_noted", "fix_failed", "fix_copy", "fix_copied",
    "fix_download", "fix_remove", "fix_named", "who_title", "who_note", "who_keep",
)  # fmt: skip
"""The texts that the script needs."""
TEXT_CHARACTERS = 160
"""So much of a turn is shown with its mark; the rest is in the transcript."""


def timeline_data(
    records: Sequence[Record], figures: dict[str, Any], lines: Sequence[Line], texts: Texts
) -> dict[str, Any]:
    """People by number; spans as [person, start, end] in ms; marks as [kind, person, start, end, text, line id].

    ``unclear``: [person, start] of moments that may have been interruptions; ``off``: what was not heard.
    """
    number = {p: i for i, p in enumerate(texts.people)}
    speech = [[number[r.speaker], anchor(r.start), anchor(r.end)] for r in records if isinstance(r, Speech)]
    together = [
        [anchor(r.start), anchor(r.end), number.get(r.speaker, -1), number.get(r.over, -1)]
        for r in records
        if isinstance(r, Overlap)
    ]
    turns = [
        [number.get(x.speaker, -1), anchor(x.start), anchor(x.end), short(x.text)] for x in lines if x.kind == "turn"
    ]
    marks: list[list[Any]] = []
    for r in records:
        if isinstance(r, Backchannel):
            marks.append(["backchannel", number.get(r.speaker, -1), r.start, r.end, short(r.text)])
        elif isinstance(r, Overlap) and r.kind == "cooperative":
            marks.append(["supportive", number.get(r.speaker, -1), r.start, r.end, ""])
        elif is_clear(r):
            what = texts.data[f"i_{r.kind}"].format(speaker=r.speaker, interrupted=r.interrupted)
            cut = f" “… {r.words_cut}”" if r.words_cut else ""
            marks.append(["interruption", number.get(r.speaker, -1), r.start, r.end, short(what + cut)])
        elif isinstance(r, Prompt):
            marks.append(["prompt", -1, r.start, r.end, r.text or texts.data["chime"]])
    for reply in figures["replies"]:
        if reply["reflected"] or reply["chance"]:
            kind = "reflection" if reply["reflected"] else "chance"
            marks.append(
                [
                    kind,
                    number.get(reply["speaker"], -1),
                    reply["start"],
                    reply["end"],
                    reply["words"] or short(reply["text"]),
                ]
            )
    marks.sort(key=lambda m: (m[2], m[0], m[1]))
    starts = sorted({line.start for line in lines})
    return {
        "people": texts.people,
        "end": anchor(max((r.end for r in records), default=0.0)),
        "speech": speech,
        "together": together,
        "turns": turns,
        "marks": [[k, p, anchor(s), anchor(e), text, anchor(nearest(starts, s))] for k, p, s, e, text in marks],
        "unclear": [[number.get(i["speaker"], -1), anchor(i["start"])] for i in figures["unclear"]],
        "off": [
            [anchor(x["start"]), anchor(x["end"]), texts.data[off_key(x["reason"])]]
            for x in (*figures["breaks"], *figures["lost"])
        ],
        "ui": {key: texts.data[key] for key in _UI},
    }


def off_key(reason: str) -> str:
    """The text for a stretch that is not in the log, by the reason of its break or gap."""
    lost = dict.fromkeys(("overrun", "gone", "asleep"), "k_lost")
    return {**lost, CUT_OFF: "k_cut_off", UNTIL_AGREED: "k_before"}.get(reason, "k_break")


def nearest(starts: Sequence[float], at: float) -> float:
    """Of sorted times the one nearest to another; that itself when there is none."""
    i = bisect.bisect_left(starts, at)
    return min(starts[max(0, i - 1) : i + 1], key=lambda s: abs(s - at), default=at)


def short(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= TEXT_CHARACTERS else text[: TEXT_CHARACTERS - 1] + "…"
