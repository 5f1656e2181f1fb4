"""Every export says the same, opens in readers that are not ours, and comes back through our own imports."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.errors import MisuseError
from voicecoach.events import Correction, Record, SessionStarted, Speech, Word, from_dict
from voicecoach.report import FORMATS, export
from voicecoach.report.exports.spans import spoken
from voicecoach.store.segments import read_segments

Talk = Callable[..., list[Record]]
NASTY = ('<b>"quoted"</b>', "=SUM(A1)", "\u202eשלום 🙂", "a --> b", "C:\\..\\x: y", "]]>&amp;", "\x00\x0b")


def opened(records: list[Record], name: str, folder: Path) -> Path:
    path = folder / f"talk.{name}"
    path.write_text(export(records, name), encoding="utf-8", newline="")
    return path


def stretches(records: list[Record]) -> list[tuple[str, float, float]]:
    return sorted((s.speaker, round(s.start, 3), round(s.end, 3)) for s in spoken(records))


@pytest.mark.parametrize("name", ["rttm", "TextGrid", "eaf"])
def test_who_spoke_when_comes_back(name: str, talk: Talk, tmp_path: Path) -> None:
    records = talk(rounds=2)
    back = read_segments(opened(records, name, tmp_path))
    assert [(s.speaker, s.start, s.end) for s in sorted(back, key=lambda s: (s.speaker, s.start))] == [
        (who, pytest.approx(start, abs=0.0011), pytest.approx(end, abs=0.0011))
        for who, start, end in stretches(records)
    ]


@pytest.mark.parametrize("name", ["vtt", "srt", "TextGrid", "eaf"])
def test_words_come_back_in_order_and_whose_they_are(name: str, talk: Talk, tmp_path: Path) -> None:
    records = talk(rounds=2)
    back = read_segments(opened(records, name, tmp_path))
    for person in ("Anna", "Ben"):
        said = [r.word for r in records if isinstance(r, Word) and r.speaker == person]
        read = " ".join(s.text for s in back if s.speaker == person).split()
        assert read == said


def test_praat_reads_the_textgrid(talk: Talk, tmp_path: Path) -> None:
    from praatio import textgrid

    records = talk(people=("Anna", 'Ben "Benno" B.'))
    grid = textgrid.openTextgrid(str(opened(records, "TextGrid", tmp_path)), includeEmptyIntervals=False)
    assert grid.tierNames == ("Anna", 'Ben "Benno" B.', "moments")
    read = [(who, e.start, e.end) for who in grid.tierNames[:2] for e in grid.getTier(who).entries]
    assert sorted(read) == stretches(records)
    assert any("interruption of Anna" in p.label for p in grid.getTier("moments").entries)


def test_elan_reads_the_eaf(talk: Talk, tmp_path: Path) -> None:
    from pympi.Elan import Eaf

    records = talk(people=("Anna & Co", "Ben <b>"))
    doc = Eaf(str(opened(records, "eaf", tmp_path)))
    assert set(doc.get_tier_names()) == {"Anna & Co", "Ben <b>", "moments"}
    read = [
        (who, start / 1000, end / 1000)
        for who in ("Anna & Co", "Ben <b>")
        for start, end, _ in doc.get_annotation_data_for_tier(who)
    ]
    assert sorted(read) == stretches(records)
    assert any("backchannel to Anna & Co" in text for _, _, text in doc.get_annotation_data_for_tier("moments"))


def test_captions_open_elsewhere(talk: Talk, tmp_path: Path) -> None:
    records = talk()
    as_vtt = webvtt.read(str(opened(records, "vtt", tmp_path)))
    as_srt = webvtt.from_srt(str(opened(records, "srt", tmp_path)))
    assert [(c.start, f"{c.voice}: {c.text}") for c in as_vtt] == [(c.start, c.text) for c in as_srt]


def test_a_row_for_each_event(talk: Talk) -> None:
    records = talk()
    rows = list(csv.DictReader(io.StringIO(export(records, "csv"), newline="")))
    assert [r["type"] for r in rows] == [r.type for r in sorted(records, key=lambda r: (r.start, r.end))]
    (cut,) = (r for r in rows if r["type"] == "interruption")
    assert (cut["speaker"], cut["other"], cut["kind"], cut["text"]) == (
        "Ben", "Anna", "successful", "through all the bills",
    )  # fmt: skip
    assert json.loads(cut["details"])["overlap_s"] == 0.4


def test_json_holds_every_event_again(talk: Talk) -> None:
    records = sorted(talk(), key=lambda r: (r.start, r.end))
    data = json.loads(export(records, "json"))
    assert data["figures"]["people"]["Ben"]["backchannels"] == 1
    for events in (data["events"], [json.loads(line) for line in export(records, "jsonl").splitlines()]):
        assert [from_dict(e).type for e in events] == [r.type for r in records]


def test_exports_heed_corrections(talk: Talk) -> None:
    records = talk()
    at = next(r.start for r in records if r.type == "interruption")
    fixed = [*records, Correction(start=at, end=at, speaker="Ben", label="not_interruption")]
    assert "interruption of" in export(records, "TextGrid")
    assert "interruption of" not in export(fixed, "TextGrid")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(MisuseError, match="give one of json, jsonl, csv"):
        export([], "docx")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("bad", NASTY)
def test_hostile_names_and_words_break_no_format(name: str, bad: str, talk: Talk, tmp_path: Path) -> None:
    records = [*talk(people=("Anna", bad)), Word(start=1, end=1.1, speaker="Anna", word=bad)]
    path = opened(records, name, tmp_path)
    if name in ("vtt", "srt", "TextGrid", "eaf", "rttm"):
        assert len({s.speaker for s in read_segments(path)}) == 2
    if name == "csv":
        cells = [c for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")) for c in row]
        assert not [c for c in cells if c.startswith(("=", "@", "+"))]


SPANS = st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 3000), st.sampled_from("AB")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(SPANS)
def test_any_speech_gives_files_that_open(spans: list[tuple[int, int, str]]) -> None:
    from praatio.utilities.textgrid_io import parseTextgridStr

    records: list[Record] = [SessionStarted(start=0, end=0, people=("A", "B"))]
    records += [Speech(start=s / 1000, end=(s + n) / 1000, speaker=who) for s, n, who in spans]
    grid = parseTextgridStr(export(records, "TextGrid"), includeEmptyIntervals=True)
    for tier in grid["tiers"][:2]:
        edges = [(float(e[0]), float(e[1])) for e in tier["entries"]]
        assert all(a[1] == b[0] for a, b in itertools.pairwise(edges))
        assert edges[0][0] == 0
    for name in FORMATS:
        assert export(records, name) == export(records, name)
