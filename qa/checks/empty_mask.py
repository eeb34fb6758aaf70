"""No pixel is left in the mask."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.shapes import Role
from qa.checks.finding import Check, Finding, Given, Severity


def _find(given: Given) -> Iterator[Finding]:
    if given.mask.any():
        return
    if not given.annotation.of_role(Role.OBJECT):
        sentence = "No object polygon: draw the query object, or escalate if it cannot be seen"
    else:
        sentence = "The occluders cover the whole object: no pixel is left in the mask"
    yield Finding(CHECK.name, Severity.ERROR, sentence)


CHECK = Check(
    "empty mask",
    "Every easy and hard index image shows the query object, so its mask has pixels.",
    "Draw the object; if you cannot identify it, escalate the pair with a reason.",
    _find,
)
