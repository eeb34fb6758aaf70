"""Geometry of the drawing tools."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.errors import SelfCrossingError, TooFewPointsError
from annotator.domain.geometry import Polygon, polygon
from annotator.domain.raster import fill, mask_of
from annotator.domain.regions import deviation
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.drawing.copying import copies
from annotator.editing.drawing.cutting import added, pieces_edit, split_by_line, subtracted
from annotator.editing.drawing.lasso import Lasso
from annotator.editing.drawing.outline import Outline
from annotator.editing.drawing.rectangle import rectangle
from annotator.editing.drawing.smoothing import simplify, smooth
from annotator.editing.drawing.stroke import erased, painted, stroke_region, strokes_as_polygons, touches
from annotator.editing.occlusion import OcclusionGauge, role_of

SIZE = (120, 90)
BLOCK = polygon([(20, 20), (80, 20), (80, 70), (20, 70)], [(40, 40), (50, 40), (50, 50), (40, 50)])


def annotation(*shapes: Shape) -> Annotation:
    return Annotation(SIZE, shapes or (Shape("1", Role.OBJECT, BLOCK),))


def wavy(count: int = 400, radius: float = 30) -> Polygon:
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    reach = radius + 0.7 * np.sin(40 * turns)
    return polygon(np.stack((60 + reach * np.cos(turns), 45 + reach * np.sin(turns)), axis=1))


def test_an_outline_grows_shrinks_and_closes() -> None:
    outline = Outline().with_point((1, 1)).with_point((1, 1)).with_point((9, 1)).with_point((9, 9))
    assert len(outline.points) == 3
    assert outline.closes((2, 1), 1.5)
    assert not outline.closes((4, 1), 1.5)
    assert not outline.without_last().closes((1, 1), 5)
    assert outline.polygon() == polygon([(1, 1), (9, 1), (9, 9)])


def test_an_outline_that_crosses_itself_is_refused_with_the_place() -> None:
    outline = Outline(((0, 0), (10, 10), (10, 0), (0, 12)))
    with pytest.raises(SelfCrossingError) as caught:
        outline.polygon()
    assert caught.value.place is not None
    with pytest.raises(TooFewPointsError):
        Outline(((0, 0), (1, 1))).ring()


def test_a_lasso_stays_light_and_close_to_the_stroke() -> None:
    turns = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    stroke = [(60 + 30 * math.cos(t), 45 + 30 * math.sin(t)) for t in turns]
    lasso = Lasso(stroke[0], 1.0)
    for point in stroke[1:]:
        lasso.add(point)
    made = lasso.polygon()
    assert made.vertices < 80
    exact = polygon(stroke)
    assert deviation(made.outer, exact.outer) <= 1.0
    different = fill([made], SIZE) ^ fill([exact], SIZE)
    assert different.sum() < 0.05 * fill([exact], SIZE).sum()


def test_a_lasso_without_area_is_refused() -> None:
    lasso = Lasso((5, 5), 1.0)
    lasso.add((5, 5))
    lasso.add((6, 5))
    with pytest.raises(TooFewPointsError):
        lasso.polygon()


def test_a_crossing_lasso_keeps_its_largest_loop() -> None:
    lasso = Lasso((0, 0), 0.5)
    for point in [(40, 40), (40, 0), (0, 40), (-3, 30)]:
        lasso.add(point)
    made = lasso.polygon()
    assert made.area > 300


def test_rectangle() -> None:
    made = rectangle((30, 40), (10, 20))
    assert made == polygon([(10, 20), (30, 20), (30, 40), (10, 40)])
    assert fill([made], SIZE).sum() == 21 * 21
    assert rectangle((3, 3), (3, 9)) is None


@pytest.mark.parametrize("size", [1, 2, 5, 12, 40])
def test_a_dab_of_the_brush_covers_a_disc_of_its_size(size: int) -> None:
    region = stroke_region(np.array([[60.0, 45.0]]), size)
    assert region is not None
    mask = fill([region], SIZE)
    _, columns = np.nonzero(mask)
    assert columns.max() - columns.min() + 1 == pytest.approx(size, abs=1)
    assert mask[45, 60]
    if size > 10:
        assert mask.sum() == pytest.approx(math.pi * size**2 / 4, rel=0.2)


def test_painting_keeps_holes_and_adds_exactly_the_stroke() -> None:
    stroke = stroke_region(np.array([[75.0, 30.0], [100.0, 30.0]]), 10)
    assert stroke is not None
    after = painted(BLOCK, stroke, SIZE)
    assert len(after.holes) == 1
    assert (fill([after], SIZE) == (fill([BLOCK], SIZE) | fill([stroke], SIZE))).mean() > 0.999
    assert painted(BLOCK, polygon([(100, 80), (110, 80), (110, 88)]), SIZE) == BLOCK


def test_painting_over_a_hole_fills_it() -> None:
    stroke = stroke_region(np.array([[38.0, 45.0], [52.0, 45.0]]), 30)
    assert stroke is not None
    assert painted(BLOCK, stroke, SIZE).holes == ()


def test_a_stroke_beyond_the_border_stays_in_the_image() -> None:
    stroke = stroke_region(np.array([[115.0, 45.0], [140.0, 45.0]]), 10)
    assert stroke is not None
    (inside,) = strokes_as_polygons(stroke, SIZE)
    assert inside.bounds[2] <= SIZE[0] - 1
    assert strokes_as_polygons(stroke.moved(60, 0), SIZE) == []


@pytest.mark.parametrize("size", [3, 5, 8])
def test_an_eraser_takes_as_many_pixels_as_it_is_wide(size: int) -> None:
    middle = 45.0 if size % 2 else 45.5  # so that the edges fall between pixels
    across = stroke_region(np.array([[0.0, middle], [99.0, middle]]), size, erase=True)
    assert across is not None
    plain = polygon([(20, 20), (80, 20), (80, 70), (20, 70)])
    left = fill(erased(plain, across), SIZE)[:, 50]
    gone = np.flatnonzero(fill([plain], SIZE)[:, 50] & ~left)
    assert len(gone) == size
    assert gone.mean() == middle


def test_erasing_takes_the_disc_and_can_part_a_polygon() -> None:
    dab = stroke_region(np.array([[30.0, 30.0]]), 9, erase=True)
    across = stroke_region(np.array([[10.0, 60.0], [90.0, 60.0]]), 5, erase=True)
    assert dab is not None
    assert across is not None
    (holed,) = erased(BLOCK, dab)
    assert len(holed.holes) == 2
    gone = fill([BLOCK], SIZE) & ~fill([holed], SIZE)
    assert gone.sum() == pytest.approx(math.pi * 81 / 4, rel=0.25)
    assert not fill([holed], SIZE)[30, 30]
    pieces = erased(BLOCK, across)
    assert len(pieces) == 2
    assert not fill(pieces, SIZE)[60].any()
    far = polygon([(100, 80), (110, 80), (110, 88)])
    assert erased(BLOCK, far) == [BLOCK]
    assert not touches(BLOCK, far)


def test_a_line_splits_a_polygon_and_the_largest_keeps_its_name() -> None:
    before = annotation()
    edit = split_by_line(before, before.shapes, np.array([(60.0, 0.0), (60.0, 90.0)]))
    assert edit is not None
    after = edit.apply(before)
    assert [shape.id for shape in after.shapes] == ["1", "2"]
    assert after.shape("1").polygon.bounds == (20, 20, 60, 70)
    assert (mask_of(after) == mask_of(before)).all()
    assert edit.inverse(before).apply(after) == before
    assert split_by_line(before, before.shapes, np.array([(60.0, 0.0), (60.0, 30.0)])) is None


def test_cutting_out_and_adding_a_region() -> None:
    before = annotation()
    region = polygon([(70, 10), (100, 10), (100, 40), (70, 40)])
    cut = subtracted(before, before.shapes, region)
    grown = added(before.shapes[0], region)
    assert cut is not None
    assert grown is not None
    assert not mask_of(cut.apply(before))[30, 75]
    assert (mask_of(grown.apply(before)) == (mask_of(before) | fill([region], SIZE))).all()
    far = polygon([(100, 80), (110, 80), (110, 88)])
    assert subtracted(before, before.shapes, far) is None
    assert added(before.shapes[0], far) is None
    everything = subtracted(before, before.shapes, polygon([(0, 0), (119, 0), (119, 89), (0, 89)]))
    assert everything is not None
    assert everything.apply(before).shapes == ()


def test_pieces_of_several_shapes_keep_the_drawing_order() -> None:
    other = Shape("2", Role.OCCLUDER, polygon([(0, 0), (9, 0), (9, 9)]), OccluderKind.PERSON)
    before = annotation(Shape("1", Role.OBJECT, BLOCK), other)
    halves = [polygon([(20, 20), (40, 20), (40, 40)]), polygon([(50, 20), (60, 20), (60, 30)])]
    edit = pieces_edit(before, [(before.shapes[0], halves), (other, [])], "test")
    assert edit is not None
    after = edit.apply(before)
    assert [shape.id for shape in after.shapes] == ["1", "3"]
    assert edit.inverse(before).apply(after) == before
    assert pieces_edit(before, [], "test") is None


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 6.0))
def test_the_bound_of_simplifying_holds(tolerance: float) -> None:
    before = wavy()
    found = simplify(before, tolerance)
    assert found.bound <= tolerance + 1e-9
    assert deviation(before.outer, found.polygon.outer) <= found.bound + 1e-9
    assert found.vertices <= found.vertices_before


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 6.0))
def test_the_bound_of_smoothing_holds(strength: float) -> None:
    before = wavy()
    found = smooth(before, strength)
    assert found.bound <= strength + 1e-9
    assert deviation(before.outer, found.polygon.outer) <= found.bound + 1e-9
    assert abs(found.polygon.area - before.area) < 0.02 * before.area


def test_smoothing_that_would_cross_changes_nothing() -> None:
    thin = polygon([(0, 0), (50, 0), (50, 0.2), (25, 0.05), (0, 0.2)])
    found = simplify(thin, 8.0)
    assert found.polygon.vertices >= 3
    assert found.bound <= 8.0


def test_copies_have_names_of_their_own_and_are_unlocked() -> None:
    before = annotation(Shape("1", Role.OBJECT, BLOCK, locked=True))
    after = copies(before, before.shapes, 5, 5).apply(before)
    assert [shape.id for shape in after.shapes] == ["1", "2"]
    assert not after.shapes[1].locked
    assert after.shapes[1].polygon == BLOCK.moved(5, 5)
    assert copies(before, (*before.shapes, *before.shapes)).label == "copy 2 polygons"


def test_the_gauge_measures_the_part_on_the_object() -> None:
    block = polygon([(0, 0), (99, 0), (99, 79), (0, 79)])
    before = Annotation(SIZE, (Shape("1", Role.OBJECT, block),))
    gauge = OcclusionGauge(before, Rules(share=0.01, thickness=0.05))
    assert gauge.object_area == 8000
    pole = gauge.measure(polygon([(50, 20), (52, 20), (52, 39), (50, 39)]))
    assert pole.share == pytest.approx(60 / 8000)
    assert pole.thickness == pytest.approx(3)
    assert role_of(pole) is Role.KEPT
    bus = gauge.measure(polygon([(10, 40), (60, 40), (60, 70), (10, 70)]))
    assert role_of(bus) is Role.OCCLUDER
    beside = gauge.measure(polygon([(105, 10), (115, 10), (115, 20)]))
    assert beside.share == 0
    outside = gauge.measure(polygon([(205, 10), (215, 10), (215, 20)]))
    assert outside.share == 0


def test_the_share_alone_is_that_of_the_whole_measure() -> None:
    block = polygon([(0, 0), (99, 0), (99, 79), (0, 79)])
    gauge = OcclusionGauge(Annotation(SIZE, (Shape("1", Role.OBJECT, block),)), Rules())
    assert gauge.share(polygon([(50, 20), (52, 20), (52, 39), (50, 39)])) == 60 / 8000
    over_the_edge = polygon([(90, 70), (109, 70), (109, 89), (90, 89)])
    assert gauge.share(over_the_edge) == 100 / 8000
    assert gauge.share(polygon([(205, 10), (215, 10), (215, 20)])) == 0
    nothing_yet = OcclusionGauge(Annotation(SIZE), Rules())
    assert nothing_yet.share(block) == nothing_yet.measure(block).share == 1.0


def test_without_an_object_everything_is_large() -> None:
    gauge = OcclusionGauge(Annotation(SIZE), Rules())
    size = gauge.measure(polygon([(10, 10), (20, 10), (20, 20)]))
    assert role_of(size) is Role.OCCLUDER
