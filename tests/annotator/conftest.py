"""Small ONNX models, written byte by byte so that no other package is needed to make them; and a live Dask cluster."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ELEMENTS = {"float32": 1, "uint8": 2, "int64": 7, "bool": 9, "float16": 10, "float64": 11}
OPSET = 17
Shape = Sequence[int | str]


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def message(field: int, content: bytes | str) -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name: str, array: np.ndarray[Any, Any], external: bool = False) -> bytes:
    """A TensorProto; an external one names a file beside the model."""
    head = b"".join(number(1, side) for side in array.shape) + number(2, ELEMENTS[str(array.dtype)]) + message(8, name)
    if external:
        return head + message(13, message(1, "location") + message(2, "weights.bin")) + number(14, 1)
    return head + message(9, array.tobytes())


def port(name: str, shape: Shape, element: str) -> bytes:
    """A ValueInfoProto; text stands for a free side."""
    sides = b"".join(message(1, message(2, side) if isinstance(side, str) else number(1, side)) for side in shape)
    return message(1, name) + message(2, message(1, number(1, ELEMENTS[element]) + message(2, sides)))


def attribute(name: str, value: Any) -> bytes:
    """An AttributeProto of an int, a float, a text or a list of ints."""
    if isinstance(value, float):
        return message(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + number(20, 1)
    if isinstance(value, int):
        return message(1, name) + number(3, value) + number(20, 2)
    if isinstance(value, str):
        return message(1, name) + message(4, value) + number(20, 3)
    return message(1, name) + b"".join(number(8, one) for one in value) + number(20, 7)


class Graph:
    """An ONNX graph in the making; every method that adds a step returns the name of what it gives."""

    def __init__(self) -> None:
        self.nodes = b""
        self.tensors = b""
        self.count = 0

    def add(self, operation: str, *inputs: str, outputs: Sequence[str] = (), **attributes: Any) -> str:
        self.count += 1
        named = list(outputs) or [f"t{self.count}"]
        parts = [message(1, one) for one in inputs] + [message(2, one) for one in named] + [message(4, operation)]
        parts += [message(5, attribute(name, value)) for name, value in attributes.items()]
        self.nodes += message(1, b"".join(parts))
        return named[0]

    def constant(self, value: Any, kind: str = "float32", external: bool = False) -> str:
        self.count += 1
        name = f"c{self.count}"
        self.tensors += message(5, tensor(name, np.asarray(value, dtype=kind), external))
        return name

    def write(self, path: Path, inputs: dict[str, Any], outputs: dict[str, Any]) -> Path:
        """Inputs and outputs map names to a shape, or to a shape and an element type."""
        ports = b""
        for field, found in ((11, inputs), (12, outputs)):
            for name, told in found.items():
                shape, element = told if isinstance(told, tuple) else (told, "float32")
                ports += message(field, port(name, shape, element))
        graph = self.nodes + message(2, "test") + self.tensors + ports
        path.write_bytes(number(1, 8) + message(7, graph) + message(8, message(1, "") + number(2, OPSET)))
        return path


def cosines(side: int, most: int) -> np.ndarray[Any, Any]:
    """The `most` broadest waves of a window, without its mean: `(most, 1, side, side)`."""
    steps = (np.arange(side) + 0.5) * np.pi / side
    window = np.hanning(side + 2)[1:-1]
    waves = sorted(((i + j, i, j) for i in range(side) for j in range(side) if i + j), key=lambda one: one)[:most]
    found = [np.outer(np.cos(i * steps) * window, np.cos(j * steps) * window) for _, i, j in waves]
    return np.array([one - one.mean() for one in found], dtype=np.float32)[:, None]


def filtered(graph: Graph, image: str, kernels: np.ndarray[Any, Any], spread: int = 1, step: int = 1) -> str:
    """Filters over a grey image whose border is mirrored."""
    reach = (kernels.shape[-1] // 2) * spread
    pads = graph.constant([0, 0, reach, reach, 0, 0, reach, reach], "int64")
    padded = graph.add("Pad", image, pads, mode="edge")
    return graph.add("Conv", padded, graph.constant(kernels), dilations=[spread, spread], strides=[step, step])


def grey_of(graph: Graph, order: str) -> str:
    """The input `image` as (1, 1, h, w) floats in 0 to 1."""
    image = graph.add("Cast", "image", to=1)
    if order == "uint8":
        image = graph.add("Div", image, graph.constant(255.0))
    if order in ("CHW", "HWC", "HW"):
        axes = [0, 1] if order == "HW" else [0]
        image = graph.add("Unsqueeze", image, graph.constant(axes, "int64"))
    if order.endswith("HWC"):
        image = graph.add("Transpose", image, perm=[0, 3, 1, 2])
    return graph.add("ReduceMean", image, axes=[1], keepdims=1)


def blobs(graph: Graph, grey: str) -> str:
    """How much a pixel differs from its surroundings, 0 where it is no local maximum: (1, 1, h, w)."""
    at = np.arange(9) - 4
    narrow, wide = (np.exp(-(at[:, None] ** 2 + at**2) / (2 * s * s)) for s in (1.2, 2.4))
    kernel = (narrow / narrow.sum() - wide / wide.sum()).astype(np.float32)[None, None]
    differs = graph.add("Abs", filtered(graph, grey, kernel))
    scores = graph.add("Relu", graph.add("Sub", differs, graph.constant(0.002)))
    highest = graph.add("MaxPool", scores, kernel_shape=[5, 5], strides=[1, 1], pads=[2, 2, 2, 2])
    peaks = graph.add("Cast", graph.add("Equal", scores, highest), to=1)
    return graph.add("Mul", scores, peaks)


def sides(order: str, channels: Any, height: Any, width: Any) -> list[int | str]:
    if order == "HW":
        return [height, width]
    plain = [height, width, channels] if order.endswith("HWC") else [channels, height, width]
    return plain if order in ("CHW", "HWC") else [1, *plain]


def sparse_model(
    path: Path,
    width: int | str = "w",
    height: int | str = "h",
    channels: int | str = 3,
    order: str = "NCHW",
    coordinates: str = "-1..1",
    names: Sequence[str] = ("keypoints", "descriptors", "scores"),
    listed: Sequence[int] = (0, 1, 2),
    batched: bool = False,
    single: bool = False,
    turned: bool = False,
    count: int = 700,
    noise: bool = False,
    rows_first: bool = False,
) -> Path:
    """A real, if simple, model: blobs, and the broadest waves round them. `noise` gives descriptors that say nothing.

    `listed` orders the outputs (two leave the scores out), `single` gives rows of x, y, score, descriptor, `turned`
    descriptors (d, n).
    """
    graph = Graph()
    grey = grey_of(graph, order)
    flat = graph.add("Reshape", blobs(graph, grey), graph.constant([-1], "int64"))
    graph.add("TopK", flat, graph.constant([count], "int64"), outputs=["best", "where"])
    shape = graph.add("Shape", grey)
    tall, wide = (graph.add("Gather", shape, graph.constant(axis, "int64"), axis=0) for axis in (2, 3))
    axis = graph.constant([1], "int64")
    columns, rows = (
        graph.add("Unsqueeze", graph.add("Cast", graph.add(op, "where", wide), to=1), axis) for op in ("Mod", "Div")
    )
    points = graph.add("Concat", *((rows, columns) if rows_first else (columns, rows)), axis=1)
    if coordinates != "pixels":
        zero = graph.constant([0], "int64")
        size = graph.add("Concat", graph.add("Unsqueeze", wide, zero), graph.add("Unsqueeze", tall, zero), axis=0)
        points = graph.add("Div", points, graph.add("Sub", graph.add("Cast", size, to=1), graph.constant(1.0)))
        if coordinates == "-1..1":
            points = graph.add("Sub", graph.add("Mul", points, graph.constant(2.0)), graph.constant(1.0))
    if noise:
        numbers = graph.add("RandomNormal", shape=[count, 32], seed=3.0)
    else:
        waves = filtered(graph, grey, cosines(15, 32), spread=2)
        whole = graph.add("Reshape", waves, graph.constant([32, -1], "int64"))
        numbers = graph.add("Gather", graph.add("Transpose", whole, perm=[1, 0]), "where", axis=0)
    length = graph.add("Add", graph.add("ReduceL2", numbers, axes=[1], keepdims=1), graph.constant(1e-6))
    numbers = graph.add("Div", numbers, length)
    found = [points, graph.add("Transpose", numbers, perm=[1, 0]) if turned else numbers, "best"]
    shapes: list[list[int | str]] = [[count, 2], [32, count] if turned else [count, 32], [count]]
    if single:
        best = graph.add("Unsqueeze", "best", axis)
        found, shapes, listed = [graph.add("Concat", points, best, numbers, axis=1)], [[count, 35]], (0,)
    outputs = {}
    for n in listed:
        given = graph.add("Unsqueeze", found[n], graph.constant([0], "int64")) if batched else found[n]
        graph.add("Identity", given, outputs=[names[n]])
        outputs[names[n]] = [1, *shapes[n]] if batched else shapes[n]
    element = "uint8" if order == "uint8" else "float32"
    told = sides("NCHW" if order == "uint8" else order, channels, height, width)
    return graph.write(path, {"image": (told, element)}, outputs)


def dense_model(path: Path, names: Sequence[str] = ("scores", "descriptors"), stride: int = 8) -> Path:
    """A score for every pixel of a grey image, and descriptors of 64 numbers on a grid."""
    graph = Graph()
    kernels = cosines(17, 64)
    reach = np.zeros((64, 1, 17, 17), np.float32)
    reach[:] = kernels
    padded = graph.add("Pad", "image", graph.constant([0, 0, 8, 8, 0, 0, 8, 8], "int64"), mode="edge")
    waves = graph.add("Conv", padded, graph.constant(reach), strides=[1, 1])
    cells = graph.add("AveragePool", waves, kernel_shape=[stride, stride], strides=[stride, stride])
    graph.add("Identity", cells, outputs=[names[1]])
    graph.add("Identity", blobs(graph, "image"), outputs=[names[0]])
    outputs = {names[0]: [1, 1, "h", "w"], names[1]: [1, 64, "r", "c"]}
    return graph.write(path, {"image": [1, 1, "h", "w"]}, outputs)


def fixed_model(path: Path, outputs: dict[str, Any], side: int = 64, external: bool = False) -> Path:
    """Outputs that are the same for every image."""
    graph = Graph()
    told = {}
    zero = graph.add("Mul", graph.add("ReduceMean", "image", keepdims=0), graph.constant(0.0))
    for name, value in outputs.items():
        array = np.asarray(value, dtype=np.float32)
        graph.add("Add", graph.constant(array, external=external), zero, outputs=[name])
        told[name] = list(array.shape)
    return graph.write(path, {"image": [1, 3, side, side]}, told)


def matcher_model(path: Path, numbers: int | str = 32, form: str = "pairs", least: float = 0.0, **told: Any) -> Path:
    """Mutual nearest neighbours by descriptors, among points within -1 to 1 and with an inner product above `least`.

    With `form` pairs as cv2.LightGlueMatcher takes them, with rows a partner or -1 for each of the first points.
    """
    graph = Graph()
    likeness = graph.add("MatMul", "desc0", graph.add("Transpose", "desc1", perm=[0, 2, 1]))
    likeness = graph.add("Squeeze", likeness, graph.constant([0], "int64"))
    theirs = graph.add("ArgMax", likeness, axis=1, keepdims=0)
    back = graph.add("Gather", graph.add("ArgMax", likeness, axis=0, keepdims=0), theirs, axis=0)
    count = graph.add("Gather", graph.add("Shape", "kpts0"), graph.constant(1, "int64"), axis=0)
    ours = graph.add("Range", graph.constant(0, "int64"), count, graph.constant(1, "int64"))
    good = graph.add("Cast", graph.add("Equal", ours, back), to=1)
    sure = graph.add("ReduceMax", likeness, axes=[1], keepdims=0)
    good = graph.add("Mul", good, graph.add("Cast", graph.add("Greater", sure, graph.constant(least)), to=1))
    for points, rows in (("kpts0", ours), ("kpts1", theirs)):
        reach = graph.add("ReduceMax", graph.add("Abs", points), axes=[2], keepdims=0)
        reach = graph.add("Gather", graph.add("Squeeze", reach, graph.constant([0], "int64")), rows, axis=0)
        inside = graph.add("Less", reach, graph.constant(1.0001))
        good = graph.add("Mul", good, graph.add("Cast", inside, to=1))
    if form == "rows":
        none = graph.add("Sub", good, graph.constant(1.0))  # 0 or -1
        kept = graph.add("Mul", graph.add("Cast", theirs, to=1), good)
        row = graph.add(
            "Unsqueeze", graph.add("Cast", graph.add("Add", kept, none), to=7), graph.constant([0], "int64")
        )
        graph.add("Identity", row, outputs=["matches0"])
        graph.add("Unsqueeze", graph.add("Mul", sure, good), graph.constant([0], "int64"), outputs=["mscores0"])
        outputs: dict[str, Any] = {"matches0": ([1, "n"], "int64"), "mscores0": [1, "n"]}
    else:
        rows = graph.add("Squeeze", graph.add("NonZero", good), graph.constant([0], "int64"))
        axis = graph.constant([1], "int64")
        columns = graph.add("Unsqueeze", graph.add("Gather", theirs, rows, axis=0), axis)
        graph.add("Concat", graph.add("Unsqueeze", rows, axis), columns, axis=1, outputs=["matches0"])
        graph.add("Gather", sure, rows, axis=0, outputs=["mscores0"])
        outputs = {"matches0": (["k", 2], "int64"), "mscores0": ["k"]}
    inputs = {"kpts0": [1, "n", 2], "kpts1": [1, "m", 2], "desc0": [1, "n", numbers], "desc1": [1, "m", numbers]}
    return graph.write(path, inputs | told, outputs)


class Models:
    """Makes model files in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def sparse(self, name: str = "sparse.onnx", **options: Any) -> Path:
        return sparse_model(self.folder / name, **options)

    def dense(self, name: str = "dense.onnx", **options: Any) -> Path:
        return dense_model(self.folder / name, **options)

    def fixed(self, name: str = "fixed.onnx", **options: Any) -> Path:
        return fixed_model(self.folder / name, **options)

    def matcher(self, name: str = "matcher.onnx", **options: Any) -> Path:
        return matcher_model(self.folder / name, **options)

    def graph(self) -> Graph:
        return Graph()


@pytest.fixture
def onnx_models(tmp_path: Path) -> Models:
    """Small models that ONNX Runtime runs; the test is skipped where that is not installed."""
    pytest.importorskip("onnxruntime")
    folder = tmp_path / "onnx"
    folder.mkdir()
    return Models(folder)


@pytest.fixture
def model_graph() -> Callable[[], Graph]:
    """An empty ONNX graph, to be written without a runtime."""
    return Graph


@contextmanager
def _program(*command: str, until: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A program of Dask, once it has said a line with `until`; that line comes with it."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", *command], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stderr is not None
            line = next((line for line in process.stderr if until in line), "")
            assert line, f"{command[0]} ended at once"
            yield process, line
        finally:
            process.kill()
            process.communicate()


@contextmanager
def _cluster(workers: int = 1) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A live scheduler on this machine with no worker, or with one that does one thing at a time; and its address."""
    given = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with _program(*given, until="Scheduler at:") as (process, line):
        address = line.split()[-1]
        if not workers:
            yield process, address
            return
        given = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        with _program(*given, until="Registered to:"):
            yield process, address


@pytest.fixture(scope="session")
def start_cluster() -> Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]]:
    """Starts a Dask cluster of one's own; skips where Dask is not installed."""
    pytest.importorskip("distributed", reason="Dask is not installed (extra 'cluster')")
    return _cluster


@pytest.fixture(scope="module")
def cluster(start_cluster: Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]]) -> Iterator[str]:
    """The address of a live cluster."""
    with start_cluster() as (_, address):
        yield address
