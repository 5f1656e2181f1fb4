"""What a check-in leaves in the database, how the next begins, and the commands between two check-ins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from couple import Couple
from dateutil.rrule import rrulestr
from theatre import Line, Theatre
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.cli.converse import agreements_of
from voicecoach.errors import MisuseError
from voicecoach.events import Event
from voicecoach.practice.calendar import ics, next_time
from voicecoach.practice.checkin import CheckIn
from voicecoach.practice.keeper import Keeper
from voicecoach.practice.planning import Length, heavier, left_open, plan
from voicecoach.store import practice

NOW = datetime(2026, 11, 25, 20, 0)
SHORT = Length(minutes=10, rounds=1)


pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def pair() -> practice.Pair:
    return practice.pair_of(["Anna", "Ben"], "2026-11-25")


def hold(
    pair: practice.Pair,
    *,
    crash_in: str = "",
    now: datetime = NOW,
    instead: Mapping[str, Iterable[Line | Event]] | None = None,
) -> Theatre:
    """One check-in as the command holds it; with ``crash_in`` the program is gone in that step."""
    left = left_open(pair, now)
    checkin, planned, progress = left if left is not None else (None, plan(pair, SHORT, now), None)
    guide = CheckIn(planned, progress=progress)
    with Keeper(pair, planned, checkin, lambda: now) as keeper:

        class Kept(CheckIn):
            def push(self, event: Event) -> list[Event]:
                out = super().push(event)
                for what in out:
                    keeper.show(what)
                return out

        guide = Kept(planned, progress=progress)
        return Theatre(guide, Couple(guide, **(instead or {})), tick_s=0.4).run(
            stop=lambda t: bool(crash_in) and guide.progress.step == crash_in
        )


def test_a_check_in_leaves_agreements_promises_and_what_was_said_at_the_end(pair: practice.Pair) -> None:
    hold(pair)
    assert [a.text for a in practice.agreements(pair)] == [
        "We let each other finish.",
        "No sarcasm.",
        "We ask questions out of curiosity.",
        "What is said here stays here.",
    ]
    assert [(c.person, c.due) for c in practice.commitments(pair)] == [("Anna", "2026-11-29"), ("Ben", "2026-11-29")]
    assert {(n.kind, n.person) for n in practice.notes(pair)} == {
        ("learned", "Anna"), ("learned", "Ben"), ("appreciated", "Anna"), ("appreciated", "Ben"), ("breakthrough", ""),
    }  # fmt: skip
    (checkin,) = practice.checkins(pair)
    assert checkin.state == "done"
    assert checkin.figures["people"]["Anna"]["reflected"] == 1


@pytest.mark.parametrize("step", ["private", "suggest", "reflect", "support_read"])
def test_after_a_crash_it_goes_on_and_leaves_the_same(pair: practice.Pair, step: str) -> None:
    hold(pair, crash_in=step)
    assert practice.last_open(pair) is not None
    theatre = hold(pair)
    assert theatre.prompts[0].text == "Welcome back. We go on where we were."
    assert theatre.steps[0].name == step
    assert len(practice.agreements(pair)) == 4
    assert len(practice.commitments(pair)) == 2
    assert [c.state for c in practice.checkins(pair)] == ["done"]


def test_one_that_broke_off_long_ago_is_not_gone_on_with(pair: practice.Pair) -> None:
    hold(pair, crash_in="reflect")
    later = NOW.replace(month=12, day=2)
    assert left_open(pair, later) is None
    hold(pair, now=later)
    assert [c.state for c in practice.checkins(pair)] == ["left", "done"]


def test_the_next_one_opens_with_the_promises_and_the_other_begins(pair: practice.Pair) -> None:
    hold(pair)
    theatre = hold(pair, now=NOW.replace(day=29))
    assert theatre.said("Last time, Anna, you said: I will bring Ben a cup of tea in the evening. How did it go?")
    assert theatre.said("As always: coach, next")
    assert theatre.said("Your agreements. We let each other finish. No sarcasm.")
    assert not theatre.said("Would you both like that?"), "agreements are suggested once"
    assert next(s.speaker for s in theatre.steps if s.name == "speak") == "Ben"
    old = [c for c in practice.commitments(pair) if c.made == "2026-11-25"]
    assert [(c.state, c.outcome) for c in old] == [("kept", "It went well, I did it on Monday.")] * 2


def held(*shares: float) -> list[practice.CheckIn]:
    return [
        practice.CheckIn(
            i, f"2026-0{i + 1}-01T20:00", "", "done", (),
            {"people": {"Anna": {"speech_s": 600 * share}, "Ben": {"speech_s": 600 * (1 - share)}}},
        )
        for i, share in enumerate(shares)
    ]  # fmt: skip


def test_who_carries_most_of_the_talking_several_times_in_a_row() -> None:
    assert heavier(held(0.7, 0.65, 0.62)) == "Anna"
    assert heavier(held(0.2, 0.7, 0.65, 0.62)) == "Anna"
    assert heavier(held(0.3, 0.35, 0.38)) == "Ben"
    assert heavier(held(0.7, 0.65)) is None, "twice is not several times"
    assert heavier(held(0.7, 0.5, 0.7)) is None
    assert heavier(held(0.7, 0.3, 0.7)) is None


def test_after_several_check_ins_in_which_one_talked_most_the_next_says_so_to_both(pair: practice.Pair) -> None:
    for week in range(3):
        checkin = practice.begin(pair, f"2026-11-{5 + 7 * week:02}T20:00")
        practice.close(checkin, f"2026-11-{5 + 7 * week:02}T20:40", held(0.7)[0].figures)
    theatre = hold(pair)
    assert theatre.said("with no blame in it: over your last check-ins, Anna has carried most of the talking")
    assert theatre.said("Would you both like to share it more evenly today?")
    floors = [p.text for p in theatre.prompts if "you have the floor for" in p.text]
    assert len(floors) == 2
    assert len({text.partition("for ")[2].partition(".")[0] for text in floors}) == 2, (
        "one gets more time than the other"
    )


def test_the_talking_of_a_check_in_is_counted_for_that(pair: practice.Pair) -> None:
    hold(pair)
    (checkin,) = practice.checkins(pair)
    speech = {name: figures["speech_s"] for name, figures in checkin.figures["people"].items()}
    assert min(speech.values()) > 5


def test_a_changed_agreement_takes_the_place_of_the_one_about_the_same_when_both_say_so(pair: practice.Pair) -> None:
    hold(pair)

    def next_one(now: datetime, **instead: Iterable[Line | Event]) -> Theatre:
        own = {"change_any": [Line("Anna", "Yes.")], "own": [Line("Ben", "Nobody interrupts before the dot.")]}
        return hold(pair, now=now, instead={**own, **instead})

    theatre = next_one(NOW.replace(day=29))
    assert theatre.said("I heard: Nobody interrupts before the dot. Do you both agree?")
    assert theatre.said("You have one about this already: We let each other finish. Shall the new one take its place?")
    holds = {a.number: (a.version, a.text) for a in practice.agreements(pair)}
    assert holds[1] == (2, "Nobody interrupts before the dot.")
    assert len(holds) == 4
    next_one(NOW.replace(day=30), own_instead=[Line("Ben", "No.")], own=[Line("Anna", "We never cut in.")])
    assert [a.text for a in practice.agreements(pair)][-1] == "We never cut in.", "both wanted it, beside the other"
    assert len(practice.agreements(pair)) == 5


def test_an_agreement_that_both_let_go_is_a_version_of_it_with_a_date(pair: practice.Pair) -> None:
    hold(pair)
    later = NOW.replace(day=29)
    theatre = hold(pair, now=later, instead={"change_any": [Line("Ben", "Let go of the one about sarcasm.")]})
    assert theatre.said("To let go of: No sarcasm. Do you both agree?")
    assert [a.number for a in practice.agreements(pair)] == [1, 3, 4]
    (gone,) = [a for a in practice.history(pair) if not a.text]
    assert (gone.number, gone.version, gone.state, gone.by, gone.date) == (2, 2, "agreed", "Ben", "2026-11-29")
    assert not hold(pair, now=NOW.replace(day=30)).said("No sarcasm.")


def test_a_promise_that_did_not_work_out_can_be_kept_on_or_let_go(pair: practice.Pair) -> None:
    hold(pair)
    still = {"promise_done": [Line("Anna", "No, not yet.")], "promise_keep": [Line("Anna", "No.")]}
    theatre = hold(pair, now=NOW.replace(day=29), instead=still)
    assert theatre.said("Would you like to keep it for another week?")
    states = {c.person: c.state for c in practice.commitments(pair) if c.made == "2026-11-25"}
    assert states == {"Anna": "let go", "Ben": "kept"}


def test_a_weekly_time_as_a_calendar_file() -> None:
    weekly = practice.Weekly(6, "19:30", 45)
    assert next_time(weekly, NOW) == datetime(2026, 11, 29, 19, 30)
    assert next_time(weekly, datetime(2026, 11, 29, 19, 30)) == datetime(2026, 12, 6, 19, 30)
    assert next_time(weekly, datetime(2026, 11, 29, 19, 29)) == datetime(2026, 11, 29, 19, 30)
    text = ics(weekly, ("Anna", "Ben"), "Check-in: Anna, Ben; " + "ü" * 80, NOW)
    lines = text.split("\r\n")
    assert "RRULE:FREQ=WEEKLY;BYDAY=SU" in lines
    assert "DTSTART:20261129T193000" in lines
    assert "DURATION:PT45M" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "SUMMARY:Check-in: Anna\\, Ben\\; " + "ü" * 80 in text.replace("\r\n ", "")


def test_another_program_reads_the_weekly_time_as_it_was_meant() -> None:
    weekly = practice.Weekly(6, "19:30", 45)
    (event,) = icalendar.Calendar.from_ical(ics(weekly, ("Anna", "Ben"), "Check-in: Anna, Ben; ü", NOW)).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Check-in: Anna, Ben; ü"
    assert event.decoded("DURATION") == timedelta(minutes=45)
    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=event.decoded("DTSTART"))
    assert list(rule[:3]) == [
        datetime(2026, 11, 29, 19, 30),
        datetime(2026, 12, 6, 19, 30),
        datetime(2026, 12, 13, 19, 30),
    ]
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(minutes=-15)


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_commands_between_two_check_ins(pair: practice.Pair, home: Path) -> None:
    hold(pair)
    assert "Next check-in: Sunday" in run("next", "--day", "sun", "--time", "19:30", "--ics", str(home / "x.ics"))
    assert (home / "x.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert "Anna: I will bring Ben a cup of tea" in run("next")
    run("agreements", "propose", "No sarcasm after nine.", "--by", "Ben", "--instead-of", "2")
    listed = run("agreements", "list")
    assert "2. No sarcasm.  (since 2026-11-25)" in listed
    assert run("agreements") == listed
    assert "2. proposed by Ben as a new version: No sarcasm after nine." in listed
    assert hold(pair, now=NOW.replace(day=29)).said("Ben proposes: No sarcasm after nine. Do you both agree?")
    assert "2.2  agreed by Ben: No sarcasm after nine." in run("agreements", "history")
    run("agreements", "let-go", "4", "--by", "Anna")
    assert "4. to let it go, proposed by Anna" in run("agreements", "list")
    theatre = hold(pair, now=NOW.replace(month=12, day=6))
    assert theatre.said("Anna proposes to let go of one: What is said here stays here. Do you both agree?")
    assert "stays here" not in run("agreements", "list")
    run("reflect", "--export", str(home / "all.json"))
    assert "No sarcasm after nine." in (home / "all.json").read_text(encoding="utf-8")
    assert [a.text for a in agreements_of(["Ben", "Anna"])] == [
        "We let each other finish.",
        "We ask questions out of curiosity.",
    ], "the coach reminds of what it can notice, also in other talks"
    assert agreements_of(["Anna", "Cleo"]) == []


def test_the_weekly_time_is_changed_in_part(pair: practice.Pair) -> None:
    run("next", "--day", "sunday")
    assert practice.schedule(pair) == practice.Weekly(6, "19:30", 30)
    assert "18:00, 30 minutes" in run("next", "--time", "18:00")
    assert "18:00, 45 minutes" in run("next", "--minutes", "45")
    run("next", "--day", "monday")
    assert practice.schedule(pair) == practice.Weekly(0, "18:00", 45)


@pytest.mark.parametrize("option", [("--time", "18:00"), ("--minutes", "45")])
def test_a_time_without_a_day_is_asked_for_its_day(option: tuple[str, str], pair: practice.Pair) -> None:
    with pytest.raises(MisuseError, match="--day sunday"):
        run("next", *option)
    assert practice.schedule(pair) is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("next",), "--people Anna,Ben"),
        (("next", "--people", "Ana,Ben"), "Ana and Ben have not begun here yet"),
        (("next", "--people", "Anna,Ben", "--day", "someday"), "day of the week"),
        (("next", "--people", "Anna,Ben", "--day", "mon", "--time", "25:00"), "time of the day"),
        (("agreements", "propose", "Kind.", "--by", "Cleo", "--people", "Anna,Ben"), "not one of you two"),
        (("agreements", "propose", " ", "--by", "Ben", "--people", "Anna,Ben"), "is empty"),
        (("agreements", "propose", "Kind.", "--by", "Ben", "--instead-of", "3", "--people", "Anna,Ben"), "agreement 3"),
        (("reflect", "--people", "Anna"), "two people"),
    ],
)  # fmt: skip
def test_misuse_is_told_in_one_sentence(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(MisuseError, match=says):
        CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_looking_makes_no_pair_and_there_is_no_calendar_without_a_weekly_time(pair: practice.Pair) -> None:
    with pytest.raises(MisuseError, match="Ana and Ben"):
        CliRunner().invoke(app, ["next", "--people", "Ana,Ben"], catch_exceptions=False)
    assert practice.pairs() == [pair]
    with pytest.raises(MisuseError, match="no weekly time"):
        CliRunner().invoke(app, ["next", "--ics", "x.ics"], catch_exceptions=False)


def test_only_what_can_be_gone_on_with_is_told(pair: practice.Pair) -> None:
    checkin = practice.begin(pair, datetime.now().isoformat(timespec="minutes"))
    assert "not over yet" not in run("next"), "it was left before anything began"
    for name in ("plan", "welcome"):
        practice.save_step(checkin, name, plan(pair, SHORT, NOW).to_dict(), datetime.now().isoformat())
    assert "not over yet" in run("next")
