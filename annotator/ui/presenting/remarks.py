"""Where remarks are, in words and as pins on images."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.domain.remarks import RemarkPlace
from annotator.ui.canvas.layers import RemarkPin
from annotator.ui.views import RemarkRow
from annotator.ui.wording import tr

ROOM = 60.0
"""Pixels shown around a place that somebody goes to."""


def where(place: RemarkPlace) -> str:
    """`query 3`, `a region of query 3`, `a region`, `the pair as a whole`; empty for a point of the index image."""
    if place.query is not None:
        words = tr("query {number}") if place.region is None else tr("a region of query {number}")
        return words.format(number=place.query)
    if place.region is not None:
        return tr("a region")
    return "" if place.point is not None else tr("the pair as a whole")


def pins(rows: Sequence[RemarkRow], query: int | None, marked: int | None = None) -> tuple[RemarkPin, ...]:
    """The pins on the index image (`query` None) or on a query image; remarks on a whole image have none."""
    made = []
    for row in rows:
        anchor = row.place.anchor
        if row.id is not None and row.place.query == query and anchor is not None:
            at = (anchor.x, anchor.y)
            made.append(RemarkPin(row.id, at, not row.settled, row.number, row.place.region, row.id == marked))
    return tuple(made)


def around(place: RemarkPlace) -> tuple[float, float, float, float] | None:
    """The box of the image to show for a place, with room; None for an image as a whole."""
    box = place.box
    if box is None:
        return None
    return box[0] - ROOM, box[1] - ROOM, box[2] + ROOM, box[3] + ROOM
