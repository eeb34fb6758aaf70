"""Proposals to plain data and back; one ring for the published evaluator."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.geometry import polygon
from annotator.premask.one_ring import one_ring
from annotator.premask.protocol import Proposal, refusal
from annotator.premask.stored import proposal_data, proposal_from
from annotator.premask.warp import Geometry


@pytest.fixture
def proposal() -> Proposal:
    geometry = Geometry(np.array([[1, 0.1, 3], [0, 1.2, 5], [0, 0.001, 1]]), (0, 0, 9, 9), np.ones((3, 4, 2)))
    square = polygon([[0, 0], [10, 0], [10, 10.125]], [[2, 1], [6, 1], [6, 4]])
    other = Proposal((square,), 0.3, "pipeline", "b")
    return Proposal((square,), 0.75, "pipeline", "a", None, geometry, 0.2, None, (other,))


def test_back_from_text(proposal):
    again = proposal_from(json.loads(json.dumps(proposal_data(proposal))))
    assert again.polygons == proposal.polygons
    assert again.confidence == proposal.confidence
    assert again.alternatives[0].reference == "b"
    point = np.array([[4.0, 5.0]])
    assert np.allclose(again.geometry.forward(point), proposal.geometry.forward(point))


def test_refusals_keep_their_reason():
    again = proposal_from(proposal_data(refusal("group", "Nothing matches.")))
    assert again.refused == "Nothing matches."
    assert again.polygons == ()


@pytest.mark.parametrize(
    "change",
    [
        {"version": 99},
        {"polygons": [[[[0, 0]]]]},
        {"confidence": "high"},
        {"geometry": {"box": [1]}},
        {"alternatives": 3},
        {"polygons": [[]]},
        {"confidence": 10**400},
        {"geometry": {"box": [0, 0, 10**400, 1], "homography": [], "corrections": []}},
    ],
)
def test_foreign_data_is_none(proposal, change):
    assert proposal_from({**proposal_data(proposal), **change}) is None


@pytest.mark.parametrize("data", [None, [], "text", 3, {}])
def test_other_things_are_none(data):
    assert proposal_from(data) is None


def filled(ring: list[list[int]], shape: tuple[int, int]) -> np.ndarray:
    canvas = np.zeros(shape, np.uint8)
    cv2.fillPoly(canvas, [np.array(ring, np.int32)], 1)
    return canvas.astype(bool)


def test_one_component_refills_exactly():
    mask = np.zeros((30, 40), dtype=bool)
    mask[5:20, 8:30] = True
    mask[12:20, 20:30] = False
    assert np.array_equal(filled(one_ring(mask), mask.shape), mask)


def test_no_mask_no_ring():
    assert one_ring(np.zeros((4, 4), dtype=bool)) == []


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6, unique=True))
def test_components_are_joined_by_thin_bridges(cells):
    mask = np.zeros((80, 80), dtype=bool)
    for row, column in cells:
        mask[row * 20 + 2 : row * 20 + 14, column * 20 + 2 : column * 20 + 14] = True
    again = filled(one_ring(mask), mask.shape)
    assert again[mask].all()
    assert (again & ~mask).sum() < 120 * len(cells)
