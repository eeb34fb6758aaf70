"""A pre-mask that was submitted as drawn without a single edit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from annotator.domain.raster import mask_of
from qa.checks.finding import Check, Finding, Given, Severity


def _find(given: Given) -> Iterator[Finding]:
    if given.premask is not None and np.array_equal(mask_of(given.premask), given.mask) and given.mask.any():
        yield Finding(CHECK.name, Severity.WARNING, "The pre-mask was taken as it is, without any edit")


CHECK = Check(
    "unchanged pre-mask",
    "Pre-masks are suggestions; one that is handed over without an edit was perhaps not looked at.",
    "Go once around the outline; if it really is right, submit it with a word.",
    _find,
)
