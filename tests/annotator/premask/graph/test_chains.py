"""Bridges: the confident ones that see the same places come first, and an image is no bridge for itself."""

from __future__ import annotations

import pytest

from annotator.premask.features import Features
from annotator.premask.graph.chains import LOOKED_AT, Anchor, bridges_for
from annotator.premask.rootsift import RootSift


@pytest.fixture(scope="module")
def features(oblique, reference, stranger) -> dict[str, Features]:
    images = {"oblique": oblique[0].image, "reference": reference.image, "stranger": stranger.image}
    return {name: RootSift().detect(image, 1500) for name, image in images.items()}


def test_a_bridge_that_sees_another_place_is_not_tried_however_confident(features):
    anchors = [Anchor(0, 0.9, features["stranger"]), Anchor(1, 0.7, features["reference"])]
    assert [one.row for one in bridges_for(2, features["oblique"], anchors)] == [1]
    assert bridges_for(2, features["oblique"], anchors[:1]) == []


def test_between_equal_links_confidence_decides(features):
    anchors = [Anchor(0, 0.7, features["reference"]), Anchor(1, 0.9, features["reference"])]
    assert [one.row for one in bridges_for(2, features["oblique"], anchors)] == [1, 0]


def test_an_image_is_no_bridge_for_itself(features):
    assert bridges_for(0, features["oblique"], [Anchor(0, 0.9, features["oblique"])]) == []


def test_few_are_looked_at_and_fewer_taken(features):
    anchors = [Anchor(row, 0.9 - 0.01 * row, features["reference"]) for row in range(LOOKED_AT + 5)]
    found = bridges_for(99, features["oblique"], anchors, most=2)
    assert [one.row for one in found] == [0, 1]
    unseen = [Anchor(row, 0.9, features["stranger"]) for row in range(LOOKED_AT)]
    assert bridges_for(99, features["oblique"], [*unseen, Anchor(50, 0.7, features["reference"])]) == []
