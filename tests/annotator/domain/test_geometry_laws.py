"""Laws that hold for every drawing: of filling, tracing, run lengths, region algebra and the stored form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from annotator.domain import rle
from annotator.domain.codec import annotation_from_text, annotation_text
from annotator.domain.geometry import Polygon, Ring, as_points, polygon
from annotator.domain.raster import Mask, fill, fill_polygon, fill_rings, mask_of, whole_of
from annotator.domain.regions import (
    deviation,
    from_shapely,
    intersect,
    overlap_area,
    simplified,
    split,
    subtract,
    to_shapely,
    union,
)
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.domain.tracing import polygons_of
from annotator.domain.validity import polygon_problems, ring_problems

WIDTH, HEIGHT = 40, 30
coordinates = st.floats(-5, 45).map(lambda value: round(value, 3))
rings = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=8, unique=True)
polygons = rings.map(lambda points: polygon(points))
masks = hnp.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    """Up to six shapes of any role on a small image."""
    shapes = []
    for number, drawn in enumerate(draw(st.lists(polygons, max_size=6))):
        role = draw(st.sampled_from(Role))
        kind = None if role is Role.OBJECT else draw(st.sampled_from(OccluderKind))
        shapes.append(Shape(str(number), role, drawn, kind, draw(st.booleans())))
    return Annotation((WIDTH, HEIGHT), tuple(shapes))


def filled(shape: Polygon) -> Mask:
    return fill([shape], (WIDTH, HEIGHT))


@given(polygons, st.integers(-7, 7), st.integers(-7, 7))
def test_a_polygon_moved_by_whole_pixels_fills_the_same_pixels_moved(shape: Polygon, dx: int, dy: int) -> None:
    large = (WIDTH + 60, HEIGHT + 60)
    there = fill([shape.moved(25, 25)], large)
    moved = fill([shape.moved(25 + dx, 25 + dy)], large)
    np.testing.assert_array_equal(moved, np.roll(there, (dy, dx), axis=(0, 1)))


@given(rings, st.integers(1, 7))
def test_where_a_ring_begins_changes_no_pixel(points: list[tuple[float, float]], start: int) -> None:
    turned = points[start % len(points) :] + points[: start % len(points)]
    np.testing.assert_array_equal(filled(polygon(turned)), filled(polygon(points)))


@given(annotations(), st.randoms(use_true_random=False))
def test_the_order_of_drawing_changes_no_pixel(annotation: Annotation, random: object) -> None:
    shuffled = list(annotation.shapes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    np.testing.assert_array_equal(mask_of(annotation.with_shapes(shuffled)), mask_of(annotation))


@given(annotations())
def test_a_mask_is_the_whole_object_less_every_occluder(annotation: Annotation) -> None:
    mask = mask_of(annotation)
    assert set(np.unique(mask.view(np.uint8))) <= {0, 1}
    expected = np.zeros((HEIGHT, WIDTH), bool)
    for shape in annotation.of_role(Role.OBJECT):
        expected |= filled(shape.polygon)
    np.testing.assert_array_equal(whole_of(annotation), expected)
    for shape in annotation.of_role(Role.OCCLUDER):
        expected &= ~filled(shape.polygon)
    np.testing.assert_array_equal(mask, expected)


@given(annotations())
def test_what_is_stored_has_the_same_pixels_and_the_same_text(annotation: Annotation) -> None:
    text = annotation_text(annotation)
    again = annotation_from_text(text)
    assert again == annotation  # vertices of a thousandth of a pixel
    assert annotation_text(again) == text
    np.testing.assert_array_equal(mask_of(again), mask_of(annotation))


def test_rings_are_filled_where_they_are_with_one_unless_said_otherwise() -> None:
    canvas = np.zeros((5, 6), np.uint8)
    square = [[1, 1], [3, 1], [3, 2], [1, 2]]
    fill_rings(canvas, [np.array(square, float)])
    assert canvas.tolist() == [[0] * 6, [0, 1, 1, 1, 0, 0], [0, 1, 1, 1, 0, 0], [0] * 6, [0] * 6]
    fill_polygon(canvas, polygon(square), 7, (-1, -2))
    assert canvas.tolist() == [[0] * 6, [0, 1, 1, 1, 0, 0], [0, 1, 1, 1, 0, 0], [0, 0, 7, 7, 7, 0], [0, 0, 7, 7, 7, 0]]
    other = np.zeros((5, 6), np.uint8)
    fill_polygon(other, polygon(square))
    assert other.sum() == 6


@pytest.mark.parametrize("far", [100.0, 40_000.0, 1e6])
def test_vertices_far_outside_bend_nothing_inside(far: float) -> None:
    band = filled(polygon([[-far, 5], [far, 5], [far, 10], [-far, 10]]))
    expected = np.zeros((HEIGHT, WIDTH), bool)
    expected[5:11] = True
    np.testing.assert_array_equal(band, expected)
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    np.testing.assert_array_equal(filled(polygon([[-far, -far], [far, far], [far, -far]])), x >= y)


@given(masks, st.integers(0, 3))
def test_a_turned_mask_traces_to_a_turned_mask(mask: Mask, turns: int) -> None:
    turned = np.rot90(mask, turns)
    np.testing.assert_array_equal(fill(polygons_of(turned), (turned.shape[1], turned.shape[0])), turned)
    assert sum(1 for _ in polygons_of(turned)) == sum(1 for _ in polygons_of(mask))


def test_traced_vertices_are_turning_points_alone() -> None:
    block = np.zeros((8, 9), bool)
    block[2:6, 1:8] = True
    (found,) = polygons_of(block)
    assert sorted(map(tuple, found.outer.points.tolist())) == [(1, 2), (1, 5), (7, 2), (7, 5)]
    line = np.zeros((5, 9), bool)
    line[2, 1:8] = True
    (thin,) = polygons_of(line)
    assert thin.bounds == (0.75, 1.75, 7.25, 2.25)
    assert ring_problems(thin.outer) == []


@given(masks)
def test_the_runs_of_a_mask_are_short_long_and_whole(mask: Mask) -> None:
    found = rle.runs(mask)
    assert sum(found) == mask.size
    assert sum(found[1::2]) == mask.sum()
    assert all(run > 0 for run in found[1:])


@pytest.mark.parametrize("shape", [(1, 1 << 17), (1 << 17, 1)])
def test_long_runs_survive_as_text(shape: tuple[int, int]) -> None:
    """Differences of runs need several characters each, of both signs."""
    mask = np.zeros(shape, bool)
    flat = mask.reshape(-1)
    flat[70_000:70_001] = True
    flat[70_010:130_000] = True
    np.testing.assert_array_equal(rle.decode(rle.encode(mask)), mask)
    assert rle.runs(mask) == [70_000, 1, 9, 59_990, 1_072]


plain = st.tuples(*[st.integers(0, 30)] * 2, *[st.integers(1, 12)] * 2).map(
    lambda v: polygon([[v[0], v[1]], [v[0] + v[2], v[1]], [v[0] + v[2], v[1] + v[3]], [v[0], v[1] + v[3]]])
)


@given(st.lists(plain, min_size=1, max_size=4), plain)
def test_cutting_and_keeping_share_a_polygon_out(others: list[Polygon], shape: Polygon) -> None:
    left = sum(part.area for part in subtract(shape, others))
    assert left + overlap_area(shape, others) == pytest.approx(shape.area)
    together = union(others)
    assert sum(part.area for other in together for part in intersect(shape, other)) == pytest.approx(
        overlap_area(shape, others)
    )
    assert [part.area for part in together] == sorted((part.area for part in together), reverse=True)


@given(plain, st.floats(-2, 45), st.floats(-2, 45))
def test_a_cut_keeps_the_area(shape: Polygon, left: float, right: float) -> None:
    pieces = split(shape, as_points([[-10, left], [60, right]]))
    assert sum(piece.area for piece in pieces) == pytest.approx(shape.area, abs=0.03)
    assert all(polygon_problems(piece) == [] for piece in pieces)


@given(polygons, st.floats(0.01, 5))
def test_a_simplified_ring_stays_within_its_bound(shape: Polygon, tolerance: float) -> None:
    fewer = simplified(shape.outer, tolerance)
    assert len(fewer) <= len(shape.outer)
    if fewer != shape.outer:
        assert deviation(shape.outer, fewer) <= tolerance + 1e-9


@given(polygons)
def test_a_ring_without_a_problem_covers_its_own_area(shape: Polygon) -> None:
    assume(polygon_problems(shape) == [] and abs(shape.outer.signed_area) > 1)
    area = sum(part.area for part in from_shapely(to_shapely(shape)))
    assert area == pytest.approx(abs(shape.outer.signed_area), abs=0.05)


def test_slivers_are_no_pieces_and_lines_no_polygons() -> None:
    sliver = polygon([[0, 0], [0.1, 0], [0.1, 0.05], [0, 0.05]])
    assert from_shapely(to_shapely(sliver)) == []
    spike = Polygon(Ring(as_points([[0, 0], [4, 0], [4, 4], [4, 9], [4, 4], [0, 4]])))
    (found,) = from_shapely(to_shapely(spike))
    assert found.area == 16
