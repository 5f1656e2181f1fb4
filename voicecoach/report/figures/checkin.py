"""A check-in as it went: its parts, and each place in a round, from the steps in the log. Nothing that was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecoach.events import Record, Step

NOTHING_SAID = ("skipped", "silent")
"""Outcomes of a step in which nobody gave an answer."""


def parts(records: Sequence[Record]) -> list[dict[str, Any]]:
    """What it went through, in order: ``part``, when it began and ended; one that was left and came again, twice."""
    out: list[dict[str, Any]] = []
    for step in records:
        if isinstance(step, Step) and step.part:
            if not out or out[-1]["part"] != step.part:
                out.append({"part": step.part, "start": step.start, "end": step.end})
            out[-1]["end"] = max(out[-1]["end"], step.end)
    return out


def places(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Who had the floor in each round: for how long, how often it was said back, and how that was answered.

    ``confirmed`` and ``felt`` (heard) are True, False, or None where nobody said so.
    """
    out: list[dict[str, Any]] = []
    for step in (r for r in records if isinstance(r, Step)):
        if step.name == "speak":
            if not out or (out[-1]["round"], out[-1]["speaker"]) != (step.turn, step.speaker):
                out.append({
                    "round": step.turn, "speaker": step.speaker, "start": step.start, "floor_s": 0.0, "said_back": 0,
                    "confirmed": None, "felt": None,
                })  # fmt: skip
            out[-1]["floor_s"] += step.end - step.start
        elif out and step.turn == out[-1]["round"]:
            answer = {"yes": True, "no": False}.get(step.outcome)
            if step.name == "reflect":
                out[-1]["said_back"] += step.outcome not in NOTHING_SAID
            elif step.name == "confirm":
                out[-1]["confirmed"] = answer
            elif step.name == "felt":
                out[-1]["felt"] = answer
    return out
