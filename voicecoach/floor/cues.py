"""Which cues the floor judges by. Each can be left out, to see what it is worth (`scripts/bench floor --ablate`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cues:
    """All True, unless one is to be left out. A cue left out is like one that was never heard.

    ``signs``: the words of listening; ``endings``: how the words of the one who stops end; ``claims``: words that want
    the floor; ``overlap``: how long both spoke, and how long a pause was; ``own_silence``: silence of one's own before
    and after a sign of listening; ``surroundings``: whether the other's talk covers it, or nobody has spoken lately;
    ``resumes``: whether the one who stopped goes on at once; ``certainty``: how sure the recogniser was of its words.
    """

    signs: bool = True
    endings: bool = True
    claims: bool = True
    overlap: bool = True
    own_silence: bool = True
    surroundings: bool = True
    resumes: bool = True
    certainty: bool = True


ALL = Cues()
