"""Opening ONNX files the way voicecoach runs them: on the processor, one thread each."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from voicecoach.errors import VoicecoachError


def open_session(file: Path) -> Any:
    """An ``onnxruntime.InferenceSession`` with one thread: several models share two cores with the decoder.

    Raises `VoicecoachError` when the file cannot be read as a model.
    """
    import onnxruntime  # noqa: PLC0415 - slow to import, and many commands never need it

    onnxruntime.disable_telemetry_events()  # on Windows; elsewhere `voicecoach/__init__.py` has switched it off whole
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no base class
        raise VoicecoachError(
            f"The model file {file.name} in {file.parent.name} cannot be read: run 'voicecoach models fetch' again."
        ) from error


def silero_path() -> Path:
    """The Silero voice activity model (MIT) that comes inside faster-whisper.

    Raises `VoicecoachError` when faster-whisper is not installed or no longer carries it.
    """
    spec = importlib.util.find_spec("faster_whisper")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        files = sorted((Path(folder) / "assets").glob("silero_vad*.onnx"))
        if files:
            return files[-1]
    raise VoicecoachError(
        "faster-whisper is not installed completely: run 'pip install --force-reinstall faster-whisper'."
    )
