"""mAP in the official way: the golden numbers, and a case computed by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.metrics.average_precision import MapScores, RankedQuery, ranked_query
from qa.metrics.image_map import image_map
from qa.metrics.official_map import SKIPPED, official_map


def ranked(case: dict[str, Any]) -> list[RankedQuery]:
    ranks = np.array(case["ranks"], dtype=np.int64)
    found = []
    for number, labels in enumerate(case["gnd"]):
        members = np.array(labels["ok"] + labels["junk"], dtype=np.int64)
        places = np.flatnonzero(np.isin(ranks[:, number], members))
        found.append(ranked_query(places, ranks[places, number], labels["ok"], labels["junk"]))
    return found


def values(case: dict[str, Any], which: int) -> list[np.ndarray]:
    def one(query: int, image: int) -> float:
        value = case["iou"].get(f"{query}_{image}")
        value = value[which] if isinstance(value, list) else value
        return float("nan") if value is None else value

    return [np.array([one(q, i) for i in labels["ok"]]) for q, labels in enumerate(case["gnd"])]


def plain(array: np.ndarray) -> list[Any]:
    return [None if np.isnan(value) else value for value in array.tolist()]


def assert_equal(found: MapScores, expected: dict[str, Any]) -> None:
    assert plain(found.maps) == expected["map"]
    rows = [None if expected["map"][row] is None else plain(aps) for row, aps in enumerate(found.aps)]
    assert rows == expected["aps"]
    assert (None if np.isnan(found.mean) else found.mean) == expected["mean"]


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((shared / "golden" / "map_cases.json").read_text())
    return loaded


def test_every_golden_case_of_the_box_table_is_equal_to_the_last_bit(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        skipped = [q for q in SKIPPED[case["dataset"][1:]] if q < len(case["gnd"])]
        assert skipped == case["ignored"]
        assert_equal(official_map(ranked(case), values(case, 0), skipped), case["expected"]["pixel"])


def test_every_golden_case_of_the_second_value_is_equal_to_the_last_bit(cases: list[dict[str, Any]]) -> None:
    known = [case for case in cases if "pixel_second" in case["expected"]]
    assert known
    for case in known:
        found = official_map(ranked(case), values(case, 1), case["ignored"])
        assert_equal(found, case["expected"]["pixel_second"])


def test_every_golden_case_of_image_retrieval_is_equal_to_the_last_bit(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        found = image_map(ranked(case))
        assert found.mean == case["expected"]["image"]["map"]
        assert plain(found.aps[0]) == case["expected"]["image"]["aps"]
