"""What of an object is seen: how much occluders hide, and what stands for one that is hidden wholly."""

from __future__ import annotations

import cv2
import numpy as np

from annotator.domain.raster import Mask, fill, mask_of
from annotator.domain.shapes import Annotation, OccluderKind, Role


def visible_mask(annotation: Annotation) -> tuple[Mask, bool]:
    """The mask, or for an object that was found invisible a block of 2 by 2 pixels where it would be (False then).

    The evaluator needs at least one point in every label, and loses the last row and column: one pixel would vanish.
    The block lies in the middle of the hidden object polygons, or of the image when nothing was drawn.
    """
    mask = mask_of(annotation)
    if mask.any():
        return mask, True
    width, height = annotation.size
    x, y, w, h = cv2.boundingRect(_objects(annotation).view(np.uint8))
    if not w:
        x, y, w, h = 0, 0, width, height
    column, row = max(0, min(x + w // 2, width - 2)), max(0, min(y + h // 2, height - 2))
    mask = np.zeros_like(mask)
    mask[row : row + 2, column : column + 2] = True
    return mask, False


def occlusion(annotation: Annotation) -> dict[str, float]:
    """The share of the object polygons' pixels that the occluders of each kind cover, rounded to 1e-6."""
    occluders = annotation.of_role(Role.OCCLUDER)
    if not occluders:
        return {}
    whole = _objects(annotation)
    area = max(1, int(np.count_nonzero(whole)))
    shares = {}
    for kind in OccluderKind:
        polygons = [shape.polygon for shape in occluders if shape.kind is kind]
        if polygons:
            covered = int(np.count_nonzero(fill(polygons, annotation.size) & whole))
            shares[kind.value] = round(covered / area, 6)
    return shares


def _objects(annotation: Annotation) -> Mask:
    return fill((shape.polygon for shape in annotation.of_role(Role.OBJECT)), annotation.size)
