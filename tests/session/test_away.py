"""What is heard around the end of a break: hearing tells it late, and somebody may be in the middle of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voicecoach.events import Clock, Command, CommandName, Prosody, Signal, VoiceOff, VoiceOn
from voicecoach.session.away import Away
from voicecoach.session.core import Conversation
from voicecoach.session.decoding import Inline
from voicecoach.session.recorder import Recorder
from voicecoach.session.transcription import Transcription
from voicecoach.testing import FakeDecoder
from voicecoach.transcript import Scribe

PEOPLE = ("Anna", "Ben")


def on(at: float, who: str = "Anna") -> VoiceOn:
    return VoiceOn(start=at, end=at, speaker=who)


def off(at: float, who: str = "Anna") -> VoiceOff:
    return VoiceOff(start=at, end=at, speaker=who)


def clock(at: float) -> Clock:
    return Clock(start=at, end=at)


def told(signals: Iterable[Signal], *breaks: tuple[float, Sequence[Signal], float]) -> list[Signal]:
    """What is told of ``signals``. ``breaks``: when one begins, what hearing says in it, and when it ends."""
    now = 0.0
    words = Transcription(Scribe(PEOPLE, lambda person: 0, channels=1), Inline(FakeDecoder([])))
    away = Away(Conversation(PEOPLE), words, Recorder(None, keep=False), now=lambda: now, stop=lambda: None)

    def command(name: CommandName) -> None:
        list(away.hear(away.meant(Command(start=now, end=now, name=name))))

    for since, inside, end in breaks:
        now = since
        command("pause")
        for signal in inside:
            list(away.since_back(signal))
        now = end
        command("go on")
    return [s for signal in signals for s in away.since_back(signal)]


def test_who_speaks_when_a_break_ends_is_heard_from_there() -> None:
    paused = (5.0, [on(9.0), clock(9.8)], 10.0)
    assert told([clock(9.9), clock(10.1), off(12.0)], paused) == [clock(9.9), on(10.0), clock(10.1), off(12.0)]


def test_so_is_who_began_in_the_break_but_is_told_of_later() -> None:
    said = told([on(9.8), clock(9.9), on(10.2, "Ben"), off(11.0)], (5.0, [], 10.0))
    assert said == [clock(9.9), on(10.0), on(10.2, "Ben"), off(11.0)]


def test_who_had_stopped_by_then_did_not_speak() -> None:
    """Told late, it would be a turn of no length, and a pause before the next."""
    late = [on(3.0), off(4.0), on(9.5, "Ben"), off(10.0, "Ben"), clock(10.0), clock(10.5)]
    assert told(late, (2.0, [], 10.0)) == [clock(10.0), clock(10.5)]


def test_whose_voice_was_told_of_in_the_break_is_told_to_be_silent() -> None:
    """Or a prompt would wait for the end of it for ever."""
    assert told([off(9.9), clock(10.2)], (5.0, [on(9.0)], 10.0)) == [off(10.0), clock(10.2)]


def test_how_a_voice_sounded_in_the_break_is_told_of_nowhere() -> None:
    inside, after = (Prosody(start=at, end=at + 1, speaker="Anna") for at in (9.5, 10.5))
    assert told([inside, after], (5.0, [], 10.0)) == [after]


def test_each_break_ends_for_itself() -> None:
    paused = [(5.0, [on(5.5)], 10.0), (10.0, [], 12.0)]
    assert told([clock(11.0), clock(12.5), off(13.0)], *paused) == [clock(11.0), on(12.0), clock(12.5), off(13.0)]


def test_where_nothing_was_left_out_nothing_is_changed() -> None:
    heard = [on(0.0), off(0.5), clock(1.0)]
    assert told(heard) == heard
