"""What an inspection compares: two annotations of one pair, their figures and the places that changed."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.geometry import Polygon
from annotator.domain.raster import mask_of
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation
from annotator.domain.tracing import polygons_of
from annotator.ui.views import PlaceRow
from qa.difference import Difference, difference


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures, and both masks' differences as polygons for the canvas; `after` is what is inspected."""

    before: Annotation
    after: Annotation
    iou: float
    boundary_f: float
    hausdorff: float
    added: tuple[Polygon, ...]
    removed: tuple[Polygon, ...]
    added_area: int
    removed_area: int
    places: tuple[PlaceRow, ...]


def compare(before: Annotation, after: Annotation, rules: Rules) -> Compared:
    """Compare two annotations of one image under the rules' tolerances."""
    found: Difference = difference(
        mask_of(before), mask_of(after), rules.boundary_tolerance, rules.hausdorff_percentile
    )
    places = tuple(PlaceRow(place.kind, place.box, place.area, place.centre) for place in found.places)
    return Compared(
        before,
        after,
        found.iou,
        found.boundary_f,
        found.hausdorff,
        tuple(polygons_of(found.added)),
        tuple(polygons_of(found.removed)),
        int(found.added.sum()),
        int(found.removed.sum()),
        places,
    )
