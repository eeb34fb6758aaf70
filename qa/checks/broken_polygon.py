"""A polygon that crosses itself, encloses nothing, leaves the image, or whose hole leaves it."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.validity import polygon_problems
from qa.checks.finding import Check, Finding, Given, Severity, name_of


def _find(given: Given) -> Iterator[Finding]:
    for shape in given.annotation.shapes:
        for problem in polygon_problems(shape.polygon, given.annotation.size):
            name = name_of(given.annotation, shape.id)
            yield Finding(CHECK.name, Severity.ERROR, f"{name}: {problem}", problem.place, shape.id)


CHECK = Check(
    "broken polygon",
    "A ring that crosses itself is filled in another way than it looks, and vertices outside the image show nothing.",
    "Go to the place and move the vertices apart, or delete the loop.",
    _find,
)
