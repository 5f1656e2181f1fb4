from __future__ import annotations

import collections
import io
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voicecoach.errors import VoicecoachError
from voicecoach.models.checkpoint import read_weights


class _Global:
    """Pickles as a name that is looked up on reading, whatever it is."""

    def __init__(self, module: str, name: str) -> None:
        self.where = (module, name)


class _Storage:
    def __init__(self, kind: str, key: str, count: int) -> None:
        self.pid = ("storage", _Global("torch", kind), key, "cpu", count)


class _Pickler(pickle._Pickler):  # the Python one, because it lets a name be written that does not exist here
    def persistent_id(self, obj: Any) -> Any:
        return obj.pid if isinstance(obj, _Storage) else None

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if isinstance(obj, _Global):
            self.write(b"c%s\n%s\n" % (obj.where[0].encode(), obj.where[1].encode()))
        elif isinstance(obj, _Call):
            self.save(obj.function)
            self.save(obj.arguments)
            self.write(pickle.REDUCE)
        else:
            super().save(obj, save_persistent_id)


class _Call:
    def __init__(self, function: _Global, *arguments: Any) -> None:
        self.function, self.arguments = function, arguments


def _tensor(storage: _Storage, offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> _Call:
    hooks = collections.OrderedDict()
    return _Call(_Global("torch._utils", "_rebuild_tensor_v2"), storage, offset, size, stride, False, hooks)


def _write(path: Path, content: Any, storages: dict[str, bytes]) -> Path:
    data = io.BytesIO()
    _Pickler(data, protocol=2).dump(content)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", data.getvalue())
        for key, value in storages.items():
            archive.writestr(f"archive/data/{key}", value)
    return path


def test_reads_tensors_that_share_a_storage(tmp_path) -> None:
    numbers = np.arange(10, dtype="<f4")
    storage = _Storage("FloatStorage", "0", 10)
    content = {
        "whole": _tensor(storage, 0, (2, 5), (5, 1)),
        "turned": _tensor(storage, 0, (5, 2), (1, 5)),
        "end": _tensor(storage, 7, (3,), (1,)),
        "one": _tensor(_Storage("LongStorage", "1", 1), 0, (), ()),
        "note": "not a tensor",
    }
    file = _write(tmp_path / "w.pt", content, {"0": numbers.tobytes(), "1": np.array([7], "<i8").tobytes()})
    weights = read_weights(file)
    assert set(weights) == {"whole", "turned", "end", "one"}
    np.testing.assert_array_equal(weights["whole"], numbers.reshape(2, 5))
    np.testing.assert_array_equal(weights["turned"], numbers.reshape(2, 5).T)
    np.testing.assert_array_equal(weights["end"], [7, 8, 9])
    assert weights["one"] == 7


def test_unwraps_a_checkpoint_and_throws_away_what_is_about_training(tmp_path) -> None:
    wrapped = {
        "hyper_parameters": _Call(_Global("pyannote.audio.core.task", "Problem"), 1),
        "state_dict": {"a": _tensor(_Storage("FloatStorage", "0", 1), 0, (1,), (1,))},
    }
    file = _write(tmp_path / "w.pt", wrapped, {"0": np.array([2.5], "<f4").tobytes()})
    assert read_weights(file) == {"a": np.array([2.5], np.float32)}


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("posix", "system"), ("builtins", "eval"), ("subprocess", "Popen"), ("torch", "load")],
)
def test_a_pickle_that_would_run_something_is_refused_and_not_run(tmp_path, module: str, name: str) -> None:
    marker = tmp_path / "ran"
    content = {"a": _Call(_Global(module, name), f"touch {marker}")}
    with pytest.raises(VoicecoachError, match=rf"trust.*{name}"):
        read_weights(_write(tmp_path / "w.pt", content, {}))
    assert not marker.exists()


def test_the_same_pickle_does_run_without_the_guard(tmp_path) -> None:
    # or the test above would prove nothing
    data = io.BytesIO()
    _Pickler(data, protocol=2).dump({"a": _Call(_Global("os", "getpid"))})
    assert pickle.loads(data.getvalue()) == {"a": os.getpid()}


@pytest.mark.parametrize(
    ("offset", "size", "stride"),
    [(0, (4,), (1,)), (3, (1,), (1,)), (0, (2, 2), (2, 1)), (0, (2,), (1000,)), (-1, (1,), (1,)), (0, (2,), (-1,))],
)
def test_a_tensor_outside_its_storage_is_refused(tmp_path, offset, size, stride) -> None:
    content = {"a": _tensor(_Storage("FloatStorage", "0", 3), offset, size, stride)}
    with pytest.raises(VoicecoachError):
        read_weights(_write(tmp_path / "w.pt", content, {"0": bytes(12)}))


def test_a_storage_shorter_than_it_says_is_refused(tmp_path) -> None:
    content = {"a": _tensor(_Storage("FloatStorage", "0", 3), 0, (3,), (1,))}
    with pytest.raises(VoicecoachError, match="fetch the model again"):
        read_weights(_write(tmp_path / "w.pt", content, {"0": bytes(8)}))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and then nothing", b"weights"])
def test_what_is_no_checkpoint_is_refused_in_one_sentence(tmp_path, content: bytes) -> None:
    file = tmp_path / "broken.pt"
    file.write_bytes(content)
    with pytest.raises(VoicecoachError, match=r"^broken\.pt is not a file of model weights"):
        read_weights(file)
