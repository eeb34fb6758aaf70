"""The embedded learned features: small, the same on any number of threads, and good enough to be glad of."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import pytest

from annotator.premask.features import Pixels
from annotator.premask.learned import RESOURCE, embedded
from annotator.premask.matching import match
from annotator.premask.models.loading import load_features
from annotator.premask.views import Budget, crop_features, image_features
from resources import accessor
from resources.demo.geometry import transferred
from resources.demo.render import FINE, truth, view_of
from resources.demo.scenes import scene_named

SCALE = 0.6


def test_the_weights_are_below_five_megabytes_and_their_card_names_them():
    weights = accessor.read_bytes(RESOURCE)
    assert len(weights) < 5_000_000
    card = accessor.read_text("premask/features.md")
    assert hashlib.sha256(weights).hexdigest() in card
    for part in ("Data", "Recipe", "Figures", "Limits", "Licence"):
        assert f"## {part}" in card


@pytest.fixture(scope="module")
def photograph() -> Pixels:
    return truth("gate_000005", SCALE).image


def test_threads_do_not_change_the_features(photograph):
    one = embedded().detect(photograph, 500)
    several = load_features(accessor.path(RESOURCE), threads=3).detect(photograph, 500)
    assert len(one) == len(several) == 500
    assert np.abs(one.points - several.points).max() <= 1e-4
    assert np.abs(one.descriptors - several.descriptors).max() <= 1e-4
    assert np.abs(one.scores - several.scores).max() <= 1e-4


def test_features_are_upright_unit_vectors_best_first(photograph):
    found = embedded().detect(photograph, 300)
    assert not found.framed
    assert (np.diff(found.scores) <= 0).all()
    assert np.allclose(np.linalg.norm(found.descriptors, axis=1), 1, atol=1e-4)
    height, width = photograph.shape[:2]
    assert (found.points >= 0).all()
    assert (found.points < [width, height]).all()


def test_a_uniform_image_gives_no_strong_features():
    grey = np.full((240, 320, 3), 127, np.uint8)
    assert len(embedded().detect(grey, 500)) < 50


def test_a_crop_is_searched_at_the_sizes_and_views_of_the_budget(photograph):
    box = (100, 100, 400, 400)
    alone = crop_features(photograph, box, embedded(), Budget(crop=300))
    smaller = crop_features(photograph, box, embedded(), Budget(crop=300, crop_sizes=(0.5,)))
    tilted = crop_features(photograph, box, embedded(), Budget(crop=300, tilt=100))
    assert len(alone) == 300
    assert len(smaller) == 300 + 150
    assert len(tilted) == 300 + 3 * 100
    for found in (smaller, tilted):
        assert not found.framed
        assert (found.points >= [100, 100]).all()
        assert (found.points <= [400, 400]).all()


def test_an_index_image_is_searched_at_the_sizes_of_the_budget(photograph):
    alone = image_features(photograph, embedded(), Budget(index=300))
    both = image_features(photograph, embedded(), Budget(index=300, index_sizes=(0.5,)))
    assert len(both) == 300 + 150
    np.testing.assert_array_equal(both.points[:300], alone.points)
    assert np.allclose(both.scales[300:], 2 * both.scales[0], rtol=0.02)


def test_a_close_up_is_matched_through_a_smaller_view_of_it(photograph):
    """A third of the photograph, enlarged to its whole size: only half its size has the scale of the other."""
    height, width = photograph.shape[:2]
    top, left = height // 3, width // 3
    part = photograph[top : top + height // 3, left : left + width // 3]
    close = np.asarray(cv2.resize(part, None, fx=3.0, fy=3.0, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    right = {}
    for sizes in ((), (0.5,)):
        whole = image_features(photograph, embedded(), Budget(index=800))
        seen = image_features(close, embedded(), Budget(index=800, index_sizes=sizes))
        found = match(whole, seen, 0.95)
        back = (seen.points[found.index] + 0.5) / 3 - 0.5 + [left, top]
        right[sizes] = int((np.linalg.norm(back - whole.points[found.reference], axis=1) < 6).sum())
    assert right[(0.5,)] > 1.5 * right[()]
    assert right[(0.5,)] > 20


def test_two_views_of_a_building_in_another_light_match():
    """The truth is the renderer's. By chance, fewer than one match in a thousand is within 6 px."""
    names = ("gate_000005", "gate_000018")
    views = [view_of(scene_named(name), SCALE) for name in names]
    first, second = (embedded().detect(truth(name, SCALE).image, 1500) for name in names)
    found = match(first, second, 0.95)
    fine = first.points[found.reference].astype(np.float64) * FINE + (FINE - 1) / 2
    there, seen = transferred(*views, np.floor(fine))
    off = np.linalg.norm((there - (FINE - 1) / 2) / FINE - second.points[found.index], axis=1)
    assert seen.sum() > 40
    assert (off[seen] < 6).mean() > 0.4
