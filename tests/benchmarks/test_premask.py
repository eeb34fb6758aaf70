"""Time of a pre-mask on a real pair, with features cached and not; skipped unless benchmarks are asked for."""

from __future__ import annotations

import hashlib
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.mask_landmarks import landmark, landmark_files
from annotator.datasets.labels.labelme import read_labelme
from annotator.domain.codec import annotation_text
from annotator.premask import registry
from annotator.premask.cache import FeatureCache
from annotator.premask.choice import Choice, made
from annotator.premask.executor import executor
from annotator.premask.landmark import Landmark
from annotator.premask.protocol import ProposalInput
from annotator.project.group_work import GroupWork, ImageFile, MaskedFile, chunks, run_group_work


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


def test_a_group_of_a_hundred_images_on_all_cores(benchmark: Any, shared: Path, tmp_path: Path) -> None:
    """Three queries of All Souls against a hundred photographs, most of which show it, as `annotator premask` does."""
    photographs = shared / "data" / "roxford5k" / "jpg"
    files, _ = landmark_files(shared / "data" / "masks", photographs)
    queries = next(one for one in files if one.name == "all_souls").queries
    references = tuple(
        MaskedFile(ImageFile(name, image, sha256), "query", annotation_text(read_labelme(mask).annotation))
        for name, image, mask, sha256 in queries
    )
    names = {name for name, *_ in queries}
    others = (path for path in sorted(photographs.glob("*.jpg")) if path.stem not in names)
    images = tuple(
        ImageFile(path.stem, path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in islice(others, 100)
    )
    choice = Choice(registry.DEFAULT, None, tmp_path)
    work = [GroupWork(0, references, part, made, choice) for part in chunks(images)]

    def group() -> int:
        return sum(len(answers) for _, answers in executor(0).results(run_group_work, work))

    assert group() == 100  # finds the features
    assert benchmark.pedantic(group, rounds=1) == 100
