"""Whatever stands in a file or on a command line: it is read, or refused with a sentence; never a crash or hang."""

from __future__ import annotations

import contextlib
import io
import json
import random
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kept import talk
from typer.testing import CliRunner

from voicecoach.audio import FileSource
from voicecoach.cli import app
from voicecoach.errors import VoicecoachError
from voicecoach.events import BadEventError, Record, from_dict, to_dict
from voicecoach.report import read_corrections, render
from voicecoach.store import keys
from voicecoach.store.log import line_of, read_log
from voicecoach.store.segments import read_segments

often = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
SEGMENTS = {
    "rttm": "SPEAKER talk 1 0.0 7.0 <NA> <NA> Anna <NA> <NA>\n",
    "vtt": "WEBVTT\n\n00:00.000 --> 00:02.500\n<v Anna>Hello there\n",
    "srt": "1\n00:00:00,000 --> 00:00:02,500\nAnna: Hello there\n",
    "jsonl": '{"start": 0, "end": 2, "speaker": "Anna", "text": "Hello"}\n',
    "TextGrid": 'File type = "ooTextFile"\nObject class = "TextGrid"\n0\n2\n<exists>\n1\n"IntervalTier"\n"A"\n0\n2\n1\n'
    '0\n2\n"x"\n',
    "eaf": '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT><TIME_ORDER>'
    '<TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="t2" TIME_VALUE="2000"/></TIME_ORDER>'
    '<TIER TIER_ID="Anna"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t2">'
    "<ANNOTATION_VALUE>Hello</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>\n",
}


def mangled(data: bytes, seed: int) -> bytes:
    """``data`` with a few things wrong, as happens to files."""
    rng = random.Random(seed)
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(out) + 1)
        kind = rng.randrange(4)
        if kind == 0 and out:
            out[at % len(out)] = rng.randrange(256)
        elif kind == 1:
            del out[at : at + rng.randint(1, 40)]
        elif kind == 2:
            odd = [b"9" * 400, b"-", b"\xff\xfe", b"\x00", b"1e999", b"NaN", b'"', b"[" * 3000, b"\n\n"]
            out[at:at] = rng.choice(odd)
        else:
            out[at:at] = bytes(out[: rng.randint(0, 60)])
    return bytes(out)


@pytest.mark.parametrize("ending", SEGMENTS)
@often
@given(seed=st.integers(0, 1 << 30))
def test_segments(ending: str, seed: int, tmp_path: Path) -> None:
    path = tmp_path / f"talk.{ending}"
    path.write_bytes(mangled(SEGMENTS[ending].encode(), seed))
    with contextlib.suppress(VoicecoachError):
        assert all(s.start <= s.end for s in read_segments(path))


@often
@given(seed=st.integers(0, 1 << 30))
def test_logs(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(mangled("".join(line_of(r) + "\n" for r in talk()).encode(), seed))
    with contextlib.suppress(VoicecoachError):
        assert all(isinstance(r, Record) for r in read_log(path))


@often
@given(data=st.dictionaries(st.sampled_from(["type", "start", "end", "speaker", "word", "people", "acts"]), JSON))
def test_events(data: dict[str, object]) -> None:
    for kind in ("word", "session", "reply_act", "interruption", "break", data.get("type")):
        with contextlib.suppress(BadEventError):
            record = from_dict({**data, "type": kind})
            assert from_dict(json.loads(json.dumps(to_dict(record)))).type == kind


@often
@given(text=st.text(max_size=60) | JSON.map(json.dumps))
def test_corrections_and_keys(text: str, home: Path) -> None:
    with contextlib.suppress(VoicecoachError):
        read_corrections(text)
    keys.slots_path().parent.mkdir(parents=True, exist_ok=True)
    keys.slots_path().write_text(text, encoding="utf-8", errors="surrogatepass")
    with contextlib.suppress(VoicecoachError):
        keys.find(lambda key: False)


def wav(seed: int) -> bytes:
    """A WAV file whose header says strange things."""
    rng = random.Random(seed)
    sound = bytes(rng.randrange(256) for _ in range(400))
    form = struct.pack(
        "<HHIIHH", rng.choice([1, 3, 0xFFFE, 7, 99]), rng.choice([0, 1, 2, 3, 65535]),
        rng.choice([0, 1, 8000, 16000, 44100, 0xFFFFFFFF]), rng.choice([0, 32000, 0xFFFFFFFF]), rng.choice([0, 2, 4]),
        rng.choice([0, 8, 16, 32, 255]),
    )  # fmt: skip
    size = struct.pack("<I", rng.choice([400, 0, 0xFFFFFFFF, 3]))
    return b"RIFF" + size + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + size + sound


def mp3() -> bytes:
    """Half a second of MP3 behind a tag."""
    out = io.BytesIO()
    soundfile.write(out, np.sin(np.arange(8000) / 10), 16_000, format="MP3")
    return b"ID3\x04\0\0\0\0\0\x10" + bytes(16) + out.getvalue()


@often
@given(seed=st.integers(0, 1 << 30))
def test_headers_of_recordings(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "talk"
    path.write_bytes((wav(seed), mangled(wav(1), seed), mangled(mp3(), seed))[seed % 3])
    with contextlib.suppress(VoicecoachError), FileSource(path) as source:
        for i, _ in enumerate(source.chunks()):
            if i > 50:
                break


WORDS = st.sampled_from(
    ["sessions", "list", "show", "report", "--out", "--speakers", "analyze", "privacy", "--help", "rename"]
)


@often
@given(args=st.lists(WORDS | st.text(max_size=12).filter(lambda t: "\x00" not in t), max_size=4))
def test_command_lines(args: list[str], home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    error = CliRunner().invoke(app, args).exception
    assert error is None or isinstance(error, (SystemExit, VoicecoachError, OSError))


@pytest.mark.parametrize(
    "nasty",
    ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "../../etc/passwd", "\u202egnp.exe", "💔👩‍👧",
     "a\x00b\x1b[31m", "</script><!--", "${x} {y} %s", "\ud800"],
)  # fmt: skip
def test_names_and_words_are_text_everywhere(nasty: str, tmp_path: Path) -> None:
    files = render(talk(nasty, people=(nasty, "Ben")), tmp_path / "out")
    page = files[0].read_text(encoding="utf-8")
    for tag in ("<script>alert", "<img", "<!--"):
        assert tag not in page
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(f.name for f in files)
