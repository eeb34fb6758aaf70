"""The pipeline on drawn facades, and refusals instead of exceptions."""

from __future__ import annotations

import pickle
from dataclasses import replace

import cv2
import numpy as np
import pytest

from annotator.domain.raster import fill
from annotator.premask.alignment import Look
from annotator.premask.frames import Guess
from annotator.premask.proposers.pipeline import (
    CLOSELY,
    CLOSELY_BESIDE,
    LOOKS,
    UNSURE,
    Pipeline,
    prepared_references,
    promising,
)
from annotator.premask.proposers.propagation import Propagation
from annotator.premask.protocol import IndexImage, ProposalInput, Reference
from annotator.premask.source import FeatureSource, Prepared
from annotator.premask.transfer import candidates, looked_at


@pytest.fixture(scope="module")
def answer(reference, oblique, source):
    return Pipeline((source,)).propose(ProposalInput((reference,), oblique[0]))


def test_finds_the_object_in_an_oblique_view(answer, oblique, iou):
    truth = oblique[1]
    assert answer.refused is None
    assert iou(fill(answer.polygons, (truth.shape[1], truth.shape[0])), truth) > 0.85
    assert answer.confidence > 0.5
    assert answer.reference == "query_0"
    assert answer.seconds > 0


def test_geometry_leads_to_the_index_image_and_back(answer):
    inside = np.array([[150.0, 130.0], [200.0, 160.0], [250.0, 200.0]])
    there = answer.geometry.forward(inside)
    expected = inside_by_truth(inside)
    assert np.linalg.norm(there - expected, axis=1).max() < 4
    assert np.allclose(answer.geometry.backward(there), inside, atol=0.5)


def inside_by_truth(points):
    """Reference pixels to the index image by the homographies that drew both."""
    object_points = (points - [60, 50]) / 0.8
    x, y = object_points.T
    depth = 0.0006 * x + 1
    return np.stack([(0.75 * x + 120) / depth, (0.08 * x + 0.75 * y + 70) / depth], axis=1)


def test_proposals_travel_between_processes(answer):
    again = pickle.loads(pickle.dumps(answer))
    assert again.polygons == answer.polygons
    assert np.array_equal(again.geometry.homography, answer.geometry.homography)


def test_same_input_same_answer(reference, oblique, answer, source):
    again = Pipeline((source,)).propose(ProposalInput((reference,), oblique[0]))
    assert again.polygons == answer.polygons
    assert again.confidence == answer.confidence


def test_an_image_without_the_object_is_refused_or_doubtful(reference, stranger, source):
    found = Pipeline((source,)).propose(ProposalInput((reference,), stranger))
    assert found.refused or found.confidence < 0.5


def small_mask(reference: Reference) -> Reference:
    mask = np.zeros_like(reference.mask)
    mask[100:104, 100:105] = True
    return replace(reference, mask=mask)


def test_a_query_mask_of_20_pixels_is_refused_with_a_reason(reference, oblique, source):
    found = Pipeline((source,)).propose(ProposalInput((small_mask(reference),), oblique[0]))
    assert "too small" in found.refused
    assert found.polygons == ()


def test_an_empty_mask_is_refused(reference, oblique, source):
    empty = replace(reference, mask=np.zeros_like(reference.mask))
    assert Pipeline((source,)).propose(ProposalInput((empty,), oblique[0])).refused


def test_a_mask_of_another_size_is_refused(reference, oblique, source):
    wrong = replace(reference, mask=np.ones((5, 5), dtype=bool))
    assert "another size" in Pipeline((source,)).propose(ProposalInput((wrong,), oblique[0])).refused


def test_no_reference_is_refused(oblique, source):
    assert Pipeline((source,)).propose(ProposalInput((), oblique[0])).refused


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_uniform_image_is_refused(reference, value, source):
    plain = IndexImage(np.full((300, 400, 3), value, np.uint8), "plain", f"plain-{value}")
    assert "one tone" in Pipeline((source,)).propose(ProposalInput((reference,), plain)).refused


def test_a_uniform_reference_is_refused(oblique, source):
    image = np.full((300, 400, 3), 99, np.uint8)
    mask = np.zeros((300, 400), dtype=bool)
    mask[50:200, 60:200] = True
    found = Pipeline((source,)).propose(ProposalInput((Reference(image, mask, "query", "grey", "grey"),), oblique[0]))
    assert found.refused


def test_an_image_of_200_by_100_pixels_gives_an_answer_or_a_reason(reference, oblique, source):
    small = cv2.resize(oblique[0].image, (200, 100), interpolation=cv2.INTER_AREA)
    found = Pipeline((source,)).propose(ProposalInput((reference,), IndexImage(small, "small", "small")))
    assert found.refused or found.polygons
    for polygon in found.polygons:
        x1, y1, x2, y2 = polygon.bounds
        assert x1 >= -1
        assert y1 >= -1
        assert x2 <= 200
        assert y2 <= 100


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (500, 2)])
def test_splinters_of_images_are_refused(reference, shape, source):
    noise = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)
    assert Pipeline((source,)).propose(ProposalInput((reference,), IndexImage(noise, "splinter", "splinter"))).refused


def test_a_large_image_is_worked_on_smaller_and_brought_back(reference, oblique, iou, source):
    image, truth = oblique
    factor = 4.5
    large = cv2.resize(image.image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    found = Pipeline((source,)).propose(ProposalInput((reference,), IndexImage(large, "large", "large")))
    size = large.shape[1], large.shape[0]
    whole = cv2.resize(truth.view(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
    assert iou(fill(found.polygons, size), whole) > 0.85


def test_images_of_12000_by_9000_pixels_give_an_answer_or_a_reason(reference, source):
    huge = np.zeros((9000, 12000, 3), np.uint8)
    huge[4000:4340, 5000:5420] = reference.image
    found = Pipeline((source,)).propose(ProposalInput((reference,), IndexImage(huge, "huge", "huge")))
    assert found.refused or found.polygons


def test_a_mirrored_object_is_not_found(reference, oblique, source):
    mirrored = IndexImage(np.ascontiguousarray(oblique[0].image[:, ::-1]), "mirrored", "mirrored")
    found = Pipeline((source,)).propose(ProposalInput((reference,), mirrored))
    assert found.refused or found.confidence < 0.5


def test_two_references_agree(reference, oblique, iou, source):
    second = replace(reference, name="query_1")
    found = Pipeline((source,)).propose(ProposalInput((reference, second), oblique[0]))
    truth = oblique[1]
    assert iou(fill(found.polygons, (truth.shape[1], truth.shape[0])), truth) > 0.85


def test_the_group_answers_every_image_in_order(reference, oblique, stranger, iou, source):
    found = Propagation((source,)).propose_group((reference,), [stranger, oblique[0]])
    truth = oblique[1]
    assert len(found) == 2
    assert found[0].refused or found[0].confidence < 0.6
    assert iou(fill(found[1].polygons, (truth.shape[1], truth.shape[0])), truth) > 0.85
    assert all(one.proposer == "group" for one in found)


def test_the_group_without_references_refuses_every_image(oblique, stranger, source):
    found = Propagation((source,)).propose_group((), [stranger, oblique[0]])
    assert all(one.refused for one in found)


class Counting:
    """A source that counts the references that it was asked to match in an image."""

    def __init__(self, inner: FeatureSource, kind: str) -> None:
        self.inner, self.kind, self.images = inner, kind, 0

    def reference(self, given):
        found = self.inner.reference(given)
        return replace(found, kind=self.kind) if isinstance(found, Prepared) else found

    def index(self, given):
        self.images += 1
        return replace(self.inner.index(given), kind=self.kind)


def test_kinds_of_features_are_never_mixed_and_both_vote(reference, oblique, source, monkeypatch):
    seen = []

    def spy(prepared, indexed, look, parameters):
        seen.append((prepared.kind, indexed.kind))
        return [replace(one, confidence=0.4) for one in candidates(prepared, indexed, look, parameters)]

    monkeypatch.setattr("annotator.premask.proposers.pipeline.candidates", spy)
    both = Pipeline((Counting(source, "one"), Counting(source, "other")))
    prepared, _ = prepared_references(both.sources, (reference,))
    _, found = both.candidates(prepared, oblique[0])
    assert seen == [("one", "one"), ("other", "other")]
    assert {one.kind for one in found} == {"one", "other"}


def test_where_one_reference_is_sure_no_further_features_are_looked_at(reference, oblique, source, monkeypatch):
    """All references are tried with the first kind; the second one would not change much, and costs as much again."""
    seen = []

    def spy(prepared, indexed, look, parameters):
        seen.append((prepared.reference.name, prepared.kind))
        sure = 0.9 if prepared.reference.name == reference.name else 0.5
        return [replace(one, confidence=sure) for one in candidates(prepared, indexed, look, parameters)]

    monkeypatch.setattr("annotator.premask.proposers.pipeline.candidates", spy)
    both = Pipeline((Counting(source, "one"), Counting(source, "other")))
    given = (reference, replace(reference, name="another"))
    _, found = both.candidates(prepared_references(both.sources, given)[0], oblique[0])
    assert seen == [(reference.name, "one"), ("another", "one")]
    assert {one.reference for one in found} == {reference.name, "another"}
    assert [source.images for source in both.sources] == [1, 0], "the second source does not even look at the image"


def test_references_that_see_far_less_than_the_best_are_not_followed(reference, oblique, source, monkeypatch):
    """A look costs a third of what follows it: many approved masks must not make a pre-mask slow."""
    followed = []

    def spy(prepared, indexed, look, parameters):
        followed.append((prepared.reference.name, look.support))
        return candidates(prepared, indexed, look, parameters)

    monkeypatch.setattr("annotator.premask.proposers.pipeline.candidates", spy)
    columns = np.nonzero(reference.mask)[1]
    corner = reference.mask & (np.arange(reference.mask.shape[1]) < np.quantile(columns, 0.2))
    small = [replace(reference, mask=corner, name=f"corner {number}") for number in range(3)]
    alone = Pipeline((source,))
    prepared, _ = prepared_references(alone.sources, (*small, reference))
    _, found = alone.candidates(prepared, oblique[0])
    assert [name for name, _ in followed] == [reference.name], "its corner has less than half the support"
    assert {one.reference for one in found} == {reference.name}


def test_the_best_look_comes_first_and_none_of_less_than_half_its_support():
    look = {support: Look(None, [Guess(np.eye(2, 3), support)]) for support in (4.0, 9.0, 10.0, 5.0)}
    found = promising(list(look.items()))
    assert [support for support, _ in found] == [10.0, 9.0, 5.0]
    assert [name for name, _ in promising([("blind", Look(None, []))])] == ["blind"], (
        "it is followed, and finds nothing"
    )
    assert promising([]) == []


def test_of_further_features_only_the_most_promising_reference_is_followed(reference, oblique, source, monkeypatch):
    followed = []

    def spy(prepared, indexed, look, parameters):
        followed.append(prepared.kind)
        return [replace(one, confidence=0.4) for one in candidates(prepared, indexed, look, parameters)]

    monkeypatch.setattr("annotator.premask.proposers.pipeline.candidates", spy)
    both = Pipeline((Counting(source, "one"), Counting(source, "other")))
    three = [replace(reference, name=f"reference {number}") for number in range(3)]
    both.candidates(prepared_references(both.sources, three)[0], oblique[0])
    assert followed == ["one"] * CLOSELY + ["other"] * CLOSELY_BESIDE


@pytest.mark.parametrize(("support", "expected"), [(UNSURE, CLOSELY), (0.9 * UNSURE, 1)])
def test_where_the_best_look_says_little_no_other_is_followed(
    support, expected, reference, oblique, source, monkeypatch
):
    followed = []

    def follow(prepared, *_):
        followed.append(prepared.reference.name)
        return []

    look = Look(None, [Guess(np.eye(2, 3), support)])
    monkeypatch.setattr("annotator.premask.proposers.pipeline.looked_at", lambda *_: look)
    monkeypatch.setattr("annotator.premask.proposers.pipeline.candidates", follow)
    alone = Pipeline((source,))
    three = [replace(reference, name=f"reference {number}") for number in range(3)]
    alone.candidates(prepared_references(alone.sources, three)[0], oblique[0])
    assert followed == [f"reference {number}" for number in range(expected)]


def test_of_many_references_only_those_that_see_something_at_a_glance_are_looked_at(
    reference, oblique, stranger, source, monkeypatch
):
    looked = []

    def spy(prepared, indexed):
        looked.append(prepared.reference.name)
        return looked_at(prepared, indexed)

    monkeypatch.setattr("annotator.premask.proposers.pipeline.looked_at", spy)
    height, width = stranger.image.shape[:2]
    middle = np.zeros((height, width), dtype=bool)
    middle[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = True
    others = [Reference(stranger.image, middle, "approved", f"other {number}", "stranger") for number in range(LOOKS)]
    answer = Pipeline((source,)).propose(ProposalInput((*others, reference), oblique[0]))
    assert len(looked) == LOOKS
    assert reference.name in looked
    assert answer.reference == reference.name


def test_a_problem_of_a_reference_is_told_once(reference, oblique, source):
    empty = replace(reference, mask=np.zeros_like(reference.mask))
    answer = Pipeline((Counting(source, "one"), Counting(source, "other"))).propose(ProposalInput((empty,), oblique[0]))
    assert answer.refused.count("too small") == 1
