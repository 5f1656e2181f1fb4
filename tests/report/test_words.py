"""What is said first: praise only for what surely was, one suggestion, the same rules for both."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

import pytest

from voicecoach.events import Backchannel, Interruption, Record, ReplyAct, Turn, Word
from voicecoach.report import summarise
from voicecoach.report.frame import texts_of
from voicecoach.report.html import Texts, day_of
from voicecoach.report.words import one_thing, went_well

Talk = Callable[..., list[Record]]


def said(records: Sequence[Record]) -> tuple[list[str], str]:
    figures = summarise(records)
    texts = Texts(texts_of("en"), list(figures["people"]))

    def plain(html: str) -> str:
        return re.sub("<[^>]*>", "", html)

    return [plain(s) for s, _ in went_well(texts, figures)], plain(one_thing(texts, figures)[0])


def test_praise_has_its_moments(talk: Talk) -> None:
    figures = summarise(talk(rounds=2))
    first, moments = went_well(Texts(texts_of("en"), ["Anna", "Ben"]), figures)[0]
    assert "said back what they had heard, 2 times" in first
    assert moments == [r["start"] for r in figures["replies"] if r["reflected"]]


def test_whatever_is_counted_leads_to_where_it_was(talk: Talk) -> None:
    felt = [
        dataclasses.replace(r, feelings=("alone", "tired")) if isinstance(r, ReplyAct) else r for r in talk(rounds=3)
    ]
    figures = summarise(felt)
    told = went_well(Texts(texts_of("en"), ["Anna", "Ben"]), figures)
    (signs,) = (moments for html, moments in told if "signs of listening" in html)
    assert signs == pytest.approx([r.start for r in felt if isinstance(r, Backchannel)], abs=0.001)
    (feelings,) = (moments for html, moments in told if "Feelings" in html)
    assert feelings == pytest.approx(sorted(r.start for r in felt if isinstance(r, ReplyAct)), abs=0.001)


def test_what_is_less_sure_is_told_as_at_least(talk: Talk) -> None:
    records = talk(rounds=4)
    last = max(i for i, r in enumerate(records) if isinstance(r, ReplyAct) and r.acts["reflection"] > 0.5)
    records[last] = dataclasses.replace(records[last], acts={"reflection": 0.6})
    assert "Ben said back what they had heard, at least 3 times." in said(records)[0]


def test_a_date_is_written_as_people_do() -> None:
    texts = texts_of("en")
    assert day_of(texts, "2026-11-05T19:30") == "5 November 2026, 19:30"
    assert day_of(texts, "2026-01-31") == "31 January 2026"
    assert [day_of(texts, other) for other in ("", "2026-13-01", "<b>")] == ["", "2026-13-01", "<b>"]


def test_what_is_not_sure_is_not_praised(talk: Talk) -> None:
    def doubtful(r: Record) -> Record:
        return dataclasses.replace(r, acts={"reflection": 0.6}) if isinstance(r, ReplyAct) else r

    well, _ = said([doubtful(r) for r in talk(rounds=2)])
    assert not any("said back" in s for s in well)


def test_the_same_for_both(talk: Talk) -> None:
    def swapped(text: str) -> str:
        return text.replace("Anna", "?").replace("Ben", "Anna").replace("?", "Ben")

    (well, try_this), (other_well, other_try) = said(talk()), said(talk(people=("Ben", "Anna")))
    assert sorted(map(swapped, well)) == sorted(other_well)
    assert try_this == other_try


def test_nobody_cut_off_is_worth_a_word(talk: Talk) -> None:
    well, try_this = said([r for r in talk() if not isinstance(r, Interruption)])
    assert "Nobody was cut off: everyone could finish." in well
    assert "one breath" not in try_this


def test_where_it_is_not_clear_whether_somebody_was_it_is_not_said(talk: Talk) -> None:
    unclear = [dataclasses.replace(r, confidence=0.4) if isinstance(r, Interruption) else r for r in talk()]
    assert not [s for s in said(unclear)[0] if "cut off" in s]


def test_of_words_that_are_not_known_nothing_is_suggested(talk: Talk) -> None:
    timed = [dataclasses.replace(r, text="") if isinstance(r, Turn) else r for r in talk(rounds=3)]
    unheard = [r for r in timed if not isinstance(r, (Interruption, Word, ReplyAct))]
    assert "reflection" not in said(unheard)[1]


def test_an_empty_talk_is_kindly_met() -> None:
    assert said([])[0] == ["You took 0 s to talk with each other. That is where it starts."]


def test_lengths_are_said_in_words() -> None:
    texts = Texts(texts_of("en"), [])
    assert [texts.length(s) for s in (9.6, 59.6, 3599.0, 18_163.0)] == ["10 s", "1 min 0 s", "59 min 59 s", "5 h 2 min"]
