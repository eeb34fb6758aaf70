"""A mask far larger or smaller than all others of its group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qa.checks.finding import Check, Finding, Given, Severity, centre_of

FEWEST = 5
"""Other masks below which nothing is known about the group."""

DEVIATIONS = 3.5
"""Robust standard deviations of the logarithm of the area share (Iglewicz and Hoaglin, 1993)."""


def _find(given: Given) -> Iterator[Finding]:
    if len(given.group_areas) < FEWEST or not given.mask.any():
        return
    others = np.log(np.maximum(np.array(given.group_areas), 1e-6))
    own = float(given.mask.mean())
    middle = float(np.median(others))
    spread = max(1.4826 * float(np.median(np.abs(others - middle))), 0.3)
    if abs(np.log(own) - middle) > DEVIATIONS * spread:
        word = "larger" if np.log(own) > middle else "smaller"
        sentence = f"The mask covers {own:.1%} of the image, far {word} than others of the group ({np.exp(middle):.1%})"
        yield Finding(CHECK.name, Severity.WARNING, sentence, centre_of(given.mask))


CHECK = Check(
    "area in group",
    "Views differ, but a mask far from all others of its group often shows another building or only a part.",
    "Compare with the queries at the left; if the view really is that near or far, say so in a remark.",
    _find,
)
