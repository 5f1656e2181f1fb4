"""The sentences of a reply one by one, each with what patterns and features say of it; and the reply as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicecoach.listening.features import measure, said_back
from voicecoach.listening.language import Language
from voicecoach.listening.rules import logistic, match
from voicecoach.listening.text import Sentence


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence. ``logits``: act → log-odds by rules, ``reflection`` and ``complex`` among them."""

    sentence: Sentence
    logits: Mapping[str, float]

    @property
    def words(self) -> int:
        """How many words it has, beside "okay" and "is that right?"."""
        return len(self.sentence.words)

    @property
    def asks(self) -> bool:
        """Whether it is likelier a question than not."""
        return max(self.logits["open_question"], self.logits["closed_question"]) >= 0


def units(parts: Sequence[Sentence], theirs: set[str], language: Language) -> tuple[list[Unit], Unit | None]:
    """Every sentence of ``parts`` that says something, and all of them as one sentence (None if there are none).

    A check that follows a sentence ("Is that right?") belongs to it.
    """
    spoken = [i for i, s in enumerate(parts) if s.words]
    each = [_unit([parts[i], *(s for s in parts[i + 1 : i + 2] if not s.words)], theirs, language) for i in spoken]
    if len(each) < 2:
        return each, each[0] if each else None
    whole = _joined([parts[i] for i in spoken])
    return each, _unit([whole, *(s for s in parts[-1:] if not s.words)], theirs, language)


def _unit(alone: Sequence[Sentence], theirs: set[str], language: Language) -> Unit:
    logits = {name: match(act, alone, language)[0] for name, act in language.acts.items()}
    covered, added = said_back(alone, theirs, language)
    acts = {name: logistic(x) for name, x in logits.items()}
    features = measure(alone, theirs, acts, (len(covered), len(added)), language)
    counted = sum(language.features[name] * value for name, value in features.items())
    logits["reflection"] = match(language.reflection, alone, language)[0] + counted
    logits["complex"] = match(language.complex, alone, language)[0] - len(covered) / max(1, len(covered) + len(added))
    return Unit(alone[0], logits)


def _joined(parts: Sequence[Sentence]) -> Sentence:
    text = " ".join(s.text.removesuffix(" ?") for s in parts)
    return Sentence(
        raw=" ".join(s.raw for s in parts),
        text=text + (" ?" if parts[-1].asked else ""),
        words=tuple(word for s in parts for word in s.words),
        asked=parts[-1].asked,
    )
