"""Off the record: nothing of it is left, wherever one looks."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from truth import Fixture, fixtures

from voicecoach.events import Break, Clock, Command, Event, KeptVoice, Record, SessionStarted, Speech, Turn, Word
from voicecoach.session import LiveSession
from voicecoach.session.breaks import before
from voicecoach.store.log import read_log
from voicecoach.testing import FakeDecoder, FakeSource

SECRET = "xylophoniana"


@pytest.fixture
def fixture() -> Fixture:
    (found,) = fixtures("2ch", names=["clean_turns"])
    return found


def said_instead(fixture: Fixture, texts: dict[int, str]) -> list[Word]:
    """The fixture's words, but for the turns numbered in ``texts``; of the third turn each word is the secret."""
    words: list[Word] = []
    for number, turn in enumerate(t for t in fixture.truth if isinstance(t, Turn)):
        spoken = [w for w in fixture.truth if isinstance(w, Word) and w.speaker == turn.speaker
                  and turn.start - 0.1 <= w.start <= turn.end]  # fmt: skip
        if number in texts:
            at = turn.start
            for word in texts[number].split():
                words.append(Word(start=at + 0.05, end=at + 0.3, speaker=turn.speaker, word=word))
                at += 0.35
        else:
            words += [replace(w, word=SECRET) for w in spoken] if number == 2 else spoken
    return words


def session_of(
    fixture: Fixture, words: list[Word], out: Path, on_event: Callable[[Event], None] = lambda event: None
) -> LiveSession:
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    source = FakeSource(np.concatenate((sound, np.zeros((32_000, 2), np.float32))))
    return LiveSession(
        source, fixture.people, out=out, speak=False, hurry=True, decoder=FakeDecoder(words), on_event=on_event  # type: ignore[arg-type]
    )  # fmt: skip


def test_said_by_voice_and_ended_by_voice(fixture: Fixture, tmp_path: Path) -> None:
    shown: list[Event] = []
    words = said_instead(fixture, {1: "Coach, off the record.", 3: "Coach, on the record."})
    session = session_of(fixture, words, tmp_path, shown.append)
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    (pause,) = [r for r in records if isinstance(r, Break)]
    turns = fixture.of("turn")
    assert pause.reason == "off the record"
    assert pause.start == pytest.approx(turns[1].start, abs=0.4)
    assert turns[2].end < pause.end < turns[4].start + 0.5
    around = (r for r in records if not isinstance(r, (Break, SessionStarted)))
    inside = [r for r in around if r.end > pause.start and r.start < pause.end]
    assert inside == []  # the timeline shows only that there was a break
    assert [r.speaker for r in records if isinstance(r, Turn) and r.end < pause.start + 0.1] == ["Anna"]
    assert [r.speaker for r in records if isinstance(r, Turn)][-1] == "Anna"
    assert not [e for e in shown if SECRET in repr(e)]
    for file in tmp_path.iterdir():
        assert SECRET not in file.read_text()


def test_nothing_in_memory_knows_it_afterwards(fixture: Fixture, tmp_path: Path) -> None:
    """Every text that the session's parts can still reach is looked at."""
    words = said_instead(fixture, {1: "Coach, off the record.", 3: "Coach, on the record."})
    session = session_of(fixture, words, tmp_path)
    session.run()
    del words
    session._words._decoding._decoder = None  # type: ignore[union-attr, assignment]  # the script stands for what the people know
    reached, waiting = set(), [session]
    while waiting:
        thing = waiting.pop()
        if id(thing) in reached or isinstance(thing, (type, type(gc))):
            continue
        reached.add(id(thing))
        if isinstance(thing, str):
            assert SECRET not in thing
        waiting.extend(gc.get_referents(thing) if not callable(thing) else [])  # type: ignore[arg-type]
    assert len(reached) > 1000


def test_a_key_in_the_middle_of_a_turn_cuts_it_there(fixture: Fixture, tmp_path: Path) -> None:
    words = said_instead(fixture, {})
    turn = fixture.of("turn")[2]

    def press(event: Event) -> None:
        if isinstance(event, Clock) and not session.away and turn.start + 2 < event.start < turn.start + 3:
            session.command(Command(start=0, end=0, name="off the record"))

    session = session_of(fixture, words, tmp_path, press)
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    (away,) = [r for r in records if isinstance(r, Break)]
    assert away.start == pytest.approx(turn.start + 2, abs=1.2)
    assert all(r.end <= away.start for r in records if r.type not in ("break", "session", "session_end"))
    cut = [r for r in records if isinstance(r, Turn)][-1]
    assert cut.speaker == "Anna"
    assert cut.start == pytest.approx(turn.start, abs=0.1)
    assert turn.start + 1 < cut.end <= away.start


def test_a_pause_keeps_nothing_and_the_key_leads_back(fixture: Fixture, tmp_path: Path) -> None:
    turns = fixture.of("turn")

    def press(event: Event) -> None:
        if isinstance(event, Clock) and (
            (not session.away and turns[2].start - 0.3 < event.start < turns[2].start)
            or (session.away and event.start > turns[2].end + 1.5)
        ):
            session.command(Command(start=0, end=0, name="pause"))

    session = session_of(fixture, said_instead(fixture, {}), tmp_path, press)
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    assert [r.reason for r in records if isinstance(r, Break)] == ["pause"]
    assert SECRET not in (tmp_path / "events.jsonl").read_text()
    assert [r.speaker for r in records if isinstance(r, Turn)] == ["Anna", "Ben", "Ben", "Anna"]  # it ends in Ben's


def test_who_speaks_on_when_it_ends_is_heard_from_there(fixture: Fixture, tmp_path: Path) -> None:
    """Not only from the next pause: the break ends in the middle of the longest stretch that Anna speaks."""
    stretch = max((s for s in fixture.of("speech") if s.speaker == "Anna"), key=lambda s: s.end - s.start)
    back_s = stretch.start + 0.8

    def press(event: Event) -> None:
        if not session.away and not told and session.now_s > stretch.start - 1.0:
            told.append("pause")
            session.command(Command(start=0, end=0, name="pause"))
        elif session.away and told == ["pause"] and session.now_s > back_s:
            told.append("go on")
            session.command(Command(start=0, end=0, name="go on"))

    told: list[str] = []
    session = session_of(fixture, said_instead(fixture, {}), tmp_path, press)
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    (pause,) = [r for r in records if isinstance(r, Break)]
    assert stretch.start + 0.8 < pause.end < stretch.end - 0.5
    speech = next(r for r in records if isinstance(r, Speech) and r.start >= pause.end)
    assert (speech.start, speech.end) == (pause.end, pytest.approx(stretch.end, abs=0.15))
    first = next(r for r in records if isinstance(r, Word) and r.start >= pause.end)
    assert first.start == pytest.approx(min(
        w.start for w in fixture.truth if isinstance(w, Word) and w.speaker == "Anna" and w.start >= pause.end
    ), abs=0.3)  # fmt: skip


@pytest.mark.parametrize("away", ["pause", "time out"])
def test_off_the_record_in_a_pause_stays_so_until_somebody_is_on_it_again(
    fixture: Fixture, tmp_path: Path, away: str
) -> None:
    said = {0: f"Coach, {away}.", 1: "Coach, off the record.", 3: "Coach, go on."}
    shown: list[Event] = []
    session = session_of(fixture, said_instead(fixture, said), tmp_path, shown.append)
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    (over,) = [r for r in records if isinstance(r, Break)]
    turns = fixture.of("turn")
    assert over.reason == "off the record"
    assert over.start == pytest.approx(turns[0].start, abs=0.4)
    assert over.end > turns[-1].end, "go on puts nobody on the record"
    assert [r for r in records if isinstance(r, (Word, Turn, Speech))] == []
    assert [e.name for e in shown if isinstance(e, Command)] == [away, "off the record", "go on"]
    assert sum(isinstance(e, Break) for e in shown) == 1, "nothing is forgotten twice"


def test_a_key_takes_a_pause_off_the_record_and_back_on_it(fixture: Fixture, tmp_path: Path) -> None:
    turns = fixture.of("turn")
    keys = [(turns[0].end, "pause"), (turns[1].end, "off the record"), (turns[2].start, "pause"),
            (turns[2].end + 1.5, "off the record")]  # fmt: skip

    def press(event: Event) -> None:
        if isinstance(event, Clock) and keys and event.start >= keys[0][0]:
            session.command(Command(start=0, end=0, name=keys.pop(0)[1]))  # type: ignore[arg-type]

    session = session_of(fixture, said_instead(fixture, {}), tmp_path, press)
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    assert [r.reason for r in records if isinstance(r, Break)] == ["off the record"]
    assert SECRET not in (tmp_path / "events.jsonl").read_text()
    (over,) = [r for r in records if isinstance(r, Break)]
    before, heard_from_there, after = [r for r in records if isinstance(r, Turn)]
    assert [r.speaker for r in (before, heard_from_there, after)] == ["Anna", "Ben", "Anna"]
    assert before.end < over.start < over.end <= heard_from_there.start


def test_one_that_is_over_at_once_is_told_and_kept_once(fixture: Fixture, tmp_path: Path) -> None:
    told: list[Event] = []

    def press(event: Event) -> None:
        told.append(event)
        if isinstance(event, Clock) and 1.0 <= event.start < 1.03:
            session.command(Command(start=0, end=0, name="pause"))
            session.command(Command(start=0, end=0, name="go on"))

    session = session_of(fixture, said_instead(fixture, {}), tmp_path, press)
    session.run()
    (kept,) = [r for r in read_log(tmp_path / "events.jsonl") if isinstance(r, Break)]
    assert kept.start == kept.end == pytest.approx(1.3, abs=0.3)
    begun, over = (e for e in told if isinstance(e, Break))
    assert begun.start == begun.end == over.start == over.end


@pytest.mark.models
def test_what_voices_sound_like_in_it_is_not_kept(tmp_path: Path) -> None:
    """50 s would be enough to know both next time (`test_named_live`)."""
    (talk,) = fixtures("mix", names=["kitchen_table"])
    sound, _ = soundfile.read(talk.audio, dtype="float32", always_2d=True)

    def press(event: Event) -> None:
        if not pressed and session.now_s > 1:
            pressed.append("o")
            session.command(Command(start=0, end=0, name="off the record"))

    pressed: list[str] = []
    session = LiveSession(
        FakeSource(sound[: 50 * 16_000]), ["A", "B"], out=tmp_path, speak=False, hurry=True, keep_voices=True,
        decoder=FakeDecoder([]), on_event=press,  # type: ignore[arg-type]
    )  # fmt: skip
    session.call("A", "Anna")
    session.run()
    assert session.found == {}
    assert not [r for r in read_log(tmp_path / "events.jsonl") if isinstance(r, KeptVoice)]


@pytest.mark.parametrize(
    ("record", "left"),
    [
        (Speech(start=0, end=2, speaker="A"), Speech(start=0, end=2, speaker="A")),
        (Speech(start=0, end=9, speaker="A"), Speech(start=0, end=5, speaker="A")),
        (Turn(start=0, end=10, speaker="A", speech_s=8, text="x"), Turn(start=0, end=5, speaker="A", speech_s=4)),
        (Word(start=4.9, end=5.1, speaker="A", word="x"), None),
        (Word(start=6, end=7, speaker="A", word="x"), None),
    ],
)
def test_what_may_stay_of_a_record(record: Record, left: Record | None) -> None:
    assert before(record, 5) == left
