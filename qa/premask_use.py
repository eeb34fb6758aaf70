"""How useful pre-masks are: how often pass 1 starts from one, and how much of it is left in the end.

Whoever begins pass 1 from a pre-mask says so in the pass's `proposer`, the proposer's name with its confidence
(`told`). The pre-mask itself is the first revision of the line that ends in the pass's base revision and names the same
proposer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.raster import mask_of
from annotator.project.project import Project
from annotator.store.records import PassHead, RevisionRecord
from qa.agreement.cache import NumberCache, key_of
from qa.agreement.estimates import NOTHING, Estimate, estimate, share
from qa.difference import iou

FILE = "premasks.npz"
BANDS = (0.0, 0.5, 0.7, 0.85, 0.95, 1.0)
"""Ends of the bands of confidence."""

UNCHANGED = 0.999
"""IoU from which a pre-mask was taken as it is, but for a pixel here and there."""

_TOLD = re.compile(r"(.+) ([01]\.\d{2})")


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


def told(name: str, confidence: float) -> str:
    """What a pass says about the pre-mask that it began from: `pipeline 0.83`."""
    return f"{name} {confidence:.2f}"


def confidence_of(proposer: str) -> float:
    """The confidence in what `told` wrote; NaN where there is none."""
    match = _TOLD.fullmatch(proposer)
    return float(match[2]) if match else float("nan")


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


def premask_revision(records: Sequence[RevisionRecord], base: int | None, proposer: str) -> int | None:
    """The revision that holds the pre-mask: the earliest on the line to `base` that names this proposer."""
    by_id: Mapping[int, RevisionRecord] = {record.id: record for record in records}
    found, current = None, base
    while current is not None and current in by_id:
        record = by_id[current]
        if record.proposer == proposer:
            found = record.id
        current = record.parent
    return found


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
