"""What the coach says: many ways for each situation, read from ``coach/data/<language>.json``."""

from __future__ import annotations

import functools
import json
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

from voicecoach.coach.policy import Situation
from voicecoach.errors import MisuseError


@dataclass(frozen=True, slots=True)
class Bank:
    """``variants`` and ``reasons`` with ``{name}`` (whom it addresses) and ``{other}`` in them, by situation.

    ``whys``: why nothing is said, by the word that stands in the log. ``unfinished``: words no turn ends with;
    ``heavy``: words that tell of something painful; ``forbidden``: words no variant may have. ``ready``: how people
    say that they would now look for ways. ``answers``: what is said to a command, and pieces of it.
    """

    variants: Mapping[Situation, tuple[str, ...]]
    reasons: Mapping[Situation, str]
    whys: Mapping[str, str]
    unfinished: frozenset[str]
    heavy: frozenset[str]
    forbidden: frozenset[str]
    ready: re.Pattern[str]
    answers: Mapping[str, str]


@functools.lru_cache(maxsize=8)
def bank(language: str = "en") -> Bank:
    """The wording in ``language`` (ISO 639-1). Raises `MisuseError` when voicecoach has no such file."""
    file = resources.files("voicecoach.coach") / "data" / f"{language}.json"
    if not language.isalpha() or not file.is_file():
        raise MisuseError(f"The coach does not speak the language {language!r}; see CONTRIBUTING.md to add it.")
    data = json.loads(file.read_text(encoding="utf-8"))
    return Bank(
        variants={s: tuple(data["situations"][s.value]["variants"]) for s in Situation},
        reasons={s: data["situations"][s.value]["reason"] for s in Situation},
        whys=data["whys"],
        unfinished=frozenset(data["unfinished"]),
        heavy=frozenset(data["heavy"]),
        forbidden=frozenset(data["forbidden"]),
        ready=re.compile("|".join(data["ready"])),
        answers=data["answers"],
    )


class Wording:
    """Picks a variant: each is used once before any comes again; the order depends on ``seed``, never on names."""

    def __init__(self, seed: int = 0, language: str = "en") -> None:
        self._bank = bank(language)
        self._order = {s: random.Random(f"{seed}:{s.value}").sample(v, len(v)) for s, v in self._bank.variants.items()}
        self._used = dict.fromkeys(Situation, 0)

    def pick(self, situation: Situation, name: str, other: str, agreement: str = "") -> str:
        """The next thing to say to ``name`` about what is between them and ``other``, or what they agreed."""
        order = self._order[situation]
        text = order[self._used[situation] % len(order)]
        self._used[situation] += 1
        return text.format(name=name, other=other, agreement=agreement)

    def reason(self, situation: Situation, name: str, other: str) -> str:
        """One plain sentence for the report that says why, without any word of the conversation."""
        return self._bank.reasons[situation].format(name=name, other=other)


def everything(people: Iterable[str], language: str = "en", agreements: Iterable[str] = ()) -> list[str]:
    """All that the coach could say to ``people``, so that the voice can prepare it, most urgent situations first."""
    names = list(people)
    return list(
        dict.fromkeys(
            text.format(name=a, other=b, agreement=agreement)
            for situation, texts in bank(language).variants.items()
            for text in texts
            for agreement in (agreements if situation is Situation.AGREEMENT else ("",))
            for a in names
            for b in names
            if a != b
        )
    )
