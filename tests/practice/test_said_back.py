"""What of a story a reply says back: by meaning, by stems, and what is only word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach.practice.drills.coverage import Coverage, taken_over
from voicecoach.practice.stories import stories
from voicecoach.session.sentences import embed_if_here

STORIES = {s.name: s for s in stories()}
LINES = (Path(__file__).parent / "said_back.txt").read_text(encoding="utf-8").splitlines()
REPLIES = [line.split(" ", 2) for line in LINES if not line.startswith("#")]
WAITING = STORIES["waiting-result"]
STORY = "I carry my phone into the bathroom."


def f1(coverage: Coverage, replies: list[list[str]]) -> float:
    hits = extra = missed = 0
    for name, marks, reply in replies:
        story = STORIES[name]
        found = coverage.of(reply, story.sentences, story.points)
        for mark, point in zip(marks, story.points, strict=True):
            hits += mark == "1" and point in found.covered
            extra += mark == "0" and point in found.covered
            missed += mark == "1" and point not in found.covered
    return 2 * hits / (2 * hits + extra + missed)


def test_without_a_model_stems_find_most_of_what_was_said_back() -> None:
    assert f1(Coverage(None), REPLIES) > 0.75


@pytest.mark.models
def test_meaning_finds_what_was_put_in_other_words() -> None:
    some = REPLIES[::4]
    assert f1(Coverage(embed_if_here()), some) > max(0.8, f1(Coverage(None), some))


@pytest.mark.models
def test_talk_about_something_else_covers_nothing() -> None:
    coverage = Coverage(embed_if_here())
    found = [coverage.of(reply, WAITING.sentences, WAITING.points) for _, _, reply in REPLIES[1:9]]
    assert sum(len(f.covered) for f in found) <= 2, "of 24 points that nobody said back"
    assert sum(bool(f.added) for f in found) >= 6


def test_turning_the_person_round_is_still_word_for_word() -> None:
    _, share = taken_over("You carry your phone into the bathroom and you look", STORY)
    assert share > 0.5
    _, share = taken_over("So even there you never put it down, you keep it with you", STORY)
    assert share == 0


def test_a_part_of_ones_own_counts_though_the_rest_is_repeated() -> None:
    reply = "The doctor said I'd have the result by Wednesday, and it's Friday. I carry the phone into the bathroom. "
    parrot = Coverage(None).of(reply, WAITING.sentences, WAITING.points)
    assert parrot.word_for_word
    assert len(parrot.covered) == 2
    assert not parrot.own
    own = "Your wife says that no news would be good news, in her way of comforting you all evening long."
    mixed = Coverage(None).of(reply + own, WAITING.sentences, WAITING.points)
    assert mixed.own == (WAITING.points[2],)


@pytest.mark.parametrize("reply", ["", "   ", "…", "Mm-hm."])
def test_nothing_said_covers_nothing(reply: str) -> None:
    found = Coverage(None).of(reply, WAITING.sentences, WAITING.points)
    assert found.missed == WAITING.points
    assert found.parroted == 0
