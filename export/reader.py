"""Reading a release from Python: pairs, query masks, groups and protocols, typed and lazy, without the window.

    release = load_release(Path("release"))
    for pair in release["oxford"].pairs:
        mask = pair.mask()                       # bool (height, width), exactly what the annotators drew
    for query in release["oxford"].protocol(Protocol.HARD):
        print(query.query.image, len(query.positives))

Masks stay compressed until they are asked for. Nothing in a release is executed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from annotator.datasets.ground_truth import read_ground_truth
from annotator.domain import rle
from annotator.domain.dataset import Difficulty, GroundTruth, PairKey, Protocol, Query, QueryGroup, query_groups
from annotator.domain.errors import BadFileError, GeometryError
from annotator.domain.geometry import Size
from annotator.domain.raster import Mask
from annotator.domain.tracing import IntPoints
from export.json_text import REMEDY, read_json
from export.layout import (
    MANIFEST,
    ground_truth_path,
    is_dataset_name,
    label_path,
    masks_path,
    query_masks_path,
    query_path,
)
from export.verification.files import read_limited
from export.verification.finding import Finding
from export.verification.label import ExpectedMask
from export.verification.masks import read_masks


@dataclass(frozen=True, slots=True)
class ReleasedMask:
    """A mask of a release: `size` is (width, height), `file_name` the image's; `bbox` is x, y, width, height."""

    root: Path
    label: str
    file_name: str
    size: Size
    area: int
    bbox: tuple[int, int, int, int]
    components: int
    holes: int
    encoded: rle.Rle

    def mask(self) -> Mask:
        """`bool (height, width)`; raises BadFileError when the release is broken there."""
        if self.encoded["size"] != [self.size[1], self.size[0]]:  # before memory is taken for it
            raise BadFileError(self.root, f"the mask of {self.file_name} has another size than its image", REMEDY)
        try:
            return rle.decode(self.encoded)
        except (GeometryError, KeyError, TypeError) as error:
            raise BadFileError(self.root, f"the mask of {self.file_name} is broken ({error})", REMEDY) from error

    def rings(self) -> tuple[IntPoints, ...]:
        """The key-hole rings of the label, `(n, 2)` int32 xy each, largest first; raises BadFileError."""
        path = self.root / self.label
        try:
            shapes = read_json(read_limited(path), path)["shapes"]
            return tuple(np.array(shape["points"], dtype=np.int32).reshape(-1, 2) for shape in shapes)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise BadFileError(path, "this is no label with rings", REMEDY) from error


@dataclass(frozen=True, slots=True)
class ReleasedPair:
    """A pair of a release: its mask serves every query of its group. `index` is the position in `imlist`."""

    dataset: str
    key: PairKey
    index: int
    difficulty: Difficulty
    queries: tuple[int, ...]
    released: ReleasedMask

    def mask(self) -> Mask:
        """`bool (height, width)`; raises BadFileError when the release is broken there."""
        return self.released.mask()


@dataclass(frozen=True, slots=True)
class ReleasedQuery:
    """A query with its query mask."""

    dataset: str
    query: Query
    group: int
    released: ReleasedMask

    def mask(self) -> Mask:
        """`bool (height, width)`; raises BadFileError when the release is broken there."""
        return self.released.mask()


@dataclass(frozen=True, slots=True)
class ProtocolQuery:
    """A query under a protocol: `positives` count, `junk` are index numbers that are taken out of a ranking.

    Difficulties that are no positives of the protocol are junk under it, as in Revisited Oxford and Paris.
    """

    query: Query
    positives: tuple[ReleasedPair, ...]
    junk: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReleasedDataset:
    """One dataset of a release; `pairs` by group and index number, `queries` by number."""

    name: str
    truth: GroundTruth
    groups: tuple[QueryGroup, ...]
    pairs: tuple[ReleasedPair, ...]
    queries: tuple[ReleasedQuery, ...]

    def pair(self, query: int, index: int) -> ReleasedPair:
        """The pair that the benchmark writes `q_i`; raises KeyError where there is none."""
        for pair in self.pairs:
            if pair.index == index and query in pair.queries:
                return pair
        raise KeyError(f"{query}_{index}")

    def protocol(self, protocol: Protocol) -> tuple[ProtocolQuery, ...]:
        """Every query with its positives under a protocol, in the order of the queries."""
        by_group: dict[int, dict[int, ReleasedPair]] = {}
        for pair in self.pairs:
            by_group.setdefault(pair.key.group, {})[pair.index] = pair
        found = []
        for group in self.groups:
            lists = {Protocol.EASY: group.easy, Protocol.HARD: group.hard, Protocol.MEDIUM: group.positives}
            mine = by_group.get(group.number, {})
            positives = tuple(mine[index] for index in lists[protocol] if index in mine)
            junk = tuple(sorted({*group.positives, *group.junk} - set(lists[protocol])))
            found += [ProtocolQuery(query, positives, junk) for query in group.queries]
        return tuple(sorted(found, key=lambda one: one.query.number))


class Release(Mapping[str, ReleasedDataset]):
    """A release by dataset name; each dataset is read when it is asked for, once."""

    def __init__(self, path: Path, manifest: Mapping[str, Any], datasets: tuple[str, ...]) -> None:
        self.path = path
        self.manifest = manifest
        self._names = datasets
        self._read: dict[str, ReleasedDataset] = {}

    def __getitem__(self, name: str) -> ReleasedDataset:
        """A dataset; raises KeyError for one that is not in the release, BadFileError when it is broken."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = _dataset(self.path, name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def complete(self) -> bool:
        """True when every pair and every query mask is in it."""
        return not self.manifest.get("missing")

    def pairs(self) -> tuple[ReleasedPair, ...]:
        """The pairs of all datasets."""
        return tuple(pair for dataset in self.values() for pair in dataset.pairs)


def load_release(path: Path | str) -> Release:
    """Open the release at `path`; raises BadFileError when it is none.

    Hashes are not checked here: `verify_release` does that.
    """
    root = Path(path)
    manifest = read_json(read_limited(root / MANIFEST), root / MANIFEST)
    counts = manifest.get("counts") if isinstance(manifest, dict) else None
    if not isinstance(counts, dict):
        raise BadFileError(root / MANIFEST, "this is no manifest of a release", REMEDY)
    return Release(root, manifest, tuple(sorted(filter(is_dataset_name, counts))))


def _dataset(root: Path, name: str) -> ReleasedDataset:
    suffix = ".mat" if (root / ground_truth_path(name, ".mat")).is_file() else ".pkl"
    truth = read_ground_truth(root / ground_truth_path(name, suffix))
    groups = query_groups(truth)
    masks = _masks(root, masks_path(name), dict(enumerate(truth.index_images)))
    pairs = []
    for group in groups:
        numbers = tuple(query.number for query in group.queries)
        for index in group.positives:
            if (group.number, index) in masks:
                image = truth.index_images[index]
                label = label_path(name, group.number, image)
                found = _released(root, label, masks[group.number, index])
                key = PairKey(group.number, image)
                pairs.append(ReleasedPair(name, key, index, group.difficulty(index), numbers, found))
    return ReleasedDataset(name, truth, groups, tuple(pairs), _queries(root, name, truth, groups))


def _queries(root: Path, name: str, truth: GroundTruth, groups: tuple[QueryGroup, ...]) -> tuple[ReleasedQuery, ...]:
    masks = _masks(root, query_masks_path(name), {query.number: query.image for query in truth.queries})
    found = [
        ReleasedQuery(
            name,
            query,
            group.number,
            _released(root, query_path(name, query.number), masks[group.number, query.number]),
        )
        for group in groups
        for query in group.queries
        if (group.number, query.number) in masks
    ]
    return tuple(sorted(found, key=lambda one: one.query.number))


def _masks(root: Path, path: str, names: Mapping[int, str]) -> Mapping[tuple[int, int], ExpectedMask]:
    """The masks of a file; raises BadFileError for the first thing that is wrong with it."""
    problems: list[Finding] = []
    masks = read_masks(root, path, names, problems).masks
    if problems:
        raise BadFileError(root / path, problems[0].problem, REMEDY)
    return masks


def _released(root: Path, label: str, expected: ExpectedMask) -> ReleasedMask:
    annotation = expected.annotation
    try:
        x, y, w, h = (int(side) for side in annotation["bbox"])
        numbers = [int(annotation[name]) for name in ("area", "components", "holes")]
        encoded = rle.Rle(size=annotation["segmentation"]["size"], counts=annotation["segmentation"]["counts"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadFileError(root / expected.source, f"a mask of {expected.file_name} is incomplete", REMEDY) from error
    area, components, holes = numbers
    return ReleasedMask(root, label, expected.file_name, expected.size, area, (x, y, w, h), components, holes, encoded)
