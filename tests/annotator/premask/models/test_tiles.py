"""Tiles cover the image, and no place is told twice at their seams."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.premask.features import Features
from annotator.premask.models.loading import load_features
from annotator.premask.models.tiles import MOST_TILES, OVERLAP, merged, tiles


@pytest.mark.parametrize("size", [(640, 480), (300, 200), (1024, 768), (768, 1024), (5000, 4000), (4000, 30)])
def test_tiles_cover_the_image(size: tuple[int, int]) -> None:
    found = tiles(*size, 640, 480)
    assert found[0] == (0, 0, *size)
    assert len(found) <= MOST_TILES + 1
    seen = np.zeros((size[1], size[0]), dtype=bool)
    for x1, y1, x2, y2 in found[1:] or found:
        assert 0 <= x1 < x2 <= size[0]
        assert 0 <= y1 < y2 <= size[1]
        seen[y1:y2, x1:x2] = True
    assert seen.all()


def test_neighbouring_tiles_overlap() -> None:
    _, left, right = tiles(1200, 400, 640, 480)
    assert left[2] - right[0] == OVERLAP


def features(points: list[tuple[float, float]], scores: list[float]) -> Features:
    n = len(points)
    ones = np.ones(n, np.float32)
    numbers = np.tile(np.float32([1, 0]), (n, 1))
    return Features(np.float32(points).reshape(n, 2), ones, 0 * ones, numbers, np.float32(scores))


WHOLE, LEFT, RIGHT = (0, 0, 200, 100), (0, 0, 124, 100), (76, 0, 200, 100)


def test_of_two_features_of_one_place_at_a_seam_the_better_stays() -> None:
    parts = [
        features([(100, 50)], [0.5]),
        features([(99.5, 50), (100, 20), (20, 20)], [0.9, 0.1, 0.3]),
        features([(100.5, 51), (101, 21), (180, 20)], [0.8, 0.2, 0.3]),
    ]
    found = merged(parts, [WHOLE, LEFT, RIGHT], [2.0, 1.0, 1.0])
    assert found.points.tolist() == [[100, 50], [99.5, 50], [20, 20], [101, 21], [180, 20]]


def test_what_lies_at_a_cut_is_left_to_the_neighbour_that_sees_it_whole() -> None:
    left = features([(111, 50), (113, 50), (2, 2)], [0.9, 0.9, 0.9])
    right = features([(87, 20), (89, 20), (198, 98)], [0.9, 0.9, 0.9])
    found = merged([features([], []), left, right], [WHOLE, LEFT, RIGHT], [2.0, 1.0, 1.0])
    assert found.points.tolist() == [[111, 50], [2, 2], [89, 20], [198, 98]]


def test_features_of_one_tile_that_lie_close_both_stay() -> None:
    parts = [features([], []), features([(50, 50), (50.5, 50)], [0.9, 0.8]), features([(150, 50)], [0.7])]
    assert len(merged(parts, [WHOLE, LEFT, RIGHT], [2.0, 1.0, 1.0])) == 3


def test_features_further_apart_than_two_pixels_of_the_input_both_stay() -> None:
    near, far = (
        [features([], []), features([(100, 50)], [0.9]), features([(100 + apart, 50)], [0.8])] for apart in (1.9, 2.1)
    )
    assert len(merged(near, [WHOLE, LEFT, RIGHT], [1.0, 1.0, 1.0])) == 1
    assert len(merged(far, [WHOLE, LEFT, RIGHT], [1.0, 1.0, 1.0])) == 2
    assert len(merged(far, [WHOLE, LEFT, RIGHT], [1.0, 1.5, 1.0])) == 1


def test_a_tiled_image_has_every_spot_once_from_its_tiles(onnx_models) -> None:
    image = np.full((500, 900, 3), 40, np.uint8)
    spots = [(x, y) for y in range(22, 490, 19) for x in range(25, 890, 23)]
    for x, y in spots:
        image[y - 1 : y + 2, x - 1 : x + 2] = 230
    found = load_features(onnx_models.sparse(width=320, height=256, count=2000)).detect(image, 10000)
    fine = found.take(np.flatnonzero((found.scales < found.scales.max()) & (found.scores > 0.1)))  # no faint rings
    apart = np.linalg.norm(fine.points[:, None] - np.float32(spots)[None], axis=2)
    assert len(fine) == len(spots)
    assert sorted(apart.argmin(axis=1)) == list(range(len(spots)))
    assert apart.min(axis=1).max() < 1.5
