"""The same index image in another group, with a mask that nearly coincides or cuts through this one."""

from __future__ import annotations

from collections.abc import Iterator

from qa.checks.finding import Check, Finding, Given, Severity, centre_of

PARTLY = (0.55, 0.85)
"""IoU range in which two masks mean the same object and still differ; below it they mean different ones."""


def _find(given: Given) -> Iterator[Finding]:
    for group, other in given.other_groups:
        common, either = (given.mask & other).sum(), (given.mask | other).sum()
        iou = float(common / either) if either else 0.0
        if PARTLY[0] <= iou < PARTLY[1]:
            sentence = f"The mask of {group} on this image is nearly the same and differs (IoU {iou:.2f})"
            yield Finding(CHECK.name, Severity.WARNING, sentence, centre_of(given.mask ^ other))


CHECK = Check(
    "across groups",
    "Groups of one landmark share index images; where their query objects coincide, the masks should too.",
    "Blink against the other mask; if the query objects differ there, say so in a remark.",
    _find,
)
