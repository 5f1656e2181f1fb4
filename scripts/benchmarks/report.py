"""The report of an hour: how large it is, how long it takes to make, and how soon a browser shows it.

  scripts/bench report [--minutes 60] [--log FILE]

The hour is what our own fixtures say, one after another again and again, through floor, listening and coach; --log
takes another one. The browser is headless Chromium (packages chromium and chromium-driver): `open` runs from the
navigation to the page drawn, timeline included; `redraw` is a step of zooming in and out again, the whole hour in view.
Each is the median of five. Ends with 1 when a page is over 3 MB, made in over 3 s or opened in over 1 s.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from voicecoach import report
from voicecoach.events import Record, Speech, Word, from_dict
from voicecoach.session import analyze_segments
from voicecoach.store.log import read_log

FIXTURES = Path(__file__).parents[2] / "audio_fixtures"
RUNS = 5
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
OPEN = """const done = arguments[0], two = f => requestAnimationFrame(() => requestAnimationFrame(f));
two(() => done(document.querySelector('#timeline svg') ? performance.now() : -1));"""
REDRAW = """const done = arguments[0], box = document.getElementById('timeline');
const key = k => box.dispatchEvent(new KeyboardEvent('keydown', { key: k }));
key('+'); const from = performance.now();
const drawn = () => setTimeout(() => done(performance.now() - from), 0);
requestAnimationFrame(() => { key('Home'); requestAnimationFrame(drawn); });"""


MOST = {"page": 3.0, "render": 3.0, "open": 1.0}
"""MB and seconds that an hour may take."""
too_much: list[str] = []


def tell(data: str, metric: str, value: float, unit: str) -> None:
    if value > MOST.get(metric, value):
        too_much.append(f"{metric}: {value:.2f} {unit}, at most {MOST[metric]:g}")
    row = {"bench": "report", "data": data, "metric": metric, "value": round(value, 3), "unit": unit, "better": "lower"}
    print(json.dumps(row), flush=True)


def hour(minutes: float) -> Iterator[dict[str, object]]:
    """Who says what when, from the fixtures' truth, until the time is full."""
    begin = 0.0
    while True:
        for truth in sorted(FIXTURES.glob("*.truth.jsonl")):
            records = [from_dict(json.loads(line)) for line in truth.read_text(encoding="utf-8").splitlines()]
            if begin + records[-1].end > 60 * minutes:
                return
            words = [r for r in records if isinstance(r, Word)]
            for s in (r for r in records if isinstance(r, Speech)):
                said = [w.word for w in words if w.speaker == s.speaker and s.start <= (w.start + w.end) / 2 <= s.end]
                entry = {"start": begin + s.start, "end": begin + s.end, "speaker": s.speaker, "text": " ".join(said)}
                yield entry
            begin += max(r.end for r in records) + 1.0


def log_of_an_hour(minutes: float, folder: Path) -> list[Record]:
    """The records of that hour."""
    segments = folder / "hour.jsonl"
    segments.write_text("".join(json.dumps(s) + "\n" for s in hour(minutes)), encoding="utf-8")
    analyze_segments(segments, out=folder)
    return read_log(folder / "events.jsonl")


def in_a_browser(page: Path, data: str) -> None:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        print("no Chromium here: the browser is not measured", file=sys.stderr)
        return
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    with tempfile.TemporaryDirectory() as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = webdriver.Chrome(options=options, service=Service(driver))
        try:
            opened, redrawn = [], []
            for _ in range(RUNS):
                browser.get("about:blank")
                browser.get(page.as_uri())
                opened.append(browser.execute_async_script(OPEN) / 1000)
                redrawn.append(browser.execute_async_script(REDRAW) / 1000)
        finally:
            browser.quit()
    tell(data, "open", statistics.median(opened), "s")
    tell(data, "redraw", statistics.median(redrawn), "s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--data", help="not used; every benchmark takes it")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        records = read_log(args.log) if args.log else log_of_an_hour(args.minutes, Path(folder))
        data = args.log.name if args.log else f"{args.minutes:g} minutes of our fixtures"
        took = []
        for _ in range(RUNS):
            begin = time.perf_counter()
            report.render(records, Path(folder) / "report")
            took.append(time.perf_counter() - begin)
        page = Path(folder) / "report" / "report.html"
        tell(data, "records", len(records), "1")
        tell(data, "render", statistics.median(took), "s")
        tell(data, "page", page.stat().st_size / 1e6, "MB")
        in_a_browser(page, data)
    if too_much:
        sys.exit("; ".join(too_much))


if __name__ == "__main__":
    main()
