"""All query-index pairs of a data set with their IoU, as columns, in the order in which the benchmark visits them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from annotator.domain.dataset import GroundTruth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class State(IntEnum):
    """How a pair came to its IoU."""

    SCORED = 0
    EMPTY = 1
    """The prediction says that nothing was found."""
    MISSING = 2
    """There is no prediction for the pair."""
    RAISED = 3
    """The official evaluator raises; no IoU of its own."""
    RAISED_AFTER_BOX = 4
    """The official evaluator raises for the mask, after it computed the box IoU."""


@dataclass(frozen=True, slots=True, eq=False)
class PairList:
    """The pairs of a ground truth: query after query, of each the hard pairs, then the easy ones.

    `query` and `index` are `(n,)` numbers; `hard` is True for hard pairs, False for easy ones.
    """

    queries: int
    query: Ints
    index: Ints
    hard: Bools

    def __len__(self) -> int:
        return len(self.query)

    def written(self) -> Iterator[str]:
        """`q_i` of every pair."""
        return (f"{q}_{i}" for q, i in zip(self.query.tolist(), self.index.tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class PairScores:
    """A pair list with `box` and `mask` IoU `(n,)` (meaningless unless SCORED) and `state` `(n,)` of State."""

    pairs: PairList
    box: Floats
    mask: Floats
    state: NDArray[np.uint8]

    def keys_in(self, *states: State) -> tuple[str, ...]:
        """`q_i` of the pairs in one of the states."""
        wanted = np.isin(self.state, states)
        return tuple(key for key, take in zip(self.pairs.written(), wanted.tolist(), strict=True) if take)


def pair_list(truth: GroundTruth) -> PairList:
    """The pairs of a ground truth in the benchmark's order."""
    query: list[int] = []
    index: list[int] = []
    hard: list[bool] = []
    for member in truth.queries:
        images = (*member.hard, *member.easy)
        query += [member.number] * len(images)
        index += images
        hard += [True] * len(member.hard) + [False] * len(member.easy)
    return PairList(
        len(truth.queries), np.array(query, np.int64), np.array(index, np.int64), np.array(hard, dtype=np.bool_)
    )
