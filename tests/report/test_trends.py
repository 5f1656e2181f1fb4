"""Over many sessions a change is called one when it is one, and hardly ever when it is not."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from written import conversation

from voicecoach.cli import app
from voicecoach.events import Record, SessionStarted
from voicecoach.report import summarise
from voicecoach.report.frame import texts_of
from voicecoach.report.trends import Past, changes, course_of, trends_page, trends_text
from voicecoach.report.trends.wording import at_a_glance
from voicecoach.store.log import write_log

Talk = Callable[..., list[Record]]


def past(came_in: int, hours: float = 0.5, done: int = 5, chances: int = 10, signs: int = 20) -> Past:
    """A session's figures, as far as trends look at them."""
    one = {
        "came_in": came_in, "backchannels": signs, "questions_open": 3, "chances": chances, "missed": chances - done,
        "said_back": done, "mended": came_in // 2, "reflections": done, "landed": 0, "share": 0.5,
    }  # fmt: skip
    other = {**one, "came_in": 0, "backchannels": 0, "questions_open": 0, "chances": 0, "missed": 0, "said_back": 0}
    other |= {"mended": 0, "reflections": 0}
    figures = {
        "heard_h": hours, "hearing": "channels", "date": "", "people": {"Anna": one, "Ben": other}, "gaps": [1],
        "interruptions": [0] * came_in, "unclear": [],
    }  # fmt: skip
    return Past("one", "", figures)


def change(sessions: Sequence[Past], key: str) -> str:
    return changes(sessions)[key]


def test_half_as_often_over_many_hours_is_a_change() -> None:
    assert change([past(n) for n in (14, 12, 15, 13, 6, 7, 5, 7)], "came_in") == "less"
    assert change([past(5, done=n) for n in (2, 3, 2, 2, 8, 7, 9, 8)], "said_back") == "more"


def test_a_few_talks_or_wild_ones_are_none() -> None:
    assert change([past(14), past(5), past(4)], "came_in") == "few"
    assert change([past(n) for n in (3, 2, 3, 1)], "came_in") == "same"
    assert change([past(n) for n in (2, 40, 1, 30, 3, 2, 25, 1)], "came_in") == "same"


def _poisson(mean: float, dice: random.Random) -> int:
    limit, count, product = math.exp(-mean), 0, dice.random()
    while product > limit:
        count, product = count + 1, product * dice.random()
    return count


@pytest.mark.parametrize("wild", [0.0, 0.6], ids=["as chance has it", "talks that differ among each other"])
def test_where_nothing_changes_hardly_anything_is_called_a_change(wild: float) -> None:
    dice = random.Random(4)
    called = 0
    for _ in range(300):
        talks = []
        for _ in range(8):
            mean = 8 * math.exp(dice.gauss(0, wild))
            done = sum(dice.random() < 0.5 for _ in range(10))
            talks.append(past(_poisson(mean, dice), done=done, signs=_poisson(20, dice)))
        called += set(changes(talks).values()) != {"same"}
    assert called / 300 <= 0.06


def test_a_real_change_is_seen() -> None:
    dice = random.Random(5)
    seen = 0
    for _ in range(200):
        seen += change([past(_poisson(20 if i < 4 else 8, dice)) for i in range(8)], "came_in") == "less"
    assert seen >= 180


def sessions_of(count: int) -> list[Past]:
    return [Past(f"2026-11-{i + 1:02}", "", summarise(conversation(rounds=20))) for i in range(count)]


def test_milestones_come_once_and_in_order() -> None:
    found = course_of([past(2), past(0), past(0), *[past(1, done=4)] * 8])["milestones"]
    assert [(m["kind"], m["count"]) for m in found] == [
        ("first", 0), ("room", 0), ("said_back", 10), ("sessions", 10),
    ]  # fmt: skip


def test_page_and_terminal_say_the_same_and_the_same_again() -> None:
    course = course_of(sessions_of(5))
    text, page = trends_text(course), trends_page(course)
    assert (text, page) == (trends_text(course), trends_page(course))
    assert "Anna and Ben · 5 sessions" in text
    for said in ("Coming in early", "No clear change", "The first conversation here."):
        assert said in text
        assert said in page
    assert "<script>" not in page
    assert "script-src 'none'" in page


def test_what_clearly_changed_is_said_first() -> None:
    less = course_of([past(n) for n in (14, 12, 15, 13, 6, 7, 5, 7)])
    changed, milestone = at_a_glance(texts_of("en"), less)
    assert changed == "Clearly less than at first: Coming in early."
    assert milestone.startswith("Last milestone, on ")
    for told in (trends_page(less), trends_text(less)):
        assert told.index(changed) < told.index(milestone) < told.index("Longer turns that were said back")
    assert "Nothing has clearly changed so far" in trends_text(course_of(sessions_of(5)))
    early = " ".join(at_a_glance(texts_of("en"), course_of(sessions_of(2))))
    assert "clearly" not in early.lower()


def test_none_at_all() -> None:
    assert "No session is kept yet." in trends_page(course_of([]))
    assert course_of([])["milestones"] == []


def test_hostile_titles_stay_text() -> None:
    bad = "<img src=x onerror=alert(1)>"
    (one,) = sessions_of(1)
    assert "<img" not in trends_page(course_of([Past(bad, bad, one.figures), one]))


def run(*args: object) -> Any:
    return CliRunner().invoke(app, ["trends", *map(str, args)], catch_exceptions=False)


def test_the_command_reads_logs_and_keeps_to_one_pair(talk: Talk, tmp_path: Path) -> None:
    for i in range(3):
        people = ("Anna", "Ben") if i < 2 else ("Anna", "Cleo")
        records = talk(people=people, rounds=3)
        head = records[0]
        assert isinstance(head, SessionStarted)
        write_log(tmp_path / str(i), records)
    logs = [tmp_path / str(i) for i in range(3)]
    done = run(*logs)
    assert "Anna and Ben · 2 sessions" in done.output
    assert "Anna and Cleo · one session" in run(*logs, "--people", "Cleo,Anna").output
    assert run(*logs, "--out", tmp_path / "t.html").exit_code == 0
    assert "Signs of listening" in (tmp_path / "t.html").read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_in_a_browser_it_fits_and_axe_finds_nothing_serious(
    browser: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    import axe_core_python

    (tmp_path / "t.html").write_text(trends_page(course_of(sessions_of(6))), encoding="utf-8")
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get((tmp_path / "t.html").as_uri())
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    axe = Path(axe_core_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
    found = browser.execute_async_script("axe.run().then(arguments[0])")
    assert [v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")] == []
