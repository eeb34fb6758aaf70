"""A mask that stops a few pixels short of the image border along a straight run: the vertices missed the border."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from annotator.domain.errors import Place
from qa.checks.finding import Check, Finding, Given, Severity

NEAR = 4
"""Pixels: a gap of one to this many to the border is no part of a building."""

RUN = 0.08
"""Share of the border's length from which a run beside it is worth a word."""


def _find(given: Given) -> Iterator[Finding]:
    height, width = given.mask.shape
    strips = {
        "left": given.mask[:, : NEAR + 1].T,
        "right": given.mask[:, -NEAR - 1 :].T[::-1],
        "top": given.mask[: NEAR + 1],
        "bottom": given.mask[-NEAR - 1 :][::-1],
    }
    for name, strip in strips.items():
        gap = ~strip[0] & strip[-1]
        if gap.sum() > RUN * len(gap):
            middle = float(np.flatnonzero(gap)[int(gap.sum()) // 2])
            places = {
                "left": Place(0, middle),
                "right": Place(width - 1, middle),
                "top": Place(middle, 0),
                "bottom": Place(middle, height - 1),
            }
            sentence = f"The mask stops just short of the {name} border along {int(gap.sum())} px"
            yield Finding(CHECK.name, Severity.WARNING, sentence, places[name])


CHECK = Check(
    "along the border",
    "Where the object goes on beyond the picture, its mask reaches the last pixel.",
    "Drag the vertices onto the border; they snap to it.",
    _find,
)
