"""Consensus and the pull of pre-masks: blind annotations against pass 1 of the same pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.domain.dataset import PairKey
from annotator.domain.raster import mask_of
from annotator.project.project import Project
from annotator.store.records import PassHead
from qa.agreement.cache import NumberCache, key_of
from qa.agreement.estimates import NOTHING, Estimate, difference, estimate
from qa.agreement.measured import latest_by_pass
from qa.difference import iou

FILE = "blind.npz"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Consensus:
    """Mean IoU of blind annotations with pass 1 over pairs: all, those where pass 1 used a pre-mask, those where not.

    `bias` is the mean without a pre-mask less the mean with one. Blind annotators never had one: where pre-masks pull
    pass 1 away from what people draw by themselves, it is above 0. `seconds` is the active time of drawing blind.
    """

    iou: Estimate
    with_premask: Estimate
    without_premask: Estimate
    bias: Estimate
    seconds: Estimate


NO_CONSENSUS = Consensus(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)


def consensus(project: Project, heads: Sequence[PassHead] | None = None) -> Consensus:
    """Measure the blind annotations; each is rasterised once and its number kept in the project's cache."""
    records = project.store.blind_records()
    if not records:
        return NO_CONSENSUS
    latest = latest_by_pass(project.store.all_passes() if heads is None else heads)
    cache = NumberCache(project.cache / FILE, 1)
    known, rows = cache.read(), {}
    values, used = [], []
    for record in records:
        first = latest.get(record.key, {}).get(1)
        if first is None:
            continue  # pass 1 was escalated and decided by a researcher: there is no mask of its person
        name = key_of(record.sha256, first.sha256)
        row = known[name] if name in known else _measured(project, record.key, first)
        rows[name] = row
        values.append(float(row[0]))
        used.append(first.proposer is not None)
    if rows.keys() != known.keys():
        cache.write(rows)
    return _summary(np.array(values), np.array(used, dtype=bool), [record.active_seconds for record in records])


def _measured(project: Project, key: PairKey, first: PassHead) -> Floats:
    blind, drawn = project.store.blind_annotation(key), project.store.revision(first.revision)
    if blind is None or blind.size != drawn.size:
        return np.array([np.nan])
    return np.array([iou(mask_of(blind), mask_of(drawn))])


def _summary(values: Floats, used: NDArray[np.bool_], seconds: Sequence[float]) -> Consensus:
    return Consensus(
        iou=estimate(values),
        with_premask=estimate(values[used]),
        without_premask=estimate(values[~used]),
        bias=difference(values[~used], values[used]),
        seconds=estimate(np.array(seconds), (0.0, np.inf)),
    )
