"""The pre-masks of a pair as the window offers them: read from the project's cache, never made here. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import Polygon, Size, polygon
from annotator.domain.regions import intersect, union
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.premask.protocol import Proposal
from annotator.premask.warp import Geometry
from annotator.project.premasks import premask
from annotator.project.project import Project
from annotator.store.records import PassRecord
from annotator.ui.views import PremaskRow
from annotator.ui.wording import tr
from qa.premask_told import premask_revision, told

PLACED_FROM = 0.5
"""Confidence from which a pre-mask is laid over the image; below it is only offered in the list."""

LIKELY_FROM = 0.75
"""Confidence from which a pre-mask is hardly ever wrong (DESIGN 8: fewer than 2 % of them below IoU 0.3)."""

MOST = 4
"""Alternatives that the list shows with the first."""

TITLES = {
    "group": "Warp and region cut",
    "pipeline": "Warp and region cut",
    "homography": "Homography",
    "hull": "Matched-point hull",
    "dense": "Dense matching",
    "prototypes": "Self-support",
}


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a proposer says about a pair: rows, most confident first, or why there are none.

    `told` are the words that a pass records for each row, `geometries` map queries (by number) to the index image.
    """

    rows: tuple[PremaskRow, ...] = ()
    told: tuple[str, ...] = ()
    refused: str = ""
    geometries: Mapping[int, Geometry] = field(default_factory=dict)


def certainty(confidence: float) -> str:
    """A confidence in words."""
    if confidence >= LIKELY_FROM:
        return tr("likely right")
    return tr("check the outline") if confidence >= PLACED_FROM else tr("a guess")


def suggestions(project: Project, key: PairKey, size: Size) -> Suggestions | None:
    """The kept pre-masks of a pair whose image has `size`; None where none was made yet. Works in any thread."""
    found = premask(project, key)
    if found is None:
        return None
    if found.refused is not None:
        return Suggestions(refused=found.refused)
    cleaned = ((one, editable(one.polygons, size, project.rules)) for one in (found, *found.alternatives))
    offered = [(one, polygons) for one, polygons in cleaned if polygons][:MOST]
    every = [one for one, _ in offered]
    numbers = {query.image: query.number for query in project.group(key.group).queries}
    rows = tuple(_row(one, polygons, numbers, size) for one, polygons in offered)
    geometries: dict[int, Geometry] = {}
    for one in every:
        if one.geometry is not None and one.reference in numbers:
            geometries.setdefault(numbers[one.reference], one.geometry)
    return Suggestions(rows, tuple(told(one.proposer, one.confidence) for one in every), "", geometries)


def editable(polygons: Iterable[Polygon], size: Size, rules: Rules) -> tuple[Polygon, ...]:
    """Polygons that can be edited and pass the checks: valid, inside the image, without specks and pinholes."""
    right, bottom = size[0] - 0.5, size[1] - 0.5
    image = polygon([(-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)])
    inside = [part for one in union(polygons) for part in intersect(one, image)]
    return tuple(
        Polygon(part.outer, tuple(hole for hole in part.holes if abs(hole.signed_area) >= rules.minimum_hole_area))
        for part in inside
        if part.area >= rules.minimum_polygon_area
    )


def used_premask(project: Project, record: PassRecord) -> Annotation | None:
    """The pre-mask that a pass began from; None where it was drawn without one."""
    proposer = record.pass_.proposer
    if proposer is None:
        return None
    revision = premask_revision(project.store.revisions(record.pass_.pair), record.pass_.base_revision, proposer)
    found = project.store.revision(revision) if revision is not None else None
    return found if found is not None and found.size == record.pass_.annotation.size else None


def _row(one: Proposal, polygons: tuple[Polygon, ...], numbers: Mapping[str, int], size: Size) -> PremaskRow:
    title = tr(TITLES.get(one.proposer, one.proposer))
    if one.reference in numbers:
        source = tr("from query {number}").format(number=numbers[one.reference])
    else:
        source = tr("from {image}").format(image=one.reference)
    shapes = tuple(Shape(str(n), Role.OBJECT, part) for n, part in zip(count(1), polygons, strict=False))
    return PremaskRow(title, f"{certainty(one.confidence)}, {source}", one.confidence, Annotation(size, shapes))
