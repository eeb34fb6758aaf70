"""Measuring: IoU by hand, draws that leave one out, means over landmarks and not over pairs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from annotator.domain.tracing import polygons_of
from annotator.premask.fitting import judged
from annotator.premask.iou import box_iou, mask_iou
from annotator.premask.landmark import Landmark
from annotator.premask.measuring import Score, Setting, measured, summary
from annotator.premask.protocol import EachAlone, IndexImage, Proposal, ProposalInput, Reference


class Echo(EachAlone):
    """Answers with the last reference's mask, and remembers what it was given."""

    name = "echo"
    describe = "For tests."

    def __init__(self) -> None:
        self.given: list[tuple[str, ...]] = []

    def propose(self, given: ProposalInput) -> Proposal:
        self.given.append((given.index.name, *(one.name for one in given.references)))
        return Proposal(tuple(polygons_of(given.references[-1].mask)), 0.8, self.name, seconds=0.5)


def block(x: int, width: int = 10) -> np.ndarray:
    mask = np.zeros((20, 40), dtype=bool)
    mask[5:15, x : x + width] = True
    return mask


@pytest.fixture
def landmark() -> Landmark:
    image = np.zeros((20, 40, 3), np.uint8)
    queries = (Reference(image, block(0), "query", "q0", "q0"), Reference(image, block(5), "query", "q1", "q1"))
    names = ("a", "b", "c", "q1")
    return Landmark(
        "town", queries, tuple(IndexImage(image, name, name) for name in names), {name: block(5) for name in names}
    )


def test_iou_by_hand():
    assert mask_iou(block(0), block(5)) == pytest.approx(50 / 150)
    assert box_iou(block(0), block(5)) == pytest.approx(50 / 150)
    assert mask_iou(block(0), block(20)) == 0
    assert box_iou(block(0), block(20)) == 0


def test_nothing_found_counts_zero():
    nothing = np.zeros((20, 40), dtype=bool)
    assert mask_iou(nothing, block(0)) == box_iou(nothing, block(0)) == 0
    assert mask_iou(nothing, nothing) == 0


def test_a_box_sees_only_the_extremes():
    two = block(0, 2) | block(8, 2)
    assert box_iou(two, block(0)) == 1
    assert mask_iou(two, block(0)) == pytest.approx(0.4)


def test_each_approved_mask_alone_is_transferred_to_every_other_image(landmark):
    echo = Echo()
    scores = measured(echo, landmark, Setting(each=True), "b")
    assert echo.given == [("a", "b"), ("c", "b"), ("q1", "b")], "no query beside it, and never its own image"
    assert [(score.query, score.index, score.mask) for score in scores] == [
        ("b", name, 1.0) for name in ("a", "c", "q1")
    ]
    assert Setting(each=True).name == "each"


def test_one_query_on_every_other_image(landmark):
    scores = measured(Echo(), landmark, Setting(), "q0")
    assert [score.index for score in scores] == ["a", "b", "c", "q1"]
    assert all(score.mask == pytest.approx(1 / 3) for score in scores)


def test_a_query_is_not_measured_on_itself(landmark):
    assert [score.index for score in measured(Echo(), landmark, Setting(), "q1")] == ["a", "b", "c"]


def test_all_queries_together(landmark):
    echo = Echo()
    measured(echo, landmark, Setting(all_queries=True), "q0")
    assert all(given[1:] == ("q0", "q1") for given in echo.given)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_draws_leave_the_measured_image_out(landmark, count):
    scores = measured(Echo(), landmark, Setting(count), "q0")
    for score in scores:
        assert score.index not in score.references
        assert len(score.references) == min(count, 3)
        assert "q0" not in score.references


def test_approved_images_are_no_bridges(landmark):
    echo = Echo()
    measured(echo, landmark, Setting(2), "q0")
    assert all(given[0] not in given[1:] for given in echo.given)


def test_an_approved_image_is_a_reference_without_its_occluders_cut_out(landmark):
    wholes = {name: block(5) | block(15) for name in landmark.truths}
    given: list[Reference] = []

    class Listening(Echo):
        def propose_group(self, references, images):
            given.extend(references)
            return super().propose_group(references, images)

    scores = measured(Listening(), dataclasses.replace(landmark, wholes=wholes), Setting(1), "q0")
    approved = [one for one in given if one.kind == "approved"]
    assert approved
    assert all(np.array_equal(one.mask, block(5) | block(15)) for one in approved)
    assert scores[0].mask == pytest.approx(0.5), "the answer, twice the truth, is judged by the truth"


def test_draws_repeat(landmark):
    first, second = (measured(Echo(), landmark, Setting(1), "q0") for _ in range(2))
    assert first == second


def score(group: str, mask: float, confidence: float = 0.5) -> Score:
    return Score(group, "q", "i", 0, mask, mask / 2, confidence, 0.25, (), None)


def test_means_are_over_landmarks():
    found = summary([score("one", 1.0), score("one", 0.0), score("two", 0.2)])
    assert found["mask"] == pytest.approx((0.5 + 0.2) / 2)
    assert found["box"] == pytest.approx((0.25 + 0.1) / 2)
    assert found["cpu_seconds_per_pair"] == 0.25
    assert found["per_group"]["one"] == {"mask": 0.5, "box": 0.25, "pairs": 2}
    assert len(found["pairs"]) == 3
    assert {"group", "query", "index", "mask", "box", "confidence"} <= set(found["pairs"][0])


def test_confidence_is_judged():
    found = judged(np.array([0.9, 0.8, 0.2]), np.array([0.9, 0.1, 0.3]))
    assert found["confident"] == 2
    assert found["confident_and_bad"] == 0.5
    assert found["mean_absolute_error"] == pytest.approx((0 + 0.7 + 0.1) / 3)


def test_constant_confidence_has_no_rank_correlation():
    assert judged(np.full(5, 0.5), np.linspace(0, 1, 5))["rank_correlation"] == 0


def test_settings_are_named_for_reports():
    assert [Setting(3).name, Setting(all_queries=True).name] == ["3", "queries"]
    assert dataclasses.replace(Setting(), approved=5).name == "5"
