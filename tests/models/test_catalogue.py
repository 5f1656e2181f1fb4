from __future__ import annotations

import re

import pytest

from voicecoach import models
from voicecoach.errors import MisuseError, VoicecoachError


def test_every_source_is_pinned_by_hash_and_size() -> None:
    for model in models.catalogue():
        for wheel in model.wheels:
            assert re.fullmatch(r"[0-9a-f]{64}", wheel.sha256)
            assert wheel.size > 1_000_000
        for file in model.files:
            assert bool(file.sha256) != bool(file.builder), "a file is pinned, or built and checked"
            for part in file.parts:
                assert re.fullmatch(r"[0-9a-f]{64}", part.sha256)
                assert 0 < part.size < 2 * part.wheel.size


def test_names_are_unique_and_everything_is_told() -> None:
    names = [model.name for model in models.catalogue()]
    assert names == list(dict.fromkeys(names))
    assert {"whisper-base", "whisper-tiny.en", "segmentation-3.0", "campplus"} <= set(names)
    for model in models.catalogue():
        assert model.licence in {"MIT", "Apache-2.0"}
        assert model.purpose
        assert model.origin
        assert "://" not in repr(model), "sources are projects, never addresses"


def test_wheel_for_one_system_says_all_tags() -> None:
    for wheel in {wheel.project: wheel for model in models.catalogue() for wheel in model.wheels}.values():
        if wheel.platform is not None:
            assert set(wheel.platform) == {"platform", "python-version", "implementation", "abi"}


def test_a_missing_model_tells_how_to_get_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    assert not models.installed("whisper-base")
    with pytest.raises(VoicecoachError, match="voicecoach models fetch whisper-base") as caught:
        models.path("whisper-base")
    assert caught.value.status == 1
    with pytest.raises(VoicecoachError, match=r"models fetch segmentation-3\.0"):
        models.onnx_session("segmentation-3.0")
    with pytest.raises(VoicecoachError, match="models fetch whisper-base"):
        models.resolve_whisper("whisper-base")


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(MisuseError, match=r"'whisper-huge'.*whisper-base"):
        models.path("whisper-huge")


def test_a_speech_model_may_be_a_folder_or_a_name_faster_whisper_knows(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "my model"
    folder.mkdir()
    with pytest.raises(MisuseError, match=r"model\.bin"):
        models.resolve_whisper(str(folder))
    (folder / "model.bin").write_bytes(b"weights")
    assert models.resolve_whisper(str(folder)) == str(folder)
    for name in ("small.en", "base", "somebody/some-model"):  # "base": neither ours nor faster-whisper's is here
        with pytest.raises(VoicecoachError, match=f"models fetch {name}"):
            models.resolve_whisper(name)
    with pytest.raises(MisuseError, match="no speech model called 'gigantic'"):
        models.resolve_whisper("gigantic")


def test_silero_comes_with_faster_whisper() -> None:
    assert models.silero_path().is_file()
    assert {i.name for i in models.onnx_session("silero-vad").get_inputs()} >= {"input"}
