"""What is said in a check-in, read from ``data/checkin/<language>.json``."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from voicecoach.errors import MisuseError


@dataclass(frozen=True, slots=True)
class Wording:
    """All lines of one language. ``depths``, ``kinds``: patterns for a depth, or what an agreement is about.

    A word that an agreement of another kind may have too ("never", "finish") is in ``kinds`` only with what makes it
    one: what is wrongly known is said back to a slip it has nothing to do with.
    """

    lines: Mapping[str, Any]
    depths: Mapping[str, re.Pattern[str]]
    kinds: Mapping[str, re.Pattern[str]]

    def line(self, step: str, way: str) -> str | None:
        """The template of ``step`` said in one ``way`` (``say``, ``again`` …); None when it has none."""
        found: str | None = self.lines["steps"][step].get(way)
        return found

    def other(self, name: str) -> Any:
        """What else is in the file."""
        return self.lines[name]

    def length(self, seconds: float) -> str:
        """A length of time, as it is said."""
        if seconds < 90:
            return str(self.lines["seconds"]).format(n=round(seconds))
        one, many = self.lines["minutes"]
        minutes = round(seconds / 60)
        return str(one if minutes == 1 else many).format(n=minutes)

    def kind(self, agreement: str) -> str:
        """What an agreement in somebody's own words is about, if that can be told; else empty."""
        plain = agreement.lower().replace("’", "'")
        return next((name for name, way in self.kinds.items() if way.search(plain)), "")

    def moment(self, noticed: Sequence[str]) -> str:
        """The line for the best of the good moments that were noticed."""
        best = [name for name in self.lines["moments_in_order"] if name in noticed]
        return str(self.lines["moments"][best[0]]) if best else ""

    def follow_up(self, day: date, today: date) -> str:
        """When a promise will be asked after: by the day's name within a week, else with its date."""
        name = self.lines["days"][day.weekday()]
        if (day - today).days > 6:
            name = self.lines["far_day"].format(day=name, number=day.day, month=self.lines["months"][day.month - 1])
        return str(self.lines["follow_up_on"]).format(day=name)

    def topics(self, depth: str, seed: int) -> list[str]:
        """Topics of a depth, in an order that differs from check-in to check-in."""
        bank = list(self.lines["topics"][depth])
        return random.Random(seed).sample(bank, len(bank))


@cache
def wording(language: str = "en") -> Wording:
    """The lines of ``language`` (ISO 639-1). Raises `MisuseError` when voicecoach has no such file."""
    file = resources.files("voicecoach.practice") / "data" / "checkin" / f"{language}.json"
    if not language.isalpha() or not file.is_file():
        raise MisuseError(f"There is no check-in in the language {language!r}; see CONTRIBUTING.md to add it.")
    lines = json.loads(file.read_text(encoding="utf-8"))
    return Wording(
        lines,
        {name: re.compile(rf"\b(?:{'|'.join(ways)})\b") for name, ways in lines["depth"].items()},
        {name: re.compile(rf"\b(?:{'|'.join(ways)})") for name, ways in lines["about"].items()},
    )


def sentence(text: str) -> str:
    """``text`` with a full stop where it has no end, so that it can stand between other sentences."""
    return text if text.endswith((".", "?", "!", "…")) or not text else f"{text}."
