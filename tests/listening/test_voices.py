"""How voices sound beside themselves, and how tense a conversation sounds."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.events import Clock, Event, Gap, Interruption, Prosody, ReplyAct, Tension, Tone, Turn
from voicecoach.listening import Listening, judge
from voicecoach.listening.tension import TensionMeter
from voicecoach.listening.tone import Tones

GRID = 1024
"""Times on a grid of 1/1024 s can be shifted by whole seconds without rounding."""


def said(at: float, who: str = "Anna", *, level: float = -26.0, hz: float = 200.0, rate: float = 4.5) -> Prosody:
    return Prosody(start=at, end=at + 2.0, speaker=who, level_db=level, pitch_hz=hz, rate_hz=rate)


def calm(who: str = "Anna", level: float = -26.0, hz: float = 200.0, at: float = 0.0) -> list[Prosody]:
    """Twenty seconds of ordinary talk, with its ups and downs."""
    return [
        said(at + 2.5 * i, who, level=level + up, hz=hz * 2 ** (up / 24), rate=4.5 + up / 8)
        for i, up in enumerate((0, 1.5, -1, 0.5, -2, 2, -0.5, 1, -1.5, 0))
    ]


def tones(*heard: Prosody) -> list[Tone]:
    listening = Listening()
    return [e for p in heard for e in listening.push(p) if isinstance(e, Tone)]


def clock(at: float) -> Clock:
    return Clock(start=at, end=at)


def tension(*events: Event, until: float = 60.0) -> Tension:
    voices, meter = Tones(), TensionMeter()
    heard = (voices.push(e) if isinstance(e, Prosody) else e for e in events)
    return [t for e in (*heard, clock(until)) for t in meter.push(e)][-1]


def test_ordinary_ups_and_downs_are_not_raised() -> None:
    assert max(t.raised for t in tones(*calm())) < 0.4


def test_a_voice_that_gets_louder_and_higher_is_raised() -> None:
    raised = tones(*calm(), said(30, level=-17, hz=260, rate=5.5))[-1]
    assert raised.raised > 0.8
    assert raised.louder_db > 8
    assert raised.higher_st > 4
    assert tones(*calm(), said(30, level=-33, hz=170))[-1].raised < 0.05


def test_nothing_is_said_before_a_voice_is_known() -> None:
    assert tones(said(0), said(3, level=-10, hz=300))[-1].raised == 0


def test_a_quiet_persons_raised_voice_is_not_measured_by_a_loud_ones() -> None:
    quiet = [*calm("Ben", level=-44, hz=110), said(30, "Ben", level=-35, hz=145)]
    assert tones(*calm("Anna", level=-14, hz=230), *quiet)[-1].raised > 0.8


@settings(max_examples=40, deadline=None)
@given(
    gain=st.floats(-30, 10),
    shift=st.integers(0, 2000),
    ups=st.lists(st.floats(-4, 12), min_size=1, max_size=12),
)
def test_gain_time_and_names_change_nothing(gain: float, shift: int, ups: list[float]) -> None:
    talk = [*calm(), *(said(40 + 2.5 * i, level=-26 + up, hz=200 * 2 ** (up / 24)) for i, up in enumerate(ups))]
    other = [
        dataclasses.replace(p, start=p.start + shift, end=p.end + shift, speaker="Zoe", level_db=p.level_db + gain)
        for p in talk
    ]
    for one, two in zip(tones(*talk), tones(*other), strict=True):
        assert abs(one.raised - two.raised) < 1e-3
        assert abs(one.louder_db - two.louder_db) < 1e-6
        assert two.start == one.start + shift


def reply(at: float, **acts: float) -> ReplyAct:
    return ReplyAct(start=at - 3, end=at, speaker="Ben", to="Anna", acts=acts)


def cut_in(at: float) -> Interruption:
    return Interruption(start=at - 1, end=at, speaker="Ben", interrupted="Anna", kind="successful", confidence=0.9)


def test_calm_talk_is_not_tense_and_raised_voices_are() -> None:
    loud = [said(30 + 2.5 * i, level=-16, hz=270, rate=6) for i in range(10)]
    assert tension(*calm()).value < 0.15
    heated = tension(*calm(), *loud)
    assert heated.value > 0.4
    assert heated.parts["voice"] > 0.5


def test_overlaps_and_words_add_to_it_and_a_repair_takes_from_it() -> None:
    plain = tension(*calm())
    overlaps = tension(*calm(), cut_in(40), cut_in(47), cut_in(55))
    words = [reply(40, blame=0.9), reply(47, blame=0.8, contempt=0.9), reply(55, judging_question=0.9)]
    assert overlaps.value > plain.value + 0.2
    assert tension(*calm(), *words).value > plain.value + 0.25
    mended = [*words, reply(57, repair=0.95, apology=0.9), reply(58, reflection=0.95)]
    assert tension(*calm(), *mended).value < tension(*calm(), *words).value - 0.15
    changes = [Gap(start=40.0 + i, end=40.0 + i, speaker="Ben", previous="Anna", fto_s=-0.3) for i in range(8)]
    assert tension(*calm(), *changes).parts["pace"] > plain.parts["pace"] + 0.2


def test_it_fades_within_a_minute_and_ends_with_the_talk() -> None:
    later = calm(at=100.0)
    assert tension(*calm(), cut_in(20), reply(21, blame=0.9), *later, until=130.0).value < 0.15
    listening = Listening()
    silent = [t for e in (*calm(), clock(600.0)) for t in listening.push(e) if isinstance(t, Tension)]
    assert silent[-1].end < 100


def test_who_is_who_does_not_matter() -> None:
    talk: list[Event] = [*calm("Anna"), *calm("Ben", at=1.0), cut_in(40), reply(50, blame=0.9)]
    swap = {"Anna": "Ben", "Ben": "Anna"}
    turned = [
        dataclasses.replace(
            e, **{f: swap[getattr(e, f)] for f in ("speaker", "interrupted", "to") if getattr(e, f, "") in swap}
        )
        for e in talk
    ]
    assert tension(*talk) == tension(*turned)


def test_what_listening_told_itself_changes_nothing_when_it_comes_back() -> None:
    once, twice = Listening(), Listening()
    events: list[Event] = [*calm(), Turn(start=0, end=26, speaker="Anna", text="I am tired."), clock(60)]
    first = [e for event in events for e in once.push(event)]
    second = [
        e
        for event in events
        for made in (twice.push(event),)
        for e in (*made, *(x for m in made for x in twice.push(m)))
    ]
    assert first == second


def test_a_rising_melody_makes_a_question_and_a_falling_one_a_reflection() -> None:
    words = "so you waited for me the whole evening"
    heard = "I sat there the whole evening and waited for you."
    rising, plain, falling = (judge(words, heard, ending_st=st).acts for st in (5.0, None, -5.0))
    assert rising["closed_question"] > plain["closed_question"] > falling["closed_question"]
    assert rising["reflection"] < plain["reflection"] < falling["reflection"]
