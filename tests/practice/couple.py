"""Anna and Ben, who wish each other well, in a check-in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from theatre import Line

from voicecoach.events import Command, Event, Prompt
from voicecoach.practice.checkin import CheckIn

TOLD = {
    "Anna": "When the kitchen was full of dishes again on Tuesday I felt so alone with all of the work in this house",
    "Ben": "When I come home late and nobody says hello I feel like a guest in my own house and I get sad",
}
BACK = {
    "Ben": "You felt alone with the dishes on Tuesday, like all of the work is on you",
    "Anna": "You feel like a guest in your own house when nobody says hello, and that makes you sad",
}


def next_step() -> Command:
    return Command(start=0, end=0, name="next")


def time_out() -> Command:
    return Command(start=0, end=0, name="time out")


def _both(one: str, other: str) -> list[Line | Event]:
    return [Line("Anna", "Yes."), Line("Ben", "Yes, please.")]


def _says(text: str) -> Callable[[str, str], list[Line | Event]]:
    return lambda one, other: [Line(one, text.format(one=one, other=other))]


ANSWERS: Mapping[str, Callable[[str, str], list[Line | Event]]] = {
    "voices": _says("Hello, this is {one}."),
    "private": _says("Yes, we are."),
    "settle": _says("Ready."),
    "promise": _says("It went well, I did it on Monday."),
    "promise_done": _says("Yes."),
    "promise_keep": _says("Yes."),
    "suggest": _both,
    "proposal": _both,
    "change_any": _says("No."),
    "own": _says("No, nothing."),
    "own_read": _both,
    "own_instead": _both,
    "let_go": _both,
    "burden": _both,
    "depth": _says("Middle, please."),
    "topic": _says("Yes."),
    "speak": lambda one, other: [Line(one, TOLD[one])],
    "reflect": lambda one, other: [Line(other, BACK[other])],
    "confirm": _says("Yes."),
    "correct": _says("It was more that I was sad, not angry at all."),
    "more": _says("No, that's all."),
    "sense": lambda one, other: [Line(other, "It makes sense that you feel alone, and I imagine you are tired.")],
    "felt": _says("Yes."),
    "want": _both,
    "solve": lambda one, other: [Line("Ben", "We could wash up together."), Line("Anna", "I like that."), next_step()],
    "learned": _says("I learned that {other} needs more quiet than I thought."),
    "support": _says("I will bring {other} a cup of tea in the evening."),
    "support_read": _says("Yes."),
    "support_when": _says("On Sunday."),
    "appreciated": _says("I am glad that {other} stayed with me in this."),
    "offer_rest": _says("No."),
    "ready": _both,
}


class Couple:
    """Answers each step of ``guide``. ``instead``: step → other answers, the first time it comes."""

    def __init__(self, guide: CheckIn, **instead: Iterable[Line | Event]) -> None:
        self.guide = guide
        self.instead = instead

    def __call__(self, prompt: Prompt) -> Iterable[Line | Event]:
        """What they do after a prompt: nothing while the coach has more to say."""
        step = self.guide.progress.step
        if not prompt.words or self.guide.done or self.guide._sayer.waits:
            return []
        if step in self.instead:
            return self.instead.pop(step)
        one, other = self.guide.speaker, self.guide.other
        if step.startswith("promise"):
            one = self.guide.lines.promise().person
        return self.answer(step, one, other)

    def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
        """Their usual answer."""
        return ANSWERS[step](one, other) if step in ANSWERS else []
