from __future__ import annotations

import cv2
import numpy as np

from annotator.domain.geometry import Polygon, polygon
from annotator.domain.raster import fill, fill_polygon, mask_of, pixel_points, whole_of
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape


def test_ring_pixels_belong_to_the_foreground_on_holes_too() -> None:
    mask = fill(
        [polygon([[1, 1], [7, 1], [7, 6], [1, 6]], [[2, 3], [3, 2], [4, 2], [5, 3], [5, 4], [4, 5], [3, 5], [2, 4]])],
        (10, 8),
    )
    drawn = ["".join("#" if pixel else "." for pixel in row) for row in mask]
    assert drawn == [
        "..........",
        ".#######..",
        ".#######..",
        ".##..###..",
        ".##..###..",
        ".#######..",
        ".#######..",
        "..........",
    ]


def test_the_example_of_the_release_format_has_38_pixels() -> None:
    key_hole = [[1, 1], [1, 3], [2, 3], [3, 2], [4, 2], [5, 3], [5, 4], [4, 5], [3, 5], [2, 4], [2, 3], [1, 3], [1, 6]]
    mask = fill([polygon([*key_hole, [7, 6], [7, 1]])], (10, 8))
    assert mask.sum() == 38
    assert not mask[3:5, 3:5].any()


def test_vertices_go_to_the_nearest_pixel_centre_halves_up() -> None:
    assert pixel_points(np.array([[0.49, -0.5], [0.5, 1.5], [-0.51, 2.4]])).tolist() == [[0, 0], [1, 2], [-1, 2]]


def test_a_mask_is_objects_minus_occluders_and_kept_occlusions_change_nothing() -> None:
    square = polygon([[0, 0], [9, 0], [9, 9], [0, 9]])
    cut = polygon([[0, 0], [4, 0], [4, 9], [0, 9]])
    kept = polygon([[6, 6], [8, 6], [8, 8], [6, 8]])
    annotation = Annotation(
        (12, 10),
        (
            Shape("1", Role.OCCLUDER, cut, OccluderKind.PERSON),
            Shape("2", Role.OBJECT, square),
            Shape("3", Role.KEPT, kept, OccluderKind.STREET_FURNITURE),
        ),
    )
    mask = mask_of(annotation)
    assert mask.shape == (10, 12)
    assert mask.sum() == 10 * 10 - 5 * 10
    assert mask[:, 5:10].all()


def test_the_whole_object_has_its_holes_but_no_occluder_cut_out() -> None:
    square = polygon([[0, 0], [9, 0], [9, 9], [0, 9]], [[2, 2], [6, 2], [6, 6], [2, 6]])
    cut = polygon([[7, 0], [9, 0], [9, 9], [7, 9]])
    annotation = Annotation(
        (12, 10), (Shape("1", Role.OBJECT, square), Shape("2", Role.OCCLUDER, cut, OccluderKind.PERSON))
    )
    whole = whole_of(annotation)
    assert whole.sum() == 10 * 10 - 3 * 3  # a hole's ring belongs to the foreground
    assert mask_of(annotation).sum() == whole.sum() - 3 * 10


def test_a_window_that_holds_the_shape_shows_the_same_pixels_as_the_whole() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        shape = polygon(rng.uniform(30, 70, (8, 2)))
        whole = fill([shape], (100, 100))
        window = np.zeros((60, 60), dtype=np.uint8)
        fill_polygon(window, shape, 1, (20, 20))
        np.testing.assert_array_equal(window.view(bool), whole[20:80, 20:80])


def test_the_fill_is_the_scorers_fill() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        points = rng.integers(0, 64, (7, 2))
        expected = np.zeros((64, 64), np.uint8)
        cv2.fillPoly(expected, [points.astype(np.int32)], 1)
        np.testing.assert_array_equal(fill([polygon(points)], (64, 64)), expected.astype(bool))


def test_nothing_drawn_is_an_empty_mask() -> None:
    assert not fill(list[Polygon](), (3, 2)).any()
    assert mask_of(Annotation((3, 2))).shape == (2, 3)
