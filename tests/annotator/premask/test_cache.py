"""The feature cache: found once, damaged files replaced, bounded in size."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from annotator.premask.cache import SUFFIX, FeatureCache
from annotator.premask.features import Features


def some(count: int = 5, seed: int = 0) -> Features:
    random = np.random.default_rng(seed)
    part = random.random((count, 2)).astype(np.float32)
    one = random.random(count).astype(np.float32)
    return Features(part, one, one, random.random((count, 8)).astype(np.float32), one)


class Finder:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> Features:
        self.calls += 1
        return some()


def test_found_once(tmp_path: Path) -> None:
    find = Finder()
    cache = FeatureCache(tmp_path)
    first, second = cache.get("a", find), cache.get("a", find)
    assert find.calls == 1
    for part in ("points", "scales", "angles", "descriptors", "scores"):
        assert np.array_equal(getattr(first, part), getattr(second, part))


def test_other_key_other_features(tmp_path: Path) -> None:
    find = Finder()
    cache = FeatureCache(tmp_path)
    cache.get("a", find)
    cache.get("b", find)
    assert find.calls == 2


def test_without_a_folder_nothing_is_kept() -> None:
    find = Finder()
    cache = FeatureCache(None)
    cache.get("a", find)
    cache.get("a", find)
    cache.shrink()
    assert find.calls == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"something else", b"\x80\x04."])
def test_a_damaged_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    find = Finder()
    cache = FeatureCache(tmp_path)
    cache.get("a", find)
    (path,) = tmp_path.glob(f"*{SUFFIX}")
    path.write_bytes(content)
    assert len(cache.get("a", find)) == 5
    assert find.calls == 2
    assert path.stat().st_size > len(content)


def test_a_file_that_lacks_rows_is_replaced(tmp_path: Path) -> None:
    find = Finder()
    cache = FeatureCache(tmp_path)
    cache.get("a", find)
    (path,) = tmp_path.glob(f"*{SUFFIX}")
    parts = some()
    with path.open("wb") as file:
        np.savez(
            file, points=parts.points[:3], scales=parts.scales, angles=parts.angles, descriptors=parts.descriptors,
            scores=parts.scores,
        )  # fmt: skip
    cache.get("a", find)
    assert find.calls == 2


def test_nothing_is_left_beside_the_files(tmp_path: Path) -> None:
    FeatureCache(tmp_path).get("a", some)
    assert [path.suffix for path in tmp_path.iterdir()] == [SUFFIX]


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert len(FeatureCache(blocked / "sub").get("a", some)) == 5


def test_a_full_disk_leaves_no_half_a_file(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the disk: a write beyond it fails as one to a full disk does."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, limits[1]))
    try:
        found = FeatureCache(tmp_path).get("a", some)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(found) == 5
    assert list(tmp_path.iterdir()) == []


def test_the_longest_unused_go_first(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    for number, key in enumerate("abcd"):
        before = set(tmp_path.iterdir())
        cache.get(key, some)
        (new,) = set(tmp_path.iterdir()) - before
        os.utime(new, (1000 + number, 1000 + number))
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    FeatureCache(tmp_path, largest=sum(sizes) - 1).shrink()
    left = sorted(int(path.stat().st_mtime) for path in tmp_path.iterdir())
    assert left == [1002, 1003]  # down to three quarters of the bound


def test_below_the_bound_nothing_goes(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    cache.get("a", some)
    cache.shrink()
    assert len(list(tmp_path.iterdir())) == 1
