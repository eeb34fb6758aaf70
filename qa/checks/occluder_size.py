"""Occluders on the wrong side of the rules' limits."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from annotator.domain.errors import Place
from annotator.domain.raster import Mask, fill_polygon
from annotator.domain.rules import OcclusionSize, occlusion_size
from annotator.domain.shapes import Role, Shape
from qa.checks.finding import Check, Finding, Given, Severity, name_of

OPEN_SIDE = 0.25
"""A small thing that has this much of its outline outside the object stands at its edge, like a parked car before the
ground floor: whether it is cut out is a matter of the object's outline, and both answers are fine."""


def _find(given: Given) -> Iterator[Finding]:
    area = int(given.object_mask.sum())
    for shape in given.annotation.shapes:
        if shape.role is Role.OBJECT or not area:
            continue
        size, inside, whole, open_side = _measured(given, shape, area)
        x, y = shape.polygon.outer.points[0].tolist()
        name = name_of(given.annotation, shape.id)
        if shape.role is Role.OCCLUDER and size.kept and open_side < OPEN_SIDE:
            sentence = f"{name} is below both limits ({size.share:.2%} of the object): the rules keep it in the mask"
            yield Finding(CHECK.name, Severity.WARNING, sentence, Place(x, y), shape.id)
        elif shape.role is Role.KEPT and not size.kept:
            sentence = (
                f"{name} is above a limit ({size.share:.2%}, {size.thickness:.0f} px thick): the rules cut it out"
            )
            yield Finding(CHECK.name, Severity.WARNING, sentence, Place(x, y), shape.id)
        if whole and inside == 0:
            sentence = f"{name} lies outside the object: it changes nothing"
            yield Finding(CHECK.name, Severity.WARNING, sentence, Place(x, y), shape.id)


def _measured(given: Given, shape: Shape, area: int) -> tuple[OcclusionSize, int, int, float]:
    """The size of the part inside the object, its pixels, those of the whole occluder, and the share of open side."""
    x1, y1, x2, y2 = (int(np.floor(side)) for side in shape.polygon.bounds)
    height, width = given.mask.shape
    left, top = min(max(x1 - 1, 0), width - 1), min(max(y1 - 1, 0), height - 1)  # of one outside, the nearest pixels
    window = np.zeros((max(min(y2 + 3, height) - top, 1), max(min(x2 + 3, width) - left, 1)), dtype=np.uint8)
    fill_polygon(window, shape.polygon, 1, (left, top))
    filled = window.view(np.bool_)
    cover = given.object_mask[top : top + window.shape[0], left : left + window.shape[1]]
    common = filled[: cover.shape[0], : cover.shape[1]] & cover
    size = occlusion_size(common, area, given.rules)
    return size, int(common.sum()), int(filled.sum()), _open_side(common, cover)


def _open_side(common: Mask, cover: Mask) -> float:
    """The share of the pixels around an occlusion that lie outside the object."""
    around = cv2.dilate(common.astype(np.uint8), np.ones((3, 3), np.uint8)).view(np.bool_) & ~common
    return float((around & ~cover).sum()) / max(1, int(around.sum()))


CHECK = Check(
    "occluder size",
    "Large occluders are cut out and small occlusions stay inside; both limits of the rules decide together.",
    "Change the polygon's role with one key, or say in a remark why this one is an exception.",
    _find,
)
