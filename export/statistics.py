"""Figures about a release: sizes, positions, occlusion by kind, components, agreement, time. JSON and one table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from export.flags import INVISIBLE
from export.mask_record import MaskRecord
from export.material import STEPS, FinishedPair

Measured = Sequence[tuple[FinishedPair, MaskRecord]]

COLUMNS = (
    "group",
    "image",
    "index",
    "difficulty",
    "width",
    "height",
    "area",
    "area_share",
    "box_x",
    "box_y",
    "box_width",
    "box_height",
    "centre_x",
    "centre_y",
    "components",
    "holes",
    "occluded",
    "rounds",
    "active_seconds",
    "first_iou",
    "label",
)
"""Of the table: lengths in pixels, shares of the image (area) or of the object (occluded), the box's centre from 0 to
1, time in seconds over all rounds, `first_iou` the IoU of the first round's mask with the final one,
`label` the path of the label."""


def summary(measured: Measured) -> dict[str, Any]:
    """The figures of one dataset's pairs; quantiles are the least, the quarters and the largest."""
    rows = [row_of(pair, record) for pair, record in measured]
    return {
        "pairs": len(rows),
        "difficulty": counted(row["difficulty"] for row in rows),
        "area_share": quantiles([row["area_share"] for row in rows]),
        "area": quantiles([row["area"] for row in rows]),
        "centre_x": quantiles([row["centre_x"] for row in rows]),
        "centre_y": quantiles([row["centre_y"] for row in rows]),
        "components": counted(str(record.components) for _, record in measured),
        "holes": counted(str(record.holes) for _, record in measured),
        "invisible": sum(INVISIBLE in record.flags for _, record in measured),
        "occlusion": _occlusion(measured),
        "agreement": _agreement(measured),
        "active_seconds": _times(measured),
    }


def table_text(measured: Measured) -> str:
    """The table of all pairs as CSV, one line each."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row_of(pair, record) for pair, record in measured)
    return stream.getvalue()


def row_of(pair: FinishedPair, record: MaskRecord) -> dict[str, Any]:
    """One pair's figures, by the names of COLUMNS."""
    width, height = record.size
    x, y, w, h = record.bbox
    values = (
        pair.group,
        pair.image.name,
        pair.index,
        pair.difficulty.value,
        width,
        height,
        record.area,
        round(record.area / (width * height), 6),
        *record.bbox,
        round((x + w / 2) / width, 4),
        round((y + h / 2) / height, 4),
        record.components,
        record.holes,
        round(sum(record.occlusion.values()), 6),
        len(pair.rounds),
        round(sum(round_.active_seconds for round_ in pair.rounds), 1),
        record.iou[pair.rounds[0].revision] if pair.rounds else "",
        pair.label,
    )
    return dict(zip(COLUMNS, values, strict=True))


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """Least, quarters, largest and mean; empty for no values."""
    if not values:
        return {}
    names = ("least", "lower_quarter", "median", "upper_quarter", "largest")
    found = np.quantile(np.asarray(values, dtype=np.float64), [0, 0.25, 0.5, 0.75, 1])
    figures = {name: round(float(value), 6) for name, value in zip(names, found, strict=True)}
    return figures | {"mean": round(float(np.mean(values)), 6)}


def counted(items: Any) -> dict[str, int]:
    """How often each item occurs, sorted by item."""
    return dict(sorted(Counter(items).items()))


def _occlusion(measured: Measured) -> dict[str, Any]:
    shares: dict[str, list[float]] = {}
    for _, record in measured:
        for kind, share in record.occlusion.items():
            shares.setdefault(kind, []).append(share)
    return {kind: {"pairs": len(values), "share": quantiles(values)} for kind, values in sorted(shares.items())}


def _agreement(measured: Measured) -> dict[str, Any]:
    """IoU with the final mask of what each round ended with, by the round's place in the history."""
    values: dict[int, list[float]] = {}
    for pair, record in measured:
        for number, round_ in enumerate(pair.rounds, start=1):
            values.setdefault(number, []).append(record.iou[round_.revision])
    return {f"round {number}": quantiles(found) for number, found in sorted(values.items())}


def _times(measured: Measured) -> dict[str, Any]:
    values: dict[str, list[float]] = {}
    for pair, _ in measured:
        for round_ in pair.rounds:
            values.setdefault(round_.step, []).append(round_.active_seconds)
    order = [*dict.fromkeys(STEPS.values()), *sorted(set(values) - set(STEPS.values()))]
    return {step: quantiles(values[step]) for step in order if step in values}
