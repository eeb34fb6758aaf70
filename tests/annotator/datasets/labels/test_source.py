"""Sources of every form are recognised, matched to the ground truth, and keep every pixel."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.numpy import arrays
from PIL import Image
from pycocotools import mask as coco

from annotator.datasets.ground_truth import read_ground_truth
from annotator.datasets.labels.imported import ImportedLabel
from annotator.datasets.labels.labelme import write_labelme
from annotator.datasets.labels.png_masks import read_mask
from annotator.datasets.labels.source import read_source
from annotator.domain import rle
from annotator.domain.dataset import GroundTruth
from annotator.domain.errors import BadFileError
from annotator.domain.geometry import polygon
from annotator.domain.raster import Mask, mask_of
from annotator.domain.shapes import Annotation, Role, Shape

SQUARE = Annotation((90, 60), (Shape("1", Role.OBJECT, polygon([[5, 5], [30, 5], [30, 30.5]])),))


def _write_labelme(path: Path, image: str, annotation: Annotation = SQUARE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_labelme(path, annotation, f"{image}.jpg")
    return path


def _write_json(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def _places(labels: tuple[ImportedLabel, ...]) -> set[tuple[str, int | None, int | None]]:
    return {(label.image, label.group, label.query_number) for label in labels}


def test_labelme_files_are_matched_by_their_image(tmp_path: Path, truth: GroundTruth) -> None:
    _write_labelme(tmp_path / "any-name.json", "gate")
    _write_labelme(tmp_path / "deep" / "q.json", "tower1")
    _write_labelme(tmp_path / "g01" / "x.json", "both")
    _write_labelme(tmp_path / "g00" / "x.json", "both")
    found = read_source(tmp_path, truth)
    assert found.problems == ()
    assert _places(found.labels) == {("gate", 0, None), ("tower1", None, 1), ("both", 1, None), ("both", 0, None)}


@pytest.mark.parametrize(
    ("image", "words"),
    [("both", "belongs to g00 and g01"), ("junk", "neither easy nor hard"), ("moon", "neither easy nor hard")],
)
def test_labels_without_a_place_are_reported(tmp_path: Path, truth: GroundTruth, image: str, words: str) -> None:
    path = _write_labelme(tmp_path / "a.json", image)
    with pytest.raises(BadFileError, match=words):
        read_source(path, truth)
    _write_labelme(tmp_path / "b.json", "gate")
    found = read_source(tmp_path, truth)
    assert _places(found.labels) == {("gate", 0, None)}
    assert words in found.problems[0]


def test_a_label_in_the_folder_of_a_group_that_lacks_its_image_is_reported(tmp_path: Path, truth: GroundTruth) -> None:
    path = _write_labelme(tmp_path / "g01" / "x.json", "gate")
    with pytest.raises(BadFileError, match="'gate' is neither easy nor hard in g01"):
        read_source(path, truth)
    with pytest.raises(BadFileError, match="neither easy nor hard in g77"):
        read_source(_write_labelme(tmp_path / "g77" / "x.json", "gate"), truth)


def test_an_image_of_several_groups_is_told_what_to_do(tmp_path: Path, truth: GroundTruth) -> None:
    with pytest.raises(BadFileError, match="put the file into a folder named as its group, such as g00"):
        read_source(_write_labelme(tmp_path / "x.json", "both"), truth)


def test_a_query_mask_of_an_image_that_is_no_query_is_reported(tmp_path: Path, truth: GroundTruth) -> None:
    folder = _mask_folder(tmp_path, ENTRIES)
    _write_labelme(folder / "queries" / "tower__gate.json", "gate")
    found = read_source(folder, truth)
    assert len(found.labels) == 3
    (problem,) = found.problems
    assert "tower__gate.json: 'gate' is no query image of the ground truth" in problem


def test_one_bad_file_does_not_stop_a_folder(tmp_path: Path, truth: GroundTruth) -> None:
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadFileError, match="no JSON"):
        read_source(tmp_path, truth)
    _write_labelme(tmp_path / "good.json", "gate")
    assert len(read_source(tmp_path, truth).problems) == 1


def test_nothing_to_import_is_a_sentence(tmp_path: Path, truth: GroundTruth) -> None:
    with pytest.raises(BadFileError, match="nothing in it"):
        read_source(tmp_path, truth)
    with pytest.raises(BadFileError, match="no such file or folder"):
        read_source(tmp_path / "absent", truth)


def _mask_folder(folder: Path, entries: list[dict[str, Any]]) -> Path:
    _write_labelme(folder / "queries" / "tower__tower0.json", "tower0")
    _write_labelme(folder / "index" / "tower__both.json", "both")
    _write_labelme(folder / "index" / "hall__both.json", "both")
    _write_json(folder / "pairs.json", entries)
    return folder


ENTRIES = [
    {"group": "tower", "query_indices": [0, 1], "index_image": "both"},
    {"group": "hall", "query_indices": [2], "index_image": "both"},
]


def test_a_mask_folder_tells_groups_by_its_queries(tmp_path: Path, truth: GroundTruth) -> None:
    found = read_source(_mask_folder(tmp_path, ENTRIES), truth)
    assert _places(found.labels) == {("tower0", None, 0), ("both", 0, None), ("both", 1, None)}


@pytest.mark.parametrize(
    "entry",
    [
        {"group": "x", "query_indices": [0, 2], "index_image": "both"},
        {"group": "x", "query_indices": [9], "index_image": "both"},
        {"group": "x", "index_image": "both"},
        5,
    ],
)
def test_a_broken_list_of_pairs_is_refused(tmp_path: Path, truth: GroundTruth, entry: Any) -> None:
    with pytest.raises(BadFileError, match=r"pairs\.json"):
        read_source(_mask_folder(tmp_path, [entry]), truth)


def test_the_real_masks_keep_every_pixel(shared: Path) -> None:
    truth = read_ground_truth(shared / "data" / "roxford5k" / "gnd_roxford5k.pkl")
    found = read_source(shared / "data" / "masks", truth)
    assert found.problems == ()
    assert sum(label.query_number is not None for label in found.labels) == 8
    assert sum(label.group is not None for label in found.labels) == 26
    assert {label.group for label in found.labels} == {None, 0, 1, 2, 4, 7}
    for label in found.labels:
        assert np.array_equal(mask_of(label.annotation), read_mask(label.source.with_suffix(".png")))


def _benchmark(folder: Path, mask: Mask, exact: bool) -> Path:
    """A benchmark directory whose labels are key-hole rings or, where `exact`, RLE with labels that say less."""
    height, width = mask.shape
    rings = [c.reshape(-1, 2).tolist() for c in cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, 2)[0]]
    shapes = [{"label": "object", "points": ring, "shape_type": "polygon"} for ring in rings]
    label = {"shapes": shapes, "imagePath": "gate.jpg", "imageHeight": height, "imageWidth": width}
    _write_json(folder / "labels/oxford/g00/gate.json", label)
    _write_json(folder / "queries/oxford/2.json", label | {"imagePath": "hall.jpg"})
    np.save(folder / "oxford_pair2labelpath.npy", np.array({"0_0": "labels/oxford/g00/gate.json"}, dtype=object))
    if exact:
        entry = {"id": 1, "image_id": 0, "category_id": 0, "segmentation": rle.encode(mask)}
        categories = [{"id": 0, "name": "oxford/g00"}]
        images = [{"id": 0, "file_name": "gate.jpg", "width": width, "height": height}]
        _write_json(
            folder / "masks/oxford/masks.json", {"images": images, "annotations": [entry], "categories": categories}
        )
        images = [{"id": 0, "file_name": "hall.jpg", "width": width, "height": height}]
        _write_json(folder / "masks/oxford/queries.json", {"images": images, "annotations": [entry], "categories": []})
    return folder


def test_a_benchmark_with_exact_masks_keeps_every_pixel(tmp_path: Path, truth: GroundTruth, mask: Mask) -> None:
    found = read_source(_benchmark(tmp_path, mask, exact=True), truth)
    assert _places(found.labels) == {("gate", 0, None), ("hall", None, 2)}
    assert all(np.array_equal(mask_of(label.annotation), mask) for label in found.labels)
    single = read_source(tmp_path / "masks/oxford/masks.json", truth)
    assert np.array_equal(mask_of(single.labels[0].annotation), mask)


def test_a_benchmark_of_labels_is_read_as_the_evaluator_fills_it(
    tmp_path: Path, truth: GroundTruth, mask: Mask
) -> None:
    found = read_source(_benchmark(tmp_path, mask, exact=False), truth)
    assert _places(found.labels) == {("gate", 0, None), ("hall", None, 2)}
    filled = np.zeros(mask.shape, dtype=np.uint8)
    for contour in cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, 2)[0]:
        cv2.fillPoly(filled, [contour], (1,))
    assert filled.sum() > mask.sum()
    assert all(np.array_equal(mask_of(label.annotation), filled) for label in found.labels)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"0_0": "../../etc/passwd"}, "leaves the directory"),
        ({"0_0": "/etc/passwd"}, "leaves the directory"),
        ({"0_0": 5}, "leaves the directory"),
        ({"0_99": "labels/x.json"}, "no query-index pair"),
        ({"0_-1": "labels/x.json"}, "no query-index pair"),
        ({"9_0": "labels/x.json"}, "no query-index pair"),
        ({"gate": "labels/x.json"}, "no query-index pair"),
    ],
)
def test_a_hostile_pair_table_is_refused(tmp_path: Path, truth: GroundTruth, table: dict[str, Any], words: str) -> None:
    np.save(tmp_path / "oxford_pair2labelpath.npy", np.array(table, dtype=object))
    with pytest.raises(BadFileError, match=words):
        read_source(tmp_path, truth)


def _coco(annotation: dict[str, Any], **more: Any) -> dict[str, Any]:
    images = [{"id": 7, "file_name": "photos/gate.jpg", "width": 90, "height": 60}]
    return {"images": images, "annotations": [{"image_id": 7, "category_id": 1, **annotation}], **more}


def test_coco_polygons_fill_what_coco_fills(tmp_path: Path, truth: GroundTruth) -> None:
    rings = [[10.5, 10.5, 70.2, 12.1, 50.0, 50.9], [60, 40, 80, 40, 80, 55.5, 60, 55]]
    found = read_source(_write_json(tmp_path / "coco.json", _coco({"segmentation": rings})), truth)
    filled = mask_of(found.labels[0].annotation)
    assert rle.encode(filled)["counts"] == coco.merge(coco.frPyObjects(rings, 60, 90))["counts"].decode()


@pytest.mark.parametrize("encode", [rle.encode, lambda mask: {"size": [60, 90], "counts": rle.runs(mask)}])
def test_coco_rle_keeps_every_pixel(
    tmp_path: Path, truth: GroundTruth, mask: Mask, encode: Callable[[Mask], Any]
) -> None:
    found = read_source(_write_json(tmp_path / "coco.json", _coco({"segmentation": encode(mask)})), truth)
    assert _places(found.labels) == {("gate", 0, None)}
    assert np.array_equal(mask_of(found.labels[0].annotation), mask)


def test_coco_occluders_are_cut_out(tmp_path: Path, truth: GroundTruth, mask: Mask) -> None:
    hidden = np.zeros_like(mask)
    hidden[:, 30:] = True
    content = _coco(
        {"segmentation": rle.encode(mask)}, categories=[{"id": 1, "name": "object"}, {"id": 2, "name": "occluder"}]
    )
    content["annotations"].insert(0, {"image_id": 7, "category_id": 2, "segmentation": rle.encode(hidden)})
    found = read_source(_write_json(tmp_path / "coco.json", content), truth)
    assert np.array_equal(mask_of(found.labels[0].annotation), mask & ~hidden)


@pytest.mark.parametrize(
    "annotation",
    [
        {"segmentation": []},
        {"segmentation": [[1, 1, 5, 5]]},
        {"segmentation": [[1, 1, 5, float("nan"), 3, 3]]},
        {"segmentation": [[1, 1, 5, 1e9, 3, 3]]},
        {"segmentation": [[1, 1, 5]]},
        {"segmentation": {"size": [60, 90], "counts": [1]}},
        {"segmentation": {"size": [60, 90], "counts": "zzzz"}},
        {"segmentation": {"size": [6, 9], "counts": [0, 54]}},
        {"segmentation": {"size": [60, 90], "counts": [5400]}},
        {"segmentation": 5},
        {},
        {"segmentation": [[1, 1, 5, 5, 9, 9]], "image_id": 8},
    ],
)
def test_broken_coco_is_one_sentence(tmp_path: Path, truth: GroundTruth, annotation: dict[str, Any]) -> None:
    path = _write_json(tmp_path / "coco.json", _coco(annotation))
    with pytest.raises(BadFileError, match=r"coco\.json"):
        read_source(path, truth)


def test_png_masks_keep_every_pixel(tmp_path: Path, truth: GroundTruth, mask: Mask) -> None:
    (tmp_path / "g00").mkdir()
    Image.fromarray(mask.astype(np.uint8)).save(tmp_path / "g00" / "tower__both.png")
    Image.fromarray(mask.astype(np.uint8) * 255).convert("RGB").save(tmp_path / "hall.png")
    Image.fromarray(mask).save(tmp_path / "gate.png")
    found = read_source(tmp_path, truth)
    assert _places(found.labels) == {("both", 0, None), ("hall", None, 2), ("gate", 0, None)}
    assert all(np.array_equal(mask_of(label.annotation), mask) for label in found.labels)


def test_an_empty_png_mask_is_refused(tmp_path: Path, truth: GroundTruth) -> None:
    path = tmp_path / "gate.png"
    Image.new("L", (9, 9)).save(path)
    with pytest.raises(BadFileError, match="is empty"):
        read_source(path, truth)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pixels=arrays(np.bool_, (12, 15)))
def test_any_mask_survives_as_png_and_rle(tmp_path: Path, truth: GroundTruth, pixels: Mask) -> None:
    if not pixels.any():
        return
    Image.fromarray(pixels).save(tmp_path / "gate.png")
    from_png = read_source(tmp_path / "gate.png", truth).labels[0]
    assert np.array_equal(mask_of(from_png.annotation), pixels)
    folder = tmp_path / "benchmark"
    shutil.rmtree(folder, ignore_errors=True)
    from_rle = read_source(_benchmark(folder, pixels, exact=True), truth).labels
    assert all(np.array_equal(mask_of(label.annotation), pixels) for label in from_rle)
