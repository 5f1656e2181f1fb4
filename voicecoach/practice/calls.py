"""`Calls`: somebody says "coach, next" or "time out", and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.events import Word
from voicecoach.practice.answers import answers
from voicecoach.practice.ears import Ears

SILENCE_S = 0.5
"""A call stands alone: so much silence of the caller before it and after it."""
LONGEST_S = 4.0


class Calls:
    """Hears calls in what ``people`` say. Each utterance is looked at once, when its words are known."""

    def __init__(self, people: Sequence[str], language: str = "en") -> None:
        self._answers = answers(language)
        self._waiting: dict[str, list[Word]] = {name: [] for name in people}

    def word(self, word: Word) -> None:
        """Take a word."""
        if word.speaker in self._waiting:
            self._waiting[word.speaker].append(word)

    def heard(self, ears: Ears) -> str | None:
        """The call that has just been made, by anybody."""
        for name, words in self._waiting.items():
            if not words or ears.speaks(name) or not ears.known(name):
                continue
            if ears.now < ears.silent_since(name) + SILENCE_S:
                continue
            self._waiting[name] = []
            last = _last_utterance(words)
            if last[-1].end - last[0].start <= LONGEST_S:
                call = self._answers.call(" ".join(w.word for w in last))
                if call is not None:
                    return call
        return None


def _last_utterance(words: Sequence[Word]) -> list[Word]:
    ordered = sorted(words, key=lambda w: w.start)
    last = [ordered[-1]]
    for word in reversed(ordered[:-1]):
        if last[0].start - word.end >= SILENCE_S:
            break
        last.insert(0, word)
    return last
