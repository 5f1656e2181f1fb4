"""What sections have in common: their frame, links to moments, and how sure something is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicecoach.report.html import SHOWN_ROWS, Texts, anchor, clock, esc
from voicecoach.report.lines import Line
from voicecoach.report.marks import nearest

Figures = dict[str, Any]

HOW_SURE = {
    "time": {"channels": "high", "given": "high", "enrolled": "mid"},
    "moments": {"channels": "mid", "given": "mid", "enrolled": "mid"},
    "words": {"channels": "mid", "given": "mid", "enrolled": "mid"},
}
"""By what a figure rests on, and how voices were told apart; anything else is a rough picture."""


@dataclass(frozen=True, slots=True)
class View:
    """All that a section is made from: words of the page, figures, lines of the transcript, and where they begin."""

    t: Texts
    f: Figures
    lines: Sequence[Line]
    starts: Sequence[float]

    def link(self, when: float | None) -> str:
        """A link to the line of the transcript nearest to a time."""
        if when is None:
            return "–"
        return f'<a class="at" href="#t{anchor(nearest(self.starts, when))}">{clock(when)}</a>'

    def links(self, moments: Sequence[float], most: int = 6) -> str:
        """Links to the first few moments, and how many more there are."""
        more = [f'<span class="note">+{len(moments) - most}</span>'] if len(moments) > most else []
        return " ".join([*(self.link(m) for m in moments[:most]), *more])

    def spread(self, moments: Sequence[float], most: int) -> str:
        """The same with a few from all of the talk, not the first ones."""
        if len(moments) <= most:
            return self.links(moments, most)
        chosen = [moments[round(i * (len(moments) - 1) / (most - 1))] for i in range(most)]
        return f'{self.links(chosen)} <span class="note">+{len(moments) - most}</span>'

    def some(self, moments: Sequence[str]) -> str:
        """The first of many things, and how many more there are."""
        left = len(moments) - SHOWN_ROWS
        more = [self.t.html("and_more", count=left)] if left > 0 else []
        return " · ".join([*moments[:SHOWN_ROWS], *more]) or "–"

    def sure(self, rests_on: str) -> str:
        """One line: how sure figures are that rest on ``time``, ``moments`` or ``words``."""
        hearing = (
            self.f["hearing"] if self.f["hearing"] in ("channels", "enrolled", "separated", "given") else "unknown"
        )
        level = HOW_SURE[rests_on].get(hearing, "low")
        why = self.t.html(f"why_{hearing}")
        if rests_on != "time":
            why += ", " + self.t.html(f"why_{rests_on}")
        return (
            f'<p class="sure {level}"><a href="#h-sure">{self.t.html("how_sure")}</a> '
            f"<b>{self.t.html(f'level_{level}')}</b> · {why}</p>"
        )

    def grouped(self, said: Sequence[tuple[str, float]], most: int = 6, each: int = 3) -> str:
        """What was said more than once, once, the most frequent first, with its first moments."""
        moments: dict[str, list[float]] = {}
        shown: dict[str, str] = {}
        for text, when in said:
            key = " ".join(text.casefold().split()).strip(" .,!?…-")
            moments.setdefault(key, []).append(when)
            shown.setdefault(key, text)
        often = sorted(moments, key=lambda k: (-len(moments[k]), moments[k][0]))
        out = [f"{quoted(shown[key]) if key else '…'} {self.links(moments[key], each)}" for key in often[:most]]
        left = sum(len(moments[key]) for key in often[most:])
        return " · ".join([*out, *([self.t.html("and_more", count=left)] if left else [])])


def section(t: Texts, key: str, content: str) -> str:
    """A section with its heading; its id is the key."""
    name = key.replace("_", "-")
    return f'<section id="{name}" aria-labelledby="{name}-t"><h2 id="{name}-t">{t.html(key)}</h2>{content}</section>'


def bare(name: str) -> str:
    """A name inside a sentence, whatever its writing direction."""
    return f"<bdi>{esc(name)}</bdi>"


def signed(seconds: float) -> str:
    """Seconds with a real minus sign."""
    return f"{seconds:.2f}\u00a0s".replace("-", "−")


def percent(share: float) -> str:
    """A share in percent."""
    return f"{share:.0%}".replace("%", "\u00a0%")


def quoted(text: str) -> str:
    """Words that were said."""
    return f'<q dir="auto">{esc(text)}</q>'
