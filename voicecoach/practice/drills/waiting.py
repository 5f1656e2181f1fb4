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
"""A shorter sound under the voice, or right after it, may be what is left of the voice itself …"""
TAIL_S = 0.25
"""… so long after its end …"""
GOES_ON_S = 1.0
"""Who makes the voice stop goes on for so long after it; what was left of the voice is over with it."""
SURE = 0.5
"""… and so are words of which the recogniser is less sure than this."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the story as it was told, from ``start`` to ``end`` in seconds; ``cut``: the voice stopped in it."""

    start: float
    end: float
    text: str
    cut: bool = False


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
        """Pauses left alone, of all there were; coming in over the voice counts as one not left alone.

        1 where somebody told everything in one breath and was let be.
        """
        all_ = len(self.pauses_s) + self.false_starts
        return len(self.pauses_s) / all_ if all_ else 1.0

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
    early = [
        s
        for s in stretches
        if lines
        and lines[0].start <= s.start < lines[-1].end
        and not sign(s)
        and not any(_our_own(s, n) for n in lines)
    ]
    kept: list[float] = []
    after: list[float] = []
    over = sum(line.start <= s.start < line.end for line in lines for s in early)
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
    """Whether what was heard under the voice is the voice: its own words, unsure ones, or a short sound without any."""
    if not line.start <= stretch.start < line.end + TAIL_S:
        return False
    if line.cut and stretch.end - line.end < GOES_ON_S:
        return True
    words = {t for w in stretch.words for t in tokenise(w)}
    if not words:
        return stretch.length_s < ECHO_S
    return words <= set(tokenise(line.text)) or stretch.confidence < SURE
