"""From a model's mask to polygons with holes, as a person would want to go on with."""

from __future__ import annotations

from annotator.domain.geometry import Polygon
from annotator.domain.raster import Mask
from annotator.premask.click.outlines import Smallest, image_polygons
from annotator.premask.click_model.frame import Frame

SPECK = 0.002
"""Share of the mask below which a part of it is dropped, whatever the rules allow: models leave crumbs."""


def answer_polygons(mask: Mask, frame: Frame, smallest: Smallest) -> tuple[Polygon, ...]:
    """The polygons of `mask`, `bool (height, width)` of the frame's image, largest first.

    Holes below `smallest` are filled, parts below it and specks dropped, and outlines as smooth as the model's input.
    """
    part = max(smallest.part, SPECK * int(mask.sum()))
    return image_polygons(mask, frame.step, Smallest(smallest.hole, part))
