"""Turns checkpoints into ONNX files, and checks what such a file computes against what the original computed.

The check runs on an input that is the same everywhere (a sum of sines) and compares some outputs with those the
original PyTorch model gave for it, recorded once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.errors import VoicecoachError
from voicecoach.models.checkpoint import read_weights
from voicecoach.models.runtime import open_session

_TOLERANCE = 2e-3
"""Largest difference that passes; rounding on another processor gives about 1e-4."""


@dataclass(frozen=True, slots=True)
class Check:
    """``expected`` is the output at ``[0, at]`` for the probe of ``shape``."""

    shape: tuple[int, ...]
    at: Any
    expected: tuple[float, ...]


CHECKS = {
    "segmentation": Check(
        (1, 1, 32000),
        (slice(50, 51), slice(None)),
        (-0.20996, -4.47679, -2.14141, -2.9022, -6.71726, -7.20171, -5.60943),
    ),
    "campplus": Check(
        (1, 250, 80),
        slice(0, 192, 24),
        (-0.93737, 0.98701, -0.13906, 0.10955, 0.21493, -0.15102, -0.36882, -1.03331),
    ),
}


def probe(shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """The input of a check."""
    n = np.arange(np.prod(shape), dtype=np.float64)
    return (0.3 * np.sin(0.05 * n) + 0.2 * np.sin(0.00013 * n * n)).reshape(shape).astype(np.float32)


def build(builder: str, checkpoint: Path, target: Path) -> None:
    """Write the ONNX file for ``checkpoint``. Raises `VoicecoachError` when the checkpoint is not the expected one."""
    weights = read_weights(checkpoint)
    # onnx is slow to import and needed only here
    from voicecoach.models import campplus, segmentation  # noqa: PLC0415

    builders: dict[str, Callable[..., bytes]] = {"segmentation": segmentation.build, "campplus": campplus.build}
    try:
        target.write_bytes(builders[builder](weights))
    except KeyError as error:
        raise VoicecoachError(f"{checkpoint.name} lacks the weights {error}: fetch the model again.") from error


def check(builder: str, file: Path) -> bool:
    """Whether an ONNX file computes what the original did."""
    wanted = CHECKS[builder]
    session = open_session(file)
    output = session.run(None, {session.get_inputs()[0].name: probe(wanted.shape)})[0]
    got = np.asarray(output[0][wanted.at]).ravel()
    return bool(np.allclose(got, wanted.expected, atol=_TOLERANCE, rtol=0))
