"""The page in a real browser: no error, nothing blocked, marks that lead to their words."""

from __future__ import annotations

import base64
import dataclasses
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pages import drawn, element, open_page

from voicecoach.events import (
    Backchannel,
    Break,
    CaptureGap,
    Correction,
    Decision,
    Interruption,
    Overlap,
    Prompt,
    Record,
    SessionEnded,
    Tension,
)
from voicecoach.report import render

Talk = Callable[..., list[Record]]
pytestmark = pytest.mark.browser


def show(
    browser: Any, records: list[Record], out: Path, width: int = 1280, scheme: str = "light", motion: str = "reduce"
) -> None:
    """Open the page of ``records``. Where movement is wanted it scrolls softly, so that a click may miss what moves."""
    wishes = {"prefers-color-scheme": scheme, "prefers-reduced-motion": motion}
    features = [{"name": name, "value": value} for name, value in wishes.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    open_page(browser, render(records, out)[0].as_uri())


def rich(talk: Talk) -> list[Record]:
    """Everything a page can show: tension, a break, lost sound, decisions, a correction, an unclear moment."""
    records = [r for r in talk(rounds=4) if not isinstance(r, SessionEnded)]
    cut = next(r for r in records if isinstance(r, Interruption))
    return [
        *records,
        *(Tension(start=t, end=t + 60.0, value=0.3 + 0.1 * (t % 4)) for t in range(0, 40, 5)),
        Overlap(start=2, end=2.4, speaker="Ben", over="Anna", kind="cooperative"),
        Break(start=80, end=95),
        CaptureGap(start=70, end=72, frames=32_000),
        Decision(start=5, end=5, choice="held", to="Ben", why="speaks", reason="somebody speaks"),
        dataclasses.replace(cut, start=cut.start + 40, confidence=0.3),
        Correction(start=cut.start, end=cut.end, speaker="Ben", label="not_interruption"),
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "light"), (1280, "dark"), (360, "dark")])
def test_fits_and_says_no_error(browser: Any, talk: Talk, tmp_path: Path, width: int, scheme: str) -> None:
    show(browser, rich(talk), tmp_path, width, scheme)
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    shown = "return [...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width < 8).length"
    assert browser.execute_script(shown) == 0


def test_one_mark_for_each_moment(browser: Any, talk: Talk, tmp_path: Path) -> None:
    records = talk(rounds=2)
    show(browser, records, tmp_path)
    moments = sum(isinstance(r, (Backchannel, Interruption, Prompt)) for r in records)
    reflections_and_room = 4
    found = browser.execute_script("return document.querySelectorAll('[data-mark]').length")
    assert found == moments + reflections_and_room
    assert browser.execute_script("return document.querySelectorAll('[data-turn]').length") == 8


def test_a_mark_leads_to_its_words_by_mouse_and_by_keyboard(browser: Any, talk: Talk, tmp_path: Path) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    show(browser, talk(), tmp_path)
    (mark,) = browser.find_elements(By.CSS_SELECTOR, f'[data-mark][d="{"M0-7 7 6H-7z"}"]')
    ActionChains(browser).move_to_element(mark).perform()
    told = browser.find_element(By.ID, "detail").text
    assert "Ben · came in early: Anna stopped before the end “… through all the bills”" in told
    ActionChains(browser).click().perform()
    here = element(browser, ".line.here")
    assert "You should just make a list" in here.text
    box = browser.find_element(By.ID, "timeline")
    box.send_keys(Keys.ARROW_RIGHT)
    assert "Mm-hm." in browser.find_element(By.ID, "detail").text
    box.send_keys(Keys.ENTER)
    assert "Mm-hm." in browser.find_element(By.CSS_SELECTOR, ".line.here").text
    assert browser.switch_to.active_element == browser.find_element(By.CSS_SELECTOR, ".line.here")


def test_keys_zoom_in_and_out_again(browser: Any, talk: Talk, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    show(browser, talk(rounds=20), tmp_path)
    count = """const [done] = arguments, two = f => requestAnimationFrame(() => requestAnimationFrame(f));
        two(() => done(document.querySelectorAll('.ipu').length))"""
    box = browser.find_element(By.ID, "timeline")
    whole = browser.execute_async_script(count)
    box.send_keys("+++++")
    assert browser.execute_async_script(count) < whole / 4
    box.send_keys(Keys.HOME)
    assert browser.execute_async_script(count) == whole
    turn = """const box = document.getElementById('timeline'), { left, width } = box.getBoundingClientRect();
        const at = { clientX: left + width / 2, cancelable: true };
        box.dispatchEvent(new WheelEvent('wheel', { deltaY: arguments[0], ...at }))"""
    browser.execute_script(turn, -800)
    assert browser.execute_async_script(count) < whole / 2
    browser.execute_script(turn, 1200)
    assert browser.execute_async_script(count) == whole
    for zoom, fewer in (("in", True), ("all", False)):
        browser.find_element(By.CSS_SELECTOR, f'[data-zoom="{zoom}"]').click()
        assert (browser.execute_async_script(count) < whole) == fewer


def test_a_lane_for_each_and_overlaps_in_both(browser: Any, talk: Talk, tmp_path: Path) -> None:
    records = talk(rounds=2)
    show(browser, records, tmp_path)
    tops = browser.execute_script(
        "return [...document.querySelectorAll('.turn')].map(n => [n.classList[1], n.getAttribute('y')])"
    )
    assert len({top for _, top in tops}) == len({tuple(t) for t in tops}) == 2, "a lane each, in a colour each"
    both = browser.execute_script("return [...document.querySelectorAll('.together')].map(n => n.getAttribute('y'))")
    assert len(both) == 2 * sum(isinstance(r, Overlap) for r in records)
    assert set(both) == {top for _, top in tops}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing_serious(browser: Any, talk: Talk, tmp_path: Path, width: int, scheme: str) -> None:
    """Contrast, names, roles, order, keyboard: what axe-core can see, with a moment chosen and a correction open."""
    import axe_core_python

    show(browser, rich(talk), tmp_path, width, scheme)
    browser.execute_script("location.hash = document.querySelector('.line[data-kind=turn]').id")
    drawn(browser)
    axe = Path(axe_core_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})  # the page's own policy lets nothing in
    found = browser.execute_async_script("axe.run().then(arguments[0])")
    assert len(found["passes"]) > 20
    bad = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
    assert not bad, [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in bad]


def test_every_chart_says_in_words_what_it_shows(browser: Any, talk: Talk, tmp_path: Path) -> None:
    """By its name, or by the words beside it, with figures: nobody needs to see it. The timeline tells by keyboard."""
    show(browser, rich(talk), tmp_path)
    charts = browser.execute_script(
        """const words = s => s.getAttribute("aria-hidden") ? s.nextElementSibling.textContent : s.ariaLabel;
        return [...document.querySelectorAll("svg")].filter(s => !s.closest(".legend, #timeline"))
          .map(s => [s.classList[0], words(s)])"""
    )
    assert {kind for kind, _ in charts} == {"share", "balance", "strip", "course"}
    for kind, words in charts:
        assert re.search(r"\d", words), (kind, words)
    for kind in ("share", "balance"):
        assert all("Anna" in words and "Ben" in words for k, words in charts if k == kind)


@pytest.mark.parametrize(("motion", "scrolls"), [("no-preference", "smooth"), ("reduce", "auto")])
def test_who_wants_no_movement_gets_none(browser: Any, talk: Talk, tmp_path: Path, motion: str, scrolls: str) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    show(browser, talk(rounds=20), tmp_path, motion=motion)
    how = "return getComputedStyle(document.documentElement).scrollBehavior"
    assert browser.execute_script(how) == scrolls
    browser.find_element(By.ID, "timeline").send_keys("++", Keys.ARROW_RIGHT, Keys.ENTER)
    assert browser.execute_script("return document.getAnimations().length") == 0
    if motion == "reduce":  # there at once
        top = browser.execute_script("return document.querySelector('.line.here').getBoundingClientRect().top")
        assert 0 < top < 900


def test_something_put_right_becomes_a_command_and_can_be_taken_back(browser: Any, talk: Talk, tmp_path: Path) -> None:
    """By keyboard alone: from a link to its line, to what else it was, to the command that keeps it."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    show(browser, talk(people=("Anna", "O'Ben")), tmp_path / "my talk")
    browser.find_element(By.CSS_SELECTOR, "#h-came-in table a.at").send_keys(Keys.ENTER)
    fix = element(browser, ".line > .fix")
    assert "You should just make a list" in fix.find_element(By.XPATH, "..").text
    fix.send_keys(Keys.ENTER)
    offered = [b.text for b in browser.find_elements(By.CSS_SELECTOR, "dialog button")]
    assert offered == [
        "Did not come in early", "It was a sign of listening", "It said back what was heard", "It was Anna who spoke",
        "Leave it as it is",
    ]  # fmt: skip
    browser.find_elements(By.CSS_SELECTOR, "dialog button")[0].send_keys(Keys.ENTER)
    command = shlex.split(browser.find_element(By.CSS_SELECTOR, "#fixes pre").text)
    at = next(r.start for r in talk() if isinstance(r, Interruption))
    assert command[:3] == ["voicecoach", "correct", str(tmp_path / "my talk")]
    assert float(command[3]) == pytest.approx(at, abs=0.001)
    assert command[4:] == ["--who", "O'Ben", "--not-interruption"]
    browser.find_element(By.CSS_SELECTOR, "#fixes li button").send_keys(Keys.ENTER)
    assert not browser.find_element(By.ID, "fixes").is_displayed()
    assert browser.get_log("browser") == []


def test_what_is_put_right_after_an_hour_has_the_time_of_the_page(browser: Any, talk: Talk, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    head, *rest = talk()
    later = [dataclasses.replace(r, start=r.start + 3600, end=r.end + 3600) for r in rest]
    show(browser, [head, *later], tmp_path)
    link = browser.find_element(By.CSS_SELECTOR, "#h-came-in table a.at")
    time = link.text
    assert re.fullmatch(r"1:00:\d\d", time)
    link.send_keys(Keys.ENTER)
    element(browser, ".line > .fix").send_keys(Keys.ENTER)
    assert browser.find_element(By.CSS_SELECTOR, "dialog .note").text.startswith(f"{time} · Ben")
    browser.find_elements(By.CSS_SELECTOR, "dialog button")[-1].send_keys(Keys.ENTER)


def test_printed_it_shows_everything_and_nothing_to_click(browser: Any, talk: Talk, tmp_path: Path) -> None:
    show(browser, rich(talk), tmp_path)
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 12
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    printed = browser.execute_script("return document.body.innerText")
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    assert "somebody speaks" in printed  # the coach's reasons are folded away on the screen
    assert "You should just make a list" in printed
    assert "Every change from Anna to Ben" in printed
    for only_on_a_screen in ("Zoom in", "Show 2 more", "This was different", "Go to the words"):
        assert only_on_a_screen not in printed
    assert "somebody speaks" not in browser.execute_script("return document.body.innerText")


def test_nothing_said_is_ever_run(browser: Any, talk: Talk, tmp_path: Path) -> None:
    bad = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    show(browser, talk(people=("Anna", bad)), tmp_path)
    assert browser.title == "Your conversation"
    assert browser.get_log("browser") == []
    browser.execute_script("""const script = document.createElement("script");
        script.textContent = "document.title = 'owned'"; document.body.append(script)""")
    assert browser.title == "Your conversation", "the page's own policy lets no other script run"
    assert "Content Security Policy" in browser.get_log("browser")[0]["message"]
