"""A pair that waits for a researcher: its passes side by side, how they agree, where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState
from annotator.domain.raster import Mask, mask_of
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.domain.tracing import polygons_of
from annotator.project.project import Project
from annotator.store.records import PairRecord, PassRecord
from qa.difference import difference


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two passes agree."""

    first: int
    second: int
    iou: float
    boundary_f: float
    hausdorff: float


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """A stopped pair with the newest submission of each pass.

    `layers` are masks of the pixels that all, more than one but not all, and one of the passes hold.
    """

    pair: PairRecord
    passes: tuple[PassRecord, ...]
    areas: tuple[int, ...]
    agreement: tuple[Agreement, ...]
    layers: tuple[Mask, Mask, Mask]

    @property
    def key(self) -> PairKey:
        """Which pair it is."""
        return self.pair.key

    @property
    def votes(self) -> int:
        """How many passes a pixel needs for a merge: more than half."""
        return len(self.passes) // 2 + 1


def stopped_pairs(project: Project) -> tuple[PairRecord, ...]:
    """All pairs that wait for a researcher, in the order of groups."""
    waiting = (PairState.DISPUTE, PairState.ESCALATED)
    return tuple(pair for pair in project.store.pairs() if pair.state in waiting)


def stopped(project: Project, key: PairKey) -> Stopped:
    """Read and compare the passes of a pair; works in any thread."""
    newest: dict[int, PassRecord] = {}
    for record in project.store.passes(key):
        newest[record.pass_.pass_number] = record
    passes = tuple(newest[number] for number in sorted(newest))
    masks = [mask_of(record.pass_.annotation) for record in passes]
    rules = project.rules
    found = []
    for (one, before), (two, after) in combinations(enumerate(masks), 2):
        compared = difference(before, after, rules.boundary_tolerance, rules.hausdorff_percentile)
        found.append(
            Agreement(
                passes[one].pass_.pass_number,
                passes[two].pass_.pass_number,
                compared.iou,
                compared.boundary_f,
                compared.hausdorff,
            )
        )
    votes = np.sum(np.stack(masks), axis=0, dtype=np.uint8)
    everywhere: Mask = np.equal(votes, len(masks))
    some: Mask = np.logical_and(np.greater(votes, 1), ~everywhere)
    alone: Mask = np.logical_and(np.equal(votes, 1), ~everywhere)
    return Stopped(
        project.store.pair(key),
        passes,
        tuple(int(mask.sum()) for mask in masks),
        tuple(found),
        (everywhere, some, alone),
    )


def merged(found: Stopped) -> Annotation:
    """What more than half of the passes hold, as object polygons that refill to exactly those pixels."""
    masks = [mask_of(record.pass_.annotation) for record in found.passes]
    votes = np.sum(np.stack(masks), axis=0, dtype=np.uint8)
    most: Mask = np.greater_equal(votes, found.votes)
    polygons = polygons_of(most)
    size = found.passes[0].pass_.annotation.size
    return Annotation(size, tuple(Shape(str(n), Role.OBJECT, polygon) for n, polygon in enumerate(polygons, 1)))
