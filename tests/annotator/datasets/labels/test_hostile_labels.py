"""Labels with anything in any place: they give annotations that can be drawn, or one sentence that names the file."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.datasets.labels.labelme import read_labelme
from annotator.datasets.labels.source import read_source
from annotator.domain import rle
from annotator.domain.dataset import GroundTruth
from annotator.domain.errors import BadFileError
from annotator.domain.raster import mask_of

Key = str | int
TALL = np.zeros((60, 90), dtype=np.bool_)
TALL[3:20, 5:30] = True

LABELME: dict[str, Any] = {
    "version": "5.4.1",
    "shapes": [
        {"label": "object", "points": [[1, 1], [20, 1], [20, 20]], "group_id": 1, "shape_type": "polygon",
         "flags": {"person": True}, "description": "person"},
        {"label": "occluder:person", "points": [[1, 1], [9, 9]], "group_id": None, "shape_type": "rectangle"},
        {"label": "object", "points": [[50, 30], [59, 30]], "shape_type": "circle"},
        {"label": "object", "points": [[12, 2], [18, 2], [18, 8]], "group_id": 1, "shape_type": "polygon"},
    ],
    "imagePath": "gate.jpg",
    "imageWidth": 90,
    "imageHeight": 60,
}  # fmt: skip
COCO: dict[str, Any] = {
    "images": [{"id": 7, "file_name": "gate.jpg", "width": 90, "height": 60}],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 1, "segmentation": rle.encode(TALL)},
        {"id": 2, "image_id": 7, "category_id": 2, "segmentation": [[1, 1, 20, 1, 20, 20]]},
        {"id": 3, "image_id": 7, "category_id": 1, "segmentation": {"size": [60, 90], "counts": rle.runs(TALL)}},
    ],
    "categories": [{"id": 1, "name": "object"}, {"id": 2, "name": "occluder"}],
}
PAIRS = [
    {"group": "tower", "query_indices": [0, 1], "index_image": "both"},
    {"group": "hall", "query_indices": [2], "index_image": "both"},
]
ODD: list[Any] = [
    *(None, True, 0, -1, 2**31, 2**63, 10**400, -(10**30), 0.5, 1e308, float("nan"), float("inf")),
    *("", "x", "gate.jpg", "../up", "half \ud83c", "nul\0", "oxford/g999999", "occluder", "1", [], {}, [[]], [None]),
    *([[None, None]] * 3, [[1]], [1, 2, 3, 4], {"a": 1}, {"size": [60, 90], "counts": "1"}, ["a"] * 3),
]


def places(content: Any, above: tuple[Key, ...] = ()) -> Iterator[tuple[Key, ...]]:
    """Where in some JSON something stands."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inner:
        yield (*above, key)
        yield from places(value, (*above, key))


@st.composite
def changed(draw: Callable[[st.SearchStrategy[Any]], Any], content: Any) -> Any:
    """The content with something odd, or nothing, in one or two of its places."""
    found = copy.deepcopy(content)
    for _ in range(draw(st.integers(1, 2))):
        way = draw(st.sampled_from(list(places(found)) or [()]))
        if not way:
            continue
        around = found
        for key in way[:-1]:
            around = around[key]
        if draw(st.booleans()) or not isinstance(around, dict):
            around[way[-1]] = copy.deepcopy(draw(st.sampled_from(ODD)))
        else:
            del around[way[-1]]
    return found


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def annotations_or_a_sentence(source: Path, truth: GroundTruth) -> None:
    try:
        found = read_source(source, truth)
    except BadFileError as error:
        assert str(source.name) in str(error) or str(source) in str(error)  # noqa: PT017 (both outcomes are right)
        assert "\n" not in str(error)  # noqa: PT017
        return
    assert found.labels
    for label in found.labels:
        width, height = label.annotation.size
        assert mask_of(label.annotation).shape == (height, width)
        assert (label.query_number is None) != (label.group is None)
    assert all("\n" not in problem for problem in found.problems)


usual = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@usual
@given(content=changed(LABELME))
def test_any_labelme_file(tmp_path: Path, truth: GroundTruth, content: Any) -> None:
    path = write(tmp_path / "label.json", content)
    annotations_or_a_sentence(path, truth)
    try:
        assert read_labelme(path, (90, 60)).annotation.size[0] >= 1
    except BadFileError as error:
        assert "label.json" in str(error)  # noqa: PT017


@usual
@given(content=changed(COCO))
def test_any_coco_file(tmp_path: Path, truth: GroundTruth, content: Any) -> None:
    annotations_or_a_sentence(write(tmp_path / "coco.json", content), truth)


@usual
@given(content=changed(PAIRS))
def test_any_list_of_pairs(tmp_path: Path, truth: GroundTruth, content: Any) -> None:
    write(tmp_path / "queries" / "tower__tower0.json", LABELME | {"imagePath": "tower0.jpg"})
    write(tmp_path / "index" / "tower__both.json", LABELME | {"imagePath": "both.jpg"})
    write(tmp_path / "pairs.json", content)
    annotations_or_a_sentence(tmp_path, truth)


@usual
@given(content=changed(LABELME))
def test_any_label_of_a_benchmark(tmp_path: Path, truth: GroundTruth, content: Any) -> None:
    np.save(tmp_path / "oxford_pair2labelpath.npy", np.array({"0_0": "labels/gate.json"}, dtype=object))
    write(tmp_path / "queries" / "oxford" / "2.json", LABELME | {"imagePath": "hall.jpg"})
    write(tmp_path / "labels" / "gate.json", content)
    annotations_or_a_sentence(tmp_path, truth)


@pytest.mark.parametrize("path", ["", "labels", "labels/\ud83c.json", "labels/\0", "a" * 300, "labels/gate.json/x"])
def test_a_path_of_a_benchmark_that_leads_to_no_label(tmp_path: Path, truth: GroundTruth, path: str) -> None:
    np.save(tmp_path / "oxford_pair2labelpath.npy", np.array({"0_0": path}, dtype=object))
    write(tmp_path / "labels" / "gate.json", LABELME)
    with pytest.raises(Exception, match=r"leaves the directory|no such file|cannot be read") as caught:
        read_source(tmp_path, truth)
    assert type(caught.value).__module__ == "annotator.domain.errors"


def test_a_shape_without_points_is_no_label(tmp_path: Path, truth: GroundTruth) -> None:
    """The evaluator counts such a pair with the IoU of the pair before it, so it must not be taken."""
    np.save(tmp_path / "oxford_pair2labelpath.npy", np.array({"0_0": "labels/gate.json"}, dtype=object))
    empty = {"label": "object", "points": [], "shape_type": "polygon"}
    write(tmp_path / "labels" / "gate.json", LABELME | {"shapes": [LABELME["shapes"][0], empty]})
    with pytest.raises(BadFileError, match=r"gate\.json: this is no label of the benchmark"):
        read_source(tmp_path, truth)
