"""`Guide`: what leads through a check-in or a drill, beside the coach."""

from __future__ import annotations

from typing import Protocol

from voicecoach.events import Cue, Event


class Guide(Protocol):
    """Guided practice that a session takes along: events in, events out; no sound, no thread, no clock.

    It is pushed every event of the session, from `SessionStarted` on, and gives `Cue` (with ``patient`` True, its words
    wait until nobody speaks and until the voice has made all of them), `Prepare` (what it will soon say) and records
    (`Step`). What came of a cue comes back as a `Prompt` with the same text and situation: ``cut`` when somebody spoke
    over it. `voicecoach.practice.Sayer` says lines in silence, one after another, and keeps account of that.
    """

    @property
    def done(self) -> bool:
        """Whether the practice is over: the session then ends by itself."""
        ...

    def push(self, event: Event) -> list[Event]:
        """What follows from ``event``. Commands (keys, "coach, next") come in here too."""
        ...

    def review(self, cue: Cue) -> list[Cue]:
        """What is to be said in place of ``cue``, which the coach wants to say now: itself, other words, or nothing."""
        ...
