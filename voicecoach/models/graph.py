"""A small hand for writing ONNX graphs: names are made up as one goes, constants are stored beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

_OPSET = 17
_IR_VERSION = 8  # the one that goes with opset 17; every onnxruntime since 1.12 reads it


class Graph:
    """Collects nodes and constants of one model. Each method returns the name of what it computes."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, npt.NDArray[Any]] = {}

    def constant(self, value: npt.NDArray[Any] | Sequence[int]) -> str:
        """Store an array; a plain sequence of integers becomes int64, as shapes and axes have to be."""
        array = np.ascontiguousarray(value if isinstance(value, np.ndarray) else np.asarray(value, np.int64))
        for name, known in self._constants.items():
            if known.dtype == array.dtype and known.shape == array.shape and np.array_equal(known, array):
                return name
        name = f"c{len(self._constants)}"
        self._constants[name] = array
        return name

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add one operator with one output that counts."""
        name = f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def model(self, source: str, result: str, *, name: str, shapes: tuple[list[Any], list[Any]]) -> bytes:
        """Finish: ``source`` is the input's name, ``result`` what becomes ``output``. Returns the file's bytes.

        ``shapes``: of input and output; strings are free dimensions. Raises `onnx.checker.ValidationError`.
        """
        self._nodes.append(helper.make_node("Identity", [result], ["output"]))
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info(source, TensorProto.FLOAT, shapes[0])],
            [helper.make_tensor_value_info("output", TensorProto.FLOAT, shapes[1])],
            [numpy_helper.from_array(value, key) for key, value in self._constants.items()],
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION, producer_name="voicecoach"
        )
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))
