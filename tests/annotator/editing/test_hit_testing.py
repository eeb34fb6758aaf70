"""What lies under the cursor, against slow and plain computations."""

from __future__ import annotations

import math

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.hit_testing import (
    VertexRef,
    contains,
    nearest_edge,
    nearest_vertex,
    shape_at,
    shapes_in,
    vertices_in,
)
from annotator.editing.snapping import SnapKind, inside_image, snapped

SIZE = (200, 150)
ANNOTATION = Annotation(
    SIZE,
    (
        Shape("1", Role.OBJECT, polygon([(10, 10), (110, 10), (110, 110), (10, 110)], [(30, 30), (60, 30), (60, 60)])),
        Shape("2", Role.OCCLUDER, polygon([(80, 80), (150, 80), (150, 140)]), OccluderKind.PERSON),
    ),
)
PLACES = st.tuples(st.floats(-20, 220), st.floats(-20, 170))


@given(PLACES)
def test_the_nearest_vertex(at: tuple[float, float]) -> None:
    hit = nearest_vertex(ANNOTATION, at, 25)
    distances = [
        math.dist(at, point) for shape in ANNOTATION.shapes for ring in shape.polygon.rings for point in ring.points
    ]
    if hit is None:
        assert min(distances) > 25 - 1e-9
    else:
        assert math.isclose(hit.distance, min(distances), abs_tol=1e-9)
        ring = ANNOTATION.shape(hit.ref.shape_id).polygon.rings[hit.ref.ring]
        assert tuple(ring.points[hit.ref.index]) == hit.point


@given(PLACES)
def test_the_nearest_edge(at: tuple[float, float]) -> None:
    hit = nearest_edge(ANNOTATION, at, 25)
    lines = [shapely.LinearRing(ring.points) for shape in ANNOTATION.shapes for ring in shape.polygon.rings]
    nearest = min(line.distance(shapely.Point(at)) for line in lines)
    if hit is None:
        assert nearest > 25 - 1e-9
    else:
        assert math.isclose(hit.distance, nearest, abs_tol=1e-9)
        ring = ANNOTATION.shape(hit.shape_id).polygon.rings[hit.ring].points
        edge = shapely.LineString([ring[hit.index], ring[(hit.index + 1) % len(ring)]])
        assert edge.distance(shapely.Point(hit.point)) < 1e-9


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=9, unique=True), PLACES)
def test_containment_is_even_odd(points: list[tuple[int, int]], at: tuple[float, float]) -> None:
    ring = polygon(points).outer
    if shapely.LinearRing(points).distance(shapely.Point(at)) > 1e-6:
        covered = shapely.make_valid(shapely.Polygon(points))
        assert contains(ring, at) == covered.covers(shapely.Point(at))


def test_the_shape_on_top_is_the_smallest() -> None:
    found = shape_at(ANNOTATION, (105, 90))
    assert found is not None
    assert found.id == "2"
    in_object = shape_at(ANNOTATION, (105, 90), lambda shape: shape.role is Role.OBJECT)
    assert in_object is not None
    assert in_object.id == "1"
    assert shape_at(ANNOTATION, (55, 35)) is None  # in the hole
    assert shape_at(ANNOTATION, (190, 10)) is None


def test_only_some_shapes() -> None:
    assert nearest_vertex(ANNOTATION, (10, 10), 5, ["2"]) is None
    assert nearest_vertex(ANNOTATION, (10, 10), 5, []) is None
    hit = nearest_edge(ANNOTATION, (115, 78), 5, ["2"])
    assert hit is not None
    assert (hit.shape_id, hit.index, hit.point) == ("2", 0, (115.0, 80.0))


def test_rubber_band() -> None:
    assert vertices_in(ANNOTATION, (0, 0, 40, 40)) == (
        VertexRef("1", 0, 0),
        VertexRef("1", 1, 0),
    )
    assert vertices_in(ANNOTATION, (0, 0, 200, 150), ["2"]) == tuple(VertexRef("2", 0, i) for i in range(3))
    assert shapes_in(ANNOTATION, (70, 70, 160, 150)) == ("2",)
    assert shapes_in(ANNOTATION, (0, 0, 200, 150)) == ("1", "2")


def test_snapping_prefers_vertices_then_the_border_then_edges() -> None:
    assert snapped(ANNOTATION, (12, 8), 5).point == (10, 10)
    assert snapped(ANNOTATION, (12, 8), 5).kind is SnapKind.VERTEX
    assert snapped(ANNOTATION, (70, 12), 5).point == (70, 10)
    assert snapped(ANNOTATION, (70, 12), 5).kind is SnapKind.EDGE
    assert snapped(ANNOTATION, (197, 3), 5).point == (199, 0)
    assert snapped(ANNOTATION, (197, 3), 5).kind is SnapKind.BORDER
    assert snapped(ANNOTATION, (170, 40), 5).kind is None
    assert snapped(ANNOTATION, (12, 8), 5, frozenset("1")).kind is None


@given(PLACES, st.floats(0, 30))
def test_a_snapped_point_lies_in_the_image(at: tuple[float, float], tolerance: float) -> None:
    x, y = snapped(ANNOTATION, at, tolerance).point
    assert 0 <= x <= 199
    assert 0 <= y <= 149
    moved = np.hypot(*(np.array((x, y)) - inside_image(at, SIZE)))
    assert moved <= tolerance * math.sqrt(2) + 1e-9
