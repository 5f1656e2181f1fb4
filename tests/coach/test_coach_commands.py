"""Commands in the stream of words: never missed when they are meant, never heard when they are not."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.coach import Commands
from voicecoach.events import Command, Event, VoiceOff, VoiceOn, Word, WordsUntil

NAMES = ["pause", "go on", "off the record", "on the record", "how are we doing", "time out", "not now"]


def say(commands: Commands, text: str, start: float = 10.0, *, who: str = "Anna", step: float = 0.3) -> list[Event]:
    """``text`` between silences, as the session gives it: voice, words, and how far the words are known."""
    out = commands.push(VoiceOn(start=start, end=start, speaker=who))
    words = text.split()
    for i, word in enumerate(words):
        at = start + i * step
        out += commands.push(Word(start=at, end=at + step - 0.05, speaker=who, word=word))
    end = start + len(words) * step
    out += commands.push(VoiceOff(start=end, end=end, speaker=who))
    for until in (end, end + 0.3, end + 0.6, end + 2.0):
        out += commands.push(WordsUntil(start=until, end=until, speaker=who))
    return out


def names(events: list[Event]) -> list[str]:
    return [e.name for e in events if isinstance(e, Command)]


def words(events: list[Event]) -> str:
    return " ".join(e.word for e in events if isinstance(e, Word))


@pytest.mark.parametrize("name", [*NAMES, "stop listening"])
@pytest.mark.parametrize("form", ["Coach, {}.", "coach {}", "Couch, {}, please.", "Koch {}?", "Coach. {}!"])
def test_a_command_is_heard_and_its_words_are_gone(name: str, form: str) -> None:
    out = say(Commands(), form.format(name))
    assert names(out) == [name]
    assert words(out) == ""
    (command,) = (e for e in out if isinstance(e, Command))
    assert (command.speaker, command.start) == ("Anna", 10.0)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_phrase_of_a_language_is_understood(language: str) -> None:
    file = resources.files("voicecoach.coach") / "data" / f"commands_{language}.json"
    for name, phrases in json.loads(file.read_text(encoding="utf-8"))["phrases"].items():
        assert {phrase: names(say(Commands(language), f"Coach, {phrase}.")) for phrase in phrases} == {
            phrase: [name] for phrase in phrases
        }


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("Coach, of the record.", "off the record"),
        ("Coach, time-out.", "time out"),
        ("Coach, timeout!", "time out"),
        ("Coached, not now.", "not now"),
        ("Coach, how're we doing?", "how are we doing"),
    ],
)
def test_what_a_recogniser_makes_of_it_is_understood(heard: str, name: str) -> None:
    assert names(say(Commands(), heard)) == [name]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Coach, go off the record.", "off the record"), ("Coach, let's go off the record.", "off the record"),
        ("Coach, let’s go off the record, please.", "off the record"),
        ("Coach, please off the record.", "off the record"),
        ("Coach, this is off the record.", "off the record"), ("Coach, can we go off the record?", "off the record"),
        ("Coach, off the record for a moment.", "off the record"),
        ("Coach, could we please go off the record for a bit?", "off the record"),
        ("Coach, go back on the record.", "on the record"), ("Coach, we're back on the record.", "on the record"),
        ("Coach, let's pause.", "pause"), ("Coach, take a pause.", "pause"), ("Coach, can you pause?", "pause"),
        ("Coach, we need a break.", "pause"), ("Coach, pause for a minute, please.", "pause"),
        ("Coach, we need a time out.", "time out"), ("Coach, let's take a time-out.", "time out"),
        ("Coach, I'd like a time out, please.", "time out"),
        ("Coach, please not now.", "not now"), ("Coach, not right now.", "not now"),
        ("Coach, let's go on.", "go on"),
        ("Coach, we can go on now.", "go on"), ("Coach, let's continue, thank you.", "go on"),
        ("Coach, please stop listening.", "stop listening"), ("Coach, can you stop listening now?", "stop listening"),
    ],
)  # fmt: skip
def test_a_command_may_be_said_as_people_say_it(said: str, name: str) -> None:
    out = say(Commands(), said)
    assert names(out) == [name]
    assert words(out) == ""


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Coach, off the record.", "off the record"), ("Coach, bitte nicht aufschreiben.", "off the record"),
        ("Coach, nicht mehr aufschreiben.", "off the record"), ("Coach, nicht aufzeichnen.", "off the record"),
        ("Coach, das nicht aufnehmen.", "off the record"), ("Coach, schreib das nicht auf.", "off the record"),
        ("Coach, kannst du das bitte nicht mitschreiben?", "off the record"),
        ("Coach, nimm das nicht auf.", "off the record"),
        ("Coach, du kannst wieder aufschreiben.", "on the record"),
        ("Coach, wieder aufnehmen, bitte.", "on the record"),
        ("Coach, eine Pause bitte.", "pause"), ("Coach, können wir eine Pause machen?", "pause"),
        ("Coach, wir brauchen eine kurze Pause.", "pause"), ("Coach, lass uns weitermachen.", "go on"),
        ("Coach, weiter geht's.", "go on"), ("Coach, ich brauche eine Auszeit.", "time out"),
        ("Coach, bitte nicht jetzt.", "not now"), ("Coach, jetzt gerade nicht.", "not now"),
        ("Coach, bitte nicht mehr zuhören.", "stop listening"),
    ],
)  # fmt: skip
def test_a_command_may_be_said_as_people_say_it_in_german(said: str, name: str) -> None:
    out = say(Commands("de"), said)
    assert names(out) == [name]
    assert words(out) == ""


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_may_stand_around_a_phrase_never_makes_another_command_of_it(language: str) -> None:
    file = resources.files("voicecoach.coach") / "data" / f"commands_{language}.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    for name, phrases in data["phrases"].items():
        for phrase in phrases:
            for around in [f"{o} {{}}" for o in data["openings"]] + [f"{{}} {e}" for e in data["endings"]]:
                said = around.format(phrase)
                assert names(say(Commands(language), f"Coach, {said}.")) == [name], said


@pytest.mark.parametrize(
    ("language", "hail"),
    [("en", "Hey"), ("en", "Okay,"), ("en", "Please,"), ("en", "OK"), ("de", "Bitte,"), ("de", "Hallo")],
)
def test_one_word_may_call_the_coach_before_its_name(language: str, hail: str) -> None:
    out = say(Commands(language), f"{hail} Coach, time out.")
    assert names(out) == ["time out"]
    assert words(out) == hail
    out = say(Commands(language), f"That is enough. {hail} Coach, time out.")
    assert names(out) == ["time out"]


@pytest.mark.parametrize(
    "talk",
    [
        "My coach said that we should pause.",
        "The coach pauses at noon.",
        "Coach, can you pause the game when they go on?",
        "Coach said not now.",
        "Coach, pause the video.",
        "He sat on the couch. Not now, he said.",
        "We need a coach. Go on the record with that.",
        "Pause.",
        "Coach.",
        "coach of the year",
        "The couch, not now.",
        "Off the record, coach.",
        "She said hey coach pause",
        "And okay, coach, off the record.",
        "Hey you coach, pause.",
        "Hey. Okay coach said pause.",
        "Coach, this is off the record collection.",
        "Coach, can we take a break from the news?",
        "Coach, we need a time out room.",
        "Coach, let's go.",
        "Coach, please.",
        "Coach, for a moment.",
        "Coach, can you please let's us pause.",
        "Coach, off the record for a moment I thought so.",
        "The coach can pause.",
        "I asked my coach. Can we go off the record with it?",
    ],
)
def test_talk_is_not_a_command_and_loses_no_word(talk: str) -> None:
    out = say(Commands(), talk)
    assert names(out) == []
    assert words(out) == talk


def test_without_a_pause_before_or_after_it_is_talk() -> None:
    commands = Commands()
    out = say(commands, "I told the", 1.0)
    out += say(commands, "coach pause", 1.95)
    assert names(out) == []
    out = say(Commands(), "Coach, pause. And then she went home.")
    assert names(out) == []
    assert words(out) == "Coach, pause. And then she went home."


def test_after_the_end_of_a_sentence_it_is_a_command() -> None:
    out = say(Commands(), "That is enough. Coach, pause.")
    assert names(out) == ["pause"]
    assert words(out) == "That is enough."


def test_the_other_person_may_go_on_speaking() -> None:
    commands = Commands()
    out = commands.push(Word(start=10.1, end=10.3, speaker="Sam", word="and"))
    out += say(commands, "Coach, time out.")
    out += commands.push(Word(start=11.1, end=11.3, speaker="Sam", word="then"))
    assert names(out) == ["time out"]
    assert words(out) == "and then"


def test_words_are_never_said_to_be_known_before_they_are_given() -> None:
    commands = Commands()
    out = commands.push(Word(start=1.0, end=1.3, speaker="Anna", word="Coach"))
    out += commands.push(WordsUntil(start=1.6, end=1.6, speaker="Anna"))
    assert out == []
    out = commands.push(Word(start=1.7, end=2.0, speaker="Anna", word="Miller"))
    assert words(out) == "Coach Miller"


def test_at_the_end_nothing_is_held_back() -> None:
    commands = Commands()
    commands.push(Word(start=1.0, end=1.3, speaker="Anna", word="Coach,"))
    commands.push(Word(start=1.4, end=1.7, speaker="Anna", word="pause."))
    commands.push(Word(start=1.0, end=1.3, speaker="Sam", word="Coach"))
    out = commands.finish()
    assert names(out) == ["pause"]
    assert words(out) == "Coach"


VOCABULARY = re.findall(
    r"\S+",
    "coach couch pause go on off the record not now how are we doing time out stop I and. please hey okay. let's for a",
)


@given(st.lists(st.tuples(st.sampled_from(VOCABULARY), st.sampled_from([0.0, 0.1, 0.4, 0.9, 3.0])), max_size=25))
def test_every_word_comes_out_once_in_order_unless_it_is_of_a_command(said: list[tuple[str, float]]) -> None:
    commands, at, out, given_words = Commands(), 0.0, [], []
    for word, pause in said:
        at += pause
        given_words.append(Word(start=round(at, 2), end=round(at + 0.2, 2), speaker="Anna", word=word))
        out += commands.push(given_words[-1])
        out += commands.push(WordsUntil(start=round(at + 0.2, 2), end=round(at + 0.2, 2), speaker="Anna"))
        at += 0.2
    out += commands.finish()
    spans = [(e.start, e.end) for e in out if isinstance(e, Command)]
    left = [w for w in given_words if not any(a <= w.start and w.end <= b for a, b in spans)]
    assert [e for e in out if isinstance(e, Word)] == left
    known = -1.0
    for event in out:
        if isinstance(event, Word):
            assert event.start >= known
        elif isinstance(event, WordsUntil):
            known = event.start
