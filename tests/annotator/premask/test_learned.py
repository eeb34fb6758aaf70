"""The embedded learned features: small, the same on any number of threads, and good enough to be glad of."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from annotator.premask.features import Pixels
from annotator.premask.learned import RESOURCE, embedded
from annotator.premask.matching import match
from annotator.premask.models.loading import load_features
from annotator.premask.rootsift import RootSift
from annotator.premask.views import UPRIGHT_SIDES, Budget, crop_features
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


def test_a_crop_is_searched_at_several_sizes_by_learned_features_alone(photograph):
    box = (100, 100, 400, 400)
    budget = Budget(crop=300)
    learned = crop_features(photograph, box, embedded(), budget)
    framed = crop_features(photograph, box, RootSift(), budget)
    assert len(learned) > 300 * (len(UPRIGHT_SIDES)) // 2 + 300 // 2
    assert len(framed) <= 300
    assert (learned.points >= [100, 100]).all()
    assert (learned.points <= [400, 400]).all()


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
