from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.errors import VoicecoachError
from voicecoach.store.segments import Segment, read_segments

WANTED = [Segment(0.5, 1.75, "Anna", "Good morning."), Segment(1.5, 2.0, "Ben", "Hi.")]
JSONL = "".join(
    json.dumps({"start": s.start, "end": s.end, "speaker": s.speaker, "text": s.text, "more": [1]}) + "\n"
    for s in WANTED
)
VTT = """WEBVTT - made by hand

NOTE nothing

1
00:00.500 --> 00:01.750 align:start
<v Anna>Good <i>morning.</i>

00:00:01.500 --> 00:00:02.000
<v.loud Ben>Hi.</v>
"""
LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "Anna"
        xmin = 0
        xmax = 2
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 0.5
            text = ""
        intervals [2]:
            xmin = 0.5
            xmax = 1.75
            text = "Good morning."
    item [2]:
        class = "TextTier"
        name = "clicks"
        xmin = 0
        xmax = 2
        points: size = 1
        points [1]:
            number = 1.2
            mark = "x"
    item [3]:
        class = "IntervalTier"
        name = "Ben"
        xmin = 0
        xmax = 2
        intervals: size = 1
        intervals [1]:
            xmin = 1.5
            xmax = 2.0
            text = "Hi."
"""
SHORT = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n2\n<exists>\n2\n"IntervalTier"\n"Anna"\n0\n2\n2\n'
    '0\n0.5\n""\n0.5\n1.75\n"Good morning."\n"IntervalTier"\n"Ben"\n0\n2\n1\n1.5\n2\n"Hi."\n'
)
SRT = "1\n00:00:00,500 --> 00:00:01,750\nAnna: Good <i>morning.</i>\n\n2\n00:00:01,500 --> 00:00:02,000\nBen: Hi.\n"
EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="x" DATE="2026-11-24T00:00:00+00:00" FORMAT="3.0" VERSION="3.0">
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="500"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1750"/>
<TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="1500"/><TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="2000"/></TIME_ORDER>
<TIER TIER_ID="A_Transcription" PARTICIPANT="Anna"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1"
TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>Good morning.</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>
</ANNOTATION></TIER><TIER TIER_ID="B" PARTICIPANT="Ben"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2"
TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4"><ANNOTATION_VALUE>Hi.</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
</TIER><TIER TIER_ID="B_Translation" PARTICIPANT="Ben" PARENT_REF="B"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a3"
ANNOTATION_REF="a2"><ANNOTATION_VALUE>Hallo.</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="noise"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a4" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
<ANNOTATION_VALUE>a door</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>
"""
RTTM = (
    "SPKR-INFO f 1 <NA> <NA> <NA> unknown Anna <NA>\n"
    "SPEAKER f 1 0.5 1.25 <NA> <NA> Anna <NA> <NA>\nSPEAKER f 1 1.5 0.5 <NA> <NA> Ben <NA> <NA>\n"
)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.jsonl", JSONL.encode()),
        ("a.jsonl.gz", gzip.compress(JSONL.encode())),
        ("a.vtt", VTT.encode()),
        ("bom.vtt", VTT.encode("utf-8-sig")),
        ("a.TextGrid", LONG.encode()),
        ("b.TextGrid", SHORT.encode("utf-16")),
        ("unnamed", LONG.encode("utf-16")),
        ("a.srt", SRT.encode()),
        ("a.eaf", EAF.encode()),
        ("unnamed too", EAF.encode()),
    ],
)
def test_the_same_talk_in_each_format(name: str, raw: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(raw)
    assert read_segments(tmp_path / name) == WANTED


def test_rttm_has_no_words(tmp_path: Path) -> None:
    (tmp_path / "a.rttm").write_text(RTTM)
    assert [(s.start, s.end, s.speaker, s.text) for s in read_segments(tmp_path / "a.rttm")] == [
        (0.5, 1.75, "Anna", ""), (1.5, 2.0, "Ben", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("a.jsonl", b"", "empty"),
        ("a.jsonl", b'{"start": 0, "end": 1, "speaker": "A"}\n{oops', "line 2: not a JSON object"),
        ("a.jsonl", b'{"start": 2, "end": 1, "speaker": "A"}', "line 1: it ends at 1 s"),
        ("a.jsonl", b'{"start": 0, "end": Infinity, "speaker": "A"}', "not a finite number"),
        ("a.jsonl", b'{"start": 0, "end": 1}', "must be texts"),
        ("a.jsonl", b"ok\n\xff\xfa", "line 2: not UTF-8"),
        ("a.jsonl.gz", b"\x1f\x8bbroken", "damaged"),
        ("a.vtt", b"hello", "begins with WEBVTT"),
        ("a.vtt", b"WEBVTT\n\n1 --> 2\nhi", "line 3: times must look like"),
        ("a.rttm", b"SPEAKER f 1 0 -1 <NA> <NA> A <NA> <NA>", "line 1"),
        ("a.rttm", b"SPEAKER f 1", "at least 8 fields"),
        ("a.textgrid", LONG[:400].encode(), "ends too early"),
        ("a.textgrid", b"hello", "too early"),
        ("a.docx", b"hello", "no format known"),
        ("a.vtt", b"WEBVTT\n", "no segment"),
        ("a.eaf", b"<ANNOTATION_DOCUMENT", "not an ELAN file"),
        ("a.eaf", b"<html/>", "not an ELAN file"),
        ("a.eaf", EAF.replace("500", "soon", 1).encode(), "whole number of milliseconds"),
        ("a.eaf", b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n<ANNOTATION_DOCUMENT/>', "no DOCTYPE"),
    ],
)
def test_bad_files_get_one_sentence(name: str, raw: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(VoicecoachError, match=says):
        read_segments(tmp_path / name)


def test_a_segment_of_no_length_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"start": 1, "end": 1, "speaker": "A", "text": "oh"}')
    assert read_segments(tmp_path / "a.jsonl") == [Segment(1.0, 1.0, "A", "oh")]


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(VoicecoachError, match="no file"):
        read_segments(tmp_path / "none.jsonl")
    with pytest.raises(VoicecoachError, match="cannot be read"):
        read_segments(tmp_path)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize(
    ("name", "text"),
    [("a.jsonl", JSONL), ("a.vtt", VTT), ("a.rttm", RTTM), ("a.textgrid", LONG), ("a.srt", SRT), ("a.eaf", EAF)],
)
def test_any_damage_is_an_error_of_ours(
    name: str, text: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = text.encode()
    at = data.draw(st.integers(0, len(whole)))
    raw = whole[:at] + data.draw(st.binary(max_size=6)) + whole[at + data.draw(st.integers(0, 9)) :]
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(raw)
    try:
        found = read_segments(path)
    except VoicecoachError:
        return
    assert all(0 <= s.start <= s.end and s.speaker for s in found)
