"""RootSIFT, crops and whole images: features in the pixels of the image, whatever they were found at."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.premask.rootsift import RootSift
from annotator.premask.views import Budget, crop_box, crop_features, image_features


def test_descriptors_have_unit_length(picture):
    found = RootSift().detect(picture, 300)
    assert 100 < len(found) <= 300
    assert np.allclose(np.linalg.norm(found.descriptors, axis=1), 1, atol=1e-3)
    assert (np.diff(found.scores) <= 0).all()
    assert found.framed


def test_a_plain_image_has_no_features():
    assert len(RootSift().detect(np.full((60, 60, 3), 80, np.uint8), 100)) == 0


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        ((20, 40), (30, 60), (20, 13, 70, 47)),
        ((0, 100), (0, 100), (0, 0, 100, 100)),
        ((50, 51), (50, 51), (50, 50, 51, 51)),
    ],
)
def test_the_crop_has_a_margin_inside_the_image(rows, columns, expected):
    mask = np.zeros((100, 100), dtype=bool)
    mask[slice(*rows), slice(*columns)] = True
    assert crop_box(mask) == expected


def test_an_empty_mask_has_no_crop():
    assert crop_box(np.zeros((5, 5), dtype=bool)) is None


def test_a_small_crop_is_enlarged_and_its_features_stay_in_the_image(picture):
    box = (100, 80, 180, 150)
    few = RootSift().detect(np.ascontiguousarray(picture[80:150, 100:180]), 2000)
    many = crop_features(picture, box, RootSift(), Budget(crop=2000))
    assert len(many) > 1.5 * len(few)
    assert (many.points >= [99.5, 79.5]).all()
    assert (many.points <= [180.5, 150.5]).all()


def test_tilted_views_add_features_at_the_same_places(picture):
    box = (40, 40, 280, 240)
    plain = crop_features(picture, box, RootSift(), Budget(crop=400, tilt=0))
    tilted = crop_features(picture, box, RootSift(), Budget(crop=400, tilt=150))
    assert len(plain) < len(tilted) <= 400 + 3 * 150
    assert (tilted.points >= [39.5, 39.5]).all()
    assert (tilted.points <= [280.5, 240.5]).all()


def test_a_large_image_is_brought_down(picture):
    large = np.repeat(np.repeat(picture, 8, axis=0), 8, axis=1)
    found = image_features(large, RootSift(), Budget(index=500, index_side=640))
    assert len(found) == 500
    assert found.points.max() > 1800
    assert found.scales.min() > 6


def test_the_limit_holds(picture):
    assert len(image_features(picture, RootSift(), Budget(index=50))) == 50
