"""Praat TextGrid, long and short; each interval tier is a person, point tiers are passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicecoach.store.segments.segment import BadLineError, Segment, segment

_TOKEN = re.compile(r'"((?:[^"]|"")*)"|<exists>|(?<![\w.\[])(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.\]])', re.ASCII)
"""Praat reads free-standing texts, numbers and flags and passes over the rest, so both text formats read alike."""


def textgrid(text: str) -> Iterator[Segment]:
    """Every labelled interval; ``…`` is speech whose words are not known."""
    tokens: list[tuple[int, str | float]] = []
    line, seen = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        if match.group(2) is not None:
            tokens.append((line, float(match.group(2))))
        elif match.group(1) is not None:
            tokens.append((line, match.group(1).replace('""', '"')))
    stream = iter(tokens)

    def text_next() -> tuple[int, str]:
        number, token = next(stream)
        if not isinstance(token, str):
            raise BadLineError(number, "a text in quotes was expected")
        return number, token

    def number_next() -> tuple[int, float]:
        number, token = next(stream)
        if isinstance(token, str):
            raise BadLineError(number, "a number was expected")
        return number, token

    try:
        if text_next()[1] != "ooTextFile" or text_next()[1] != "TextGrid":
            raise BadLineError(1, "not a Praat TextGrid in a text format")
        number_next(), number_next()
        for _ in range(int(number_next()[1])):
            number, kind = text_next()
            speaker = text_next()[1]
            number_next(), number_next()
            for _ in range(int(number_next()[1])):
                number, start = number_next()
                end = number_next()[1] if kind == "IntervalTier" else start
                label = text_next()[1]
                if kind == "IntervalTier" and label.strip():
                    yield segment(number, start, end, speaker, "" if label.strip() == "…" else label)
    except OverflowError:
        raise BadLineError(1, "a count is not a finite number") from None
    except StopIteration:
        raise BadLineError(text.count("\n") + 1, "the TextGrid ends too early") from None
