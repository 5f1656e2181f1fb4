"""Nothing is kept before everybody has agreed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from truth import fixtures

from voicecoach.coach import Agreement, chime
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import (
    Break,
    Clock,
    Command,
    Consent,
    Cue,
    Event,
    Noted,
    SessionStarted,
    Speech,
    Step,
    Turn,
    Word,
    WordsUntil,
)
from voicecoach.practice.checkin import CheckIn
from voicecoach.practice.progress import Plan
from voicecoach.session import LiveSession
from voicecoach.session.consent import Agreeing
from voicecoach.store.log import read_log
from voicecoach.testing import FakeDecoder, FakeSource


def say(agreeing: Agreeing, speaker: str, text: str, at: float = 1.0) -> list[Event]:
    out: list[Event] = []
    for word in text.split():
        out += agreeing.push(Word(start=at, end=at + 0.3, speaker=speaker, word=word))
        at += 0.4
    return out + agreeing.push(WordsUntil(start=at + 1, end=at + 1, speaker=speaker))


@pytest.mark.parametrize("answer", ["Yes, I agree.", "I agree", "Yeah.", "OK, I agree!", "Yes, that’s fine."])
def test_each_agrees_in_their_own_voice(answer: str) -> None:
    agreeing = Agreeing(["Anna", "Ben"])
    assert [c.speaker for c in say(agreeing, "Anna", answer) if isinstance(c, Consent)] == ["Anna"]
    assert not agreeing.done
    assert not say(agreeing, "Anna", answer, at=9)  # twice the same voice is not two people
    assert not agreeing.done
    say(agreeing, "Ben", answer, at=20)
    assert agreeing.done


@pytest.mark.parametrize(
    "answer", ["Yes but not today", "No.", "I do not agree", "Do you agree", "Yes I agree that it rains"]
)
def test_what_is_not_quite_a_yes_is_none(answer: str) -> None:
    assert say(Agreeing(["Anna", "Ben"]), "Anna", answer) == []


def test_a_yes_is_one_only_when_it_is_over() -> None:
    agreeing = Agreeing(["Anna"])
    agreeing.push(Word(start=1, end=1.3, speaker="Anna", word="Yes"))
    assert agreeing.push(WordsUntil(start=1.4, end=1.4, speaker="Anna")) == []
    agreeing.push(Word(start=1.5, end=1.8, speaker="Anna", word="but"))
    assert agreeing.push(WordsUntil(start=9, end=9, speaker="Anna")) == []


def test_it_asks_by_name_and_once_more() -> None:
    agreeing = Agreeing(["Anna", "Ben"])
    asked = [c.text for t in range(60) for c in agreeing.push(Clock(start=t, end=t)) if isinstance(c, Cue)]
    assert len(asked) == 3
    assert "Anna and Ben" in asked[0]
    say(agreeing, "Anna", "Yes", at=60)
    (cue,) = agreeing.push(Clock(start=90, end=90))
    assert isinstance(cue, Cue)
    assert "Anna" not in cue.text


def test_where_nobodys_voice_is_known_only_the_key_agrees() -> None:
    """Two people who say yes may be taken for one, and one for both."""
    agreeing = Agreeing(["Anna", "Ben"], apart=False)
    (cue,) = agreeing.push(Clock(start=0, end=0))
    assert isinstance(cue, Cue)
    assert "Anna and Ben" in cue.text
    assert "press the key Y" in cue.text
    assert not say(agreeing, "Anna", "Yes, I agree.") + say(agreeing, "Ben", "Yes, I agree.", at=9)
    assert not agreeing.done
    assert {c.speaker for c in agreeing.by_key(12.0) if isinstance(c, Consent)} == {"Anna", "Ben"}
    assert agreeing.done


@pytest.mark.models
@pytest.mark.parametrize("key", [False, True])
def test_on_one_microphone_with_nobody_enrolled_it_asks_at_once(key: bool, tmp_path: Path) -> None:
    """While voices are still told apart, for up to 30 s, and nothing is said of anybody."""
    (fixture,) = fixtures("mix", names=["clean_turns"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    sound = np.concatenate((sound, np.zeros((16_000, 1), np.float32)))
    words = [Word(start=t.start + 0.1, end=t.start + 0.4, speaker=t.speaker, word="Yes.") for t in fixture.of("turn")]
    asked_s: list[float] = []

    def press(event: Event) -> None:
        if isinstance(event, Cue) and event.situation == "consent" and event.text:
            asked_s.append(session.now_s)
        if key and session.away and session.now_s > 6:  # between two turns
            session.command(Command(start=0, end=0, name="agree"))

    session = LiveSession(
        FakeSource(sound), fixture.people, out=tmp_path, speak=False, hurry=True, decoder=FakeDecoder(words),  # type: ignore[arg-type]
        on_event=press, consent=True,
    )  # fmt: skip
    if key:
        session.run()
        records = read_log(tmp_path / "events.jsonl")
        assert [c.how for c in records if isinstance(c, Consent)] == ["key", "key"]
        assert {t.speaker for t in records if isinstance(t, Turn)} == set(fixture.people)
        assert all(
            r.start < r.end for r in records if isinstance(r, (Speech, Turn))
        )  # of what was said before, nothing
    else:
        with pytest.raises(VoicecoachError, match="nothing is kept"):
            session.run()
    assert asked_s[0] < 1


def live(out: Path, words: list[Word], *, key_at: float = 0.0, **options: Any) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)

    def press(event: Event) -> None:
        if key_at and isinstance(event, Clock) and key_at < event.start < key_at + 0.1:
            session.command(Command(start=0, end=0, name="agree"))

    session = LiveSession(
        FakeSource(np.concatenate((sound, np.zeros((16_000, 2), np.float32)))), fixture.people, out=out, speak=False,
        hurry=True, decoder=FakeDecoder(words), on_event=press, consent=True,  # type: ignore[arg-type]
        **options,
    )  # fmt: skip
    session.run()


def test_what_is_said_before_is_not_kept(tmp_path: Path) -> None:
    """In the recording Anna speaks first, then Ben; here both agree by that, and Anna's next turn is kept."""
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    turns = fixture.of("turn")
    words = [Word(start=t.start + 0.1, end=t.start + 0.4, speaker=t.speaker, word="Yes.") for t in turns[:2]]
    words += [w for w in fixture.truth if isinstance(w, Word) and w.start > turns[2].start]
    live(tmp_path, words)
    records = read_log(tmp_path / "events.jsonl")
    assert isinstance(records[0], SessionStarted)
    (until,) = [r for r in records if isinstance(r, Break)]
    assert {c.speaker for c in records if isinstance(c, Consent)} == {"Anna", "Ben"}
    assert all(r.start >= until.end for r in records if not isinstance(r, (Break, SessionStarted)))
    assert [r for r in records if r.type == "turn"]


def test_a_key_agrees_for_all(tmp_path: Path) -> None:
    live(tmp_path, [], key_at=6.2)
    records = read_log(tmp_path / "events.jsonl")
    assert [c.how for c in records if isinstance(c, Consent)] == ["key", "key"]
    assert min(r.start for r in records if r.type == "turn") > 6


def test_what_begins_with_the_session_begins_once_all_agreed(tmp_path: Path) -> None:
    """The first step of a check-in, and the agreements that the coach goes by, are kept like all that follows."""
    guide = CheckIn(Plan(("Anna", "Ben"), "2026-11-25"))
    rule = Agreement("We let each other finish.", "interruption")
    live(tmp_path, [], key_at=6.2, guide=guide, agreements=[rule])
    records = read_log(tmp_path / "events.jsonl")
    (until,) = [r for r in records if isinstance(r, Break)]
    welcome = next(r for r in records if isinstance(r, Step))
    assert (welcome.name, welcome.start >= until.end) == ("welcome", True)
    assert [r.word for r in records if isinstance(r, Noted) and r.what == "agreement"] == [rule.text]


def test_without_consent_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(VoicecoachError, match="nothing is kept"):
        live(tmp_path, [])
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_without_consent_only_what_this_session_made_goes(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").touch()
    with pytest.raises(VoicecoachError, match="nothing is kept"):
        live(tmp_path, [])
    assert (tmp_path / "events.jsonl").read_bytes() == b""
    (tmp_path / "events.jsonl").write_text("somebody's\n")
    with pytest.raises(MisuseError, match="There is a session"):
        live(tmp_path, [])
    assert (tmp_path / "events.jsonl").read_text() == "somebody's\n"


class Loudspeaker:
    """Remembers what it was to play, as numbers of samples."""

    available, playing, why_not = True, False, ""

    def __init__(self) -> None:
        self.played: list[bytes] = []

    def play(self, samples: npt.NDArray[np.float32]) -> None:
        self.played.append(samples.tobytes())

    def reference(self, frames: int, came_s: float, lost: int) -> npt.NDArray[np.float32]:
        return np.zeros(frames, np.float32)

    def stop(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize("consent", [False, True])
def test_a_chime_says_that_listening_begins_and_that_it_ends(
    consent: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voicecoach.session import live as engine

    speaker = Loudspeaker()
    monkeypatch.setattr(engine, "Player", lambda: speaker)
    sound = np.random.default_rng(1).normal(0, 0.001, (16_000 * 6, 2)).astype(np.float32)

    def press(event: Event) -> None:
        if consent and isinstance(event, Clock) and event.start > 3:
            session.command(Command(start=0, end=0, name="agree"))

    session = LiveSession(
        FakeSource(sound), ["Anna", "Ben"], out=tmp_path, decoder=FakeDecoder([]), on_event=press, consent=consent,  # type: ignore[arg-type]
        announce=True,
    )  # fmt: skip
    session.run()
    on, off = chime("listening_on").tobytes(), chime("listening_off").tobytes()
    assert speaker.played.count(on) == speaker.played.count(off) == 1
    assert speaker.played.index(on) < speaker.played.index(off) == len(speaker.played) - 1
    assert (speaker.played[0] == on) != consent  # with a question first, it comes when all have agreed
    assert not consent or len(speaker.played[0]) > 4 * 2 * 16_000  # in words: a chime would not say what is asked
