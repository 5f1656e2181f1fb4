"""What practice keeps: agreements in versions, check-ins that can go on, promises, drills; deleted with a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kept import SECRET, plain_bytes

from voicecoach.errors import MisuseError
from voicecoach.store import practice, sessions

pytestmark = pytest.mark.usefixtures("home")
DAY = "2026-11-25"


@pytest.fixture
def pair() -> practice.Pair:
    return practice.pair_of(["Anna", "Ben"], DAY)


def test_a_pair_is_the_same_whatever_the_order(pair: practice.Pair) -> None:
    assert practice.pair_of(["Ben", "Anna"], "2027-01-01") == pair
    assert practice.pairs() == [pair]
    for wrong in (["Anna"], ["Anna", "Anna"], ["Anna", " "], ["Anna", "Ben", "Cleo"]):
        with pytest.raises(MisuseError, match="two people"):
            practice.pair_of(wrong, DAY)


def test_an_agreement_holds_once_both_agree_and_keeps_its_versions(pair: practice.Pair) -> None:
    first = practice.propose(pair, "No  sarcasm.", by="Anna", today=DAY, about="sarcasm")
    assert practice.agreements(pair) == []
    practice.agree(pair, first, DAY)
    other = practice.propose(pair, "We let each other finish.", by="Ben", today=DAY)
    practice.decline(pair, other, DAY)
    new = practice.propose(pair, "No sarcasm before noon.", by="Ben", today="2026-12-01", number=first.number)
    assert [a.text for a in practice.agreements(pair)] == ["No sarcasm."], "a proposal changes nothing yet"
    practice.agree(pair, new, "2026-12-02")
    assert [(a.text, a.version, a.date) for a in practice.agreements(pair)] == [
        ("No sarcasm before noon.", 2, "2026-12-02")
    ]
    assert [(a.number, a.version, a.state) for a in practice.history(pair)] == [
        (1, 1, "agreed"),
        (1, 2, "agreed"),
        (2, 1, "declined"),
    ]
    practice.agree(pair, practice.propose(pair, "", by="Anna", today="2026-12-03", number=1), "2026-12-03")
    assert practice.agreements(pair) == []


def test_a_check_in_goes_on_from_its_last_step(pair: practice.Pair) -> None:
    one = practice.begin(pair, f"{DAY}T20:00")
    practice.save_step(one, "welcome", {"step": "welcome"}, f"{DAY}T20:00")
    practice.save_step(one, "speak", {"step": "speak", "draft": SECRET}, f"{DAY}T20:05")
    practice.add_session(one, "2026-11-25_20-00-00")
    found = practice.last_open(pair)
    assert found is not None
    assert found.sessions == ("2026-11-25_20-00-00",)
    assert [(name, state["step"]) for name, _, state in practice.steps(found)] == [
        ("welcome", "welcome"),
        ("speak", "speak"),
    ]
    practice.close(one, f"{DAY}T21:00", {"people": {"Anna": {"floor_s": 300.0}}})
    assert practice.last_open(pair) is None
    assert practice.checkins(pair)[0].figures["people"]["Anna"]["floor_s"] == 300.0
    assert SECRET.encode() not in plain_bytes(), "what was only kept to go on from is gone"


def test_a_new_check_in_leaves_an_open_one(pair: practice.Pair) -> None:
    practice.begin(pair, f"{DAY}T20:00")
    new = practice.begin(pair, f"{DAY}T21:00")
    assert [c.state for c in practice.checkins(pair)] == ["left", "open"]
    assert practice.last_open(pair) == new


def test_promises_are_followed_up(pair: practice.Pair) -> None:
    late = practice.add_commitment(pair, "Ben", "I cook.", made=DAY, due="2026-12-05")
    soon = practice.add_commitment(pair, "Anna", "I listen.", made=DAY, due="2026-12-01")
    assert practice.commitments(pair, state="open") == [soon, late]
    practice.follow_up(soon.id, state="kept", outcome="It went well.")
    practice.follow_up(late.id, state="open", outcome="Not yet.", due="2026-12-12")
    (still,) = practice.commitments(pair, state="open")
    assert (still.person, still.due, still.outcome) == ("Ben", "2026-12-12", "Not yet.")


def test_drills_and_the_weekly_time(pair: practice.Pair) -> None:
    assert practice.schedule(pair) is None
    practice.set_schedule(pair, practice.Weekly(6, "19:30", 45))
    practice.set_schedule(pair, practice.Weekly(2, "20:00", 30))
    assert practice.schedule(pair) == practice.Weekly(2, "20:00", 30)
    practice.add_attempt("Cleo", "mirror", level=1, date=f"{DAY}T10:00", figures={"covered": 0.5})
    done = practice.add_attempt("Anna", "hold", level=2, date=f"{DAY}T10:05", figures={"wait_ms": 900.0})
    assert practice.attempts("Anna") == [done] == practice.attempts(drill="hold")
    assert practice.everybody() == ["Anna", "Ben", "Cleo"]


def test_all_of_it_can_be_taken_away_and_a_person_deleted(pair: practice.Pair, home: Path) -> None:
    practice.agree(pair, practice.propose(pair, SECRET, by="Anna", today=DAY), DAY)
    checkin = practice.begin(pair, f"{DAY}T20:00")
    practice.save_step(checkin, "welcome", {"draft": SECRET}, f"{DAY}T20:00")
    practice.add_note(checkin, "learned", "Ben", SECRET, DAY)
    practice.add_commitment(pair, "Ben", SECRET, made=DAY, due=DAY)
    practice.set_schedule(pair, practice.Weekly(2, "20:00", 30))
    practice.add_attempt("Anna", "mirror", level=1, date=DAY, figures={})
    others = practice.pair_of(["Cleo", "Dan"], DAY)
    practice.add_commitment(others, "Cleo", "I call.", made=DAY, due=DAY)
    whole = json.loads(json.dumps(practice.export()))
    assert whole["pairs"][0]["people"] == ["Anna", "Ben"]
    assert json.dumps(whole).count(SECRET) == 4
    assert SECRET.encode() in plain_bytes()
    sessions.delete_person("Anna")
    assert practice.pairs() == [others]
    assert practice.attempts() == []
    assert [c.text for c in practice.commitments(others)] == ["I call."]
    assert SECRET.encode() not in plain_bytes()
