"""Reading a release from Python: typed, lazy, and the same pixels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from annotator.domain.dataset import Difficulty, Protocol
from annotator.domain.errors import BadFileError
from annotator.domain.raster import mask_of
from export.keyhole import refill
from export.reader import load_release
from export.samples import PairSamples


def test_pairs_queries_and_masks(released: Path, make_material: Any) -> None:
    release = load_release(released)
    assert list(release) == ["foo", "oxford"]
    assert len(release) == 2
    assert release.complete
    dataset = release["oxford"]
    assert dataset is release["oxford"]
    assert [(str(pair.key), pair.index) for pair in dataset.pairs[:2]] == [("g00:im_000", 0), ("g00:im_001", 1)]
    assert len(release.pairs()) == 18
    pair = dataset.pair(2, 3)
    assert (pair.difficulty, pair.queries, pair.released.components) == (Difficulty.HARD, (0, 2), 3)
    material = make_material("oxford")
    for number, one in enumerate(material.pairs):
        drawn = mask_of(material.annotations([one.final])[one.final])
        mask = dataset.pairs[number].mask()
        assert mask.dtype == np.bool_
        assert np.array_equal(mask, drawn) or not drawn.any()
        rings = dataset.pairs[number].released.rings()
        assert np.array_equal(refill(rings, (60, 44)), mask)
    assert [query.query.number for query in dataset.queries] == [0, 1, 2]
    assert np.array_equal(dataset.queries[1].mask(), mask_of(material.queries[1].annotation))
    with pytest.raises(KeyError, match="1_0"):
        dataset.pair(1, 0)
    with pytest.raises(KeyError):
        release["paris"]


def test_protocols_say_what_counts_and_what_is_junk(released: Path) -> None:
    dataset = load_release(released)["foo"]
    found = {
        protocol: [([pair.index for pair in one.positives], one.junk) for one in dataset.protocol(protocol)]
        for protocol in Protocol
    }
    assert found[Protocol.EASY] == [([0, 1, 2], (3, 4, 5, 6)), ([7], (4, 8)), ([0, 1, 2], (3, 4, 5, 6))]
    assert found[Protocol.MEDIUM] == [([0, 1, 2, 3, 4, 5], (6,)), ([4, 7, 8], ()), ([0, 1, 2, 3, 4, 5], (6,))]
    assert found[Protocol.HARD] == [([3, 4, 5], (0, 1, 2, 6)), ([4, 8], (7,)), ([3, 4, 5], (0, 1, 2, 6))]


def test_samples_for_training(released: Path, tmp_path: Path) -> None:
    pairs = load_release(released)["foo"].pairs
    samples = PairSamples(pairs)
    assert len(samples) == 9
    sample: Any = samples[1]
    assert (sample["image"], sample["queries"], sample["pixels"]) == ("im_001", (0, 2), None)
    assert sample["mask"].sum() == 898
    with pytest.raises(IndexError):
        samples[9]
    assert PairSamples(pairs, transform=lambda one: one["index"])[8] == 8
    cv2.imwrite(str(tmp_path / "im_000.png"), np.full((44, 60, 3), 7, dtype=np.uint8))
    cv2.imwrite(str(tmp_path / "im_001.png"), np.full((60, 44, 3), 7, dtype=np.uint8))
    with_photographs = PairSamples(pairs, tmp_path)
    first: Any = with_photographs[0]
    assert first["pixels"].shape == (44, 60, 3)
    with pytest.raises(BadFileError, match="another size than its mask"):
        with_photographs[1]
    with pytest.raises(BadFileError, match="missing"):
        with_photographs[2]


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("bbox", [1, 2], "incomplete"),
        ("area", "many", "incomplete"),
        ("segmentation", {"size": [44, 60]}, "incomplete"),
        ("segmentation", None, "has no mask"),
        ("image_id", 77, "of no image"),
    ],
)
def test_broken_mask_files_are_named(release: Path, key: str, value: object, problem: str) -> None:
    path = release / "masks/foo/masks.json"
    data = json.loads(path.read_text())
    data["annotations"][0][key] = value
    path.write_text(json.dumps(data))
    with pytest.raises(BadFileError, match=problem):
        load_release(release)["foo"]


def test_broken_masks_and_labels_are_named_when_they_are_asked_for(release: Path) -> None:
    path = release / "masks/foo/masks.json"
    data = json.loads(path.read_text())
    data["annotations"][0]["segmentation"]["counts"] = "~"
    data["annotations"][1]["segmentation"] = {"size": [2, 2], "counts": [4]}
    path.write_text(json.dumps(data))
    (release / "labels/foo/g00/im_000.json").write_text('{"shapes": 3}')
    pairs = load_release(release)["foo"].pairs
    with pytest.raises(BadFileError, match=r"im_000\.jpg is broken"):
        pairs[0].mask()
    with pytest.raises(BadFileError, match="another size than its image"):
        pairs[1].mask()
    with pytest.raises(BadFileError, match="no label with rings"):
        pairs[0].released.rings()


def test_what_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        load_release(tmp_path)
    (tmp_path / "MANIFEST.json").write_text("[]")
    with pytest.raises(BadFileError, match="no manifest"):
        load_release(str(tmp_path))
