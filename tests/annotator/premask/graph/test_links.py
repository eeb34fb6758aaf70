"""Links of the view graph: images of one place are linked, others are not, and the number of looks is bounded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from annotator.premask.features import Features
from annotator.premask.graph.links import agreeing, links, promising, strength, strongest
from annotator.premask.rootsift import RootSift
from resources.demo.geometry import correspondences
from resources.demo.render import truth
from resources.demo.scenes import scene_named

SCALE = 0.45


@pytest.fixture(scope="module")
def views() -> list[Features]:
    """Two views of the gate, and two of the museum, drawn small."""
    names = ("gate_000005", "gate_000031", "museum_000002", "museum_000027")
    return [RootSift().detect(truth(name, SCALE).image, 1500) for name in names]


def test_views_of_one_place_are_linked_and_others_are_not(views):
    found = links(views)
    assert found[0, 1] > 0.3
    assert found[2, 3] > 0.3
    assert all(value < 0.2 for pair, value in found.items() if pair not in ((0, 1), (2, 3)))


def test_links_count_what_one_geometry_explains(views):
    assert agreeing(views[0], views[1]) > agreeing(views[0], views[2])
    assert agreeing(views[0], views[0]) > 300


def test_the_demo_views_do_see_the_same_places():
    one, other = correspondences(scene_named("gate_000005"), scene_named("gate_000031"), 60, 0, SCALE)
    assert len(one) == len(other) > 30


def test_matches_that_are_shuffled_do_not_agree(views):
    random = np.random.default_rng(0)
    shuffled = replace(views[1], points=views[1].points[random.permutation(len(views[1]))])
    assert agreeing(views[0], shuffled) < 0.3 * agreeing(views[0], views[1])


def test_images_without_texture_have_no_links(views):
    few = views[0].take(np.arange(5))
    assert agreeing(few, views[1]) == 0
    none = views[0].take(np.zeros(0, dtype=np.intp))
    assert links([none, few, none]) == {}


def test_every_image_gets_a_bounded_number_of_looks():
    random = np.random.default_rng(1)

    def noise() -> Features:
        descriptors = np.abs(random.normal(size=(60, 8)))
        unit = (descriptors / np.linalg.norm(descriptors, axis=1, keepdims=True)).astype(np.float32)
        points = random.uniform(0, 100, (60, 2)).astype(np.float32)
        return Features(points, np.ones(60, np.float32), np.zeros(60, np.float32), unit, np.ones(60, np.float32))

    found = promising([noise() for _ in range(20)], most=3)
    assert 0 < len(found) <= 60
    assert all(a < b for a, b in found)


def test_strength_grows_from_chance_to_certain():
    assert strength(0) == strength(6) == 0
    assert strength(31) == pytest.approx(1 - np.exp(-1))
    assert 0.99 < strength(200) <= 1


def test_strongest_are_those_with_the_highest_scores(views):
    top = strongest(views[0], 10)
    assert len(top) == 10
    assert top.scores.min() >= np.sort(views[0].scores)[-10]
