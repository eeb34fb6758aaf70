"""Ground-truth files of Revisited Oxford and Paris, and of sets in the same form: `gnd_*.pkl` and `gnd_*.mat`.

Both forms give the same dataset. Numbers in the `.mat` form are 1-based, as MATLAB counts (Radenović et al., 2018).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from annotator.datasets.file_bytes import read_bytes
from annotator.datasets.image_names import name_problem
from annotator.datasets.mat import load_mat
from annotator.datasets.plain_pickle import load_plain
from annotator.domain.dataset import GroundTruth, Query
from annotator.domain.errors import BadFileError
from annotator.domain.geometry import LARGEST_COORDINATE, Box

REMEDY = "get the original file again"
SHORT_NAMES = {"roxford5k": "oxford", "rparis6k": "paris"}
"""Names of the benchmark's datasets in a release, by the file's own name."""

LARGEST_FILE = 256 << 20
LARGEST_SHOWN = 10**12
"""A larger number says nothing to anybody, and Python does not write out those of more than 4,300 digits."""
_LISTS = ("easy", "hard", "junk")


def read_ground_truth(path: Path) -> GroundTruth:
    """Read and check a ground-truth file.

    Raises BadFileError when it is no pickle of plain data and no MATLAB file, lacks a list, or names an image twice,
    an image outside the folder, an index out of range, an index in two lists of one query, or an impossible box;
    EnvironmentFault when it cannot be read.
    """
    data = read_bytes(path, LARGEST_FILE)
    load = load_mat if path.suffix.lower() == ".mat" else load_plain
    content = load(data, str(path))
    reader = _Reader(str(path))
    return reader.truth(content, dataset_name(path), hashlib.sha256(data).hexdigest())


def dataset_name(path: Path) -> str:
    """`oxford`, `paris`, or what follows `gnd_` in the file's name, in small letters, digits and underscores."""
    stem = path.stem.lower().removeprefix("gnd_")
    return SHORT_NAMES.get(stem) or re.sub(r"[^a-z0-9]+", "_", stem).strip("_") or "dataset"


class _Reader:
    """Checks one file's content, which it names in every error."""

    def __init__(self, source: str) -> None:
        self.source = source

    def truth(self, content: object, dataset: str, sha256: str) -> GroundTruth:
        if not isinstance(content, Mapping):
            raise self.bad("it holds no dict")
        missing = [key for key in ("imlist", "qimlist", "gnd") if key not in content]
        if missing:
            raise self.bad(f"it has no '{missing[0]}'")
        index_images = self.names(content["imlist"], "imlist")
        query_images = self.names(content["qimlist"], "qimlist")
        labels = self.sequence(content["gnd"], "gnd")
        if len(labels) != len(query_images) or not query_images:
            raise self.bad(f"'gnd' has {len(labels)} entries for the {len(query_images)} images of 'qimlist'")
        queries = [self.query(q, query_images[q], label, len(index_images)) for q, label in enumerate(labels)]
        return GroundTruth(dataset, tuple(queries), index_images, sha256)

    def bad(self, problem: str) -> BadFileError:
        return BadFileError(self.source, f"this is no ground truth that can be used: {problem}", REMEDY)

    def sequence(self, value: object, what: str) -> Sequence[Any]:
        if isinstance(value, np.ndarray):
            return value.ravel().tolist()
        if not isinstance(value, list | tuple):
            raise self.bad(f"'{what}' is no list")
        return value

    def names(self, value: object, what: str) -> tuple[str, ...]:
        names = tuple(self.sequence(value, what))
        seen: set[object] = set()
        for name in names:
            problem = name_problem(name)
            if problem:
                raise self.bad(f"{what} has the image name {str(name)[:80]!r}, which {problem}")
            if name in seen:
                raise self.bad(f"{what} names the image {name!r} twice")
            seen.add(name)
        return names

    def query(self, number: int, image: str, label: object, count: int) -> Query:
        if not isinstance(label, Mapping) or not all(key in label for key in (*_LISTS, "bbx")):
            raise self.bad(f"query {number} has no easy, hard, junk and bbx")
        lists = [self.indices(label[key], f"{key} of query {number}", count) for key in _LISTS]
        if len({*lists[0], *lists[1], *lists[2]}) != sum(map(len, lists)):
            raise self.bad(f"query {number} has the same index image in two of easy, hard and junk")
        return Query(number, image, self.box(label["bbx"], number), *lists)

    def indices(self, value: object, what: str, count: int) -> tuple[int, ...]:
        numbers = self.sequence(value, what)
        if len(numbers) > count:
            raise self.bad(f"'{what}' is longer than imlist")
        for number in numbers:
            if isinstance(number, bool) or not isinstance(number, int | np.integer):
                raise self.bad(f"'{what}' holds {str(number)[:40]!r}, which is no index number")
            if not 0 <= number < count:
                shown = number if abs(int(number)) < LARGEST_SHOWN else "of countless digits"
                raise self.bad(f"'{what}' holds the index {shown}, outside the {count} index images")
        if len(set(numbers)) != len(numbers):
            raise self.bad(f"'{what}' holds an index twice")
        return tuple(sorted(int(number) for number in numbers))

    def box(self, value: object, number: int) -> Box:
        corners = self.sequence(value, f"bbx of query {number}")
        real: list[Any] = [v for v in corners if isinstance(v, int | float | np.number) and not isinstance(v, bool)]
        if len(corners) != 4 or len(real) != 4 or not all(abs(v) <= LARGEST_COORDINATE for v in real):
            raise self.bad(f"bbx of query {number} is not x1, y1, x2, y2")
        x1, y1, x2, y2 = map(float, real)
        if not (x1 < x2 and y1 < y2):
            raise self.bad(f"bbx of query {number} encloses nothing")
        return x1, y1, x2, y2
