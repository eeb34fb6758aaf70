"""Agreement over all pairs, over groups, people and weeks, each mean with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.agreement.estimates import NOTHING, Estimate, estimates
from qa.agreement.measured import BETWEEN, Measured

Floats = NDArray[np.float64]
K = TypeVar("K", int, date)


@dataclass(frozen=True, slots=True)
class AgreementSummary:
    """Means over pairs of the mean over a pair's comparisons.

    `iou`, `boundary_f` and `kappa` are in [0, 1] (kappa from -1), `hausdorff` in pixels, over the pairs where it is
    finite. `groups` are by number, `people` by name over the comparisons of that person's masks with the others',
    `weeks` by the Monday of the week in which the pair's latest pass was handed in (UTC), oldest first.
    """

    iou: Estimate
    boundary_f: Estimate
    hausdorff: Estimate
    kappa: Estimate
    groups: Mapping[int, Estimate]
    people: Mapping[str, Estimate]
    weeks: Mapping[date, Estimate]


def summarise(measured: Measured) -> AgreementSummary:
    """All means of a project, from one set of resampled pairs."""
    if not measured.keys:
        return AgreementSummary(NOTHING, NOTHING, NOTHING, NOTHING, {}, {}, {})
    iou = measured.per_pair(measured.iou)
    groups = [key.group for key in measured.keys]
    weeks = [monday(moment.date()) for moment in measured.at]
    names = sorted({name for people in measured.people for name in people if name is not None})
    parts = [
        np.stack([iou, measured.per_pair(measured.boundary_f)], axis=1),
        _split(iou, groups),
        np.stack([_of_person(measured, name) for name in names], axis=1),
        _split(iou, weeks),
    ]
    found = estimates(np.concatenate(parts, axis=1))
    first, second = 2 + len(set(groups)), 2 + len(set(groups)) + len(names)
    far = np.where(np.isfinite(measured.hausdorff), measured.hausdorff, np.nan)
    return AgreementSummary(
        iou=found[0],
        boundary_f=found[1],
        hausdorff=estimates(_row_means(far).reshape(-1, 1), (0.0, np.inf))[0],
        kappa=estimates(measured.kappa.reshape(-1, 1), (-1.0, 1.0))[0],
        groups=dict(zip(sorted(set(groups)), found[2:first], strict=True)),
        people=dict(zip(names, found[first:second], strict=True)),
        weeks=dict(zip(sorted(set(weeks)), found[second:], strict=True)),
    )


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _split(values: Floats, labels: Sequence[K]) -> Floats:
    """`(pairs, labels)`: each pair's value in the column of its label, in the labels' order; NaN elsewhere."""
    order = {label: column for column, label in enumerate(sorted(set(labels)))}
    table = np.full((len(values), len(order)), np.nan)
    table[np.arange(len(values)), [order[label] for label in labels]] = values
    return table


def _of_person(measured: Measured, name: str) -> Floats:
    """For each pair the mean IoU of a person's mask with the others'; NaN where the person did no pass of it."""
    did = np.array([[person == name for person in people] for people in measured.people])
    involved = np.stack([did[:, first - 1] | did[:, second - 1] for first, second in BETWEEN], axis=1)
    return _row_means(np.where(involved, measured.iou, np.nan))


def _row_means(table: Floats) -> Floats:
    """Means of rows without their NaNs; NaN where nothing is left."""
    counts = (~np.isnan(table)).sum(axis=1)
    means: Floats = np.full(len(table), np.nan)
    np.divide(np.nansum(table, axis=1), counts, out=means, where=counts > 0)
    return means
