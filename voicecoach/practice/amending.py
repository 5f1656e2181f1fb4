"""`Amending`: somebody wants to let an agreement go, or to change it, and says which one."""

from __future__ import annotations

from voicecoach.practice.answers import Answers
from voicecoach.practice.progress import Progress
from voicecoach.practice.which import meant
from voicecoach.practice.wording import Wording


class Amending:
    """Understands it of the agreements in ``progress``; what comes of it both are asked."""

    def __init__(self, progress: Progress, answers: Answers, wording: Wording) -> None:
        self._progress, self._answers, self._wording = progress, answers, wording

    def which(self, text: str) -> str | None:
        """The agreement that ``text`` names; None when it could be several, or none."""
        about, place = self._wording.kind(text), self._answers.place(text)
        return meant(text, self._progress.rules, about=about, place=place) or None

    def lets_go(self, text: str) -> str | None:
        """The agreement that ``text`` asks to let go of; empty when it does not say which; None when it asks nothing.

        Who asks it of something that is no agreement of theirs, says something else: "let go of old stories".
        """
        asked = self._answers.lets_go(text) if self._progress.rules else None
        if asked is None:
            return None
        if asked:
            return self.which(asked)
        return self._progress.rules[0]["text"] if len(self._progress.rules) == 1 else ""

    def change(self, text: str) -> tuple[str, str]:
        """The agreement that ``text`` asks to change (empty: none), and what is to stand in its place.

        "Change the second one to: we …" gives the second and "We …"; all else is words of their own, for a new one.
        """
        asked = self._answers.changes(text)
        old = self.which(asked[0]) if asked is not None else None
        return ("", text) if asked is None or old is None else (old, asked[1])
