"""Whatever stands in a log, there is a page, there are figures and exports, and all of it is in the page's language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_browser import rich

from voicecoach.events import (
    Backchannel,
    Break,
    CaptureGap,
    Correction,
    Decision,
    Gap,
    Interruption,
    Overlap,
    Pause,
    Prompt,
    Record,
    ReplyAct,
    SessionStarted,
    Speech,
    Tension,
    Tone,
    Turn,
    Word,
)
from voicecoach.report import FORMATS, corrected, export, page, summarise
from voicecoach.report import frame as frames
from voicecoach.report.trends import Past, course_of, trends_page, trends_text

Talk = Callable[..., list[Record]]
WHO = st.sampled_from(["Anna", "Ben", "</script>", "", "שלום", "a\nb"])
TEXT = st.sampled_from(["", "yes", "<b>&amp;", "{0} {name}", "--> ]]>", "\ud800", "a\u2028b", "it was " * 60])
SHARE = st.floats(0, 1)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any record that may stand in a log, at any time, of anybody."""
    start = draw(st.integers(0, 90_000)) / 100
    at: dict[str, Any] = {"start": start, "end": start + draw(st.integers(0, 3_000)) / 100}
    a, b = draw(WHO), draw(WHO)
    kind = draw(st.sampled_from(["successful", "failed", "silent"]))
    overlap = draw(st.sampled_from(["backchannel", "terminal", "cooperative", "interruption"]))
    label = draw(st.sampled_from(["interruption", "not_interruption", "listening", "said_back", "speaker", "undo"]))
    acts = draw(st.dictionaries(st.sampled_from(["reflection", "open_question", "agreement", "disagreement"]), SHARE))
    made: list[Callable[[], Record]] = [
        lambda: Speech(speaker=a, **at), lambda: Turn(speaker=a, text=draw(TEXT), **at),
        lambda: Word(speaker=a, word=draw(TEXT), **at), lambda: Pause(speaker=a, **at),
        lambda: Gap(speaker=a, previous=b, fto_s=draw(st.floats(-5, 50)), **at),
        lambda: Backchannel(speaker=a, to=b, text=draw(TEXT), **at),
        lambda: Overlap(speaker=a, over=b, kind=overlap, **at),
        lambda: Interruption(speaker=a, interrupted=b, kind=kind, words_cut=draw(TEXT), confidence=draw(SHARE), **at),
        lambda: ReplyAct(speaker=a, to=b, acts=acts, text=draw(TEXT), feelings=(draw(TEXT),), **at),
        lambda: Prompt(text=draw(TEXT), to=a, **at), lambda: Break(**at), lambda: CaptureGap(**at),
        lambda: Tension(value=draw(SHARE), **at), lambda: Tone(speaker=a, **at),
        lambda: Decision(choice="held", to=a, reason=draw(TEXT), **at),
        lambda: Correction(speaker=a, label=label, name=b, undoes=draw(st.integers(0, 3)), **at),
    ]  # fmt: skip
    return draw(st.sampled_from(made))()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records(), max_size=25), st.sampled_from(["channels", "enrolled", "separated", "given", "new"]))
def test_any_log_has_a_page_figures_and_exports(made: list[Record], hearing: str) -> None:
    kept = corrected([SessionStarted(start=0, end=0, people=("Anna", "Ben"), hearing=hearing), *made])
    figures = summarise(kept)
    json.dumps(figures, allow_nan=False)
    html = page(kept, figures)
    assert html.count("<script") == html.count("</script>") == 3
    assert set(re.findall(r'href="#(t\d+)"', html)) <= set(re.findall(r'id="(t\d+)"', html))
    for name in FORMATS:
        export(kept, name)
    course = course_of([Past("one", "", figures)] * 5)
    trends_page(course)
    trends_text(course)


class _Texts(HTMLParser):
    """Texts and labels that are not somebody's name or words."""

    SAID = ("bdi", "q", "time", "code", "style", "script")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ("meta", "br", "link"):
            self._open.append(tag in self.SAID or "dir" in given)
        self.found += [v for k, v in attrs if v and k in ("aria-label", "title", "data-label")]

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.found.append(data)


def test_every_text_of_the_pages_can_be_translated(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a language made up by marking each text, nothing but names, numbers and what was said stands unmarked."""
    english = frames.texts_of("en")

    def marked(value: Any) -> Any:
        if isinstance(value, list):
            return [marked(v) for v in value]
        return "⟦" + re.sub(r"(\{\w+\})", r"⟧\1⟦", value) + "⟧"

    other = {k: v if k == "language" else marked(v) for k, v in english.items()}
    read = frames.read
    monkeypatch.setattr(frames, "read", lambda name: json.dumps(other) if name == "texts/xx.json" else read(name))
    kept = corrected(rich(talk))
    figures = summarise(kept)
    for html in (page(kept, figures, "xx"), trends_page(course_of([Past("2026-11-24", "", figures)] * 5), "xx")):
        texts = _Texts()
        texts.feed(html)
        left = re.sub("⟦[^⟧]*⟧", "", " ".join(texts.found))
        assert set(re.findall(r"[^\W\d_]{2,}", re.sub("Anna|Ben", " ", left))) == set()
