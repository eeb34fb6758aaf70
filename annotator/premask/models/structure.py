"""Whether a file is a whole ONNX model in one piece, seen from its bytes alone and before a runtime parses them.

ONNX files are protocol buffers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto names the fields used here.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

from annotator.domain.errors import BadFileError

IR_VERSION, GRAPH, FUNCTION = 1, 7, 25
"""Fields of ModelProto; a function is a graph of its own, which nodes call by its name."""

NODE, INITIALIZER, SPARSE_INITIALIZER = 1, 5, 15
"""Fields of GraphProto."""

FUNCTION_NODE, FUNCTION_ATTRIBUTE = 7, 11
"""Fields of FunctionProto: its nodes, and what its attributes are where a call does not give them."""

ATTRIBUTE = 5
"""Field of NodeProto."""

TENSOR, SUBGRAPH, TENSORS, SUBGRAPHS, SPARSE = 5, 6, 10, 11, 22
"""Fields of AttributeProto."""

EXTERNAL_DATA, DATA_LOCATION = 13, 14
"""Fields of TensorProto."""

DEEPEST = 16
"""Graphs within graphs that are looked into; real models have two or three."""

VARINT, EIGHT, LENGTH, FOUR = 0, 1, 2, 5

AGAIN = "get the model file again"


Span = tuple[int, int]
"""Where a message begins and ends in the file."""

Bytes = mmap.mmap


def check_structure(path: Path) -> None:
    """Raises BadFileError for what is no ONNX model, cut short, or has its weights in another file."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            external = _model(path, data)
    except (OSError, ValueError) as error:
        raise BadFileError(path, f"it cannot be read ({error})", "check the file") from error
    if external:
        raise BadFileError(path, "its weights lie in another file that it names", "export the model as one file")


def _model(path: Path, data: Bytes) -> bool:
    """Whether any tensor of a model is external; raises BadFileError for bytes that are no model."""
    if len(data) < 2 or data[0] != IR_VERSION << 3 or not 1 <= data[1] <= 64:
        raise BadFileError(path, "it is no ONNX model", "name an ONNX file")
    try:
        graphs = [_graph_is_external(data, span, 0) for span in _parts(data, (0, len(data)), {GRAPH})]
        functions = [_function_is_external(data, span) for span in _parts(data, (0, len(data)), {FUNCTION})]
    except IndexError as error:
        raise BadFileError(path, "it is cut short or damaged", AGAIN) from error
    if len(graphs) != 1:
        raise BadFileError(path, "it is cut short or damaged, for it holds no graph", AGAIN)
    return graphs[0] or any(functions)


def _graph_is_external(data: Bytes, graph: Span, depth: int) -> bool:
    """Looks at every tensor, so that the whole file is walked through."""
    if depth > DEEPEST:
        raise IndexError
    found = [_tensor_is_external(data, span) for span in _parts(data, graph, {INITIALIZER})]
    found += [_sparse_is_external(data, span) for span in _parts(data, graph, {SPARSE_INITIALIZER})]
    return any(found) or _nodes_are_external(data, _parts(data, graph, {NODE}), depth)


def _function_is_external(data: Bytes, function: Span) -> bool:
    found = [_attribute_is_external(data, span, 0) for span in _parts(data, function, {FUNCTION_ATTRIBUTE})]
    return any(found) or _nodes_are_external(data, _parts(data, function, {FUNCTION_NODE}), 0)


def _nodes_are_external(data: Bytes, nodes: list[Span], depth: int) -> bool:
    """Looks at every node, so that what is cut short is found whatever comes before it."""
    attributes = [span for node in nodes for span in _parts(data, node, {ATTRIBUTE})]
    found = [_attribute_is_external(data, span, depth) for span in attributes]
    return any(found)


def _attribute_is_external(data: Bytes, attribute: Span, depth: int) -> bool:
    found = [_tensor_is_external(data, span) for span in _parts(data, attribute, {TENSOR, TENSORS})]
    found += [_graph_is_external(data, span, depth + 1) for span in _parts(data, attribute, {SUBGRAPH, SUBGRAPHS})]
    found += [_sparse_is_external(data, span) for span in _parts(data, attribute, {SPARSE})]
    return any(found)


def _sparse_is_external(data: Bytes, tensor: Span) -> bool:
    """SparseTensorProto: its values (1) and indices (2) are tensors."""
    return any(_tensor_is_external(data, span) for span in _parts(data, tensor, {1, 2}))


def _tensor_is_external(data: Bytes, tensor: Span) -> bool:
    fields = _fields(data, tensor)
    return any(number == EXTERNAL_DATA or (number == DATA_LOCATION and value == 1) for number, value in fields)


def _parts(data: Bytes, message: Span, wanted: set[int]) -> list[Span]:
    """The messages within a message that are its fields `wanted`."""
    return [value for number, value in _fields(data, message) if number in wanted and isinstance(value, tuple)]


def _fields(data: Bytes, message: Span) -> Iterator[tuple[int, int | Span]]:
    """Field numbers with their numbers or spans; raises IndexError where the bytes are no message."""
    at, end = message
    while at < end:
        tag, at = _varint(data, at, end)
        number, wire = tag >> 3, tag & 7
        if number == 0:
            raise IndexError
        if wire == VARINT:
            value, at = _varint(data, at, end)
            yield number, value
            continue
        size = {EIGHT: 8, FOUR: 4}.get(wire)
        if wire == LENGTH:
            size, at = _varint(data, at, end)
        if size is None or at + size > end:
            raise IndexError
        yield number, (at, at + size)
        at += size


def _varint(data: Bytes, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64 and at < end:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise IndexError
