"""LabelMe files: every shape type, kinds of occluders, holes in both ways, and files that must be refused."""

from __future__ import annotations

import base64
import io
import json
import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from annotator.datasets.labels.labelme import MOST_VERTICES, read_labelme, write_labelme
from annotator.domain.errors import BadFileError
from annotator.domain.geometry import polygon
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape

SQUARE = [[10, 10], [40, 10], [40, 40], [10, 40]]


def shape(points: Any = SQUARE, **more: Any) -> dict[str, Any]:
    return {"label": "object", "points": points, "group_id": None, "shape_type": "polygon", "flags": {}, **more}


def write(folder: Path, *shapes: Any, **more: Any) -> Path:
    content = {"version": "5.4.1", "shapes": list(shapes), "imagePath": "tower.jpg", "imageData": None}
    path = folder / "label.json"
    path.write_text(json.dumps(content | {"imageHeight": 80, "imageWidth": 100} | more), encoding="utf-8")
    return path


def test_a_polygon_is_read(tmp_path: Path) -> None:
    label = read_labelme(write(tmp_path, shape()))
    assert (label.image, label.group, label.query_number) == ("tower", None, None)
    assert label.annotation == Annotation((100, 80), (Shape("1", Role.OBJECT, polygon(SQUARE)),))


def test_a_rectangle_has_four_corners(tmp_path: Path) -> None:
    for corners in ([[40, 10], [10, 40]], [[10, 10], [40, 40]]):
        found = read_labelme(write(tmp_path, shape(corners, shape_type="rectangle"))).annotation
        expected = read_labelme(write(tmp_path, shape())).annotation
        assert np.array_equal(mask_of(found), mask_of(expected))


def test_a_circle_is_round(tmp_path: Path) -> None:
    found = read_labelme(write(tmp_path, shape([[50, 40], [50, 10]], shape_type="circle"))).annotation
    area = found.shapes[0].polygon.area
    assert abs(area / (math.pi * 30**2) - 1) < 0.01


def test_a_mask_is_read_pixel_for_pixel(tmp_path: Path) -> None:
    pixels = np.zeros((20, 30), dtype=np.uint8)
    cv2.circle(pixels, (12, 10), 8, 1, -1)
    cv2.circle(pixels, (12, 10), 3, 0, -1)
    stream = io.BytesIO()
    Image.fromarray(pixels * 255).save(stream, format="PNG")
    encoded = base64.b64encode(stream.getvalue()).decode()
    found = read_labelme(write(tmp_path, shape([[5, 7], [34, 26]], shape_type="mask", mask=encoded))).annotation
    expected = np.zeros((80, 100), dtype=bool)
    expected[7:27, 5:35] = pixels > 0
    assert np.array_equal(mask_of(found), expected)


def encoded(pixels: np.ndarray) -> str:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, format="PNG")
    return base64.b64encode(stream.getvalue()).decode()


@pytest.mark.parametrize(("corner", "left"), [([5.4, 7.4], (5, 7)), ([5.5, 7.5], (6, 8)), ([5, 7], (5, 7))])
def test_a_mask_stands_at_the_nearest_pixel_of_its_corner(
    tmp_path: Path, corner: list[float], left: tuple[int, int]
) -> None:
    dark = np.full((4, 6), 1, dtype=np.uint8)  # any value but 0 is the object
    path = write(tmp_path, shape([[30, 30], corner], shape_type="mask", mask=encoded(dark)))
    x, y = left
    expected = np.zeros((80, 100), dtype=bool)
    expected[y : y + 4, x : x + 6] = True
    assert np.array_equal(mask_of(read_labelme(path).annotation), expected)


def test_masks_without_pixels_or_beyond_any_image_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = encoded(np.zeros((4, 6), dtype=np.uint8))
    with pytest.raises(BadFileError, match="a mask without pixels"):
        read_labelme(write(tmp_path, shape([[5, 7], [9, 9]], shape_type="mask", mask=empty)))
    full = encoded(np.ones((4, 6), dtype=np.uint8))
    with pytest.raises(BadFileError, match="a mask without pixels"):
        read_labelme(write(tmp_path, shape([], shape_type="mask", mask=full)))
    monkeypatch.setattr("annotator.datasets.labels.labelme_shapes.MOST_PIXELS", 23)
    with pytest.raises(BadFileError, match="the mask is larger than any image"):
        read_labelme(write(tmp_path, shape([[5, 7], [9, 9]], shape_type="mask", mask=full)))


def test_a_turned_rectangle_has_the_corners_that_it_says(tmp_path: Path) -> None:
    corners = [[20, 10], [30, 20], [20, 30], [10, 20]]
    found = read_labelme(write(tmp_path, shape(corners, shape_type="rectangle"))).annotation
    assert found.shapes[0].polygon == polygon(corners)


def test_a_circle_has_its_centre_in_the_middle_and_no_corner_twice(tmp_path: Path) -> None:
    found = read_labelme(write(tmp_path, shape([[50, 40], [50, 10]], shape_type="circle"))).annotation
    points = found.shapes[0].polygon.outer.points
    assert np.allclose(np.hypot(*(points - [50, 40]).T), 30)
    assert np.allclose(points.mean(axis=0), [50, 40])
    assert len(np.unique(points.round(6), axis=0)) == len(points) >= 16


@pytest.mark.parametrize("kind", ["point", "line", "linestrip", "points"])
def test_shapes_without_an_area_are_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(BadFileError, match=f"shape 1 cannot be used, a {kind} encloses nothing"):
        read_labelme(write(tmp_path, shape([[1, 1], [2, 2], [3, 1]], shape_type=kind)))


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"label": "occluder"}, OccluderKind.OTHER),
        ({"label": "occluder:person"}, OccluderKind.PERSON),
        ({"label": "Occluder: Street_Furniture"}, OccluderKind.STREET_FURNITURE),
        ({"label": "occluder", "flags": {"vehicle": True, "person": False}}, OccluderKind.VEHICLE),
        ({"label": "occluder", "description": "vegetation"}, OccluderKind.VEGETATION),
        ({"label": "occluder:dragon"}, OccluderKind.OTHER),
    ],
)
def test_occluders_have_a_kind(tmp_path: Path, more: dict[str, Any], kind: OccluderKind) -> None:
    found = read_labelme(write(tmp_path, shape(), shape([[20, 20], [60, 20], [60, 60]], **more))).annotation
    assert (found.shapes[1].role, found.shapes[1].kind) == (Role.OCCLUDER, kind)
    assert not mask_of(found)[22, 22:40].any()


def test_kept_occlusions_and_unknown_labels(tmp_path: Path) -> None:
    path = write(tmp_path, shape(label="all_souls"), shape(label="kept occlusion", description="person"))
    first, second = read_labelme(path).annotation.shapes
    assert first.role is Role.OBJECT
    assert (second.role, second.kind) == (Role.KEPT, OccluderKind.PERSON)


def test_rings_of_one_group_are_holes(tmp_path: Path) -> None:
    hole = [[20, 20], [30, 20], [30, 30], [20, 30]]
    path = write(tmp_path, shape(group_id=4), shape([[60, 5], [70, 5], [70, 9]]), shape(hole, group_id=4))
    found = read_labelme(path).annotation
    assert [one.polygon for one in found.shapes] == [polygon(SQUARE, hole), polygon([[60, 5], [70, 5], [70, 9]])]
    apart = read_labelme(write(tmp_path, shape(group_id=4), shape(hole, group_id=5))).annotation
    assert [len(one.polygon.holes) for one in apart.shapes] == [0, 0]


def test_keyholes_are_opened(tmp_path: Path) -> None:
    hole = [[20, 20], [30, 20], [30, 30], [20, 30]]
    keyhole = [*SQUARE[:1], *hole, hole[0], *SQUARE]
    found = read_labelme(write(tmp_path, shape(keyhole))).annotation
    assert [len(one.polygon.holes) for one in found.shapes] == [1]
    grouped = read_labelme(write(tmp_path, shape(group_id=1), shape(hole, group_id=1))).annotation
    assert np.array_equal(mask_of(found), mask_of(grouped))


@pytest.mark.parametrize(
    ("named", "image"),
    [
        ("..\\..\\photos\\tower.JPG", "tower"),
        ("../../etc/tower.png", "tower"),
        ("/data/x/tower.v2.jpeg", "tower.v2"),
        ("", "label"),
        (None, "label"),
    ],
)
def test_only_the_base_name_counts(tmp_path: Path, named: str | None, image: str) -> None:
    assert read_labelme(write(tmp_path, shape(), imagePath=named)).image == image


def test_the_size_may_come_from_the_image(tmp_path: Path) -> None:
    path = write(tmp_path, shape(), imageHeight=None, imageWidth=None)
    assert read_labelme(path, (100, 80)).annotation.size == (100, 80)
    with pytest.raises(BadFileError, match="no size"):
        read_labelme(path)


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("shapes", "more", "words"),
    [
        ([shape([[1, 1], [5, 5]])], {}, "shape 1 cannot be used, a ring needs at least 3 vertices, this one has 2"),
        ([shape([])], {}, "at least 3 vertices, this one has 0"),
        ([shape(), shape([[1, 1], [NAN, 5], [3, 3]])], {}, "shape 2 cannot be used, vertex 2"),
        ([shape([[1, 1], [INF, 5], [3, 3]])], {}, "no place in any image"),
        ([shape([[1, 1], [1e9, 5], [3, 3]])], {}, "no place in any image"),
        ([shape([[1, 1, 1]])], {}, "not a list of x, y"),
        ([shape([["a", "b"]] * 3)], {}, "not a list of x, y"),
        ([shape(5)], {}, "no LabelMe shape"),
        (["text"], {}, "no LabelMe shape"),
        ([{"label": "object"}], {}, "no LabelMe shape"),
        ([shape(flags=[1])], {}, "no LabelMe shape"),
        ([shape([[1, 1]], shape_type="rectangle")], {}, "a rectangle has 2 corners"),
        ([shape([[1, 1]], shape_type="circle")], {}, "a circle has a centre"),
        ([shape([[1, 1], [1, 1]], shape_type="circle")], {}, "encloses nothing"),
        ([shape([[1, 1], [9, 9]], shape_type="mask", mask="%%")], {}, "no PNG"),
        ([shape([[1, 1], [9, 9]], shape_type="mask", mask="AAAA")], {}, "no PNG"),
        ([shape()], {"imageWidth": 0}, "no size"),
        ([shape()], {"imageWidth": 1.5}, "no size"),
        ([shape()], {"imageWidth": 10**9}, "no size"),
        ([shape()], {"imagePath": ".."}, "leaves the image folder"),
        ([shape()], {"imagePath": "a\0.jpg"}, "control character"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    tmp_path: Path, shapes: list[Any], more: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadFileError, match=words) as caught:
        read_labelme(write(tmp_path, *shapes, **more))
    assert "\n" not in str(caught.value)
    assert "label.json" in str(caught.value)


def test_too_many_vertices_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "label.json"
    points = "[1,1]," * MOST_VERTICES + "[2,2]"
    content = '{"shapes":[{"label":"object","points":[' + points + ']}],"imageWidth":9,"imageHeight":9}'
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadFileError, match="more than 1,000,000 vertices"):
        read_labelme(path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"shapes": 1}', "null", "[" * 100_000, "\ud800"])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "label.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadFileError):
        read_labelme(path)
    with pytest.raises(BadFileError, match="no such file"):
        read_labelme(tmp_path / "absent.json")


_COORDINATE = st.floats(min_value=0, max_value=99).map(lambda value: round(value, 3))


@settings(max_examples=40, deadline=None)
@given(
    outer=st.lists(st.tuples(_COORDINATE, _COORDINATE), min_size=3, max_size=9, unique=True),
    kind=st.sampled_from(OccluderKind),
)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, outer: Any, kind: OccluderKind) -> None:
    shapes = (
        Shape("1", Role.OBJECT, polygon(SQUARE, [[15, 15], [20, 15], [20, 20]], [[25, 25], [30, 25], [30, 30]])),
        Shape("2", Role.OCCLUDER, polygon(outer), kind),
        Shape("3", Role.KEPT, polygon([[50, 5], [52, 5], [52, 9]]), kind),
    )
    annotation = Annotation((100, 100), shapes)
    path = tmp_path_factory.mktemp("labelme") / "tower.json"
    write_labelme(path, annotation, "tower.jpg")
    found = read_labelme(path)
    assert found.image == "tower"
    assert np.array_equal(mask_of(found.annotation), mask_of(annotation))
    assert found.annotation == annotation
