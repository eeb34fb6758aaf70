"""From which pre-mask a pass began, as the pass itself tells.

Whoever begins pass 1 from a pre-mask says so in the pass's `proposer`, the proposer's name with its confidence
(`told`). The pre-mask itself is the first revision of the line that ends in the pass's base revision and names the same
proposer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from annotator.store.records import RevisionRecord

_TOLD = re.compile(r"(.+) ([01]\.\d{2})")


def told(name: str, confidence: float) -> str:
    """What a pass says about the pre-mask that it began from: `pipeline 0.83`."""
    return f"{name} {confidence:.2f}"


def confidence_of(proposer: str) -> float:
    """The confidence in what `told` wrote; NaN where there is none."""
    match = _TOLD.fullmatch(proposer)
    return float(match[2]) if match else float("nan")


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
