"""Names given after a session was heard: everything shows them, nothing is heard again, and they can be taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner
from written import conversation

from voicecoach.cli import app
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import Correction, KeptVoice, Prompt, Record, SessionEnded, to_dict
from voicecoach.report import FORMATS, PageServer, checked, corrected, export, naming, page, render, summarise
from voicecoach.store import sessions, voices
from voicecoach.store.log import read_log, write_log
from voicecoach.store.writing import SessionWriter

pytestmark = pytest.mark.usefixtures("home")
LETTERS = ("A", "B")
VOICE = KeptVoice(start=30, end=30, speaker="B", embedding=(0.5, *[0.0625] * 191), model="campplus")


def named(records: list[Record], **names: str) -> list[Record]:
    return [*records, *checked(records, naming(records, names))]


def plain(records: list[Record]) -> list[Record]:
    return [r for r in corrected(records) if not isinstance(r, Correction)]


def test_a_session_with_names_given_later_is_the_session_of_those_people() -> None:
    """Everything in it, also what the coach said: as if the names had been known from the start."""
    assert plain(named(conversation(LETTERS), A="Anna", B="Ben")) == plain(conversation(("Anna", "Ben")))


@settings(max_examples=20, deadline=None)
@given(st.permutations(["A", "B", "Anna", "Ben", "Ánna B", "(x)"]))
def test_whatever_they_are_called(names: list[str]) -> None:
    a, b = names[:2]
    once = corrected(named(conversation(LETTERS), A=a, B=b))
    assert [r for r in once if not isinstance(r, Correction)] == plain(conversation((a, b)))
    assert corrected(once) == once


def test_two_people_can_change_names_and_a_name_can_be_taken_back() -> None:
    records = conversation(("Anna", "Ben"))
    changed = named(records, Anna="Ben", Ben="Anna")
    assert plain(changed) == plain(conversation(("Ben", "Anna")))
    with pytest.raises(MisuseError, match="Two people would be called"):
        checked(changed, [Correction(start=0, end=0, label="undo", undoes=1)])
    back = [Correction(start=0, end=0, label="undo", undoes=n) for n in (1, 2)]
    assert plain([*changed, *checked(changed, back)]) == plain(records)


def test_other_corrections_go_by_the_names_that_are_shown() -> None:
    records = conversation(LETTERS)
    sign = next(r for r in records if r.type == "backchannel")
    later = named(records, A="Anna", B="Ben")
    more = [
        Correction(start=sign.start, end=sign.end, speaker="Ben", label="interruption"),
        Correction(start=0, end=0, speaker="Ben", label="named", name="Bo"),
    ]
    figures = summarise(corrected([*later, *checked(later, more)]))
    assert list(figures["people"]) == ["Anna", "Bo"]
    assert figures["interruptions"][0]["speaker"] == "Bo"
    assert [c["speaker"] for c in figures["corrections"] if c["label"] == "interruption"] == ["Bo"]


def test_what_the_coach_called_people_by_the_names_of_that_moment_is_told_by_the_last() -> None:
    """Names changed while it went on: what was said after that is right as it was said."""
    prompts = [
        Prompt(start=t, end=t + 1, text=f"{name}, what did you hear?", to="A") for t, name in ((1, "A"), (9, "Ann"))
    ]
    given = [Correction(start=5, end=5, speaker="A", label="named", name=name) for name in ("Ann", "Anna")]
    records: list[Record] = [*conversation(LETTERS)[:1], prompts[0], given[0], prompts[1], given[1]]
    shown = [r.text for r in corrected(records) if isinstance(r, Prompt)]
    assert shown == ["Anna, what did you hear?"] * 2


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"C": "Anna"}, "Nobody called C"),
        ({"A": " "}, "no name"),
        ({"A": "B"}, "Two people"),
        ({"A": "x" * 61}, "no name"),
    ],
)
def test_names_that_cannot_be(names: dict[str, str], says: str) -> None:
    with pytest.raises(MisuseError, match=says):
        named(conversation(LETTERS), **names)


def run(*args: object) -> str:
    done = CliRunner().invoke(app, [*map(str, args)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_every_file_and_every_format_has_the_names(tmp_path: Path) -> None:
    write_log(tmp_path, conversation(LETTERS))
    run("correct", tmp_path, "--name", "A=Anna", "--name", "B=Ben")
    assert list(json.loads((tmp_path / "report.json").read_text())["people"]) == ["Anna", "Ben"]
    records = read_log(tmp_path / "events.jsonl")
    for name in FORMATS:
        text = export(records, name)
        assert text == export([*conversation(("Anna", "Ben")), *records[-2:]], name)
    for file in ("transcript.vtt", "speech.rttm", "turns.rttm"):
        assert "Anna" in (tmp_path / file).read_text()
    assert "A is called Anna" in run("correct", tmp_path)
    with pytest.raises(MisuseError, match="write it like A=Anna"):
        run("correct", tmp_path, "--name", "Anna")


def test_a_kept_session_belongs_to_the_people_named(tmp_path: Path) -> None:
    with SessionWriter() as log:
        for record in conversation(LETTERS):
            log.write(record)
    run("correct", "last", "--name", "A=Anna", "--name", "B=Ben")
    assert sessions.kept()[0].people == ("Anna", "Ben")
    assert "Anna:" in run("sessions", "show", "last")
    assert "Anna" in run("trends", "--people", "Anna,Ben")
    assert sessions.delete_person("Anna") == 1


def test_a_voice_that_was_kept_is_enrolled_by_its_name(tmp_path: Path) -> None:
    records = [r for r in conversation(LETTERS) if not isinstance(r, SessionEnded)]
    write_log(tmp_path, [*records, VOICE])
    with pytest.raises(VoicecoachError, match="Anna's voice was not kept"):
        run("correct", tmp_path, "--name", "A=Anna", "--keep-voice")
    assert not [r for r in read_log(tmp_path / "events.jsonl") if isinstance(r, Correction)]
    assert "Ben's voice is known now" in run("correct", tmp_path, "--name", "B=Ben", "--keep-voice")
    assert voices.load("Ben")["embedding"][0] == 0.5
    assert all("embedding" not in export(read_log(tmp_path / "events.jsonl"), name) for name in FORMATS)


@pytest.mark.browser
def test_on_the_served_page_names_are_written_and_kept(browser: Any) -> None:
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    records = conversation(LETTERS)
    kept: list[Record] = [*records]

    def fresh() -> str:
        now = corrected(kept)
        return page(now, summarise(now), session="talk", served=True)

    def take(value: Any) -> None:
        from voicecoach.report import read_corrections

        kept.extend(checked(kept, read_corrections("\n".join(json.dumps(c) for c in value))))

    def write(*names: str) -> None:
        browser.find_element(By.CSS_SELECTOR, "#who summary").send_keys(Keys.ENTER)
        for field, name in zip(browser.find_elements(By.CSS_SELECTOR, "#who input"), names, strict=True):
            field.clear()
            field.send_keys(name)
        browser.find_element(By.CSS_SELECTOR, "#who input").send_keys(Keys.ENTER)

    with PageServer(fresh, take) as server:
        browser.get(server.address)
        write("Anna", "Anna")
        wait = WebDriverWait(browser, 10, ignored_exceptions=[StaleElementReferenceException])
        wait.until(lambda b: "Two people" in b.find_element(By.CSS_SELECTOR, "#fixes").text)
        browser.refresh()
        write("Anna", "Ben")
        wait.until(lambda b: "Anna" in b.find_element(By.CSS_SELECTOR, "header").text)
        assert [e for e in browser.get_log("browser") if "400" not in e["message"]] == []
        browser.get("about:blank")
    assert plain(kept) == plain(conversation(("Anna", "Ben")))


@pytest.mark.browser
def test_on_a_written_page_names_become_a_command(browser: Any, tmp_path: Path) -> None:
    import shlex

    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    write_log(tmp_path, conversation(("Anna", "Ben")))
    browser.get(render(read_log(tmp_path / "events.jsonl"), tmp_path)[0].as_uri())
    browser.find_element(By.CSS_SELECTOR, "#who summary").send_keys(Keys.ENTER)
    fields = browser.find_elements(By.CSS_SELECTOR, "#who input")
    for field, name in zip(fields, ("Ben", "Anna"), strict=True):
        field.clear()
        field.send_keys(name)
    fields[0].send_keys(Keys.ENTER)
    run(*shlex.split(browser.find_element(By.CSS_SELECTOR, "#fixes pre").text)[1:])
    changed = plain(read_log(tmp_path / "events.jsonl"))
    assert [to_dict(r) for r in changed] == [to_dict(r) for r in plain(conversation(("Ben", "Anna")))]
