from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from truth import fixtures

from voicecoach.events import (
    CUT_OFF,
    Break,
    CaptureGap,
    Gap,
    Prompt,
    Record,
    ReplyAct,
    SessionEnded,
    SessionStarted,
    Speech,
    Word,
)
from voicecoach.report import corrected, page, summarise, transcript_lines

Talk = Callable[..., list[Record]]


def test_figures_of_a_written_conversation(talk: Talk) -> None:
    figures = summarise(talk())
    anna, ben = figures["people"]["Anna"], figures["people"]["Ben"]
    assert (anna["turns"], ben["turns"]) == (2, 2)
    assert (ben["backchannels"], ben["chances"], ben["reflections"], ben["missed"]) == (1, 2, 1, 1)
    assert (ben["questions_closed"], ben["questions_open"]) == (1, 0)
    assert anna["longest_turn_at"] == 0.5
    (cut,) = figures["interruptions"]
    assert (cut["speaker"], cut["interrupted"], cut["kind"], cut["words_cut"]) == (
        "Ben", "Anna", "successful", "through all the bills",
    )  # fmt: skip
    assert figures["overlaps"] == {"backchannel": 1, "interruption": 1}
    assert figures["together_s"] == pytest.approx(0.8, abs=1e-6)
    to_ben = next(g for g in figures["gaps"] if g["to"] == "Ben")
    assert (to_ben["count"], to_ben["overlapped"]) == (2, 0.5)
    assert figures["prompts"][0]["followed"] == "nothing"
    assert figures["ended"] == "finished"


def test_a_prompt_that_worked_says_so(talk: Talk) -> None:
    first, *_ = summarise(talk(rounds=2))["prompts"]
    assert first["followed"] == "reflection"
    assert first["followed_at"] > first["start"]


def test_a_reminder_in_the_middle_of_a_reply_is_answered_in_the_next() -> None:
    said = {"speaker": "Ben", "to": "Anna"}
    acts = [
        ReplyAct(start=10, end=20, acts={"reflection": 0.1}, **said),
        ReplyAct(start=25, end=30, acts={"reflection": 0.9}, **said),
    ]
    reminder = Prompt(start=13, end=14, to="Ben", situation="remind")
    assert summarise([*acts, reminder])["prompts"][0]["followed_at"] == 25


def test_a_session_that_broke_off_and_one_with_nothing_in_it(talk: Talk) -> None:
    assert summarise(talk(closed=False))["ended"] is None
    empty = summarise([])
    assert empty["people"] == {}
    assert empty["duration_s"] == 0
    json.dumps(empty)


def test_whether_a_reflection_landed_is_heard_in_the_answer() -> None:
    def reply(start: float, who: str, to: str, **acts: float) -> ReplyAct:
        return ReplyAct(start=start, end=start + 3, speaker=who, to=to, acts=acts)

    records = [
        reply(10, "Ben", "Anna", reflection=0.9), reply(14, "Anna", "Ben", agreement=0.9),
        reply(20, "Ben", "Anna", reflection=0.9), reply(24, "Anna", "Ben", disagreement=0.8),
        reply(30, "Ben", "Anna", reflection=0.9), reply(60, "Anna", "Ben", agreement=0.9),
    ]  # fmt: skip
    figures = summarise([*records, Speech(start=0, end=63, speaker="Ben")])
    assert [r["landed"] for r in figures["replies"] if r["reflected"]] == [True, False, None]
    assert (figures["people"]["Ben"]["landed"], figures["people"]["Ben"]["not_quite"]) == (1, 1)


def test_what_was_off_the_record_is_no_time_that_was_heard(talk: Talk) -> None:
    records = talk(rounds=2, closed=False)
    end = max(r.end for r in records)
    figures = summarise([*records, Break(start=end, end=end + 600.0)])
    assert figures["duration_s"] == pytest.approx(end + 600)
    assert figures["heard_h"] == pytest.approx(end / 3600, abs=1e-3)
    assert figures["breaks"] == [{"start": round(end, 3), "end": round(end + 600, 3), "reason": "off the record"}]


def test_what_is_said_back_is_shown_once(talk: Talk) -> None:
    """Words that several patterns found lie within one another."""
    found = "so you kept … yourself … so you kept it to yourself … because"
    act = next(r for r in talk() if isinstance(r, ReplyAct))
    (reply,) = summarise([dataclasses.replace(act, evidence={"reflection": found})])["replies"]
    assert reply["words"] == "so you kept it to yourself … because"


def test_every_overlap_and_every_change_has_its_moment(talk: Talk) -> None:
    records = talk(rounds=3)
    figures = summarise(records)
    assert {kind: len(at) for kind, at in figures["overlaps_at"].items()} == figures["overlaps"]
    html = page(records, figures)
    changes = [r for r in records if isinstance(r, Gap)]
    assert changes
    shown = re.findall(r"<details><summary>Every change.*?</details>", html)
    assert len(shown) == len(figures["gaps"])
    assert sum(part.count('class="at"') for part in shown) == len(changes)


def test_kitchen_table() -> None:
    (fixture,) = fixtures("2ch", names=["kitchen_table"])
    head = SessionStarted(start=0.0, end=0.0, people=fixture.people)
    figures = summarise([head, *fixture.truth])
    assert len(figures["interruptions"]) == len(fixture.of("interruption"))
    assert sum(p["turns"] for p in figures["people"].values()) == len(fixture.of("turn"))
    assert sum(figures["overlaps"].values()) == len(fixture.of("overlap"))


def test_balance_adds_up_to_the_speech_of_each(talk: Talk) -> None:
    figures = summarise(talk(rounds=5))
    for person, of in figures["people"].items():
        assert sum(b["talk_s"][person] for b in figures["balance"]) == pytest.approx(of["talk_s"], abs=0.05)


SPEECH = st.lists(
    st.builds(
        lambda start, length, who: Speech(start=start / 100, end=(start + length) / 100, speaker=who),
        st.integers(0, 60_000), st.integers(1, 2_000), st.sampled_from("ABCDEFGH"),
    ),
    min_size=1, max_size=40,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(SPEECH)
def test_shares_add_up_to_one_and_times_to_the_whole(speech: list[Speech]) -> None:
    figures = summarise(speech)
    assert sum(p["share"] for p in figures["people"].values()) == pytest.approx(1, abs=0.01)
    whole = figures["somebody_speaks_s"] + figures["silence_s"]
    assert whole == pytest.approx(figures["duration_s"], abs=0.01)
    assert figures["together_s"] <= figures["somebody_speaks_s"] + 0.01


@settings(max_examples=30, deadline=None)
@given(SPEECH)
def test_swapped_names_give_swapped_figures(speech: list[Speech]) -> None:
    swap = {"A": "B", "B": "A"}
    swapped = [dataclasses.replace(s, speaker=swap.get(s.speaker, s.speaker)) for s in speech]
    before, after = summarise(speech)["people"], summarise(swapped)["people"]
    assert {swap.get(k, k): v for k, v in before.items()} == after


def test_a_later_beginning_changes_no_figure(talk: Talk) -> None:
    records = talk(rounds=2)
    later = [dataclasses.replace(r, start=r.start + 100, end=r.end + 100) for r in records]
    assert isinstance(later[-1], SessionEnded)
    timeless = ("duration_s", "somebody_speaks_s", "silence_s", "together_s", "overlaps", "came_in")
    a, b = summarise(records), summarise(later)
    for key in timeless:
        assert a[key] == b[key]
    assert [{**g, "each": [s for _, s in g["each"]]} for g in a["gaps"]] == [
        {**g, "each": [s for _, s in g["each"]]} for g in b["gaps"]
    ]
    with_times = ("longest_turn_at", "backchannels_at", "supportive_at", "feelings")
    for person in a["people"]:
        assert {k: v for k, v in a["people"][person].items() if k not in with_times} == {
            k: v for k, v in b["people"][person].items() if k not in with_times
        }


@pytest.mark.parametrize("at_s", [2.0, 7.0, 12.0])
def test_what_was_being_said_when_a_log_broke_off_is_on_its_page(talk: Talk, at_s: float) -> None:
    """Words are in the log a moment after they were said, speech and turns only once they are over."""
    whole = talk(rounds=2)
    cut = [r for r in whole if r.end < at_s]
    assert max(r.end for r in cut if isinstance(r, Word)) > max(
        (r.end for r in cut if isinstance(r, Speech)), default=0
    )
    records = corrected(cut)
    assert corrected(records) == records
    lines = " ".join(line.text for line in transcript_lines(records))
    assert sorted(lines.split()) == sorted(r.word for r in cut if isinstance(r, Word))
    figures = summarise(records)
    assert figures["somebody_speaks_s"] > summarise(cut)["somebody_speaks_s"]
    went_on = [
        *cut,
        CaptureGap(start=at_s, end=at_s + 60, frames=960_000, reason=CUT_OFF),
        SessionEnded(start=99, end=99),
    ]
    assert [r for r in corrected(went_on) if isinstance(r, Speech)] == [r for r in records if isinstance(r, Speech)]
    assert corrected(whole) == sorted(whole, key=lambda r: (r.start, r.end))
