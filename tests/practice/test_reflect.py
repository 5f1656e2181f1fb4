"""Looking back: the figures of `voicecoach trends` of their check-ins, what they said, and the agreements, adjusted."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.events import Interruption, Record, ReplyAct, SessionEnded, SessionStarted, Speech, Turn
from voicecoach.store import practice, sessions
from voicecoach.store.writing import SessionWriter

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def pair() -> practice.Pair:
    return practice.pair_of(["Anna", "Ben"], "2026-01-04")


def talk(day: str, came_in: int, mended: int) -> list[Record]:
    """An hour: Ben has a quarter of the talking, comes in ``came_in`` times, and says sorry for ``mended`` of them."""
    out: list[Record] = [SessionStarted(start=0, end=0, people=("Anna", "Ben"), date=f"{day}T19:30")]
    for at in range(0, 3600, 60):
        out += [
            Speech(start=at, end=at + 30, speaker="Anna"), Turn(start=at, end=at + 30, speaker="Anna", speech_s=30),
            Speech(start=at + 31, end=at + 41, speaker="Ben"), Turn(start=at + 31, end=at + 41, speaker="Ben"),
        ]  # fmt: skip
        n = at // 60
        if n < came_in:
            out.append(
                Interruption(
                    start=at + 31, end=at + 32, speaker="Ben", interrupted="Anna", kind="successful", yielded="Anna",
                    confidence=0.95,
                )
            )  # fmt: skip
        acts = {"apology": 0.9} if n < mended else {"advice": 0.9}
        out.append(ReplyAct(start=at + 31, end=at + 41, speaker="Ben", to="Anna", acts=acts))
    return [*sorted(out, key=lambda r: r.start), SessionEnded(start=3600, end=3600)]


def check_in(pair: practice.Pair, day: str, came_in: int, mended: int, *, heard: tuple[bool, bool]) -> str:
    """One that came to its close; the name of its session."""
    checkin = practice.begin(pair, f"{day}T19:30")
    with SessionWriter() as log:
        for record in talk(day, came_in, mended):
            log.write(record)
    practice.add_session(checkin, log.name)
    practice.add_note(checkin, "breakthrough", "", "I noticed something good: you both felt heard today.", day)
    figures = {"people": {name: {"heard": h} for name, h in zip(("Anna", "Ben"), heard, strict=True)}}
    practice.close(checkin, f"{day}T20:30", figures)
    return log.name


def run(*words: str, typed: str = "") -> str:
    done = CliRunner().invoke(app, list(words), input=typed, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_it_shows_what_trends_shows_of_the_check_ins_alone(pair: practice.Pair) -> None:
    for week, (came_in, mended) in enumerate([(20, 4), (18, 3), (4, 3), (5, 4)]):
        check_in(pair, f"2026-01-{4 + 7 * week:02}", came_in, mended, heard=(True, week > 0))
    only = run("reflect")
    with SessionWriter() as log:
        for record in talk("2026-02-14", 60, 60):  # a talk that was no check-in
            log.write(record)
    looked = run("reflect")
    assert looked == only
    assert looked.startswith("Anna and Ben · 4 sessions"), looked
    assert "Anna 75" in looked
    assert "Coming in early ▇▇▂▂" in looked or "Less than at first: 4.5 an hour lately" in looked, looked
    assert "More than at first: 78" in looked, "what was mended, with its interval"
    assert "both in 3, one of you in 1 of 4 check-ins" in looked
    celebrated = "Worth celebrating: 2026-01-25 I noticed something good: you both felt heard today. (4 times)"
    assert celebrated in looked, "what came several times is told once"
    assert run("trends").startswith("Anna and Ben · 5 sessions")


def test_without_the_sessions_what_was_said_is_there_still(pair: practice.Pair) -> None:
    assert "no finished check-in" in run("reflect", "--people", "Anna,Ben")
    sessions.delete(check_in(pair, "2026-01-04", 1, 1, heard=(False, False)))
    looked = run("reflect")
    assert "no longer kept" in looked
    assert "both in 0, one of you in 0 of one check-in" in looked
    assert "Worth celebrating" in looked


def test_what_one_of_them_proposed_can_be_agreed_to_when_they_look_back(pair: practice.Pair) -> None:
    practice.propose(pair, "No sarcasm.", by="", today="2026-01-04", agreed=True)
    practice.propose(pair, "We put the phones away.", by="Ben", today="2026-01-05")
    check_in(pair, "2026-01-04", 1, 1, heard=(True, True))
    assert "2. proposed by Ben: We put the phones away." in run("reflect", "--adjust", typed="\nn\n\n")
    assert [a.number for a in practice.agreements(pair)] == [1]
    run("reflect", "--adjust", typed="\ny\n\n")
    assert [a.number for a in practice.agreements(pair)] == [1, 2]


def test_a_year_of_check_ins_fits_on_a_screen(pair: practice.Pair) -> None:
    from voicecoach.cli.trends import past_of
    from voicecoach.report.trends import course_of, trends_text

    past = past_of([check_in(pair, "2026-01-04", 3, 1, heard=(True, True))]) * 130
    text = trends_text(course_of(past), width=80)
    assert max(len(line) for line in text.splitlines()) <= 80
    (bars,) = [lines for lines in text.split("\n\n") if lines.startswith("Coming in early\n")]
    assert bars.splitlines()[1].strip() == "█" * 65, "one for each two talks, which are all alike"


def test_agreements_are_reread_and_changed_where_both_agree(pair: practice.Pair) -> None:
    for text in ("No sarcasm.", "We let each other finish.", "What is said here stays here."):
        practice.propose(pair, text, by="", today="2026-01-04", agreed=True)
    check_in(pair, "2026-01-04", 1, 1, heard=(True, True))
    typed = ["No sarcasm after nine.", "y", "", "-", "n", "We breathe first.", "y", ""]
    told = run("reflect", "--adjust", typed="\n".join([*typed, ""]))
    assert "1. No sarcasm." in told
    assert "Then it stays as it is." in told
    assert [(a.number, a.version, a.text) for a in practice.agreements(pair)] == [
        (1, 2, "No sarcasm after nine."),
        (2, 1, "We let each other finish."),
        (3, 1, "What is said here stays here."),
        (4, 1, "We breathe first."),
    ]
    run("reflect", "--adjust", typed="\n\n-\ny\n\n\n")
    assert [a.number for a in practice.agreements(pair)] == [1, 2, 4]
