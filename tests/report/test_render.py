from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import webvtt

from voicecoach.events import Record, SessionStarted, Speech, Turn, Word
from voicecoach.report import page, render, summarise
from voicecoach.store.segments import read_segments

Talk = Callable[..., list[Record]]
NASTY = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eשלום 🙂 {name} $title",
    "a --> b\n\nNOTE",
)


def test_five_files_and_the_same_bytes_twice(talk: Talk, tmp_path: Path) -> None:
    first, second = render(talk(), tmp_path / "a"), render(iter(talk()), tmp_path / "b")
    assert [p.name for p in first] == ["report.html", "report.json", "transcript.vtt", "speech.rttm", "turns.rttm"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


@pytest.mark.parametrize("name", NASTY)
def test_names_and_words_stay_text(name: str, talk: Talk, tmp_path: Path) -> None:
    records = talk(people=("Anna", name))
    records += [Word(start=1, end=1.1, speaker="Anna", word=w) for w in NASTY]
    records += [Turn(start=40, end=41, speaker=name, text=" ".join(NASTY), speech_s=1)]
    page = render(records, tmp_path)[0].read_text(encoding="utf-8")
    assert page.count("<script") == page.count("</script>") == 3
    assert "<img" not in page
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    assert data["people"] == ["Anna", name]
    assert html.escape(name) in page


def test_a_page_is_called_what_its_people_call_it(talk: Talk) -> None:
    records = talk()
    assert "<h1>Your conversation</h1>" in page(records, summarise(records))
    assert "<h1><bdi>&lt;b&gt; Summer</bdi></h1>" in page(records, summarise(records), title="<b> Summer")


def test_captions_and_rttm_read_back(talk: Talk, tmp_path: Path) -> None:
    records = talk(people=("Anna Maria", "Ben <b>"))
    _, _, vtt, speech, turns = render(records, tmp_path)
    said = read_segments(vtt)
    assert {s.speaker for s in said} == {"Anna Maria", "Ben <b>"}
    for person in ("Anna Maria", "Ben <b>"):
        words = " ".join(r.word for r in records if isinstance(r, Word) and r.speaker == person)
        assert sorted(" ".join(s.text for s in said if s.speaker == person).split()) == sorted(words.split())
    spans = sorted((r.start, r.end) for r in records if isinstance(r, Speech))
    read = read_segments(speech)
    assert [(s.start, s.end) for s in read] == [pytest.approx(s, abs=0.0015) for s in spans]
    assert {s.speaker for s in read} == {"Anna_Maria", "Ben_<b>"}
    assert len(read_segments(turns)) == 4


def test_nothing_leaves_the_page_and_it_stays_small(talk: Talk, tmp_path: Path) -> None:
    page = render(talk(rounds=100), tmp_path)[0].read_text(encoding="utf-8")
    assert len(page.encode()) < 1_500_000
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page)
    assert " style=" not in page.split("<script")[0]


@pytest.mark.parametrize("people", [(), ("Anna",), tuple("ABCDEFGH")])
def test_any_number_of_people(people: tuple[str, ...], tmp_path: Path) -> None:
    records: list[Record] = [SessionStarted(start=0, end=0, people=people)]
    for i, p in enumerate(people):
        records += [Speech(start=i, end=i + 1.5, speaker=p), Turn(start=i, end=i + 1.5, speaker=p, speech_s=1.5)]
    page = render(records, tmp_path)[0].read_text(encoding="utf-8")
    assert "broke off" in page
    assert all(f"<bdi>{p}</bdi>" in page for p in people)


def test_every_jump_has_a_place_to_land(talk: Talk, tmp_path: Path) -> None:
    page = render(talk(rounds=3), tmp_path)[0].read_text(encoding="utf-8")
    targets = re.findall(r'id="(t\d+)"', page)
    assert len(targets) == len(set(targets))
    assert set(re.findall(r'href="#(t\d+)"', page)) <= set(targets)
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    assert {f"t{m[5]}" for m in data["marks"]} <= set(targets)


def test_captions_open_in_an_independent_reader(talk: Talk, tmp_path: Path) -> None:
    cues = webvtt.read(str(render(talk(people=("Anna", "Ben & Co")), tmp_path)[2]))
    assert {cue.voice for cue in cues} == {"Anna", "Ben &amp; Co"}
    assert all(cue.start_in_seconds <= cue.end_in_seconds for cue in cues)
