"""`Slips`: somebody came in, or forgot an agreement. It is named, said sorry for, and the talk goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voicecoach.events import Interruption, ReplyAct
from voicecoach.listening import judge
from voicecoach.practice.ears import Ears
from voicecoach.practice.progress import Progress
from voicecoach.practice.wording import Wording, sentence

SURE = 0.8
"""As in `voicecoach.coach.policy`: only a sure interruption is spoken of."""
RESUMED_S = 1.5
"""Who was cut off and has spoken this much again needs nobody to give the floor back."""
MENDED_S = 90.0
"""Whoever says sorry so long after a slip still mends it."""
APART_S = 45.0
"""Reminders of agreements come at most so often."""
ACTS = {"judging": "judging_question"}
"""What an agreement is about, where replies call it otherwise."""
SURE_ACT = 0.85
"""An agreement about a way of speaking is only named when the reply is so likely of that kind."""


class Slips:
    """Decides what to say to a slip."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._last: Interruption | None = None
        self._waits = False
        self._reminded_at = -APART_S

    @property
    def waits(self) -> bool:
        """Whether something is to be said about a slip in the next silence."""
        return self._waits

    def counts(self, event: Interruption) -> bool:
        """Whether ``event`` is one to speak of: sure, and the floor was taken."""
        taken = event.kind in ("successful", "silent") and event.yielded in (None, event.interrupted)
        return event.status == "confirmed" and taken and event.confidence >= SURE

    def line(self, event: Interruption, rules: Sequence[Mapping[str, str]]) -> str:
        """What to say: the pair's own agreement in exactly their words, if they have one about it."""
        self._last, self._waits = event, True
        rule = next((r["text"] for r in rules if r["about"] == "interruption"), None)
        way = "plain" if rule is None else "with_agreement"
        template: str = self._wording.other("slip")[way]
        return template.format(rule=sentence(rule or ""), interrupter=event.speaker, name=event.interrupted)

    def said(self) -> None:
        """The line is being said."""
        self._waits = False

    def over(self, ears: Ears) -> bool:
        """Whether the one who was cut off has gone on by themselves, so that nothing need be said any more."""
        if self._last is None or ears.speech_s(self._last.interrupted, self._last.end) < RESUMED_S:
            return False
        self._waits = False
        return True

    def mended(self, ears: Ears, progress: Progress, people: Sequence[str]) -> None:
        """Note a repair, once whoever slipped has said sorry; asked at every step, for the words may come late."""
        if self._last is None or ears.now - self._last.end > MENDED_S:
            return
        said = ears.said(self._last.speaker, self._last.start)
        acts = judge(said, "").acts
        if max(acts.get("apology", 0.0), acts.get("repair", 0.0)) >= 0.5:
            progress.count(people.index(self._last.speaker), "repairs")
            progress.moments.append("repaired")
            self._last = None

    def reminder(self, act: ReplyAct, rules: Sequence[Mapping[str, str]]) -> str | None:
        """The agreement that a reply surely forgets, in exactly the pair's words; None when there is none.

        Whoever says back what they heard is not reminded of anything.
        """
        if act.end - self._reminded_at < APART_S or act.acts.get("reflection", 0.0) >= 0.5:
            return None
        for rule in rules:
            if act.acts.get(ACTS.get(rule["about"], rule["about"]), 0.0) >= SURE_ACT:
                self._reminded_at = act.end
                template: str = self._wording.other("reminder")
                return template.format(rule=sentence(rule["text"]), name=act.speaker)
        return None
