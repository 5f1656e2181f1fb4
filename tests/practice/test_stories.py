"""The stories are what the drills promise: enough, short enough, varied, and marked with what is really in them."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources

import pytest

from voicecoach.errors import MisuseError
from voicecoach.listening.features import stems
from voicecoach.listening.language import load
from voicecoach.practice.stories import LEVELS, TOPICS, Story, parse, stories

ALL = stories()
WORDS_A_SECOND = 150 / 60
CLICHES = (
    "at the end of the day", "roller coaster", "rollercoaster", "when life gives", "on cloud nine", "heart of gold",
    "emotional journey", "end of the tunnel", "broke my heart", "tip of the iceberg",
)  # fmt: skip


def test_there_are_enough_for_every_topic_and_level() -> None:
    assert len(ALL) >= 80
    counts = Counter((s.topic, s.level) for s in ALL)
    assert all(counts[topic, level] >= 4 for topic in TOPICS for level in LEVELS), counts


@pytest.mark.parametrize("story", ALL, ids=lambda s: s.name)
def test_a_story_is_as_it_should_be(story: Story) -> None:
    language = load("en")
    words = len(story.text.split())
    assert 15 <= words / WORDS_A_SECOND <= 60, f"{words} words"
    assert len(story.sentences) >= 3, "it needs places to pause"
    assert len(story.points) == {1: 3, 2: 4, 3: 5}[story.level]
    assert story.feelings
    assert story.needs
    assert all(language.feeling.fullmatch(f) for f in story.feelings), story.feelings
    assert set(story.needs) <= set(language.needs)
    told = stems(story.text, language)
    for point in story.points:
        wanted = stems(point, language)
        assert wanted, f"nothing to listen for in {point!r}"
        assert len(wanted & told) / len(wanted) >= 0.6, f"{point!r}: {wanted - told} is not in the story"
    assert not [c for c in CLICHES if c in story.text.lower()]


def test_levels_grow() -> None:
    mean = {level: sum(len(s.text.split()) for s in ALL if s.level == level) for level in LEVELS}
    count = Counter(s.level for s in ALL)
    assert mean[1] / count[1] < mean[2] / count[2] < mean[3] / count[3]


def test_no_two_are_alike() -> None:
    assert len({s.name for s in ALL}) == len(ALL)
    first = Counter(" ".join(s.text.lower().split()[:2]) for s in ALL)
    assert max(first.values()) <= 3, first.most_common(3)
    sentences = [s for story in ALL for s in story.sentences if len(s.split()) > 4]
    assert len(set(sentences)) == len(sentences)


def test_not_all_are_sad_and_people_of_both_genders_are_in_them() -> None:
    glad = {"happy", "proud", "relieved", "grateful", "excited", "glad", "hopeful", "loved", "supported", "safe"}
    hopeful = sum(bool(glad & set(s.feelings)) for s in ALL)
    assert 0.3 <= hopeful / len(ALL) <= 0.8
    she = sum(bool(re.search(r"\b(she|her|wife|mother|mum|sister|daughter|girl)\b", s.text.lower())) for s in ALL)
    he = sum(bool(re.search(r"\b(he|his|husband|father|dad|brother|son|boy)\b", s.text.lower())) for s in ALL)
    assert min(she, he) >= 30
    assert len({need for s in ALL for need in s.needs}) >= 10


def test_every_language_has_the_same_stories() -> None:
    folder = resources.files("voicecoach.practice.stories")
    names = {(s.name, s.level) for s in ALL}
    for language in (f.name for f in folder.iterdir() if f.is_dir() and not f.name.startswith("__")):
        assert {(s.name, s.level) for s in stories(language)} == names


def test_a_line_out_of_place_is_named() -> None:
    with pytest.raises(ValueError, match="work, line 2"):
        parse("# x\n## Wrong head\nText.", "work")
    with pytest.raises(ValueError, match="line 4"):
        parse("## a-story, level 1\nIt was.\n- a point\nmore text", "work")


def test_a_language_without_stories_is_told() -> None:
    with pytest.raises(MisuseError, match="'xx'"):
        stories("xx")
