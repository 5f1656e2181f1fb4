"""What two people have agreed on, as far as the coach can notice that it was touched."""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.coach.policy import Situation
from voicecoach.errors import MisuseError

BEHAVIOURS = tuple(
    s.value
    for s in (
        Situation.INTERRUPTION, Situation.BLAME, Situation.JUDGING, Situation.MINIMISING, Situation.ADVICE,
        Situation.REMIND, Situation.TENSION,
    )
)  # fmt: skip
"""What an agreement can be about."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """``text``: their own words, short ("We let each other finish."); ``about``: one of `BEHAVIOURS`.

    Raises `MisuseError` for an unknown behaviour or no words.
    """

    text: str
    about: str

    def __post_init__(self) -> None:
        if self.about not in BEHAVIOURS:
            raise MisuseError(f"An agreement cannot be about {self.about!r}; choose one of {', '.join(BEHAVIOURS)}.")
        if not self.text.strip():
            raise MisuseError("An agreement has no words; write what you agreed.")
