"""Holding back: which silences in a story were left alone, and where somebody came in too early, in milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voicecoach.floor.lexicon import tokenise
from voicecoach.practice.drills.reply import Stretch

PAUSE_S = 0.45
"""A shorter silence between two lines is no pause to wait through."""
ECHO_S = 0.6
"""A shorter sound under the voice that has no words may be what is left of the voice itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the story as it was told, from ``start`` to ``end`` in seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Waited:
    """``pauses_s``: every silence inside the story that was left alone; ``broken``: how many were not.

    ``after_ms``: how long after its beginning somebody came in, for each pause that was broken; ``over``: how often
    somebody came in over the voice.
    """

    pauses_s: tuple[float, ...] = ()
    after_ms: tuple[float, ...] = ()
    over: int = 0

    @property
    def broken(self) -> int:
        """Pauses into which somebody spoke."""
        return len(self.after_ms)

    @property
    def false_starts(self) -> int:
        """How often somebody came in before the end."""
        return self.broken + self.over

    @property
    def share(self) -> float:
        """Pauses left alone, of all there were; coming in over the voice counts as one not left alone."""
        return len(self.pauses_s) / max(1, len(self.pauses_s) + self.false_starts)

    @property
    def figures(self) -> dict[str, float]:
        """For the record of progress."""
        out = {"calm": float(len(self.pauses_s)), "false_starts": float(self.false_starts)}
        if self.pauses_s:
            out["longest_calm_ms"] = round(max(self.pauses_s) * 1000.0)
        if self.after_ms:
            out["came_in_after_ms"] = round(sum(self.after_ms) / len(self.after_ms))
        return out


def waited(lines: Sequence[Line], stretches: Sequence[Stretch], sign: Callable[[Stretch], bool]) -> Waited:
    """How the silences between ``lines`` were left. ``sign``: whether a stretch is only a sign of listening."""
    early = [s for s in stretches if not sign(s) and lines and lines[0].start <= s.start < lines[-1].end]
    kept: list[float] = []
    after: list[float] = []
    over = 0
    for line in lines:
        over += sum(line.start <= s.start < line.end and not _our_own(s, line) for s in early)
    for one, two in pairwise(lines):
        if two.start - one.end < PAUSE_S or one.text == two.text:  # said again after somebody came in
            continue
        inside = [s for s in early if one.end <= s.start < two.start]
        if inside:
            after.append((inside[0].start - one.end) * 1000)
        elif not any(one.start <= s.start < one.end and s.end > one.end for s in early):
            kept.append(two.start - one.end)
    return Waited(tuple(kept), tuple(round(ms) for ms in after), over)


def _our_own(stretch: Stretch, line: Line) -> bool:
    """Whether what was heard under the voice is the voice: its own words, or a little sound without any."""
    words = {t for w in stretch.words for t in tokenise(w)}
    return words <= set(tokenise(line.text)) if words else stretch.length_s < ECHO_S
