"""`voicecoach drill` without a microphone: what there is, how it went, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from voicecoach import cli
from voicecoach.cli.drill import ALONE, tell_curves
from voicecoach.display import DrillLines, DrillScreen
from voicecoach.errors import MisuseError
from voicecoach.events import Cue, Event, Partial, Practised, Prompt, Word
from voicecoach.practice.drills import NAMES, Stage, sheet_of
from voicecoach.store import database
from voicecoach.store.practice import add_attempt


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def run(*args: str) -> str:
    done = CliRunner().invoke(cli.app, ["drill", *args], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_all_drills_are_listed_with_a_line_each_and_nothing_is_made_for_that() -> None:
    listed = run()
    assert all(name in listed and sheet_of(name).line in listed for name in NAMES)
    assert not database.exists()


def test_progress_is_shown_as_a_curve_for_each_person() -> None:
    for person, measures in (("Anna", (0.0, 0.5, 1.0)), ("Ben", (0.25,))):
        for measure in measures:
            figures = {"measure": measure, "longest_calm_ms": 2500.0}
            add_attempt(person, "hold", level=2, date="2026-01-01T10:00", figures=figures)
    listed = run()
    assert "Anna: 3 times, level 2  ▁▅█" in listed
    assert "longest calm wait 2.5 s" in listed
    one = run("hold", "--progress", "--as", "Ben")
    assert "once" in one
    assert "Anna" not in one
    assert f"2026-01-01: {sheet_of('hold').measure}" in one
    assert "mirror" not in one


def test_after_practising_alone_the_curve_is_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    for person, level, measure in (("Anna", 2, 1.0), ("Ben", 1, 0.0), (ALONE, 3, 0.5)):
        add_attempt(person, "mirror", level=level, date="2026-01-01T10:00", figures={"measure": measure})
    for person, line in (("Anna", "Anna: once, level 2  █"), (ALONE, "once, level 3  ▅")):
        tell_curves([person], "mirror")
        assert capsys.readouterr().out.splitlines()[0] == line


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["listen"], "There is no drill 'listen'"),
        (["mirror", "--with", "Ben"], "--as Anna"),
        (["mirror", "--with", "Ben", "--as", "Ben"], "same name"),
        (["mirror", "--topic", "sport"], "work, money"),
        (["mirror", "--story", "no-such"], "no story"),
    ],
)
def test_what_cannot_be_practised_is_told(args: list[str], words: str) -> None:
    with pytest.raises(MisuseError, match=words):
        CliRunner().invoke(cli.app, ["drill", *args], catch_exceptions=False)


EVENTS: list[Event] = [
    Cue(start=0, end=0, text="Listen.", situation="drill", patient=True),
    Cue(start=1, end=1, text="It rained on Monday.", situation="story", patient=True),
    Cue(start=2, end=2, text="It rained on Monday.", situation="story", patient=True),
    Prompt(start=1, end=3, text="It rained on Monday.", situation="story", spoken=False),
    Word(start=4, end=4.3, speaker="Anna", word="So"),
    Word(start=4.3, end=4.6, speaker="Anna", word="you"),
    Partial(start=4.6, end=5, speaker="Anna", text="got wet"),
    Practised(start=4, end=5, speaker="Anna", drill="mirror"),
    Cue(start=6, end=6, text="You had it.", situation="drill", patient=True),
]


def test_the_screen_shows_what_is_said_and_whose_turn_it_is() -> None:
    console = Console(width=80, height=30, record=True, force_terminal=True)
    screen = DrillScreen("mirror", ["Anna"], lambda: Stage.REPLY, console, "q stop")
    for event in EVENTS:
        screen.show(event)
    console.print(screen._render())
    text = console.export_text()
    assert text.count("It rained on Monday.") == 1, "a line said again is shown once"
    assert "Anna: So you" in text
    assert "your turn" in text
    assert "1 done" in text
    assert "read along" in text, "the voice was not heard"


def test_lines_show_the_same_where_there_is_no_screen() -> None:
    console = Console(width=80, record=True)
    with DrillLines(console) as lines:
        for event in EVENTS:
            lines.show(event)
    assert console.export_text().splitlines() == ["Listen.", "It rained on Monday.", "Anna: So you", "You had it."]
