"""Model files: which there are, fetching and checking them, and opening them.

Everything is kept in the user's cache (`voicecoach.store.paths.models_dir`) and can be fetched again at any time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.models import build as _build
from voicecoach.models import elsewhere
from voicecoach.models.catalogue import File, Model, Part, Wheel, catalogue
from voicecoach.models.runtime import open_session, silero_path
from voicecoach.models.sentences import Sentences, Vectors
from voicecoach.models.wheels import Progress, file_sha256, install, is_installed, read_manifest
from voicecoach.store.paths import models_dir

__all__ = [
    "File",
    "Model",
    "Part",
    "Progress",
    "Sentences",
    "Vectors",
    "Wheel",
    "catalogue",
    "fetch",
    "get",
    "installed",
    "onnx_session",
    "path",
    "resolve_whisper",
    "sentences",
    "silero_path",
    "verify",
]

_WHISPER_NAMES = {"base": "whisper-base", "tiny.en": "whisper-tiny.en"}
"""faster-whisper's own names for weights that we carry."""


def _no_progress(_done: int, _total: int) -> None:
    pass


def get(name: str) -> Model:
    """The catalogue's entry. Raises `MisuseError` for a name that is not in it."""
    for model in catalogue():
        if model.name == name:
            return model
    known = ", ".join(model.name for model in catalogue())
    raise MisuseError(f"There is no model called {name!r}: the models are {known}.")


def installed(name: str) -> bool:
    """Whether the model is here and up to date (a quick look, no hashing). Raises `MisuseError`."""
    return is_installed(get(name), models_dir() / name)


def path(name: str) -> Path:
    """The model's folder. Raises `VoicecoachError` when it is not here, `MisuseError` for an unknown name."""
    folder = models_dir() / name
    if not installed(name):
        what = "not whole, or of another version" if folder.exists() else "not on this computer yet"
        raise VoicecoachError(f"The model {name} is {what}: run 'voicecoach models fetch {name}'.")
    return folder


def fetch(name: str, progress: Progress = _no_progress, *, again: bool = False) -> Path:
    """Bring the model here unless it is already; ``again`` replaces it. Returns its folder.

    ``progress(done, total)`` in bytes. Raises `VoicecoachError` (offline, wrong hash, no space …); nothing that was in
    place is touched then.
    """
    model = get(name)
    if not again and is_installed(model, models_dir() / name):
        progress(model.size, model.size)
        return models_dir() / name
    return install(model, models_dir(), progress)


def verify(name: str, progress: Progress = _no_progress) -> None:
    """Hash every file of the model, and run what was built here on a known input.

    Raises `VoicecoachError` naming the first file that is not as it should be.
    """
    model, folder = get(name), path(name)
    recorded = read_manifest(folder).get("sha256")
    done, total = 0, sum((folder / file.name).stat().st_size for file in model.files)

    def advance(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total)

    for file in model.files:
        expected = file.sha256 or (recorded.get(file.name) if isinstance(recorded, dict) else None)
        good = file_sha256(folder / file.name, advance) == expected
        if not good or (file.builder and not _build.check(file.builder, folder / file.name)):
            raise VoicecoachError(
                f"{file.name} of the model {name} is damaged: "
                f"run 'voicecoach models fetch {name} --again' to replace it."
            )


def onnx_session(name: str) -> Any:
    """An ``onnxruntime.InferenceSession`` on one thread for ``segmentation-3.0``, ``campplus`` or ``silero-vad``.

    Raises `VoicecoachError` when the model is not here.
    """
    if name == "silero-vad":
        return open_session(silero_path())
    return open_session(path(name) / "model.onnx")


def sentences() -> Sentences:
    """The model ``minilm``, which turns sentences into vectors. Raises `VoicecoachError` when it is not here."""
    return Sentences(path("minilm"))


def resolve_whisper(name_or_path: str) -> str:
    """The folder to give ``faster_whisper.WhisperModel``; nothing is fetched.

    Takes one of our names (``whisper-base``), faster-whisper's name (``base``, ``small.en`` …; ours is used where we
    carry the same weights and they are here), a repository (``owner/name``), or a folder with ``model.bin``.
    Raises `VoicecoachError` when it is not here yet, `MisuseError` when it is none of these.
    """
    folder = Path(name_or_path).expanduser()
    if name_or_path in {model.name for model in catalogue()}:
        if not (path(name_or_path) / "model.bin").is_file():
            raise MisuseError(f"{name_or_path} does not turn speech into words: choose one of {_whisper_names()}.")
        return str(path(name_or_path))
    if folder.is_dir():
        if not (folder / "model.bin").is_file():
            raise MisuseError(
                f"{folder} holds no faster-whisper model: a folder with model.bin and config.json is needed."
            )
        return str(folder)
    ours = _WHISPER_NAMES.get(name_or_path)
    if ours and installed(ours):
        return str(path(ours))
    if elsewhere.knows(name_or_path):
        return elsewhere.here(name_or_path)
    raise MisuseError(
        f"There is no speech model called {name_or_path!r}: give {_whisper_names()}, another name that faster-whisper "
        "knows, or a folder."
    )


def _whisper_names() -> str:
    return " or ".join(_WHISPER_NAMES.values())
