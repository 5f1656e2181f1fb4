"""Builds 3D-Speaker CAM++ as an ONNX graph: one vector that says whose voice it is.

The network (Wang et al., "CAM++: a fast and efficient network for speaker verification using context-aware masking",
2023): a small 2-D convolutional front end over time and frequency, three densely connected TDNN blocks whose layers
are masked by the context of the whole and of each second, statistics pooling, and a linear layer.

Input ``features``: float32 ``(batch, frames, 80)``, log mel filter banks 10 ms apart with their mean over time taken
off (see `voicecoach.hearing.fbank`), at least 4 frames. Output: float32 ``(batch, 192)``; compare by cosine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.models.graph import Graph

Weights = Mapping[str, npt.NDArray[Any]]

_SEGMENT = 100
"""Frames of local context in the masks: 100 at 20 ms each."""
_BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Layers and dilation of each dense block; the kernel is 3 in all."""


def build(weights: Weights) -> bytes:
    """The ONNX file's bytes. Raises KeyError when a weight is missing."""
    return _Builder(weights).build()


class _Builder:
    def __init__(self, weights: Weights) -> None:
        self._w = weights
        self._g = Graph()

    def build(self) -> bytes:
        g = self._g
        x = g.op("Unsqueeze", g.op("Transpose", "features", perm=[0, 2, 1]), g.constant([1]))  # (batch, 1, 80, frames)
        x = self._front_end(x)
        x = g.op("Reshape", x, g.constant([0, 320, -1]))
        x = g.op("Relu", self._conv1d(x, "xvector.tdnn.linear", "xvector.tdnn.nonlinear", stride=2, pad=2))
        segments = _Segments(g, x)
        for block, (layers, dilation) in enumerate(_BLOCKS, start=1):
            for layer in range(1, layers + 1):
                new = self._dense_layer(x, f"xvector.block{block}.tdnnd{layer}", dilation, segments)
                x = g.op("Concat", x, new, axis=1)
            x = g.op("Relu", self._norm(x, f"xvector.transit{block}.nonlinear.batchnorm"))
            x = g.op("Conv", x, g.constant(self._w[f"xvector.transit{block}.linear.weight"]), kernel_shape=[1])
        x = g.op("Relu", self._norm(x, "xvector.out_nonlinear.batchnorm"))
        x = g.op("Unsqueeze", self._statistics(x), g.constant([2]))
        x = self._conv1d(x, "xvector.dense.linear", "xvector.dense.nonlinear")
        x = g.op("Squeeze", x, g.constant([2]))
        shapes: tuple[list[Any], list[Any]] = (["batch", "frames", 80], ["batch", 192])
        return g.model("features", x, name="campplus", shapes=shapes)

    def _front_end(self, x: str) -> str:
        g = self._g
        x = g.op("Relu", self._conv2d(x, "head.conv1", "head.bn1"))
        for block, stride in (("layer1.0", 2), ("layer1.1", 1), ("layer2.0", 2), ("layer2.1", 1)):
            name = f"head.{block}"
            y = g.op("Relu", self._conv2d(x, f"{name}.conv1", f"{name}.bn1", stride))
            y = self._conv2d(y, f"{name}.conv2", f"{name}.bn2")
            if stride != 1:
                x = self._conv2d(x, f"{name}.shortcut.0", f"{name}.shortcut.1", stride)
            x = g.op("Relu", g.op("Add", y, x))
        return g.op("Relu", self._conv2d(x, "head.conv2", "head.bn2", 2))

    def _dense_layer(self, x: str, name: str, dilation: int, segments: _Segments) -> str:
        """32 new channels: a bottleneck, a dilated convolution, and a mask from its input's context."""
        g, w = self._g, self._w
        x = g.op("Relu", self._norm(x, f"{name}.nonlinear1.batchnorm"))
        x = g.op("Relu", self._conv1d(x, f"{name}.linear1", f"{name}.nonlinear2"))
        local = g.constant(w[f"{name}.cam_layer.linear_local.weight"])
        y = g.op("Conv", x, local, kernel_shape=[3], dilations=[dilation], pads=[dilation, dilation])
        mask = g.op("Add", g.op("ReduceMean", x, axes=[2], keepdims=1), segments.means(x))
        for layer, activation in (("linear1", "Relu"), ("linear2", "Sigmoid")):
            kernel, bias = w[f"{name}.cam_layer.{layer}.weight"], w[f"{name}.cam_layer.{layer}.bias"]
            mask = g.op(activation, g.op("Conv", mask, g.constant(kernel), g.constant(bias), kernel_shape=[1]))
        return g.op("Mul", y, segments.spread(mask))

    def _statistics(self, x: str) -> str:
        """Mean and standard deviation (over n − 1) of each channel, side by side: ``(batch, 2 · channels)``."""
        g = self._g
        mean = g.op("ReduceMean", x, axes=[2], keepdims=1)
        off = g.op("Sub", x, mean)
        squares = g.op("ReduceSum", g.op("Mul", off, off), g.constant([2]), keepdims=0)
        frames = g.op("Cast", g.op("Gather", g.op("Shape", x), g.constant([2])), to=1)
        frames = g.op(
            "Max", g.op("Sub", frames, g.constant(np.ones(1, np.float32))), g.constant(np.ones(1, np.float32))
        )
        deviation = g.op("Sqrt", g.op("Div", squares, frames))
        return g.op("Concat", g.op("Squeeze", mean, g.constant([2])), deviation, axis=1)

    def _conv2d(self, x: str, name: str, norm: str, stride: int = 1) -> str:
        kernel, bias = self._folded(f"{name}.weight", norm)
        size = kernel.shape[-1]
        return self._g.op(
            "Conv",
            x,
            self._g.constant(kernel),
            self._g.constant(bias),
            kernel_shape=[size, size],
            strides=[stride, 1],
            pads=[size // 2] * 4,
        )

    def _conv1d(self, x: str, name: str, norm: str, *, stride: int = 1, pad: int = 0) -> str:
        kernel, bias = self._folded(f"{name}.weight", f"{norm}.batchnorm")
        k, b = self._g.constant(kernel), self._g.constant(bias)
        return self._g.op("Conv", x, k, b, kernel_shape=[kernel.shape[-1]], strides=[stride], pads=[pad, pad])

    def _folded(self, weight: str, norm: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """A convolution's kernel and bias with the batch norm that follows it worked in."""
        scale, shift = self._scale_and_shift(norm)
        kernel = self._w[weight].astype(np.float64)
        return (kernel * scale.reshape(-1, *[1] * (kernel.ndim - 1))).astype(np.float32), shift.astype(np.float32)

    def _norm(self, x: str, norm: str) -> str:
        scale, shift = (a.astype(np.float32)[:, np.newaxis] for a in self._scale_and_shift(norm))
        return self._g.op("Add", self._g.op("Mul", x, self._g.constant(scale)), self._g.constant(shift))

    def _scale_and_shift(self, norm: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        w = self._w
        mean = w[f"{norm}.running_mean"].astype(np.float64)
        scale = 1 / np.sqrt(w[f"{norm}.running_var"].astype(np.float64) + 1e-5)
        if f"{norm}.weight" not in w:  # the last one has no weights of its own
            return scale, -mean * scale
        scale = scale * w[f"{norm}.weight"]
        return scale, w[f"{norm}.bias"] - mean * scale


class _Segments:
    """Mean over each 100 frames, the last one shorter, and spreading such values over their frames again.

    A mask is the same for all frames of a segment, so it is worked out once per segment.
    """

    def __init__(self, g: Graph, x: str) -> None:
        self._g = g
        size = g.constant([_SEGMENT])
        frames = g.op("Gather", g.op("Shape", x), g.constant([2]))
        rest = g.op("Mod", frames, size)
        missing = g.op("Mod", g.op("Sub", size, rest), size)
        self._pads = g.op("Concat", g.constant([0, 0, 0, 0, 0]), missing, axis=0)
        zero, one = g.constant(np.array(0, np.int64)), g.constant(np.array(1, np.int64))
        steps = g.op("Range", zero, g.op("Squeeze", frames, g.constant([0])), one)
        self._of_frame = g.op("Div", steps, size)
        ones = g.op(
            "Expand", g.constant(np.ones((1, 1, 1), np.float32)), g.op("Concat", g.constant([1, 1]), frames, axis=0)
        )
        self._lengths = self._sums(ones)

    def means(self, x: str) -> str:
        """``(batch, channels, frames)`` → ``(batch, channels, segments)``."""
        return self._g.op("Div", self._sums(x), self._lengths)

    def spread(self, x: str) -> str:
        """``(batch, channels, segments)`` → ``(batch, channels, frames)``."""
        return self._g.op("Gather", x, self._of_frame, axis=2)

    def _sums(self, x: str) -> str:
        g = self._g
        padded = g.op("Pad", x, self._pads)
        return g.op("ReduceSum", g.op("Reshape", padded, g.constant([0, 0, -1, _SEGMENT])), g.constant([3]), keepdims=0)
