"""`Sayer`: says a guide's lines one after another, each in a silence, and knows what of them was heard."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from voicecoach.events import Clock, Cue, Event, Prepare, Prompt, Sound, VoiceOff, VoiceOn

QUIET_S = 0.4
"""A line waits for so much silence."""
HEARD_SHARE = 0.6
"""Of a line that was cut, so much heard is enough: people answer a question before its end."""
WORD_S = 0.35
"""A spoken word takes about this long, as in `voicecoach.session.prompting`."""
TRIES = 2
"""A line that was cut early is said again in the next silence, so often in all."""


@dataclass(slots=True)
class _Line:
    cue: Cue
    whole: bool
    quiet_s: float
    tries: int = 0


class Sayer:
    """Lines wait in order; each is cued when nobody has spoken for a moment and the line before it is over.

    ``ended``: when the last line was over, from when on an answer counts (``-inf`` before the first).
    """

    def __init__(self) -> None:
        self._lines: deque[_Line] = deque()
        self._now: _Line | None = None
        self._on: set[str] = set()
        self._silent_since = -math.inf
        self._time = 0.0
        self.ended = -math.inf

    @property
    def busy(self) -> bool:
        """Whether a line is being said or waits."""
        return self._now is not None or bool(self._lines) or self._time < self.ended

    @property
    def waits(self) -> bool:
        """Whether lines wait to be said."""
        return bool(self._lines)

    @property
    def silent_since(self) -> float | None:
        """Since when neither a person nor this has spoken; None while somebody does."""
        return None if self._on or self._now is not None else max(self._silent_since, self.ended)

    def say(
        self, text: str, *, to: str = "", situation: str = "", reason: str = "", whole: bool = False,
        quiet_s: float = QUIET_S,
    ) -> Prepare:  # fmt: skip
        """Say ``text`` after all that waits; what the voice is to prepare. ``whole``: if cut, say it again until whole.

        ``quiet_s``: after so much silence; 0 to start as soon as nobody speaks.
        """
        cue = Cue(start=0.0, end=0.0, text=text, to=to, situation=situation, reason=reason, patient=True)
        self._lines.append(_Line(cue, whole, quiet_s))
        return Prepare(start=self._time, end=self._time, texts=(text,))

    def chime(self, sound: Sound, *, situation: str = "") -> None:
        """Sound a chime, after all that waits."""
        cue = Cue(start=0.0, end=0.0, words=False, sound=sound, situation=situation, patient=True)
        self._lines.append(_Line(cue, False, 0.0))

    def drop(self) -> None:
        """Forget what waits; what is being said goes on."""
        self._lines.clear()

    def hush(self) -> list[Cue]:
        """Forget what waits and fall silent now, with a short chime; what was being said is not said again."""
        self._lines.clear()
        if self._now is None:
            return []
        self._now.tries = TRIES
        return [Cue(start=self._time, end=self._time, words=False, sound="prompt")]

    def push(self, event: Event) -> list[Cue]:
        """Follow the session; the cue that is due, if any."""
        match event:
            case VoiceOn():
                self._on.add(event.speaker)
            case VoiceOff():
                self._on.discard(event.speaker)
                self._silent_since = max(self._silent_since, event.start)
            case Prompt() if self._is_ours(event):
                self._heard(event)
            case Clock():
                self._time = max(self._time, event.start)
                return self._next()
        return []

    def _is_ours(self, prompt: Prompt) -> bool:
        cue = self._now.cue if self._now is not None else None
        return cue is not None and (cue.text, cue.situation, cue.words) == (prompt.text, prompt.situation, prompt.words)

    def _heard(self, prompt: Prompt) -> None:
        line, self._now = self._now, None
        assert line is not None
        line.tries += 1
        share = (prompt.end - prompt.start) / (WORD_S * max(1, len(prompt.text.split())))
        enough = not prompt.cut or (share >= HEARD_SHARE and not line.whole)
        if enough or line.tries >= TRIES:
            self.ended = max(self.ended, prompt.start if prompt.cut else prompt.end)
        else:
            self._lines.appendleft(line)

    def _next(self) -> list[Cue]:
        silent = self.silent_since
        if not self._lines or silent is None or self._time < silent + self._lines[0].quiet_s:
            return []
        self._now = self._lines.popleft()
        cue = self._now.cue
        return [
            Cue(
                start=self._time, end=self._time, text=cue.text, to=cue.to, situation=cue.situation, reason=cue.reason,
                words=cue.words, patient=True, sound=cue.sound,
            )
        ]  # fmt: skip
