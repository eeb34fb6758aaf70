"""The work on one mask: what is visible, what is flagged, what is recorded, against hand-computed cases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from annotator.domain import rle
from annotator.domain.dataset import Difficulty
from annotator.domain.geometry import polygon
from annotator.domain.raster import mask_of
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from export.flags import scores_itself
from export.mask_record import Written
from export.material import FinishedPair, FinishedQuery, ImageFile, Round
from export.pair_work import PairJob, QueryJob, encoded, write_mask
from export.visibility import occlusion, visible_mask

from .conftest import annotation_of, square

AT = datetime(2025, 1, 7, tzinfo=UTC)
IMAGE = ImageFile("x", "x.jpg", "0" * 64)


def band(top: float, bottom: float, kind: OccluderKind, name: str) -> Shape:
    return Shape(name, Role.OCCLUDER, polygon([[0, top], [39, top], [39, bottom], [0, bottom]]), kind)


def written(root: Path, annotations: dict[int, Annotation], final: int, **changes: object) -> Written:
    (root / "labels/ds/g00").mkdir(parents=True, exist_ok=True)
    rounds = tuple(Round("annotate", "A1", AT, "submitted", revision) for revision in sorted(annotations))
    pair = FinishedPair("ds", 0, 0, Difficulty.EASY, IMAGE, rounds, final)
    return write_mask(PairJob(replace(pair, **changes), annotations, Rules(), root))  # type: ignore[arg-type]  # by name


def test_occlusion_is_the_share_of_the_object_by_kind() -> None:
    shapes = (
        square(0, 0, 9),
        band(0, 1, OccluderKind.PERSON, "2"),
        band(1, 2, OccluderKind.PERSON, "3"),
        band(8, 30, OccluderKind.VEHICLE, "4"),
    )
    assert occlusion(Annotation((41, 31), shapes)) == {"person": 0.3, "vehicle": 0.2}
    assert occlusion(Annotation((41, 31), shapes[:1])) == {}
    assert occlusion(Annotation((41, 31), shapes[1:2])) == {"person": 0.0}


@pytest.mark.parametrize(
    ("size", "shapes", "block"),
    [
        ((40, 30), (), (20, 15)),
        ((40, 30), (square(10, 4, 8), band(0, 29, OccluderKind.BUILDING, "2")), (14, 8)),
        ((2, 2), (), (0, 0)),
    ],
)
def test_a_block_stands_for_what_is_hidden(
    size: tuple[int, int], shapes: tuple[Shape, ...], block: tuple[int, int]
) -> None:
    mask, visible = visible_mask(Annotation(size, shapes))
    assert not visible
    assert mask.sum() == 4
    rows, columns = np.nonzero(mask)
    assert (columns.min(), rows.min()) == block


def test_an_image_of_one_pixel_has_a_block_of_one() -> None:
    mask, visible = visible_mask(Annotation((1, 1)))
    assert (mask.tolist(), visible) == ([[True]], False)


def test_the_record_of_a_pair(tmp_path: Path) -> None:
    first = Annotation((40, 30), (square(4, 4, 9),))
    final = Annotation((40, 30), (square(4, 4, 9), square(20, 4, 19, "2"), band(6, 7, OccluderKind.PERSON, "3")))
    found = written(tmp_path, {1: first, 2: final}, 2)
    record = found.record
    assert record.size == (40, 30)
    assert record.bbox == (4, 4, 36, 20)
    assert record.components == 4
    assert record.area == 80 + 360 == int(mask_of(final).sum())
    assert record.iou == {1: round(80 / 460, 6), 2: 1.0}
    assert record.flags == ("occluder-cut", "several-components")
    assert np.array_equal(rle.decode({"size": [30, 40], "counts": record.counts}), mask_of(final))
    assert record.errors == ()
    shapes = json.loads((tmp_path / "labels/ds/g00/x.json").read_text())["shapes"]
    assert [shape["points"][0] for shape in shapes] == [[20, 8], [4, 8], [20, 4], [4, 4]]
    ((name, size, _),) = found.files
    assert (tmp_path / name).stat().st_size == size


def test_the_flags_of_a_history(tmp_path: Path) -> None:
    plain = {1: Annotation((40, 30), (square(4, 4, 9),))}
    rounds = (Round("refine+inspect", "A2", AT, "returned", 1), Round("settle", "A9", AT, "settled", 1))
    turned = replace(IMAGE, orientation=8)
    assert written(tmp_path, plain, 1, rounds=rounds, image=turned).record.flags == (
        "exif-orientation-8",
        "settled",
        "returned",
    )


def test_a_round_for_another_image_size_agrees_with_nothing(tmp_path: Path) -> None:
    sizes = {1: Annotation((50, 30), (square(4, 4, 9),)), 2: Annotation((40, 30), (square(4, 4, 9),))}
    assert written(tmp_path, sizes, 2).record.iou == {1: 0.0, 2: 1.0}


def test_masks_that_the_evaluator_loses_are_flagged(tmp_path: Path) -> None:
    mask = np.zeros((30, 40), dtype=bool)
    mask[2:9, 39] = True
    assert written(tmp_path, {1: annotation_of(mask)}, 1).record.flags == ("lost-in-evaluator",)
    assert not scores_itself(np.array([[5, 5]], dtype=np.int32))
    assert scores_itself(np.array([[4, 5], [4, 6], [5, 6], [5, 5]], dtype=np.int32))


def test_a_query_mask_with_its_picture(tmp_path: Path) -> None:
    for folder in ("queries/ds", "masks/ds/png/queries"):
        (tmp_path / folder).mkdir(parents=True)
    annotation = Annotation((40, 30), (square(4, 4, 9),))
    query = FinishedQuery("ds", 7, 0, IMAGE, annotation, "A1", "A2")
    found = write_mask(QueryJob(query, Rules(), tmp_path, png=True))
    assert [name for name, _, _ in found.files] == ["queries/ds/7.json", "masks/ds/png/queries/7.png"]
    picture = cv2.imread(str(tmp_path / "masks/ds/png/queries/7.png"), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert np.array_equal(picture > 0, mask_of(annotation))


@settings(max_examples=80, deadline=None)
@given(arrays(np.bool_, st.tuples(st.integers(2, 12), st.integers(2, 12))))
def test_whatever_the_mask_label_and_runs_hold_it(
    tmp_path_factory: pytest.TempPathFactory, mask: NDArray[np.bool_]
) -> None:
    root = tmp_path_factory.mktemp("work", numbered=True)
    record = written(root, {1: annotation_of(mask)}, 1).record
    height, width = mask.shape
    exact = rle.decode({"size": [height, width], "counts": record.counts})
    canvas = np.zeros((height, width), dtype=np.uint8)
    for shape in json.loads((root / "labels/ds/g00/x.json").read_text())["shapes"]:
        cv2.fillPoly(canvas, [np.array(shape["points"], dtype=np.int32)], 1)
    assert np.array_equal(canvas.astype(bool), exact)
    if mask.any():
        assert np.array_equal(exact, mask)
    else:
        assert (exact.sum(), "invisible" in record.flags) == (4, True)


@settings(max_examples=60, deadline=None)
@given(arrays(np.bool_, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_the_fast_runs_are_the_plain_ones(mask: NDArray[np.bool_]) -> None:
    assert encoded(mask) == rle.encode(mask)["counts"]
