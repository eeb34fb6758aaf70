"""How useful pre-masks are: how often pass 1 starts from one, and how much of it is left in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.raster import mask_of
from annotator.project.project import Project
from annotator.store.records import PassHead
from qa.agreement.cache import NumberCache, key_of
from qa.agreement.estimates import NOTHING, Estimate, estimate, share
from qa.difference import iou
from qa.premask_told import confidence_of, premask_revision

FILE = "premasks.npz"
BANDS = (0.0, 0.5, 0.7, 0.85, 0.95, 1.0)
"""Ends of the bands of confidence."""

UNCHANGED = 0.999
"""IoU from which a pre-mask was taken as it is, but for a pixel here and there."""


@dataclass(frozen=True, slots=True)
class Band:
    """Passes 1 that began from a pre-mask of a confidence from `low` to `high`.

    `kept` is the mean IoU of the pre-mask with what was handed in, `unchanged` the share taken as it was.
    """

    low: float
    high: float
    passes: int
    kept: Estimate
    unchanged: Estimate


@dataclass(frozen=True, slots=True)
class PremaskUse:
    """`used` is the share of passes 1 that began from a pre-mask; `kept` and `unchanged` as in `Band`, over all."""

    used: Estimate
    kept: Estimate
    unchanged: Estimate
    bands: tuple[Band, ...]


def premask_use(project: Project, heads: Sequence[PassHead]) -> PremaskUse:
    """Measure all first passes 1; the IoU of each is measured once and kept in the project's cache."""
    firsts: dict[PairKey, PassHead] = {}
    for head in heads:
        if head.pass_number == 1 and head.verdict is Verdict.SUBMITTED:
            firsts.setdefault(head.key, head)
    used = [head for head in firsts.values() if head.proposer]
    if not used:
        return PremaskUse(share(0, len(firsts)), NOTHING, NOTHING, ())
    cache = NumberCache(project.cache / FILE, 1)
    known = cache.read()
    rows = {}
    for head in used:
        name = key_of(head.sha256)
        rows[name] = known[name] if name in known else np.array([_kept(project, head)])
    if rows.keys() != known.keys():
        cache.write(rows)
    kept = np.array([row[0] for row in rows.values()])
    sure = np.array([confidence_of(head.proposer or "") for head in used])
    return PremaskUse(share(len(used), len(firsts)), estimate(kept), _unchanged(kept), _bands(kept, sure))


def _kept(project: Project, head: PassHead) -> float:
    revision = premask_revision(project.store.revisions(head.key), head.base_revision, head.proposer or "")
    if revision is None:
        return float("nan")
    drawn = project.store.annotations([revision, head.revision])
    premask, submitted = drawn[revision], drawn[head.revision]
    if premask.size != submitted.size:
        return float("nan")
    return iou(mask_of(premask), mask_of(submitted))


def _bands(kept: NDArray[np.float64], sure: NDArray[np.float64]) -> tuple[Band, ...]:
    found = []
    for low, high in pairwise(BANDS):
        mine = (sure >= low) & ((sure < high) | (high == BANDS[-1]))
        if mine.any():
            found.append(Band(low, high, int(mine.sum()), estimate(kept[mine]), _unchanged(kept[mine])))
    return tuple(found)


def _unchanged(kept: NDArray[np.float64]) -> Estimate:
    known = kept[~np.isnan(kept)]
    return share(int((known >= UNCHANGED).sum()), len(known))
