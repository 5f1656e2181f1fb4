"""`voicecoach correct` and the page that is served: what is put right there is kept, shown, and taken back."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pages import element, open_page
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.errors import MisuseError
from voicecoach.events import Correction, Interruption, Record
from voicecoach.report import PageServer, corrected, page, render, summarise
from voicecoach.store import sessions
from voicecoach.store.log import LogWriter, read_log, write_log
from voicecoach.store.segments import read_segments
from voicecoach.store.writing import SessionWriter

Talk = Callable[..., list[Record]]


@pytest.fixture
def folder(talk: Talk, tmp_path: Path) -> Path:
    render(talk(), tmp_path)
    write_log(tmp_path, talk())
    return tmp_path


def run(*args: object) -> str:
    done = CliRunner().invoke(app, ["correct", *map(str, args)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def cuts(folder: Path) -> int:
    return len(json.loads((folder / "report.json").read_text(encoding="utf-8"))["interruptions"])


def test_put_right_listed_and_taken_back(folder: Path) -> None:
    at = next(r.start for r in read_log(folder / "events.jsonl") if isinstance(r, Interruption))
    assert "Kept." in run(folder, f"{int(at) // 60}:{int(at) % 60:02}", "--not-interruption")
    assert cuts(folder) == 0
    assert "Ben: not interruption" in run(folder)
    run(folder, "--undo", 1)
    assert cuts(folder) == 1
    assert "Nothing was put right" in run(folder)
    with pytest.raises(MisuseError, match="no correction 1"):
        run(folder, "--undo", 1)


def test_a_log_that_was_cut_off_stays_readable(folder: Path) -> None:
    log = folder / "events.jsonl"
    log.write_text(log.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    run(folder, "0:00", "--was", "Ben")
    assert read_log(log)[-1].type == "correction"


def test_while_a_session_goes_on_its_log_is_its_own(talk: Talk, tmp_path: Path) -> None:
    records = talk()
    with LogWriter(tmp_path) as log:
        for record in records[:-1]:
            log.write(record)
        with pytest.raises(MisuseError, match="goes on right now"):
            run(tmp_path, "0:00", "--was", "Ben")
        log.write(records[-1])
    assert len(read_log(log.path)) == len(records)
    run(tmp_path, "0:00", "--was", "Ben")
    assert [r.type for r in read_log(log.path)[len(records) :]] == ["correction"]


@pytest.mark.parametrize(
    "args", [["1:13"], ["1:13", "--listening", "--said-back"], ["soon", "--listening"], ["--listening"]]
)
def test_what_is_not_clear_is_asked_for(args: list[str], folder: Path) -> None:
    with pytest.raises(MisuseError):
        run(folder, *args)


def test_a_log_is_exported_by_the_ending_of_the_file(folder: Path) -> None:
    run(folder, "0:00", "--was", "Ben")
    done = CliRunner().invoke(app, ["sessions", "export", str(folder), "--out", str(folder / "talk.eaf")])
    assert done.exit_code == 0
    speakers = {s.speaker for s in read_segments(folder / "talk.eaf")}
    assert speakers == {"Anna", "Ben"}
    bad = CliRunner().invoke(app, ["sessions", "export", str(folder), "--out", str(folder / "talk.docx")])
    assert isinstance(bad.exception, MisuseError)


@pytest.fixture
def kept(talk: Talk, home: Path) -> str:
    """A session that is kept, in a data folder of its own; its name."""
    with SessionWriter() as log:
        for record in talk():
            log.write(record)
    return log.name


def test_a_kept_session_is_put_right_where_it_is_kept(kept: str) -> None:
    assert "Kept." in run("last", "0:24", "--not-interruption")
    assert sessions.read(kept)[-1].type == "correction"
    assert summarise(corrected(sessions.read(kept)))["interruptions"] == []
    assert "Ben: not interruption" in run(kept)
    assert "0.0 an hour" in CliRunner().invoke(app, ["trends"]).output


def test_what_the_served_page_sends_is_kept_if_it_fits_the_session(kept: str) -> None:
    command = [sys.executable, "-c", "from voicecoach.cli import run; run()", "report", "last", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        assert program.stdout
        address = program.stdout.readline().strip()
        caller = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

        def send(**what: object) -> int:
            body = json.dumps([{"type": "correction", "start": 1, "end": 2, "speaker": "Ben", **what}]).encode()
            request = urllib.request.Request(address + "corrections", body, {"Content-Type": "application/json"})
            try:
                return int(caller.open(request, timeout=20).status)
            except urllib.error.HTTPError as error:
                return error.code

        try:
            assert "Your conversation" in caller.open(address, timeout=20).read().decode()
            assert [send(label="listening"), send(label="speaker", name="Zoe"), send(label="nonsense")] == [
                204,
                400,
                400,
            ]
        finally:
            program.terminate()
    assert [r.label for r in sessions.read(kept) if isinstance(r, Correction)] == ["listening"]


@pytest.mark.browser
def test_the_command_and_the_file_that_the_page_gives_do_it(browser: Any, folder: Path) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    open_page(browser, (folder / "report.html").as_uri())
    browser.find_element(By.CSS_SELECTOR, "#h-came-in table a.at").send_keys(Keys.ENTER)
    element(browser, ".line > .fix").send_keys(Keys.ENTER)
    browser.find_element(By.CSS_SELECTOR, "dialog button").send_keys(Keys.ENTER)
    command = shlex.split(browser.find_element(By.CSS_SELECTOR, "#fixes pre").text)
    run(*command[2:])
    assert cuts(folder) == 0


@pytest.mark.browser
def test_a_served_page_keeps_it_at_once(browser: Any, talk: Talk) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    kept: list[Any] = []

    def fresh() -> str:
        records = corrected([*talk(), *kept])
        return page(records, summarise(records), session="talk", served=True)

    def take(value: Any) -> None:
        from voicecoach.report import read_corrections

        kept.extend(read_corrections("\n".join(json.dumps(c) for c in value)))

    with PageServer(fresh, take) as server:
        open_page(browser, server.address)
        browser.find_element(By.CSS_SELECTOR, "#h-came-in table a.at").send_keys(Keys.ENTER)
        element(browser, ".line > .fix").send_keys(Keys.ENTER)
        browser.find_element(By.CSS_SELECTOR, "dialog button").send_keys(Keys.ENTER)
        wait = WebDriverWait(browser, 10)
        wait.until(lambda b: b.find_elements(By.CSS_SELECTOR, "#h-fixed [data-undo]"))
        assert not browser.find_elements(By.CSS_SELECTOR, "#h-came-in table")
        browser.find_element(By.CSS_SELECTOR, "#h-fixed [data-undo]").send_keys(Keys.ENTER)
        wait.until(lambda b: b.find_elements(By.CSS_SELECTOR, "#h-came-in table"))
        assert browser.get_log("browser") == []
        browser.get("about:blank")
    assert [c.label for c in kept] == ["not_interruption", "undo"]
