"""A guide beside the coach: it leads, what it says waits for its moment, and when it is done the session ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from truth import fixtures

from voicecoach.audio import Chunk
from voicecoach.events import (
    Break,
    CaptureGap,
    Clock,
    Command,
    CommandName,
    Cue,
    Event,
    MicrophoneGone,
    Prompt,
    SessionEnded,
    SessionStarted,
    Step,
    Turn,
    VoiceOff,
    VoiceOn,
    Word,
)
from voicecoach.practice import Sayer
from voicecoach.session import Conversation, LiveSession
from voicecoach.session.prompting import Speaker
from voicecoach.store.log import read_log
from voicecoach.testing import FakeDecoder, FakeSource


class Host:
    """Chimes, waits for Anna's turn, thanks her, and lets the coach say nothing."""

    def __init__(self) -> None:
        self._sayer = Sayer()
        self._thanked = False
        self.reviewed: list[Cue] = []

    @property
    def done(self) -> bool:
        return self._thanked and not self._sayer.busy

    def push(self, event: Event) -> list[Event]:
        out: list[Event] = []
        if isinstance(event, SessionStarted):
            self._sayer.chime("listening_on", situation="host")
        if isinstance(event, Turn) and event.speaker == "Anna" and not self._thanked:
            self._thanked = True
            out.append(Step(start=event.start, end=event.end, name="hello", speaker="Anna", outcome="answered"))
            out.append(self._sayer.say("Thank you, Anna.", situation="host"))
        return out + list(self._sayer.push(event))

    def review(self, cue: Cue) -> list[Cue]:
        self.reviewed.append(cue)
        return []


def test_a_guide_leads_and_ends_the_session(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["paraphrase_missed"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    sound = np.concatenate((sound, np.zeros((16_000 * 600, 2), np.float32)))
    words = [e for e in fixture.truth if isinstance(e, Word)]
    host = Host()
    session = LiveSession(
        FakeSource(sound), fixture.people, out=tmp_path, speak=False, hurry=True, decoder=FakeDecoder(words), guide=host  # type: ignore[arg-type]
    )  # fmt: skip
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    prompts = [r for r in records if isinstance(r, Prompt)]
    assert [p.text for p in prompts] == ["", "Thank you, Anna."]
    anna_ends = next(r for r in records if isinstance(r, Step)).start
    assert prompts[1].start >= anna_ends + 0.4
    assert host.reviewed, "the coach asks the guide before it speaks"
    assert isinstance(records[-1], SessionEnded)
    assert records[-1].end < prompts[1].end + 10, "it went on after the guide was done"


class _Loudspeaker:
    available = True
    playing = False

    def play(self, samples: object) -> None:
        self.playing = True


class _SlowVoice:
    made = False

    def settled(self, text: str) -> bool:
        return self.made

    def ready(self, text: str) -> np.ndarray | None:
        return np.ones(100, np.float32) if self.made else None


@pytest.fixture
def speaker() -> tuple[Speaker, _SlowVoice, _Loudspeaker]:
    voice, loudspeaker = _SlowVoice(), _Loudspeaker()
    return Speaker(voice, loudspeaker, microphones=0), voice, loudspeaker  # type: ignore[arg-type]


def test_a_patient_cue_waits_for_the_voice_and_for_silence(speaker: tuple[Speaker, _SlowVoice, _Loudspeaker]) -> None:
    speaks, voice, loudspeaker = speaker
    assert speaks.say(Cue(start=1, end=1, text="A long story.", patient=True)) == []
    speaks.hears(Clock(start=2, end=2), 2)
    assert not loudspeaker.playing, "it must not be a chime because the voice is slow"
    voice.made = True
    speaks.hears(VoiceOn(start=3, end=3, speaker="Anna"), 3)
    assert not loudspeaker.playing
    speaks.hears(VoiceOff(start=4, end=4, speaker="Anna"), 4.2)
    assert loudspeaker.playing
    loudspeaker.playing = False
    (prompt,) = speaks.hears(Clock(start=9, end=9), 9.3)
    assert (prompt.start, prompt.end, prompt.spoken, prompt.cut) == (4.2, 9.3, True, False)


def test_of_two_patient_cues_the_second_waits_for_the_first(speaker: tuple[Speaker, _SlowVoice, _Loudspeaker]) -> None:
    speaks, voice, loudspeaker = speaker
    voice.made = True
    for text in ("First.", "Second."):
        speaks.say(Cue(start=1, end=1, text=text, patient=True))
    speaks.hears(Clock(start=2, end=2), 2)
    loudspeaker.playing = False
    assert [p.text for p in speaks.hears(Clock(start=3, end=3), 3)] == ["First."]
    assert loudspeaker.playing


def test_a_guide_has_no_say_in_the_answer_to_a_command() -> None:
    host = Host()
    conversation = Conversation(["Anna", "Ben"], guide=host)
    out = conversation.push(Command(start=5, end=5, name="how are we doing"))
    assert [c.situation for c in out if isinstance(c, Cue)] == ["status"]
    assert host.reviewed == []


class Rest:
    """Takes a break from ``since`` to ``until``, and notes which words it hears."""

    def __init__(self, since: float, until: float) -> None:
        self._due: list[tuple[float, CommandName]] = [(since, "time out"), (until, "go on")]
        self.heard: list[str] = []

    done = False

    def push(self, event: Event) -> list[Event]:
        if isinstance(event, Word):
            self.heard.append(event.word)
        if isinstance(event, Clock) and self._due and event.start >= self._due[0][0]:
            return [Command(start=event.start, end=event.start, name=self._due.pop(0)[1])]
        return []

    def review(self, cue: Cue) -> list[Cue]:
        return []


def test_a_break_that_a_guide_begins_and_ends_is_off_the_record(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["paraphrase_missed"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    words = [e for e in fixture.truth if isinstance(e, Word)]
    rest = Rest(9.0, 13.9)  # Anna's whole reply lies in it
    session = LiveSession(
        FakeSource(sound), fixture.people, out=tmp_path, speak=False, hurry=True, decoder=FakeDecoder(words), guide=rest  # type: ignore[arg-type]
    )  # fmt: skip
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    said = {r.speaker: r for r in records if isinstance(r, Word)}
    assert set(said) == {"Ben"}
    assert said["Ben"].start > 14, "after the break words are kept again"
    (over,) = [r for r in records if isinstance(r, Break)]
    assert (round(over.start), over.reason) == (9, "time out")
    assert over.end == pytest.approx(14, abs=1.0)
    assert "message" not in rest.heard


def test_a_guides_break_that_was_taken_off_the_record_does_not_end_with_it(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["paraphrase_missed"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    words = [e for e in fixture.truth if isinstance(e, Word)]

    keys: list[CommandName] = ["off the record"]

    def press(event: Event) -> None:
        if isinstance(event, Clock) and event.start > 10 and keys:
            session.command(Command(start=0, end=0, name=keys.pop()))

    session = LiveSession(
        FakeSource(sound), fixture.people, out=tmp_path, speak=False, hurry=True, decoder=FakeDecoder(words),  # type: ignore[arg-type]
        guide=Rest(9.0, 13.9), on_event=press,
    )  # fmt: skip
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    (over,) = [r for r in records if isinstance(r, Break)]
    assert (round(over.start), over.reason) == (9, "off the record")
    assert over.end > 16, "to the end"
    assert not [r for r in records if isinstance(r, (Word, Turn)) and r.end > 9]


def test_a_guide_begins_once_everybody_has_agreed_to_be_listened_to(tmp_path: Path) -> None:
    seen: list[Event] = []

    class Watching(Rest):
        def push(self, event: Event) -> list[Event]:
            seen.append(event)
            return []

    sound = np.random.default_rng(1).normal(0, 0.0005, (16_000 * 20, 2)).astype(np.float32)
    session = LiveSession(
        FakeSource(sound), ["Anna", "Ben"], out=tmp_path, speak=False, hurry=True, decoder=FakeDecoder([]),  # type: ignore[arg-type]
        guide=Watching(99, 99), consent=True, on_event=lambda event: agree(event),  # noqa: PLW0108 - made after it
    )  # fmt: skip

    def agree(event: Event) -> None:
        if isinstance(event, Clock) and 10 < event.start < 10.5:
            session.command(Command(start=0, end=0, name="yes"))

    session.run()
    assert isinstance(seen[0], SessionStarted), "the clock goes on while they are asked, but not for the guide"
    assert next(e.start for e in seen if isinstance(e, Clock)) > 10


def test_a_guide_is_told_that_nobody_can_be_heard_and_when_they_can_again(tmp_path: Path) -> None:
    told: list[Event] = []

    class Watching(Rest):
        def push(self, event: Event) -> list[Event]:
            if isinstance(event, (MicrophoneGone, CaptureGap)):
                told.append(event)
            return []

    class Unplugged(FakeSource):
        """After two seconds it is gone for five."""

        def chunks(self) -> Iterator[Chunk]:
            for number, chunk in enumerate(super().chunks()):
                yield chunk
                if number == 20:
                    yield from (Chunk(chunk.samples[:0], 8_000, reason="gone") for _ in range(10))

    sound = np.random.default_rng(1).normal(0, 0.0005, (16_000 * 4, 2)).astype(np.float32)
    LiveSession(
        Unplugged(sound), ["Anna", "Ben"], out=tmp_path, speak=False, hurry=True, decoder=FakeDecoder([]),  # type: ignore[arg-type]
        guide=Watching(99, 99),
    ).run()  # fmt: skip
    gone, back = told
    assert isinstance(gone, MicrophoneGone)
    assert isinstance(back, CaptureGap)
    assert back.end - back.start == pytest.approx(5.0, abs=0.1)
