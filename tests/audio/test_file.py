from __future__ import annotations

import time
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from voicecoach.audio import FileSource
from voicecoach.errors import VoicecoachError


def tone(seconds: float, rate: int, channels: int = 1) -> np.ndarray:
    t = np.arange(round(seconds * rate)) / rate
    return np.stack([0.3 * np.sin(2 * np.pi * (300 + 200 * c) * t) for c in range(channels)], 1).astype(np.float32)


def whole(source: FileSource) -> np.ndarray:
    with source:
        return np.concatenate([c.samples for c in source.chunks()])


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_formats_and_rates(tmp_path: Path, rate: int, kind: str) -> None:
    path = tmp_path / f"a.{kind.lower()}"
    soundfile.write(path, tone(2.0, rate, 2), rate, format=kind)
    sound = whole(FileSource(path))
    assert sound.shape[1] == 2
    assert sound.dtype == np.float32
    assert abs(len(sound) / 16000 - 2.0) < 0.12  # MP3 pads
    middle = sound[8000:24000]
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)
    spectrum = np.abs(np.fft.rfft(middle[:, 1]))
    assert abs(spectrum.argmax() - 500) <= 2


def test_m4a(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=16000, layout="mono")
        data = tone(2.0, 16000)[:, 0]
        for i in range(0, len(data) - 1024, 1024):
            frame = av.AudioFrame.from_ndarray(data[None, i : i + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 16000, i
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    sound = whole(FileSource(path))
    assert abs(len(sound) / 16000 - 2.0) < 0.2
    assert sound.shape[1] == 1
    assert abs(np.abs(np.fft.rfft(sound[8000:24000, 0])).argmax() - 300) <= 2


@pytest.mark.parametrize("block_s", [0.01, 0.1, 3.0])
def test_the_size_of_chunks_does_not_matter(tmp_path: Path, block_s: float) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(1.3, 44100), 44100)
    assert np.array_equal(whole(FileSource(path)), whole(FileSource(path, block_s=block_s)))


def test_real_time_takes_its_time_and_stop_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(1.0, 16000), 16000)
    begin = time.monotonic()
    assert len(whole(FileSource(path, speed=2.0))) == 16000
    assert 0.45 < time.monotonic() - begin < 1.5
    source = FileSource(path, speed=1.0)
    chunks = source.chunks()
    next(chunks)
    source.stop()
    assert list(chunks) == []
    source.close()


def test_what_is_no_number_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    data = tone(0.5, 16000)
    data[100], data[200] = np.nan, np.inf
    soundfile.write(path, data, 16000, subtype="FLOAT")
    sound = whole(FileSource(path))
    assert np.isfinite(sound).all()
    assert sound[100] == sound[200] == 0


def test_a_rate_no_voice_was_recorded_at_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(1, 1000), 1000)
    with pytest.raises(VoicecoachError, match="samples a second"):
        FileSource(tmp_path / "a.wav")


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_a_file_that_was_cut_off_says_so_and_a_whole_one_does_not(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"talk.{kind.lower()}"
    soundfile.write(path, np.random.default_rng(0).uniform(-0.5, 0.5, 320_000), 16000, format=kind)
    whole_one, data = FileSource(path), path.read_bytes()
    assert abs(len(whole(whole_one)) - 320_000) <= (2400 if kind == "MP3" else 0)  # which pads
    assert not whole_one.note
    path.write_bytes(data[: len(data) // 2])
    cut = FileSource(path)
    assert 100_000 < len(whole(cut)) < 220_000
    assert "was cut off" in cut.note


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("tag", [b"", b"ID3\x04\x00\x00\x00\x00\x02\x01" + b"\x00" * 257])
def test_an_mp3_file_of_any_kind_is_known_to_be_cut_off_and_only_then(
    tmp_path: Path, rate: int, channels: int, tag: bytes
) -> None:
    path = tmp_path / "a.mp3"
    soundfile.write(path, tone(3.0, rate, channels), rate, format="MP3")
    sound = path.read_bytes()
    path.write_bytes(tag + sound)
    complete = FileSource(path)
    whole(complete)
    assert not complete.note
    for share in (0.3, 0.75):
        path.write_bytes(tag + sound[: round(share * len(sound))])
        cut = FileSource(path)
        whole(cut)
        assert "was cut off" in cut.note


def test_an_mp3_file_that_does_not_say_how_long_it_is_is_not_taken_for_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    soundfile.write(path, tone(3.0, 16000), 16000, format="MP3")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Xing", b"\0\0\0\0"))
    source = FileSource(path)
    whole(source)
    assert not source.note


def test_an_m4a_file_that_was_cut_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    with av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        stream = out.add_stream("aac", rate=16000, layout="mono")
        data = np.random.default_rng(0).uniform(-0.5, 0.5, 160_000).astype(np.float32)
        for i in range(0, len(data) - 1024, 1024):
            frame = av.AudioFrame.from_ndarray(data[None, i : i + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 16000, i
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    complete, written = FileSource(path), path.read_bytes()
    whole(complete)
    assert not complete.note
    path.write_bytes(written[: len(written) // 2])
    cut = FileSource(path)
    whole(cut)
    assert "was cut off" in cut.note


def test_a_wav_file_written_to_a_pipe_is_not_taken_for_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(1.0, 16000), 16000)
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"  # nobody knew yet how long it would become
    path.write_bytes(data)
    source = FileSource(path)
    assert len(whole(source)) == 16000
    assert not source.note


def test_a_header_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(1.0, 16000), 16000)
    path.write_bytes(path.read_bytes()[:44])
    with pytest.raises(VoicecoachError, match="holds no sound"):
        FileSource(path)


def test_an_mp3_file_that_changes_on_the_way_is_read_to_its_end(tmp_path: Path) -> None:
    """Two recordings one after the other, or one that is damaged: what comes later may have another form."""
    for name, rate, channels in (("a", 44100, 2), ("b", 44100, 1), ("c", 16000, 2)):
        alike = np.repeat(tone(1.0, rate), channels, axis=1)
        soundfile.write(tmp_path / f"{name}.mp3", alike, rate, format="MP3")
    path = tmp_path / "all.mp3"
    path.write_bytes(b"".join((tmp_path / f"{name}.mp3").read_bytes() for name in "abc"))
    sound = whole(FileSource(path))
    assert abs(len(sound) / 16000 - 3.0) < 0.3
    for second in range(3):
        part = sound[second * 16000 + 4000 : second * 16000 + 12000, 0]
        assert np.abs(np.fft.rfft(part)).argmax() == pytest.approx(150, abs=2)  # 300 Hz, half a second
