"""The agreement of every pair of a project, measured once and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PASS_NUMBERS
from annotator.domain.raster import mask_of
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation
from annotator.project.project import Project
from annotator.store.records import PassHead
from qa.agreement.cache import NumberCache, key_of
from qa.agreement.pairwise import SAME, Comparison, compare, pixel_kappa
from qa.agreement.results import counts

FILE = "agreement.npz"
BETWEEN = ((1, 2), (1, 3), (2, 3))
"""The comparisons of a pair, by pass numbers: the order of the columns."""

_WIDTH = 3 * len(BETWEEN) + 1
_AT_ONCE = 64
_SAVE_EVERY = 1_024

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Pairs of which at least two passes count, and how far their masks agree.

    `people` are those of passes 1, 2 and 3 whose mask counts (None otherwise), `at` when the latest was handed in.
    `iou`, `boundary_f` and `hausdorff` are `(pairs, 3)` between passes 1-2, 1-3 and 2-3, NaN where there is no such
    comparison; `kappa` is `(pairs,)`. `left` counts pairs that were not measured yet.
    """

    keys: tuple[PairKey, ...]
    people: tuple[tuple[str | None, ...], ...]
    at: tuple[datetime, ...]
    iou: Floats
    boundary_f: Floats
    hausdorff: Floats
    kappa: Floats
    left: int = 0
    positions: dict[PairKey, int] = field(default_factory=dict)

    def comparison(self, key: PairKey, between: tuple[int, int]) -> Comparison | None:
        """Two passes of a pair; None where they are not comparable."""
        row, column = self.positions.get(key), BETWEEN.index(between)
        if row is None or np.isnan(self.iou[row, column]):
            return None
        values = (self.iou[row, column], self.boundary_f[row, column], self.hausdorff[row, column])
        return Comparison(*(float(value) for value in values))

    def lowest(self, key: PairKey) -> float | None:
        """The lowest IoU between any two passes of a pair."""
        row = self.positions.get(key)
        return None if row is None else float(np.nanmin(self.iou[row]))

    def below(self, limit: float) -> int:
        """How many pairs have two passes that agree less than `limit`."""
        return int((np.nanmin(self.iou, axis=1) < limit).sum()) if len(self.iou) else 0

    def per_pair(self, values: Floats) -> Floats:
        """The mean over a pair's comparisons, `(pairs,)`."""
        return np.asarray(np.nanmean(values, axis=1)) if len(values) else np.zeros(0)


def measure(
    project: Project,
    heads: Sequence[PassHead] | None = None,
    most: int | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Agreement of all pairs; only what is new since the last look is rasterised, at most `most` pairs of it.

    `heads` are all passes of the project where the caller has them already. The cache file is written on the way.
    """
    latest = latest_by_pass(project.store.all_passes() if heads is None else heads)
    several = {key: passes for key, passes in latest.items() if len(passes) > 1}
    names = {key: _name(passes, project.rules) for key, passes in several.items()}
    cache = NumberCache(project.cache / FILE, _WIDTH)
    rows = cache.read()
    wanted = [key for key, name in names.items() if name not in rows]
    new = wanted if most is None else wanted[:most]
    for start in range(0, len(new), _AT_ONCE):
        chunk = {key: several[key] for key in new[start : start + _AT_ONCE]}
        rows.update({names[key]: row for key, row in _measured(project, chunk).items()})
        done = start + len(chunk)
        if done == len(new) or done % _SAVE_EVERY == 0:
            cache.write(_kept(rows, names.values()))
        if progress is not None:
            progress(done, len(new))
    # By attributes: comparing the keys themselves costs a tenth of a second for 6,361 of them.
    known = sorted((key for key in several if names[key] in rows), key=attrgetter("group", "image"))
    table = np.array([rows[names[key]] for key in known]).reshape(-1, _WIDTH)
    return _result(known, several, table, len(wanted) - len(new))


def latest_by_pass(heads: Sequence[PassHead]) -> dict[PairKey, dict[int, PassHead]]:
    """For each pair and pass number the latest pass that shows its person's mask; `heads` oldest first."""
    found: dict[PairKey, dict[int, PassHead]] = {}
    for head in heads:
        if counts(head.verdict):
            found.setdefault(head.key, {})[head.pass_number] = head
    return found


def _name(passes: dict[int, PassHead], rules: Rules) -> bytes:
    shas = [passes[number].sha256 if number in passes else "" for number in PASS_NUMBERS]
    return key_of(*shas, rules.boundary_tolerance, rules.hausdorff_percentile)


def _kept(rows: dict[bytes, Floats], names: Any) -> dict[bytes, Floats]:
    """Only what the project still asks for, so that the file does not grow with every redone pass."""
    return {name: rows[name] for name in names if name in rows}


def _measured(project: Project, chunk: dict[PairKey, dict[int, PassHead]]) -> dict[PairKey, Floats]:
    revisions = {head.revision for passes in chunk.values() for head in passes.values()}
    drawn = project.store.annotations(revisions)
    return {key: _row(passes, drawn, project.rules) for key, passes in chunk.items()}


def _row(passes: dict[int, PassHead], drawn: dict[int, Annotation], rules: Rules) -> Floats:
    """The numbers of one pair; masks of an image that was replaced by one of another size are not compared."""
    size = drawn[passes[max(passes)].revision].size
    kept = {number: head.revision for number, head in passes.items() if drawn[head.revision].size == size}
    masks = {revision: mask_of(drawn[revision]) for revision in set(kept.values())}
    between: dict[tuple[int, int], Comparison] = {}
    for first, second in combinations(sorted(kept), 2):
        one, other = kept[first], kept[second]
        between[first, second] = SAME if one == other else compare(masks[one], masks[other], rules)
    row = np.full(_WIDTH, np.nan)
    for column, pass_numbers in enumerate(BETWEEN):
        if pass_numbers in between:
            row[column : _WIDTH - 1 : len(BETWEEN)] = _numbers(between[pass_numbers])
    if len(kept) > 1:
        row[-1] = 1.0 if len(masks) == 1 else pixel_kappa([masks[revision] for revision in kept.values()])
    return row


def _numbers(comparison: Comparison) -> tuple[float, float, float]:
    return comparison.iou, comparison.boundary_f, comparison.hausdorff


def _result(
    known: Sequence[PairKey], several: dict[PairKey, dict[int, PassHead]], table: Floats, left: int
) -> Measured:
    usable = ~np.isnan(table[:, -1]) if len(table) else np.zeros(0, dtype=bool)
    keys = tuple(key for key, use in zip(known, usable.tolist(), strict=True) if use)
    table = table[usable]
    people = tuple(
        tuple(several[key][number].person if number in several[key] else None for number in PASS_NUMBERS)
        for key in keys
    )
    step = len(BETWEEN)
    return Measured(
        keys=keys,
        people=people,
        at=tuple(max(head.submitted_at for head in several[key].values()) for key in keys),
        iou=table[:, :step],
        boundary_f=table[:, step : 2 * step],
        hausdorff=table[:, 2 * step : 3 * step],
        kappa=table[:, -1],
        left=left,
        positions={key: row for row, key in enumerate(keys)},
    )
