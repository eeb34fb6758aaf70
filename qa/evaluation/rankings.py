"""Ranking files `r{ds}.npy` and `R1M{ds}.npy` (FORMAT A6): where easy, hard and junk images stand.

A ranking of a million distractors for 70 queries takes 560 MB. Only the places of labelled images matter, so the file
is read in blocks of rows, and of each block only the few entries below the size of the database are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from annotator.datasets.plain_npy import BROKEN_HEADER
from annotator.domain.dataset import GroundTruth, Protocol, Query
from annotator.domain.errors import BadFileError, EnvironmentFault
from qa.metrics.average_precision import RankedQuery, ranked_query
from qa.metrics.pairs import Ints

BLOCK = 1 << 22
"""Bytes of the file that are looked at in one go; small enough to stay in the processor's cache."""

_REMEDY = "write the ranking again as an integer array of one column per query, best image first"


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Per query the places (ascending, zero-based) and images of everything labelled; `rows` is its length."""

    path: Path
    rows: int
    places: tuple[Ints, ...]
    images: tuple[Ints, ...]

    def ranked(self, truth: GroundTruth, protocol: Protocol) -> list[RankedQuery]:
        """The ranks of each query's positives in a protocol: with hard, easy images are junk too."""
        return [
            ranked_query(places, images, *_labels(query, protocol))
            for places, images, query in zip(self.places, self.images, truth.queries, strict=True)
        ]

    def remarks(self, truth: GroundTruth) -> tuple[str, ...]:
        """Sentences on queries whose ranking lacks positives or names an image twice."""
        lacking, twice = [], []
        for number, (images, query) in enumerate(zip(self.images, truth.queries, strict=True)):
            if not {*query.hard, *query.easy} <= set(images.tolist()):
                lacking.append(number)
            if len(np.unique(images)) < len(images):
                twice.append(number)
        found = []
        if lacking:
            found.append(
                f"{self.path.name}: the ranking lacks positives of {_queries(lacking)}, which lowers their AP."
            )
        if twice:
            found.append(f"{self.path.name} names labelled images more than once for {_queries(twice)}.")
        return tuple(found)

    def require_no_repeats(self) -> None:
        """Raises BadFileError when a labelled image stands at two places of one query."""
        for number, images in enumerate(self.images):
            if len(np.unique(images)) < len(images):
                raise BadFileError(self.path, f"the ranking of query {number} names an image more than once", _REMEDY)


def read_ranking(path: Path, truth: GroundTruth) -> Ranking:
    """Read a ranking; raises BadFileError for anything that is no integer array with one column per query."""
    try:
        with path.open("rb") as stream:
            shape, fortran, dtype = _header(stream, path, len(truth.queries))
            blocks = _columns if fortran else _rows
            table = _table(truth)
            found = [_labelled(*block, table) for block in blocks(stream, shape, dtype, path)]
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be read ({error.strerror or error}); check its rights.") from error
    rows, queries, images = (np.concatenate([block[part] for block in found]) for part in range(3))
    order = np.lexsort((rows, queries))
    rows, queries, images = rows[order], queries[order], images[order]
    borders = np.searchsorted(queries, np.arange(1, len(truth.queries)))
    return Ranking(path, shape[0], tuple(np.split(rows, borders)), tuple(np.split(images, borders)))


def _header(stream: BinaryIO, path: Path, queries: int) -> tuple[tuple[int, int], bool, np.dtype[Any]]:
    try:
        version = np.lib.format.read_magic(stream)
        reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = reader(stream)
    except BROKEN_HEADER as error:
        raise BadFileError(path, "is no file that numpy.save wrote, or is cut off", _REMEDY) from error
    if dtype.kind not in "iu" or len(shape) != 2 or not shape[0]:
        raise BadFileError(path, "holds no table of whole numbers", _REMEDY)
    if shape[1] != queries:
        raise BadFileError(path, f"has {shape[1]} columns where the data set has {queries} queries", _REMEDY)
    if path.stat().st_size - stream.tell() != shape[0] * shape[1] * dtype.itemsize:
        raise BadFileError(path, "is cut off, or longer than it says", _REMEDY)
    return (int(shape[0]), int(shape[1])), bool(fortran), dtype


Block = tuple[NDArray[Any], int, int]
"""A part of the table, `(rows, columns)`, with its first row and first column."""


def _rows(stream: BinaryIO, shape: tuple[int, int], dtype: np.dtype[Any], path: Path) -> Iterator[Block]:
    height = max(1, BLOCK // (shape[1] * dtype.itemsize))
    for first in range(0, shape[0], height):
        rows = min(height, shape[0] - first)
        yield _read(stream, rows * shape[1], dtype, path).reshape(rows, shape[1]), first, 0


def _columns(stream: BinaryIO, shape: tuple[int, int], dtype: np.dtype[Any], path: Path) -> Iterator[Block]:
    height = max(1, BLOCK // dtype.itemsize)
    for column in range(shape[1]):
        for first in range(0, shape[0], height):
            rows = min(height, shape[0] - first)
            yield _read(stream, rows, dtype, path).reshape(rows, 1), first, column


def _read(stream: BinaryIO, number: int, dtype: np.dtype[Any], path: Path) -> NDArray[Any]:
    data = stream.read(number * dtype.itemsize)
    if len(data) < number * dtype.itemsize:
        raise BadFileError(path, "is cut off", _REMEDY)
    return np.frombuffer(data, dtype=dtype)


def _labelled(block: NDArray[Any], row: int, column: int, table: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Rows, queries and images of the labelled entries of a block; `table` is `(queries, database)`."""
    flat = block.reshape(-1)
    near = np.flatnonzero(flat.view(flat.dtype.str.replace("i", "u")) < table.shape[1])  # unsigned: -1 is large
    rows, queries = np.divmod(near, block.shape[1])
    images = flat[near].astype(np.int64)
    wanted = table[queries + column, images]
    return rows[wanted] + row, queries[wanted] + column, images[wanted]


def _table(truth: GroundTruth) -> NDArray[np.bool_]:
    """`(queries, database)`: which images are labelled for which query."""
    table = np.zeros((len(truth.queries), len(truth.index_images)), dtype=np.bool_)
    for number, query in enumerate(truth.queries):
        table[number, [*query.easy, *query.hard, *query.junk]] = True
    return table


def _labels(query: Query, protocol: Protocol) -> tuple[Sequence[int], Sequence[int]]:
    if protocol is Protocol.HARD:
        return query.hard, (*query.junk, *query.easy)
    return (*query.easy, *query.hard), query.junk


def _queries(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:5])
    return f"{'query' if len(numbers) == 1 else 'queries'} {shown}{' and others' if len(numbers) > 5 else ''}"
