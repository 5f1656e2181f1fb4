"""How German sentences end: with words that stand inside them as well."""

from __future__ import annotations

import pytest
from scenes import signals

from voicecoach.events import Interruption
from voicecoach.floor import Floor

REPLY = "Ich glaube, dass wir darüber reden müssen."


def cut_off(sentence: str, starts: float) -> list[float]:
    """How sure it is that Ben, who starts then, cuts off Anna, who says ``sentence`` within 4 s."""
    floor = Floor(language="de")
    told = [
        e for event in signals([(0.0, 4.0, "Anna", sentence), (starts, 8.0, "Ben", REPLY)]) for e in floor.push(event)
    ]
    told += floor.finish()
    return [e.confidence for e in told if isinstance(e, Interruption) and e.status == "confirmed"]


@pytest.mark.parametrize("starts", [3.85, 4.4])
@pytest.mark.parametrize(
    "sentence",
    [
        "Wie meinst du das?", "Ich verstehe das.", "Was soll das?", "Wer ist der?", "Da habe ich keine.",
        "Das weiß ich.", "Das mache ich.", "Das kann ich.", "Das war gestern, oder?", "Ja, das kenne ich.",
    ],
)  # fmt: skip
def test_a_sentence_that_ends_as_german_ones_do_was_not_cut_off(sentence: str, starts: float) -> None:
    assert cut_off(sentence, starts) == []


@pytest.mark.parametrize(
    "sentence", ["Ich wollte nur sagen, dass das", "Ich war gestern bei der", "Und dann habe ich das", "Weil ich"]
)
def test_one_that_stops_before_its_end_was(sentence: str) -> None:
    assert max(cut_off(sentence, 3.85)) >= 0.8
