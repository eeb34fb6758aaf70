"""Time of a pre-mask on a real pair, with features cached and not; skipped unless benchmarks are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotator.cli.mask_landmarks import landmark, landmark_files
from annotator.premask import registry
from annotator.premask.cache import FeatureCache
from annotator.premask.choice import Choice, made
from annotator.premask.landmark import Landmark
from annotator.premask.protocol import ProposalInput


@pytest.fixture(scope="module")
def ashmolean(shared: Path) -> Landmark:
    files, _ = landmark_files(shared / "data" / "masks", shared / "data" / "roxford5k" / "jpg")
    return landmark(next(one for one in files if one.name == "ashmolean"))


@pytest.mark.parametrize("name", registry.NAMES)
def test_pair_with_cached_features(benchmark: Any, ashmolean: Landmark, tmp_path: Path, name: str) -> None:
    proposer = made(Choice(name, None, tmp_path))
    given = ProposalInput(ashmolean.queries, ashmolean.images[0])
    proposer.propose(given)
    found = benchmark(proposer.propose, given)
    assert found.refused is None


def test_pair_without_cached_features(benchmark: Any, ashmolean: Landmark) -> None:
    given = ProposalInput(ashmolean.queries, ashmolean.images[0])
    found = benchmark(registry.get(registry.DEFAULT).propose, given)
    assert found.refused is None


def test_group_with_cached_features(benchmark: Any, ashmolean: Landmark, tmp_path: Path) -> None:
    proposer = registry.get(registry.DEFAULT, registry.embedded_sources(FeatureCache(tmp_path)))
    proposer.propose_group(ashmolean.queries, ashmolean.images)
    found = benchmark(proposer.propose_group, ashmolean.queries, ashmolean.images)
    assert len(found) == len(ashmolean.images)
