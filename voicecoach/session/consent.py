"""Nothing is kept before everybody has agreed that it is: each says so in their own voice, or it is said by a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voicecoach.events import Clock, Consent, Cue, Event, Word, WordsUntil

AGREE_KEY = "y"
"""The key that says that everybody has agreed to be listened to."""
AGAIN_S = 25.0
"""Ask once more when somebody has not answered for so long."""
NEAR_S = 2.5
"""Words of one answer follow each other within this."""
_YES_EN = frozenset(
    tuple(answer.split())
    for answer in (
        "yes", "yeah", "yep", "yes yes", "i agree", "yes i agree", "yeah i agree", "ok i agree", "agreed",
        "okay i agree", "i agree yes", "i agree too", "yes i agree too", "i do", "yes i do", "me too", "yes me too",
        "yes please", "ok", "okay", "yes ok", "yes okay", "sure", "yes sure", "of course", "yes of course",
        "fine", "that's fine", "yes that's fine", "that is fine",
    )
)  # fmt: skip
_YES_DE = frozenset(
    tuple(answer.split())
    for answer in (
        "ja", "ja ja", "jo", "ich stimme zu", "ja ich stimme zu", "ja gerne", "gerne", "ja klar", "klar",
        "einverstanden", "ja einverstanden", "ich bin einverstanden", "ja ich bin einverstanden", "ich auch",
        "ja ich auch", "okay", "ok", "ja okay", "in ordnung", "ja natürlich", "natürlich",
    )
)  # fmt: skip
_YES = {"en": _YES_EN, "de": _YES_DE}
"""Whole answers that agree. Anything longer may be "yes, but", so it is not taken for one."""


_MAY = {"en": ("May I listen?", "We were cut off. May I listen again?"),
        "de": ("Darf ich zuhören?", "Wir wurden unterbrochen. Darf ich wieder zuhören?")}  # fmt: skip
"""By language: the question, and the same when a session goes on."""
_ASK = {
    "en": ("{may} {who}, please say: yes, I agree.", "{may} {who}, please each say: yes, I agree.", " and "),
    "de": ("{may} {who}, bitte sag: ja, ich stimme zu.", "{may} {who}, bitte sagt beide: ja, ich stimme zu.", " und "),
}
"""By language: the question to one, to more, and what stands between two names."""
_TOGETHER = {
    "en": "{may} {who}, when each of you agrees, please press the key {key}.",
    "de": "{may} {who}, wenn ihr alle einverstanden seid, drückt bitte die Taste {key}.",
}
"""By language: the question where nobody's voice is known."""


class Agreeing:
    """Asks for consent and hears it. Feed it what hearing and transcript give; no sound, no clock, no thread.

    It gives `Cue`s to be said and a `Consent` for each who agrees. ``done`` when all of ``people`` have. ``again``: a
    session goes on. What was agreed to before has ended with it: who is in the room now may not know that it listens.
    ``apart`` False: on one microphone nobody's voice is known yet, and two people who say yes may be taken for one, or
    one for both. So a yes that is said counts for nobody, and all agree at once, by `AGREE_KEY`.
    """

    def __init__(self, people: Sequence[str], language: str = "en", *, again: bool = False, apart: bool = True) -> None:
        self._may = _MAY.get(language, _MAY["en"])[again]
        self._yes = _YES.get(language, _YES["en"])
        self._ask = _ASK.get(language, _ASK["en"])
        self._together = "" if apart else _TOGETHER.get(language, _TOGETHER["en"])
        self._people = tuple(people)
        self._missing = list(people)
        self._answers: dict[str, list[Word]] = {}
        self._asked_s: float | None = None
        self._given: list[Consent] = []

    @property
    def done(self) -> bool:
        """Whether everybody has agreed."""
        return not self._missing

    def push(self, event: Event) -> list[Event]:
        """Take one event."""
        match event:
            case Word():
                answer = self._answers.setdefault(event.speaker, [])
                if answer and event.start - answer[-1].end > NEAR_S:
                    answer.clear()
                answer.append(event)
            case WordsUntil() if not self._together and self._answered(event.speaker, event.start):
                return self._agree(event.speaker, event.start)
            case Clock() if self._asked_s is None or event.start - self._asked_s > AGAIN_S:
                self._asked_s = event.start
                return [self._question(event.start)]
        return []

    def by_key(self, now_s: float) -> list[Event]:
        """Somebody at the keyboard says that all have agreed."""
        agreed = [Consent(start=now_s, end=now_s, speaker=person, how="key") for person in self._missing]
        self._missing.clear()
        self._given += agreed
        return [*agreed]

    def opening(self, now_s: float) -> list[Event]:
        """What stands first in what is kept, from ``now_s`` on: who has agreed, and the chime that it listens."""
        chime = Cue(start=now_s, end=now_s, situation="consent", words=False, sound="listening_on")
        return [*(replace(consent, start=now_s, end=now_s) for consent in self._given), chime]

    def _answered(self, speaker: str, until_s: float) -> bool:
        """Whether what ``speaker`` said last is over, and agrees."""
        answer = self._answers.get(speaker, [])
        if speaker not in self._missing or not answer or until_s < answer[-1].end + 0.5:
            return False
        plain = tuple(part for word in answer if (part := word.word.lower().strip(' .,!?…"-').replace("’", "'")))
        return plain in self._yes

    def _agree(self, speaker: str, now_s: float) -> list[Event]:
        self._missing.remove(speaker)
        self._given.append(Consent(start=now_s, end=now_s, speaker=speaker))
        return [self._given[-1]]

    def _question(self, now_s: float) -> Cue:
        one, more, and_ = self._ask
        text = self._together or (one if len(self._missing) == 1 else more)
        text = text.format(may=self._may, who=and_.join(self._missing), key=AGREE_KEY.upper())
        return Cue(start=now_s, end=now_s, text=text, situation="consent", sound="prompt")


def questions(people: Sequence[str], language: str = "en", *, again: bool = False, apart: bool = True) -> list[str]:
    """Everything that it may ask, for the voice to make ahead: all together first."""
    each = [[p] for p in people] if apart else []
    asked = [Agreeing(some, language, again=again, apart=apart) for some in (people, *each)]
    return [cue.text for one in asked for cue in one.push(Clock(start=0, end=0)) if isinstance(cue, Cue)]
