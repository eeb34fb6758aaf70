"""A window of a fill equals the fill's window, and only the window is touched."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.geometry import polygon
from annotator.domain.raster import fill, mask_of
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.editing.edits import MoveVertices
from annotator.editing.raster_cache import RasterCache, filled_window
from annotator.editing.windows import NOTHING, Window, changed_window

SIZE = (90, 70)
POINTS = st.lists(st.tuples(st.integers(-30, 130), st.integers(-30, 110)), min_size=3, max_size=9, unique=True)


@settings(max_examples=300)
@given(POINTS, st.integers(0, 80), st.integers(0, 60), st.integers(1, 40), st.integers(1, 40))
def test_a_window_of_the_fill(points: list[tuple[int, int]], x: int, y: int, width: int, height: int) -> None:
    window = Window(x, y, x + width, y + height).clipped(SIZE)
    whole = fill([polygon(points)], SIZE)
    assert np.array_equal(filled_window(polygon(points), window, SIZE) != 0, whole[window.rows, window.columns])


def test_moving_one_of_many_vertices_redraws_a_small_window() -> None:
    turns = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    outline = np.stack((500 + 400 * np.cos(turns), 400 + 300 * np.sin(turns)), axis=1)
    before = Annotation((1000, 800), (Shape("1", Role.OBJECT, polygon(outline)),))
    cache = RasterCache(before)
    after = MoveVertices("1", 0, (500,), 5, 5).apply(before)
    window = cache.update(after)
    assert (window.x2 - window.x1) * (window.y2 - window.y1) < 150
    assert np.array_equal(cache.mask, mask_of(after))
    assert cache.update(after) == NOTHING


def test_windows() -> None:
    one, other = Window(0, 0, 10, 10), Window(10, 0, 20, 5)
    assert not one.meets(other)
    assert one.united(other) == Window(0, 0, 20, 10)
    assert NOTHING.united(other) == other
    assert other.clipped((15, 3)) == Window(10, 0, 15, 3)
    assert changed_window(Annotation(SIZE), Annotation(SIZE)) == NOTHING
