"""Annotations of masks that come as pixels."""

from __future__ import annotations

from pathlib import Path

from annotator.datasets.labels.imported import ImportedLabel
from annotator.domain.errors import BadFileError
from annotator.domain.raster import Mask
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.domain.tracing import polygons_of


def label_of_mask(mask: Mask, image: str, source: Path) -> ImportedLabel:
    """The annotation whose mask is `mask`, `bool (height, width)`, exactly; raises BadFileError for an empty one."""
    shapes = tuple(
        Shape(str(number), Role.OBJECT, polygon) for number, polygon in enumerate(polygons_of(mask), start=1)
    )
    if not shapes:
        raise BadFileError(source, f"the mask of '{image}' is empty", "leave such images out")
    height, width = mask.shape
    return ImportedLabel(image, None, None, Annotation((width, height), shapes), source)
