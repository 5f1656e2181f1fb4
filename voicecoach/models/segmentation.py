"""Builds pyannote segmentation-3.0 as an ONNX graph: who of up to three voices speaks when, overlap included.

The network (Bredin, "pyannote.audio 2.1", 2023; Plaquet & Bredin, "Powerset multi-class cross entropy loss", 2023):
SincNet (three convolutions with pooling and instance norm), a four-layer bidirectional LSTM, two linear layers and a
log-softmax over the powerset of speakers: nobody, 1, 2, 3, 1+2, 1+3, 2+3.

Input ``waveform``: float32 ``(batch, 1, samples)`` at 16 kHz, at least 1261 samples. Output: float32
``(batch, frames, 7)``, natural log of the classes' probabilities. One frame is 270 samples (16.875 ms) and sees 991.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.models.graph import Graph
from voicecoach.samples import RATE

Weights = Mapping[str, npt.NDArray[Any]]

_LAYERS = 4
_HIDDEN = 128
_MIN_HZ = 50.0  # lowest cut-off and narrowest band that the training allowed


def sinc_filters(weights: Weights) -> npt.NDArray[np.float32]:
    """The first layer's band-pass filters, ``(80, 1, 251)``: 40 even (cosine) ones, then 40 odd (sine) ones.

    Each is a difference of two sinc functions under a Hamming window, given by its learned lower edge and width in Hz
    (Ravanelli & Bengio, "Speaker recognition from raw waveform with SincNet", 2018).
    """
    low_hz = _MIN_HZ + np.abs(weights["sincnet.conv1d.0.filterbank.low_hz_"].astype(np.float64))
    width_hz = np.abs(weights["sincnet.conv1d.0.filterbank.band_hz_"].astype(np.float64))
    high_hz = np.clip(low_hz + _MIN_HZ + width_hz, _MIN_HZ, RATE / 2)
    time = weights["sincnet.conv1d.0.filterbank.n_"].astype(np.float64)  # 2π · (−125 … −1) / rate
    window = weights["sincnet.conv1d.0.filterbank.window_"].astype(np.float64)  # its left half
    band = high_hz - low_hz
    even = (np.sin(high_hz * time) - np.sin(low_hz * time)) / (time / 2) * window
    odd = (np.cos(low_hz * time) - np.cos(high_hz * time)) / (time / 2) * window
    filters = np.concatenate(
        [
            np.hstack([even, 2 * band, even[:, ::-1]]) / (2 * band),
            np.hstack([odd, np.zeros_like(band), -odd[:, ::-1]]) / (2 * band),
        ]
    )
    return filters[:, np.newaxis, :].astype(np.float32)


def build(weights: Weights) -> bytes:
    """The ONNX file's bytes. Raises KeyError when a weight is missing."""
    g = Graph()
    x = g.op(
        "InstanceNormalization",
        "waveform",
        g.constant(weights["sincnet.wav_norm1d.weight"]),
        g.constant(weights["sincnet.wav_norm1d.bias"]),
        epsilon=1e-5,
    )
    x = g.op("Abs", g.op("Conv", x, g.constant(sinc_filters(weights)), strides=[10], kernel_shape=[251]))
    for layer in range(3):
        if layer:
            kernel, bias = weights[f"sincnet.conv1d.{layer}.weight"], weights[f"sincnet.conv1d.{layer}.bias"]
            x = g.op("Conv", x, g.constant(kernel), g.constant(bias), kernel_shape=[5])
        x = g.op("MaxPool", x, kernel_shape=[3], strides=[3])
        scale, shift = weights[f"sincnet.norm1d.{layer}.weight"], weights[f"sincnet.norm1d.{layer}.bias"]
        x = g.op("InstanceNormalization", x, g.constant(scale), g.constant(shift), epsilon=1e-5)
        x = g.op("LeakyRelu", x, alpha=0.01)
    x = g.op("Transpose", x, perm=[2, 0, 1])  # ONNX's LSTM wants (frames, batch, features)
    for layer in range(_LAYERS):
        w, r, b = (g.constant(a) for a in _lstm(weights, layer))
        x = g.op("LSTM", x, w, r, b, hidden_size=_HIDDEN, direction="bidirectional")
        x = g.op("Transpose", x, perm=[0, 2, 1, 3])  # (frames, direction, batch, hidden) → directions side by side
        x = g.op("Reshape", x, g.constant([0, 0, -1]))
    x = g.op("Transpose", x, perm=[1, 0, 2])
    for name in ("linear.0", "linear.1", "classifier"):
        x = g.op("MatMul", x, g.constant(weights[f"{name}.weight"].T))
        x = g.op("Add", x, g.constant(weights[f"{name}.bias"]))
        if name != "classifier":
            x = g.op("LeakyRelu", x, alpha=0.01)
    x = g.op("LogSoftmax", x, axis=-1)
    shapes: tuple[list[Any], list[Any]] = (["batch", 1, "samples"], ["batch", "frames", 7])
    return g.model("waveform", x, name="segmentation-3.0", shapes=shapes)


def _lstm(weights: Weights, layer: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """One layer's W, R and B as ONNX wants them: both directions stacked, gates in the order i o f c."""

    def gates(kind: str, ending: str) -> npt.NDArray[Any]:
        i, f, c, o = np.split(weights[f"lstm.{kind}_l{layer}{ending}"], 4)  # PyTorch's order
        return np.concatenate([i, o, f, c])

    endings = ("", "_reverse")
    return (
        np.stack([gates("weight_ih", e) for e in endings]),
        np.stack([gates("weight_hh", e) for e in endings]),
        np.stack([np.concatenate([gates("bias_ih", e), gates("bias_hh", e)]) for e in endings]),
    )
