"""Bridges: an image that no reference matches is reached through one that does, as far as its path is trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from annotator.domain.raster import fill
from annotator.premask.alignment import Alignment
from annotator.premask.graph.cycles import probes
from annotator.premask.proposers import propagation
from annotator.premask.proposers.propagation import LEAST_SUPPORT, Propagation, closes
from annotator.premask.protocol import Proposal
from annotator.premask.rootsift import RootSift
from annotator.premask.source import FeatureSource
from annotator.premask.transfer import Candidate, candidates, looked_at
from annotator.premask.warp import Geometry


def geometry(x: float, y: float = 0.0, factor: float = 1.0) -> Geometry:
    return Geometry(np.array([[factor, 0, x], [0, factor, y], [0, 0, 1.0]]), (0, 0, 100, 100), np.zeros((2, 2, 2)))


def candidate(way: Geometry, reference: str) -> Candidate:
    none, empty = np.zeros((0, 2)), np.zeros(0)
    alignment = Alignment(
        way, np.eye(2, 3), none, none, empty.astype(np.float32), empty.astype(bool), 0.5, 0.01, 1.0, 1.0
    )
    return Candidate(alignment, np.ones((8, 8), dtype=bool), 0.5, reference)


@pytest.fixture
def places() -> dict[str, np.ndarray]:
    mask = np.zeros((120, 120), dtype=bool)
    mask[10:110, 10:110] = True
    return {"q": probes(mask)}


BRIDGE = Proposal((), 0.9, "group", "q", geometry=geometry(30))


def test_a_path_that_arrives_where_the_direct_one_does_closes(places):
    direct = [candidate(geometry(300), "q"), candidate(geometry(50, 7), "q")]
    assert closes(BRIDGE, candidate(geometry(20, 7), "bridge"), direct, places) == pytest.approx(1)


def test_a_path_that_arrives_elsewhere_does_not(places):
    assert closes(BRIDGE, candidate(geometry(120), "bridge"), [candidate(geometry(50), "q")], places) < 0.01


def test_without_a_direct_candidate_nothing_closes(places):
    assert closes(BRIDGE, candidate(geometry(20), "bridge"), [], places) == 0
    assert closes(BRIDGE, candidate(geometry(20), "bridge"), [candidate(geometry(50), "other")], places) == 0
    assert closes(replace(BRIDGE, geometry=None), candidate(geometry(20), "bridge"), [], places) == 0
    assert closes(replace(BRIDGE, reference="unknown"), candidate(geometry(20), "bridge"), [], places) == 0


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reference matches the oblique view directly."""
    real = propagation.Pipeline.candidates

    def found(self, prepared, image):
        answer = real(self, prepared, image)
        return answer if isinstance(answer, str) or image.name != "oblique" else (answer[0], [])

    monkeypatch.setattr(propagation.Pipeline, "candidates", found)


@pytest.mark.usefixtures("blind")
def test_a_bridge_reaches_what_no_reference_matches(reference, middle, oblique, source, iou):
    alone = Propagation((source,)).propose_group((reference,), [oblique[0]])[0]
    assert alone.refused
    found = Propagation((source,)).propose_group((reference,), [oblique[0], middle])
    truth = oblique[1]
    assert found[1].confidence > 0.65
    assert found[0].reference == "middle"
    assert iou(fill(found[0].polygons, (truth.shape[1], truth.shape[0])), truth) > 0.7
    assert 0 < found[0].confidence < found[1].confidence


@pytest.mark.usefixtures("blind")
def test_a_stranger_is_no_bridge(reference, stranger, oblique, source):
    assert Propagation((source,)).propose_group((reference,), [oblique[0], stranger])[0].refused


@dataclass(frozen=True)
class Narrow:
    """RootSIFT with half of its numbers: features of another kind, nearly none of which it finds in one image."""

    blind_to: tuple[int, int]
    key: str = "narrow"

    def detect(self, image, limit):
        found = RootSift().detect(image, limit)
        halves = np.ascontiguousarray(found.descriptors[:, :64])
        halves /= np.maximum(np.linalg.norm(halves, axis=1, keepdims=True), 1e-6)
        narrow = replace(found, descriptors=halves)
        return narrow.take(np.arange(3)) if image.shape[:2] == self.blind_to else narrow


@pytest.mark.parametrize(("support", "followed"), [(LEAST_SUPPORT, True), (0.9 * LEAST_SUPPORT, False)])
@pytest.mark.usefixtures("blind")
def test_a_bridge_that_sees_no_more_than_chance_is_not_followed(
    support, followed, reference, middle, oblique, source, monkeypatch
):
    tried = []

    def look(prepared, index):
        seen = looked_at(prepared, index)
        return replace(seen, guesses=[replace(one, support=support) for one in seen.guesses[:1]])

    def follow(prepared, index, *rest, **more):
        tried.append(index.name)
        return candidates(prepared, index, *rest, **more)

    monkeypatch.setattr(propagation, "looked_at", look)
    monkeypatch.setattr(propagation, "candidates", follow)
    Propagation((source,)).propose_group((reference,), [middle, oblique[0]])
    assert tried == [oblique[0].name] * followed


@pytest.mark.usefixtures("blind")
def test_a_bridge_never_meets_features_of_another_kind(reference, middle, oblique, source):
    """The first kind sees the middle well, the oblique image hardly: the bridge must not be tried with the second."""
    height, width = oblique[0].image.shape[:2]
    enlarged = round(height * 640 / width), 640
    narrow = FeatureSource(Narrow(enlarged), source.budget)
    assert len(narrow.index(oblique[0]).features) == 3
    found = Propagation((narrow, source)).propose_group((reference,), [oblique[0], middle])
    assert found[1].confidence > 0.65
    assert found[0].refused
