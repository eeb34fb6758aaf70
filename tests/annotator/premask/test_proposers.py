"""The published families on drawn facades, the registry, and executors."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.domain.errors import AnnotatorError, EnvironmentFault
from annotator.domain.raster import fill
from annotator.premask import registry
from annotator.premask.executor import Cluster, Here, Processes, executor
from annotator.premask.protocol import IndexImage, ProposalInput


@pytest.mark.parametrize(("name", "least"), [("hull", 0.5), ("homography", 0.85), ("dense", 0.8), ("prototypes", 0.05)])
def test_each_family_finds_the_object(name, least, reference, oblique, iou, source):
    found = registry.get(name, (source,)).propose(ProposalInput((reference,), oblique[0]))
    truth = oblique[1]
    assert found.refused is None
    assert found.proposer == name
    assert iou(fill(found.polygons, (truth.shape[1], truth.shape[0])), truth) > least
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize("name", registry.NAMES)
def test_nobody_fails_on_a_plain_image(name, reference, source):
    plain = IndexImage(np.full((200, 260, 3), 127, np.uint8), "plain", "plain")
    found = registry.get(name, (source,)).propose(ProposalInput((reference,), plain))
    assert found.refused or found.polygons


@pytest.mark.parametrize("name", registry.NAMES)
def test_everybody_refuses_without_a_reference(name, oblique):
    assert registry.get(name).propose(ProposalInput((), oblique[0])).refused


@pytest.mark.parametrize("name", registry.NAMES)
def test_a_group_is_answered_in_order(name, reference, oblique, source):
    images = [oblique[0], IndexImage(np.zeros((90, 90, 3), np.uint8), "black", "black")]
    found = registry.get(name, (source,)).propose_group((reference,), images)
    assert len(found) == 2
    assert registry.get(name).describe.endswith(".")


def test_an_unknown_proposer_names_the_known():
    with pytest.raises(AnnotatorError, match="group, pipeline"):
        registry.get("magic")


def test_a_family_is_made_without_loading_the_learned_features(monkeypatch):
    def loaded():
        raise AssertionError("the model is loaded")

    monkeypatch.setattr("annotator.premask.registry.embedded", loaded)
    assert registry.get("hull").name == "hull"
    assert registry.checked("group") == "group"
    with pytest.raises(AssertionError, match="loaded"):
        registry.get("group")


def test_every_proposer_bears_its_name():
    assert tuple(one.name for one in registry.proposers().values()) == registry.NAMES


def square(value: int) -> int:
    return value * value


@pytest.mark.parametrize("run", [Here(), Processes(2)])
def test_every_piece_of_work_comes_back_with_its_number(run):
    assert sorted(run.results(square, [3, 4, 5])) == [(0, 9), (1, 16), (2, 25)]


def test_one_worker_stays_in_this_process():
    assert isinstance(executor(1), Here)
    assert isinstance(executor(3), Processes)
    assert isinstance(executor(0, "tcp://nowhere:1"), Cluster)


def test_a_scheduler_address_that_means_nothing_is_a_fault_of_the_environment():
    with pytest.raises(EnvironmentFault):
        list(Cluster("nonsense://x").results(square, [1]))
