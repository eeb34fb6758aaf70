"""A mask that contradicts what verified geometry predicts."""

from __future__ import annotations

from collections.abc import Iterator

from qa.checks.finding import Check, Finding, Given, Severity, centre_of

LEAST_IOU = 0.35


def _find(given: Given) -> Iterator[Finding]:
    if given.expected is None or not given.expected.any() or not given.mask.any():
        return
    iou = float((given.mask & given.expected).sum() / (given.mask | given.expected).sum())
    if iou < LEAST_IOU:
        place = centre_of(given.expected & ~given.mask) or centre_of(given.mask)
        sentence = f"The queries' geometry expects the object elsewhere (IoU {iou:.2f})"
        yield Finding(CHECK.name, Severity.WARNING, sentence, place)


CHECK = Check(
    "against geometry",
    "Matches between the queries and this image agree on one place, and the mask is mostly not there.",
    "Compare with the queries; if the geometry is fooled by a twin facade, say so in a remark.",
    _find,
)
