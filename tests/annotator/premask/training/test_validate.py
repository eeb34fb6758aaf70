"""What the validation counts: mutual neighbours near each other's epipolar lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from annotator.premask.features import Features
from annotator.premask.rootsift import RootSift
from annotator.premask.training.correspondences import Pair, Photographs
from annotator.premask.training.validate import NEAR, epipolar_distance, mutual, score

SIDEWAYS = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""The fundamental matrix of a camera that moved along its rows: what is seen stays in its row."""


def features(descriptors: list[list[float]]) -> Features:
    unit = np.array(descriptors, dtype=np.float32)
    ones = np.ones(len(unit), dtype=np.float32)
    return Features(np.zeros((len(unit), 2), dtype=np.float32), ones, 0 * ones, unit, ones)


def test_neighbours_choose_each_other() -> None:
    """The second and third both look most like the last, which prefers the third."""
    first = features([[1, 0, 0], [0, 0.8, 0.6], [0, 0.6, 0.8]])
    second = features([[1, 0, 0], [0, 0, 1]])
    assert mutual(first, second).tolist() == [[0, 0], [2, 1]]
    assert mutual(second, first).tolist() == [[0, 0], [1, 2]]


def points(*places: tuple[float, float]) -> np.ndarray:
    return np.array(places, dtype=np.float32)


def test_distances_from_rows_are_differences_of_rows() -> None:
    found = epipolar_distance(SIDEWAYS, points((10, 20), (30, 40), (5, 5)), points((90, 20), (0, 43), (7, 1)))
    assert found.tolist() == pytest.approx([0, 3, 4])


def test_the_larger_of_both_distances_counts_whatever_the_matrix_is_multiplied_by() -> None:
    """A camera that came nearer: lines go through the middle, and what is near it is near every line."""
    nearer = np.array([[0.0, -1.0, 50.0], [1.0, 0.0, -50.0], [-50.0, 50.0, 0.0]])
    first, second = points((60, 50)), points((150, 60))  # on the row of the middle; 10 above it, 100 away
    expected = max(10.0, 10 * 10 / np.hypot(100, 10))
    for factor in (1.0, -7.0, 1e-6):
        assert epipolar_distance(factor * nearer, first, second)[0] == pytest.approx(expected, rel=1e-3)


def test_the_same_photograph_twice_matches_itself() -> None:
    rng = np.random.default_rng(0)
    image = cv2.resize(rng.integers(0, 255, (40, 50), dtype=np.uint8), (500, 400), interpolation=cv2.INTER_CUBIC)
    lower = np.roll(image, 40, axis=0)
    nothing = np.zeros((0, 2), dtype=np.float32)

    def photographs(second: np.ndarray) -> Photographs:
        pair = Pair("wall", 0, 1, nothing, nothing, nothing[:, 0], SIDEWAYS)
        return Photographs((image, second), (nothing, nothing), (pair,))

    right, share = score(RootSift(), photographs(image))
    assert right > 300
    assert share > 0.99
    moved, moved_share = score(RootSift(), photographs(lower))
    assert NEAR < 40
    assert moved < 0.1 * right  # every place is 40 rows from where the geometry has it
    assert moved_share < 0.1
