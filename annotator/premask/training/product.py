"""The model of one operation with which descriptors are compared.

`python -m annotator.premask.training.product FILE` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from onnx import TensorProto, helper


def product_model() -> bytes:
    """An ONNX model: `likeness` int32 `(n, m)` = (`rows` uint8 `(n, d)` - `shift`) times `columns` int8 `(d, m)`."""
    given = [
        helper.make_tensor_value_info("rows", TensorProto.UINT8, ["n", "d"]),
        helper.make_tensor_value_info("columns", TensorProto.INT8, ["d", "m"]),
        helper.make_tensor_value_info("shift", TensorProto.UINT8, []),
    ]
    found = helper.make_tensor_value_info("likeness", TensorProto.INT32, ["n", "m"])
    node = helper.make_node("MatMulInteger", ["rows", "columns", "shift"], ["likeness"])
    graph = helper.make_graph([node], "product", given, [found])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(product_model())
