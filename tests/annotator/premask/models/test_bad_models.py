"""Files that are no local-feature model, and models that answer nonsense: one sentence each, never a crash."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.errors import AnnotatorError, BadFileError
from annotator.premask.models import opencv_features
from annotator.premask.models.files import LARGEST, checksum
from annotator.premask.models.loading import load_features

RANDOM = np.random.default_rng(1)
POINTS = RANDOM.uniform(-0.9, 0.9, (50, 2))
NUMBERS = RANDOM.normal(size=(50, 16))
SCORES = RANDOM.uniform(0.1, 1, 50)


def refusal(path: Path) -> str:
    with pytest.raises(AnnotatorError) as caught:
        load_features(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    assert len(sentence) < 700
    return sentence


@pytest.mark.parametrize("content", [b"no model", b"PK\x03\x04" * 9, b"\x08", b"\x08\xff\xff", b"{}"])
def test_files_that_are_no_models_are_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    assert "it is no ONNX model" in refusal(path)


@pytest.mark.parametrize("content", [b"\x08\x07" * 50, b"\x08\x08\x3a\x7f", b"\x08\x08\x00\x00", b"\x08\x08\x3b"])
def test_bytes_that_only_begin_like_a_model_are_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    assert "cut short or damaged" in refusal(path)


def test_an_empty_file_a_folder_and_no_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.onnx").touch()
    assert "it is empty" in refusal(tmp_path / "empty.onnx")
    assert "folder" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "none.onnx")


def test_a_file_too_large_for_a_model_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.onnx"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert "more than a model may" in refusal(path)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.999])
def test_a_model_that_is_cut_short_is_told(onnx_models, share: float) -> None:
    path = onnx_models.sparse()
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert "cut short or damaged" in refusal(path)


def test_damaged_models_are_told_or_work_but_never_crash(onnx_models) -> None:
    path = onnx_models.sparse(count=50)
    content = path.read_bytes()
    for seed in range(25):
        random = np.random.default_rng(seed)
        damaged = np.frombuffer(content, np.uint8).copy()
        damaged[random.integers(0, 1500, 3)] = random.integers(0, 256, 3)
        path.write_bytes(damaged.tobytes())
        with suppress(AnnotatorError):
            assert load_features(path).key


def test_weights_in_another_file_are_refused(onnx_models) -> None:
    path = onnx_models.fixed(outputs={"keypoints": POINTS, "descriptors": NUMBERS}, external=True)
    assert "its weights lie in another file" in refusal(path)


def test_weights_in_another_file_are_found_in_inner_graphs_too(model_graph, tmp_path: Path) -> None:
    inner, outer = model_graph(), model_graph()
    inner.constant([1.0], external=True)
    name, field, kind = b"\x0a\x04body", 6 << 3 | 2, b"\xa0\x01\x05"
    graph = bytes([field, len(inner.tensors)]) + inner.tensors
    attribute = name + graph + kind
    node = b"\x22\x02If" + bytes([5 << 3 | 2, len(attribute)]) + attribute
    outer.nodes = bytes([1 << 3 | 2, len(node)]) + node
    path = outer.write(tmp_path / "inner.onnx", {}, {})
    assert "its weights lie in another file" in refusal(path)


@pytest.mark.parametrize("as_default", [False, True])
def test_weights_in_another_file_are_found_in_functions_too(tmp_path: Path, as_default: bool) -> None:
    """A model may bring operators of its own, whose constants are weights like all others."""
    onnx = pytest.importorskip("onnx")
    weights = onnx.TensorProto(data_type=1, dims=[50, 2], name="weights", data_location=onnx.TensorProto.EXTERNAL)
    weights.external_data.add(key="location", value="weights.bin")
    (tmp_path / "weights.bin").write_bytes(POINTS.astype("<f4").tobytes())
    helper, operators = onnx.helper, [onnx.helper.make_opsetid("", 17), onnx.helper.make_opsetid("my", 1)]
    constant = helper.make_node("Constant", [], ["y"], value=weights)
    defaults = [helper.make_attribute("value", weights)] if as_default else []
    if as_default:
        constant.attribute[0].CopyFrom(onnx.AttributeProto(name="value", ref_attr_name="value", type=4))
    function = helper.make_function("my", "Places", ["x"], ["y"], [constant], operators[:1], attribute_protos=defaults)
    numbers = onnx.numpy_helper.from_array(NUMBERS.astype(np.float32))
    nodes = [
        helper.make_node("Places", ["image"], ["keypoints"], domain="my"),
        helper.make_node("Constant", [], ["descriptors"], value=numbers),
    ]
    told = [helper.make_tensor_value_info(name, 1, shape) for name, shape in
            (("image", [1, 3, 64, 64]), ("keypoints", [50, 2]), ("descriptors", [50, 16]))]  # fmt: skip
    graph = helper.make_graph(nodes, "graph", told[:1], told[1:])
    model = helper.make_model(graph, functions=[function], opset_imports=operators, ir_version=9)
    path = tmp_path / "own.onnx"
    path.write_bytes(model.SerializeToString())
    assert "its weights lie in another file" in refusal(path)


def test_an_operator_that_nothing_here_knows_is_told(onnx_models) -> None:
    graph = onnx_models.graph()
    graph.add("NoSuchThing", "image", outputs=["keypoints"])
    path = graph.write(onnx_models.folder / "odd.onnx", {"image": [1, 3, 64, 64]}, {"keypoints": ["n", 2]})
    sentence = refusal(path)
    assert "ONNX Runtime cannot load it" in sentence
    assert "NoSuchThing" in sentence
    assert "OpenCV" in sentence


def test_without_opencvs_classes_the_sentence_says_so(onnx_models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencv_features, "RUNNERS", {"NoClassOfOpenCv": 640})
    graph = onnx_models.graph()
    graph.add("NoSuchThing", "image", outputs=["keypoints"])
    path = graph.write(onnx_models.folder / "odd.onnx", {"image": [1, 3, 64, 64]}, {"keypoints": ["n", 2]})
    assert "runs no such models" in refusal(path)


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        ({"keypoints": POINTS, "descriptors": NUMBERS * np.nan, "scores": SCORES}, "'descriptors' holds numbers that"),
        ({"keypoints": POINTS * np.inf, "descriptors": NUMBERS, "scores": SCORES}, "'keypoints' holds numbers that"),
        ({"keypoints": POINTS, "descriptors": NUMBERS, "scores": SCORES * np.nan}, "'scores' holds numbers that"),
        ({"keypoints": POINTS[:0], "descriptors": NUMBERS[:0], "scores": SCORES[:0]}, "finds no keypoints"),
        ({"keypoints": POINTS * 5000, "descriptors": NUMBERS, "scores": SCORES}, "outside the picture"),
        ({"keypoints": POINTS, "descriptors": NUMBERS[:30], "scores": SCORES}, "no local features"),
        ({"keypoints": POINTS, "scores": SCORES}, "no local features"),
        ({"descriptors": NUMBERS}, "outside the picture"),
        ({"classes": np.zeros((1, 1000))}, "do not spread"),
        ({"keypoints": POINTS / 20, "descriptors": NUMBERS, "scores": SCORES}, "do not spread"),
    ],
)
def test_outputs_that_are_no_features_are_told(onnx_models, outputs, words: str) -> None:
    assert words in refusal(onnx_models.fixed(outputs=outputs))


def test_rows_that_are_not_finite_are_no_features(onnx_models) -> None:
    """A model may divide by zero in the dark; what it found elsewhere still counts."""
    graph = onnx_models.graph()
    mean = graph.add("ReduceMean", "image", keepdims=0)
    dark = graph.add("Div", graph.constant(0.0), mean)
    spoilt = graph.add("Mul", dark, graph.constant(np.arange(50)[:, None] < 20))
    graph.add("Add", graph.constant(NUMBERS), spoilt, outputs=["descriptors"])
    graph.add("Identity", graph.constant(POINTS), outputs=["keypoints"])
    told = {"descriptors": [50, 16], "keypoints": [50, 2]}
    path = graph.write(onnx_models.folder / "dark.onnx", {"image": [1, 3, 64, 64]}, told)
    features = load_features(path)
    assert len(features.detect(np.full((64, 64, 3), 99, np.uint8), 100)) == 50
    assert len(features.detect(np.zeros((64, 64, 3), np.uint8), 100)) == 0


@pytest.mark.parametrize(
    ("shape", "element", "words"),
    [
        ([2, 3, 64, 64], "float32", "2 images at once"),
        ([1, 4, 64, 64], "float32", "4 channels"),
        ([1, 3, 8, 64], "float32", "64 by 8 pixels"),
        ([1, 3, 64, 100000], "float32", "100000 by 64 pixels"),
        ([1, 3, 64, 64], "int64", "neither a model of local features nor"),
        ([7], "float32", "neither a model of local features nor"),
        ([1, 1, 3, 64, 64], "float32", "neither a model of local features nor"),
    ],
)
def test_inputs_that_are_no_image_are_told(onnx_models, shape: list[int], element: str, words: str) -> None:
    graph = onnx_models.graph()
    graph.add("Identity", graph.constant(POINTS), outputs=["keypoints"])
    graph.add("Identity", graph.constant(NUMBERS), outputs=["descriptors"])
    path = graph.write(
        onnx_models.folder / "odd.onnx", {"image": (shape, element)}, {"keypoints": [50, 2], "descriptors": [50, 16]}
    )
    assert words in refusal(path)


def test_a_checksum_is_of_the_whole_content(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert checksum(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with pytest.raises(BadFileError, match="no name of a file"):
        checksum(Path("a\0b"))
