"""`Listening`: everything this package knows, behind one door. Events in, events out."""

from __future__ import annotations

from voicecoach.events import Event, Prosody, ReplyAct, Tension, Tone
from voicecoach.listening.meaning import Embed
from voicecoach.listening.reply import ReplyJudge
from voicecoach.listening.tension import TensionMeter
from voicecoach.listening.tone import Tones


class Listening:
    """What replies do (`ReplyAct`), how voices sound (`Tone`) and how tense it is (`Tension`)."""

    def __init__(self, language: str = "en", embed: Embed | None = None) -> None:
        self._replies = ReplyJudge(language, embed)
        self._tones = Tones()
        self._tension = TensionMeter()

    def push(self, event: Event) -> list[Event]:
        """What follows from ``event`` of the floor, of hearing or of the words. What came from here changes nothing."""
        if isinstance(event, (ReplyAct, Tone, Tension)):
            return []
        out: list[Event] = [*self._replies.push(event)]
        if isinstance(event, Prosody):
            out.append(self._tones.push(event))
        return [*out, *(tension for known in (event, *out) for tension in self._tension.push(known))]
