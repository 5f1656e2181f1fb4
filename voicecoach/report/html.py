"""Small pieces of HTML. Everything that was said or named goes through `esc`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

COLOURS = 8
SHOWN_ROWS = 10


def esc(value: object) -> str:
    """Text as HTML text or attribute value."""
    return html.escape(str(value), quote=True)


def clock(seconds: float) -> str:
    """``m:ss``, from an hour on ``h:mm:ss``."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def at(seconds: float | None) -> str:
    """A link to the transcript line at this time; the line ids are milliseconds."""
    if seconds is None:
        return "–"
    return f'<a class="at" href="#t{anchor(seconds)}">{clock(seconds)}</a>'


def anchor(seconds: float) -> int:
    """Milliseconds, the number in an id."""
    return round(seconds * 1000)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells are HTML already. The first cell of each row is its heading.

    On a phone each row becomes a card, so each cell carries the heading of its column.
    """
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    labels = [re.sub("<[^>]*>", "", cell) for cell in head[1:]]
    body = "".join(
        f'<tr><th scope="row">{first}</th>'
        + "".join(
            f'<td data-label="{label}"><span>{cell}</span></td>' for label, cell in zip(labels, rest, strict=True)
        )
        + "</tr>"
        for first, *rest in rows
    )
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def day_of(data: dict[str, Any], date: str) -> str:
    """An ISO date, or one with a time, as a language writes it; anything else as it is. No HTML."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])-(\d\d)(?:T(\d\d:\d\d).*)?", date)
    if found is None:
        return date
    year, month, day, time = found.groups()
    said = str(data["day"]).format(day=int(day), month=data["months"][int(month) - 1], year=year)
    return f"{said}, {time}" if time else said


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of the page in one language, and the colour of each person."""

    data: dict[str, Any]
    people: list[str]

    @property
    def language(self) -> str:
        """Its code."""
        return esc(self.data["language"])

    def html(self, key: str, **values: object) -> str:
        """One text with its values filled in; the values are HTML already."""
        return esc(self.data[key]).format(**values)

    def counted(self, key: str, count: int, **values: object) -> str:
        """One of two texts, for one thing or for several."""
        return self.html(f"{key}_one" if count == 1 else f"{key}_many", count=count, **values)

    def long_table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        """A table whose later rows wait behind a line to open, so that a long talk stays readable on a phone."""
        shown, more = rows[:SHOWN_ROWS], rows[SHOWN_ROWS:]
        if not more:
            return table(head, shown)
        summary = self.html("more", count=len(more))
        folded = f'<details class="more"><summary>{summary}</summary>{table(head, more)}</details>'
        return table(head, shown) + folded

    def name(self, person: str) -> str:
        """A name in its colour."""
        return f'<span class="name c{self.colour(person)}"><bdi>{esc(person)}</bdi></span>'

    def colour(self, person: str) -> int:
        """Number of a person's colour; strangers get the last."""
        return self.people.index(person) % COLOURS if person in self.people else COLOURS - 1

    def length(self, seconds: float) -> str:
        """A length in words."""
        whole = round(seconds)
        if whole >= 3600:
            return self.html("hours_long", h=whole // 3600, m=whole % 3600 // 60)
        key = "minutes_long" if whole >= 60 else "seconds_long"
        return self.html(key, m=whole // 60, s=whole % 60)
