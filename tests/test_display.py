from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from truth import fixtures

from voicecoach.cli.check_in import HELP as CHECK_IN_HELP
from voicecoach.cli.keyboard import Keyboard
from voicecoach.cli.naming import Naming
from voicecoach.display import HELP, Plain, Screen
from voicecoach.errors import MisuseError
from voicecoach.events import Command, CommandName, Correction, Cue, Level, Prompt, Save, TurnStarted, VoiceOn, Word
from voicecoach.keys import LEGEND


def test_the_screen_shows_words_floor_balance_prompt_and_lag() -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=110, height=40)
    with Screen(fixture.people, lambda: 1.5, console) as screen:
        for event in fixture.truth:
            screen.show(event)
        screen.show(TurnStarted(start=3, end=3, speaker="Ben"))
        screen.show(VoiceOn(start=3, end=3, speaker="Ben"))
        screen.show(Level(start=3, end=3, channel=1, dbfs=-20))
        screen.show(Prompt(start=3, end=4, text="Ben, what did you hear?"))
    shown = file.getvalue()
    for word in (
        "Anna",
        "has the floor",
        "lag 1.5 s",
        "Ben, what did you hear?",
        "mic 2",
        "%",
        fixture.text("Ben")[-8:],
    ):
        assert word in shown


def test_guided_practice_shows_its_part_and_its_lines_while_they_are_said() -> None:
    shown = {}
    for kind in (Screen, Plain):
        file = io.StringIO()
        console = Console(file=file, force_terminal=kind is Screen, width=110, height=40)
        with Screen(("Anna", "Ben"), lambda: 0.0, console) if kind is Screen else Plain(console) as display:
            display.show(Save(start=0, end=0, name="speak", part="rounds"))
            display.show(Cue(start=0, end=0, text="Anna, you have the floor.", patient=True))
            display.show(Prompt(start=0, end=0.4, situation="consent", words=False))  # a chime that sounded before
            display.show(Save(start=0, end=0, name="reflect", part="rounds"))
        shown[kind] = file.getvalue()
    assert "voicecoach: rounds" in shown[Screen]
    assert "Anna, you have the floor." in shown[Screen]
    assert "♪" not in shown[Screen], "what is being said stays, to read along"
    assert shown[Plain] == "--- rounds ---\n0:00  coach: (chime)\n", "lines tell what was said once it was said"


@pytest.mark.parametrize("kind", ["screen", "lines"])
def test_what_a_command_did_is_told_to_those_who_do_not_hear_it(kind: str) -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=kind == "screen", width=110, height=40)
    display = Screen(["Anna", "Ben"], lambda: 0.0, console, LEGEND) if kind == "screen" else Plain(console)
    with display:
        display.show(Command(start=3, end=4, name="not now", speaker="Ben"))
        display.show(Prompt(start=4, end=4, situation="command", words=False))
    shown = file.getvalue()
    assert "The coach is quiet for five minutes." in shown
    assert "chime" not in shown
    assert (LEGEND.split("   ")[0] in shown) is (kind == "screen")


@pytest.mark.parametrize("kind", ["screen", "lines"])
@pytest.mark.parametrize(
    ("told", "last", "never"),
    [
        (["go on"], "", "Listening again."),
        (["off the record", "go on"], "Off the record:", "Listening again."),
        (["pause", "off the record", "go on"], "Off the record:", "Listening again."),
        (["off the record", "pause"], "Off the record:", "Paused."),
        (["off the record", "time out", "on the record"], "On the record again.", "A break."),
        (["time out", "go on"], "Listening again.", "Off the record:"),
    ],
)
def test_a_command_that_changes_nothing_is_not_told(kind: str, told: list[CommandName], last: str, never: str) -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=kind == "screen", width=110, height=40)
    display = Screen(["Anna", "Ben"], lambda: 0.0, console) if kind == "screen" else Plain(console)
    with display:
        for i, name in enumerate(told):
            display.show(Command(start=i, end=i, name=name, speaker="Ben"))
    shown = file.getvalue()
    assert never not in shown
    assert all(word in shown for word in last.split())
    assert (kind == "screen") or bool(shown) is bool(last)


@pytest.mark.parametrize(("help_text", "said"), [(HELP, "coach, off the record"), (CHECK_IN_HELP, "coach, next")])
def test_help_comes_and_goes(help_text: str, said: str) -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=130, height=40)
    with Screen(["Anna", "Ben"], lambda: 0.0, console, LEGEND, help_text) as screen:
        screen.help()
        screen.show(Level(start=3, end=3, channel=1, dbfs=-20))
    assert said in file.getvalue()


def test_plain_lines_lose_no_word() -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    file = io.StringIO()
    with Plain(Console(file=file, width=10_000)) as plain:
        for event in fixture.truth:
            plain.show(event)
    assert len(file.getvalue().split()) >= len((fixture.text("Anna") + " " + fixture.text("Ben")).split())


@pytest.mark.models
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_conversation_in_a_terminal(tmp_path: Path) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    ours, theirs = os.openpty()
    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "listen", "--people", "Anna,Ben"]
    command += ["--file", str(fixture.audio), "--speed", "4", "--no-voice", "--out", str(tmp_path)]
    env = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env=env) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not more:
                break
            shown += more
        assert process.stderr is not None
        assert process.wait(timeout=120) == 0, process.stderr.read().decode()
    os.close(ours)
    assert b"has the floor" in shown
    assert b"The report is in" in shown


@pytest.mark.parametrize("kind", ["screen", "lines"])
def test_a_voice_that_is_named_is_called_so_in_what_was_said_before_too(kind: str) -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=kind == "screen", width=110, height=40)
    display = Screen(["A", "B"], lambda: 0.0, console, LEGEND) if kind == "screen" else Plain(console)

    def call(person: str, name: str) -> None:
        if name == "B":
            raise MisuseError("Two people would be called B.")
        display.show(Correction(start=2, end=2, speaker=person, label="named", name=name))

    naming = Naming(["A", "B"], call)
    keyboard = Keyboard(None, display, {}, writes=False, naming=naming)  # type: ignore[arg-type]
    with display:
        display.show(Word(start=1, end=1.5, speaker="A", word="Morning."))
        for key in "WB\r":
            keyboard.pressed(key)
        assert naming.question == "Two people would be called B. Who is A? "
        for key in "Annb\x7fa\r":
            keyboard.pressed(key)
        assert naming.question == "Who is B? "
        keyboard.pressed("\r")
        assert naming.text is None
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", file.getvalue())
    assert ("0:01 Anna Morning." if kind == "screen" else "A is called Anna now.") in shown
