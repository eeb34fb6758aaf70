"""Provenance, statistics and CHANGES.md: times, orders and figures by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.domain import rle
from annotator.domain.dataset import Difficulty, PairKey, Query, QueryGroup
from annotator.domain.errors import BadFileError
from export.changelog import changes_since, compare, masks_of
from export.datasheet import datasheet_text
from export.documents import last_day
from export.layout import masks_path
from export.licence import CC_BY
from export.mask_record import MaskRecord
from export.material import FinishedPair, ImageFile, Round
from export.measured import Made
from export.provenance import provenance_lines, utc
from export.statistics import counted, quantiles, row_of, summary, table_text

AT = datetime(2025, 1, 7, 23, 30, tzinfo=UTC)
EAST, WEST = timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-10))


def record(iou: dict[int, float], **changes: Any) -> MaskRecord:
    values: dict[str, Any] = {
        "size": (200, 100), "counts": "", "area": 500, "bbox": (20, 10, 50, 40), "components": 2, "holes": 1,
        "label_sha256": "f" * 64, "flags": (), "occlusion": {}, "iou": iou, "picture": "1x1:", "errors": (),
    }  # fmt: skip
    return MaskRecord(**values | changes)


def pair(index: int, rounds: tuple[Round, ...], group: int = 0, imported: Round | None = None) -> FinishedPair:
    image = ImageFile(f"im_{index}", f"im_{index}.jpg", "0" * 64)
    return FinishedPair("town", group, index, Difficulty.HARD, image, rounds, 9, imported)


def done(step: str, by: str, revision: int, at: datetime = AT, seconds: float = 10.0, **more: Any) -> Round:
    return Round(step, by, at, more.pop("verdict", "submitted"), revision, seconds, **more)


THREE = (done("annotate", "A1", 1), done("refine+inspect", "A2", 5), done("refine+inspect", "A3", 9))


def group(number: int, queries: tuple[int, ...]) -> QueryGroup:
    members = tuple(Query(q, f"q{q}", (0.0, 0.0, 1.0, 1.0), (), (2, 10), ()) for q in queries)
    return QueryGroup(number, members, (), (2, 10), ())


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_lines_are_in_the_order_of_numbers_and_not_of_letters() -> None:
    """0_2 comes before 0_10, query 2 before query 10; ids count the pairs as they are given."""
    groups = {0: group(0, (2, 10)), 1: group(1, (0,))}
    measured = [(pair(10, THREE), record({1: 0.5, 5: 0.9, 9: 1.0})), (pair(2, THREE), record({1: 0.5, 5: 0.9, 9: 1.0})),
                (pair(10, THREE, group=1), record({1: 0.5, 5: 0.9, 9: 1.0}))]  # fmt: skip
    found = lines(provenance_lines(groups, measured, "tool"))
    assert [line["pair"] for line in found] == ["0_10", "2_2", "2_10", "10_2", "10_10"]
    assert [line["annotation_id"] for line in found] == [3, 2, 1, 2, 1]
    assert [line["group"] for line in found] == [1, 0, 0, 0, 0]


def test_rounds_say_what_each_mask_has_of_the_final_one() -> None:
    history = (done("annotate", "A1", 1, seconds=40.26, proposer="pipeline 0.91"), *THREE[1:])
    (line,) = lines(provenance_lines({0: group(0, (3,))}, [(pair(2, history), record({1: 0.25, 5: 0.9, 9: 1.0}))], "t"))
    assert [one["iou_to_final"] for one in line["rounds"]] == [0.25, 0.9, 1.0]
    assert line["rounds"][0]["active_seconds"] == 40.3
    assert [one.get("proposer") for one in line["rounds"]] == ["pipeline 0.91", None, None]
    assert "imported" not in line
    begun = done("import", "A9", 7, proposer="release")
    imported = [(pair(2, history, imported=begun), record({1: 0.25, 5: 0.9, 7: 0.8, 9: 1.0}))]
    (line,) = lines(provenance_lines({0: group(0, (3,))}, imported, "t"))
    assert line["imported"] == {"source": "release", "by": "A9", "at": "2025-01-07T23:30:00Z", "iou_to_final": 0.8}


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (AT, "2025-01-07T23:30:00Z"),
        (datetime(2025, 1, 8, 5, 15, 59, 999_999, EAST), "2025-01-07T23:30:59Z"),
        (datetime(2025, 1, 7, 23, 30, tzinfo=WEST), "2025-01-08T09:30:00Z"),
    ],
)
def test_times_are_written_in_utc_whatever_zone_a_server_has(moment: datetime, written: str) -> None:
    assert utc(moment) == written


def made(material: Any, *rounds: Round) -> Made:
    """Material with this history of every pair."""
    pairs = tuple(replace(one, rounds=rounds) for one in material.pairs)
    return Made(replace(material, pairs=pairs), tuple(record({1: 0.5}) for _ in pairs), ())


def test_the_day_of_a_release_is_that_of_its_last_round_in_utc(make_material: Any) -> None:
    material = make_material(without_queries=(0, 1, 2))
    early, late = (done("annotate", "A1", 1, at) for at in (AT, datetime(2025, 1, 7, 23, 45, tzinfo=WEST)))
    assert last_day([made(material, early)]) == "2025-01-07"
    assert last_day([made(material, early), made(material, late, early)]) == "2025-01-08"


def test_the_data_sheet_tells_the_same_days_as_the_provenance(make_material: Any) -> None:
    """A round of 23:30 in Hawaii is one of the next day."""
    late = done("annotate", "A1", 1, datetime(2025, 1, 7, 23, 30, tzinfo=WEST))
    one = made(make_material(without_queries=(0, 1, 2)), late)
    text = datasheet_text("Town", "1.0", [one.material], {"oxford": summary(one.measured)}, CC_BY)
    assert "From 2025-01-08 to 2025-01-08." in text


def test_a_row_of_the_table_by_hand() -> None:
    history = (done("annotate", "A1", 1, seconds=40.04), done("refine+inspect", "A2", 9, seconds=5.0))
    measured = [(pair(7, history), record({1: 0.125, 9: 1.0}, occlusion={"person": 0.25, "vehicle": 0.125}))]
    row = row_of(*measured[0])
    assert row == {
        "group": 0, "image": "im_7", "index": 7, "difficulty": "hard", "width": 200, "height": 100, "area": 500,
        "area_share": 0.025, "box_x": 20, "box_y": 10, "box_width": 50, "box_height": 40, "centre_x": 0.225,
        "centre_y": 0.3, "components": 2, "holes": 1, "occluded": 0.375, "rounds": 2, "active_seconds": 45.0,
        "first_iou": 0.125, "label": "labels/town/g00/im_7.json",
    }  # fmt: skip
    assert table_text(measured).splitlines()[1] == ",".join(map(str, row.values()))


def test_a_summary_by_hand() -> None:
    shares = ({"person": 0.2}, {"person": 0.4, "other": 0.1}, {})
    seconds = ((30.0, 10.0), (50.0, 20.0), (70.0, 60.0))
    measured = []
    for index, (occlusion, times) in enumerate(zip(shares, seconds, strict=True)):
        history = (done("annotate", "A1", 1, seconds=times[0]), done("refine+inspect", "A2", 9, seconds=times[1]))
        found = record({1: 0.2 * (index + 1), 9: 1.0}, occlusion=occlusion, area=1000 * (index + 1),
                       flags=("invisible",) if index == 2 else ())  # fmt: skip
        measured.append((pair(index, history), found))
    told = summary(measured)
    assert (told["pairs"], told["difficulty"], told["invisible"]) == (3, {"hard": 3}, 1)
    assert told["area_share"]["median"] == 0.1
    assert told["occlusion"] == {
        "other": {"pairs": 1, "share": quantiles([0.1])},
        "person": {"pairs": 2, "share": quantiles([0.2, 0.4])},
    }
    assert (told["agreement"]["round 1"]["median"], told["agreement"]["round 2"]["least"]) == (0.4, 1.0)
    assert list(told["active_seconds"]) == ["annotate", "refine+inspect"]
    assert told["active_seconds"]["annotate"]["median"] == 50.0
    assert told["active_seconds"]["refine+inspect"]["mean"] == 30.0


def test_quantiles_of_five_numbers() -> None:
    assert quantiles([4, 0, 1, 3, 2]) == {
        "least": 0.0, "lower_quarter": 1.0, "median": 2.0, "upper_quarter": 3.0, "largest": 4.0, "mean": 2.0,
    }  # fmt: skip
    assert counted(["b", "a", "b"]) == {"a": 1, "b": 2}


def runs(mask: np.ndarray) -> dict[str, Any]:
    return dict(rle.encode(mask))


def test_what_changed_most_comes_first_and_names_are_in_order() -> None:
    whole, half, most = (np.zeros((4, 10), dtype=bool) for _ in range(3))
    whole[:, :], half[:, :5], most[:, :8] = True, True, True
    before = {PairKey(0, name): runs(whole) for name in ("a", "b", "c", "gone", "away")}
    now = {PairKey(0, "a"): runs(most), PairKey(0, "b"): runs(half), PairKey(0, "c"): runs(whole),
           PairKey(1, "a"): runs(half), PairKey(0, "new"): runs(half)}  # fmt: skip
    assert compare(before, now) == {
        "added": ["g00:new", "g01:a"],
        "removed": ["g00:away", "g00:gone"],
        "changed": {"g00:b": 0.5, "g00:a": 0.8},
        "unchanged": 1,
    }


def test_two_empty_masks_are_the_same_however_they_are_written() -> None:
    key = PairKey(0, "a")
    assert compare({key: {"size": [2, 3], "counts": [6]}}, {key: runs(np.zeros((2, 3), dtype=bool))})["changed"] == {}


def test_a_dataset_that_is_new_is_all_added(make_material: Any, released: Path) -> None:
    material = make_material("paris", without_queries=(0, 1, 2))
    text, data = changes_since(released, [Made(material, tuple(record({}) for _ in material.pairs), ())])
    assert data["earlier_version"] == "1.0"
    assert len(data["datasets"]["paris"]["added"]) == 9
    assert "# Changes since version 1.0" in text
    assert "0 masks changed, 9 were added, 0 removed, 0 are the same." in text
    assert "Added: g00:im_000, g00:im_001" in text


@pytest.mark.parametrize("content", ["[]", "3", '{"annotations": []}', '{"images": [{"id": 1}], "annotations": []}'])
def test_a_mask_file_of_another_form_is_named(release: Path, content: str) -> None:
    path = release / masks_path("foo")
    path.write_text(content)
    with pytest.raises(BadFileError, match=r"masks\.json: this is no list of masks"):
        masks_of(json.loads(content), path)
