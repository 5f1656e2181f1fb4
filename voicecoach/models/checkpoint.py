"""Reads the weights out of a PyTorch checkpoint without PyTorch, and without running what is inside it.

A checkpoint is a zip archive: one pickle that describes the tensors, and one raw little-endian file per storage. An
ordinary unpickler would run any function a pickle names, so this one knows a short list of names and refuses the rest.
"""

from __future__ import annotations

import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.errors import VoicecoachError

_STORAGES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

_INERT = frozenset(
    {
        ("torch.torch_version", "TorchVersion"),
        ("pyannote.audio.core.task", "Specifications"),
        ("pyannote.audio.core.task", "Problem"),
        ("pyannote.audio.core.task", "Resolution"),
    }
)
"""Classes that describe the training of the two models we know; they are read as `_Inert` and thrown away."""


class _Inert:
    """Stands for a class whose content is of no use here: takes anything, keeps nothing, does nothing."""

    def __new__(cls, *_args: object) -> _Inert:
        return super().__new__(cls)

    def __init__(self, *_args: object) -> None:
        pass

    def __setstate__(self, _state: object) -> None:
        pass


class _Storage:
    """Name of a storage type, as the pickle uses it."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype


def _rebuild_tensor(
    storage: npt.NDArray[Any], offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_hooks: object
) -> npt.NDArray[Any]:
    """Copy one tensor out of its storage. Raises `pickle.UnpicklingError` when it would reach outside."""
    if len(size) != len(stride) or offset < 0 or min((*size, *stride), default=0) < 0:
        raise pickle.UnpicklingError("a tensor has an impossible shape")
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    if 0 not in size and last >= storage.size:
        raise pickle.UnpicklingError("a tensor reaches outside its storage")
    strides = tuple(step * storage.itemsize for step in stride)
    view: npt.NDArray[Any] = np.lib.stride_tricks.as_strided(storage[offset:], size, strides, writeable=False)
    return np.array(view)


class _Unpickler(pickle.Unpickler):
    def __init__(self, archive: zipfile.ZipFile, folder: str) -> None:
        super().__init__(archive.open(f"{folder}/data.pkl"))
        self._archive = archive
        self._folder = folder
        self._storages: dict[str, npt.NDArray[Any]] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if module == "torch" and name in _STORAGES:
            return _Storage(_STORAGES[name])
        if (module, name) in _INERT:
            return _Inert
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")

    def persistent_load(self, pid: Any) -> npt.NDArray[Any]:
        kind, storage, key, _device, count = pid
        if kind != "storage" or not isinstance(storage, _Storage):
            raise pickle.UnpicklingError("unknown kind of storage")
        if key not in self._storages:
            data = self._archive.read(f"{self._folder}/data/{key}")
            values = np.frombuffer(data, storage.dtype)
            if values.size != count:
                raise pickle.UnpicklingError("a storage is not as long as it says")
            self._storages[key] = values
        return self._storages[key]


def read_weights(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Tensors of a checkpoint by name. A checkpoint that wraps them in ``state_dict`` is unwrapped.

    Raises `VoicecoachError` when the file is not such a checkpoint or names anything but tensors.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            pickles = [n for n in archive.namelist() if n.count("/") == 1 and n.endswith("/data.pkl")]
            if len(pickles) != 1:
                raise pickle.UnpicklingError("no data.pkl")
            content = _Unpickler(archive, pickles[0].partition("/")[0]).load()
    except (pickle.UnpicklingError, zipfile.BadZipFile, ValueError, KeyError, EOFError, AttributeError) as error:
        raise VoicecoachError(
            f"{path.name} is not a file of model weights that voicecoach can trust ({error}): fetch the model again."
        ) from error
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    if not isinstance(content, Mapping):
        raise VoicecoachError(f"{path.name} holds no model weights: fetch the model again.")
    return {str(k): v for k, v in content.items() if isinstance(v, np.ndarray)}
