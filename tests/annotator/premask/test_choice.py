"""A choice is plain data; its proposer takes the features and the matcher that it names."""

from __future__ import annotations

import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest

from annotator.domain.raster import fill
from annotator.premask import registry
from annotator.premask.choice import ROOTSIFT, Choice, made, sources_of
from annotator.premask.models.matcher import LearnedMatcher, views
from annotator.premask.protocol import IndexImage, Proposal, ProposalInput, Reference
from annotator.premask.source import Prepared


@pytest.fixture
def pair(picture) -> tuple[Reference, IndexImage, np.ndarray]:
    """The facade on a plain ground, then half as large again and moved, with its true mask there."""
    photograph = np.full((420, 480, 3), 128, np.uint8)
    photograph[70:350, 80:400] = picture
    mask = np.zeros((420, 480), bool)
    mask[70:350, 80:400] = True
    change = np.array([[1.3, 0.0, -60.0], [0.05, 1.3, -40.0]])
    seen = cv2.warpAffine(photograph, change, (560, 500), borderMode=cv2.BORDER_REPLICATE)
    there = cv2.warpAffine(mask.astype(np.uint8), change, (560, 500)) > 0
    return Reference(photograph, mask, "query", "q", "q"), IndexImage(seen, "i", "i"), there


def proposed(choice: Choice, reference: Reference, index: IndexImage) -> Proposal:
    return made(choice).propose(ProposalInput((reference,), index))


def test_labels_name_what_makes_the_difference(tmp_path: Path) -> None:
    features, matcher = tmp_path / "aliked.onnx", tmp_path / "glue.onnx"
    assert Choice("group").label == "group"
    assert Choice("hull", ROOTSIFT).label == "hull+rootsift"
    assert Choice("group", features).label == "group+aliked"
    assert Choice("group", features, None, matcher).label == "group+glue"


def test_a_matcher_goes_with_its_features_alone(onnx_models) -> None:
    choice = Choice("group", onnx_models.sparse(), None, onnx_models.matcher())
    learned, rootsift = pickle.loads(pickle.dumps(sources_of(choice)))
    assert isinstance(learned.matcher, LearnedMatcher)
    assert learned.matcher.path == choice.matcher
    assert rootsift.matcher is None
    assert all(source.matcher is None for source in sources_of(Choice("group", choice.features)))
    assert all(source.matcher is None for source in registry.embedded_sources())


def test_the_features_of_a_reference_come_from_several_views_that_scales_tell(onnx_models, pair) -> None:
    source = sources_of(Choice("group", onnx_models.sparse(count=300)))[0]
    prepared = source.reference(pair[0])
    assert isinstance(prepared, Prepared)
    found = views(prepared.features)
    assert len(found) >= 3
    assert sorted(np.concatenate(found).tolist()) == list(range(len(prepared.features)))
    for rows in found:
        view = prepared.features.take(rows)
        assert np.ptp(view.scales) < 0.01 * view.scales.mean()
        assert (np.diff(view.scores) <= 0).all()


@pytest.mark.parametrize("name", ["pipeline", "homography", "hull"])
def test_a_matcher_decides_what_matches(onnx_models, pair, name: str) -> None:
    """One that finds what looks alike does as well as nearest neighbours; one that finds nothing refuses."""
    reference, index, there = pair
    features = onnx_models.sparse(count=600)
    plain = proposed(Choice(name, features), reference, index)
    matched = proposed(Choice(name, features, None, onnx_models.matcher()), reference, index)
    assert overlap(matched, there) > 0.8 * overlap(plain, there) > 0.4
    if name != "pipeline":  # which has RootSIFT beside the model
        nothing = Choice(name, features, None, onnx_models.matcher("nothing.onnx", least=2.0))
        assert proposed(nothing, reference, index).refused


def overlap(proposal: Proposal, truth: np.ndarray) -> float:
    found = fill(proposal.polygons, (truth.shape[1], truth.shape[0]))
    return float((found & truth).sum() / (found | truth).sum())
