"""The page in a real browser: no error, nothing blocked, marks that lead to their words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from voicecoach.events import Backchannel, Interruption, Prompt, Record
from voicecoach.report import render

Talk = Callable[..., list[Record]]
pytestmark = pytest.mark.browser


def show(browser: Any, records: list[Record], out: Path, width: int = 1280, scheme: str = "light") -> None:
    scheme_is = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme_is]})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(render(records, out)[0].as_uri())


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "light"), (1280, "dark"), (360, "dark")])
def test_fits_and_says_no_error(browser: Any, talk: Talk, tmp_path: Path, width: int, scheme: str) -> None:
    show(browser, talk(rounds=4), tmp_path, width, scheme)
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert browser.execute_script("return document.querySelectorAll('#balance canvas').length") == 1


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
    ActionChains(browser).move_to_element(mark).click().perform()
    here = browser.find_element(By.CSS_SELECTOR, ".line.here")
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


def test_nothing_said_is_ever_run(browser: Any, talk: Talk, tmp_path: Path) -> None:
    bad = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    show(browser, talk(people=("Anna", bad)), tmp_path)
    assert browser.title == "Your conversation"
    assert browser.get_log("browser") == []
