"""A page in a browser, as a person meets it: drawn before it is touched, and what a click brings waited for."""

from __future__ import annotations

from typing import Any

FRAMES = (
    "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))"
)


def open_page(browser: Any, address: str) -> None:
    """Open it, and wait until its first drawings are over: what is drawn again is another element."""
    browser.get(address)
    drawn(browser)


def drawn(browser: Any) -> None:
    """Wait until everything that is due has been drawn."""
    browser.execute_async_script(FRAMES)


def element(browser: Any, css: str) -> Any:
    """The first element of that kind, as soon as there is one."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(browser, 10).until(lambda b: b.find_element(By.CSS_SELECTOR, css))
