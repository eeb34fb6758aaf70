"""IoU of one pair in the official way: golden numbers, hand-computed cases, and windows against the whole canvas."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.metrics.official_iou import LARGEST_SIDE, UnscorablePairError, drawing, official_iou
from qa.metrics.official_malformed import lenient_iou, raw_iou
from qa.metrics.ring_input import TooLargeError

SQUARE = [[0, 0], [9, 0], [9, 9], [0, 9]]


def square(low: int, high: int) -> list[list[int]]:
    return [[low, low], [high, low], [high, high], [low, high]]


def number(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else value


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((shared / "golden" / "iou_cases.json").read_text())
    return loaded


@pytest.mark.parametrize("score", [raw_iou, lenient_iou])
def test_every_golden_case_is_equal_to_the_last_bit(cases: list[dict[str, Any]], score: Any) -> None:
    assert len(cases) == 462
    for case in cases:
        box = mask = raised = None
        try:
            found = score(case["prediction"], case["truth"])
            box, mask = found.box, found.mask
        except UnscorablePairError as error:
            box, raised = error.box, error.raised
        expected = (case["box_iou"], case["seg_iou"], case.get("error"))
        assert (number(box), number(mask), raised) == expected, case["id"]


def test_the_last_row_and_column_of_the_canvas_are_lost() -> None:
    found = raw_iou(square(0, 8), [square(0, 9)])
    assert (found.box, found.mask) == (1.0, 1.0)


def test_a_negative_corner_of_a_box_counts_from_the_far_end() -> None:
    found = raw_iou(square(-5, 9), [SQUARE])
    assert found.mask == 1.0
    assert found.box == 25 / 81  # columns and rows 4..8 of the 9 by 9 canvas


def test_coordinates_are_cut_towards_zero() -> None:
    assert raw_iou([[0.9, 0.9], [4.9, 0.9], [4.9, 4.9], [0.9, 4.9]], [square(0, 4)]).mask == 1.0


def test_nothing_drawn_is_nan() -> None:
    found = raw_iou([[9, 0], [9, 9]], [[[9, 0], [9, 9]]])
    assert np.isnan(found.box)
    assert np.isnan(found.mask)


def test_several_prediction_rings_raise_after_the_box() -> None:
    with pytest.raises(UnscorablePairError, match=r"cv2\.error") as caught:
        raw_iou([square(0, 9), square(20, 29)], [SQUARE])
    assert caught.value.box is not None


def test_the_problem_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(UnscorablePairError("IndexError", 0.5)))
    assert (error.raised, error.box, str(error)) == ("IndexError", 0.5, str(UnscorablePairError("IndexError", 0.5)))


@pytest.mark.parametrize(
    "prediction",
    [
        [[0, 0], [10**9, 5], [3, 3]],
        [[0, 0], [10**30, 5], [3, 3]],
        [[0, 0], [float("nan"), 5], [3, 3]],
        [[0, 0], [float("inf"), 5], [3, 3]],
        [[0, 0], [-LARGEST_SIDE - 1, 5], [3, 3]],
        [[0, 0], [20_000, 0], [20_000, 20_000]],
    ],
)
def test_absurd_coordinates_are_refused_before_memory_is_taken(prediction: list[list[float]]) -> None:
    with pytest.raises((TooLargeError, UnscorablePairError)):
        raw_iou(prediction, [SQUARE])


def test_malformed_points_far_away_are_refused() -> None:
    with pytest.raises(TooLargeError):
        lenient_iou([[[0, 0], [50_000, 0]]], [SQUARE])


def test_what_is_drawn_is_kept_for_the_other_pairs_of_a_label() -> None:
    truth = drawing([np.array(SQUARE, dtype=np.int32)])
    assert truth.on(50) is truth.on(80)
    assert truth.on(9).area == 81
    assert truth.on(50).area == 100


def whole_canvas(prediction: np.ndarray, truth: list[np.ndarray]) -> tuple[float, float]:
    """The contract of FORMAT B1 on full canvases, written as plainly as possible."""
    everything = np.concatenate(truth)
    side = int(max(prediction.max(), everything.max()))
    boxes, fills = np.zeros((2, side, side), np.uint8), np.zeros((2, side, side), np.uint8)
    for number_, (points, rings) in enumerate([(prediction, [prediction]), (everything, truth)]):
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        boxes[number_, top : bottom + 1, left : right + 1] = 1
        for ring in rings:
            cv2.fillPoly(fills[number_], [ring], (1,))
    return tuple(
        (a & b).sum() / (a | b).sum() if (a | b).any() else float("nan")
        for a, b in (boxes, fills)  # type: ignore[return-value]  # two of them
    )


def rings(low: int, high: int) -> st.SearchStrategy[np.ndarray]:
    point = st.tuples(st.integers(low, high), st.integers(low, high))
    return st.lists(point, min_size=1, max_size=9).map(lambda points: np.array(points, dtype=np.int32))


@settings(deadline=None, max_examples=300)
@given(
    st.integers(2, 400).flatmap(
        lambda high: st.tuples(rings(-high // 4, high), st.lists(rings(0, high), min_size=1, max_size=3))
    )
)
def test_windows_give_what_the_whole_canvas_gives(pair: tuple[np.ndarray, list[np.ndarray]]) -> None:
    prediction, truth = pair
    found = official_iou(drawing([prediction]), drawing(truth))
    np.testing.assert_array_equal([found.box, found.mask], whole_canvas(prediction, truth))
