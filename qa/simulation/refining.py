"""What an inspector does to somebody else's drawing: mends what is visibly wrong and leaves the rest as it is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from annotator.domain.raster import Mask, fill, mask_of
from annotator.domain.shapes import Annotation, Role
from qa.simulation.truth import Occlusion, true_annotation

VISIBLE = 5
"""Pixels: an error of the outline that is nowhere wider than this is not noticed."""

SEEN = 0.5
"""Share of an occluder that must be cut out already for an inspector to take it as done."""


def refined(base: Annotation, seen: Annotation) -> Annotation:
    """`base` with its visible errors mended as the inspector sees the object (`seen`); `base` itself where none are.

    Outlines are mended where they differ by more than VISIBLE pixels; occluders that were forgotten are added.
    """
    before = _object_mask(base)
    outline = _mended(before, _object_mask(seen))
    missing = [shape for shape in seen.of_role(Role.OCCLUDER) if not _is_cut(base, fill([shape.polygon], base.size))]
    if not missing and np.array_equal(outline, before):
        return base
    objects = base.of_role(Role.OBJECT)
    if not np.array_equal(outline, before):
        objects = true_annotation(outline, list[Occlusion]()).shapes
    changed = base.with_shapes(())
    others = [shape for shape in base.shapes if shape.role is not Role.OBJECT]
    for shape in (*objects, *others, *missing):
        changed = changed.with_shapes([*changed.shapes, replace(shape, id=changed.fresh_id())])
    return changed


def _object_mask(annotation: Annotation) -> Mask:
    return mask_of(annotation.with_shapes(annotation.of_role(Role.OBJECT)))


def _mended(before: Mask, seen: Mask) -> Mask:
    wrong = (before ^ seen).astype(np.uint8)
    core = cv2.morphologyEx(wrong, cv2.MORPH_OPEN, np.ones((VISIBLE, VISIBLE), np.uint8))
    near = cv2.dilate(core, np.ones((2 * VISIBLE + 1, 2 * VISIBLE + 1), np.uint8)) > 0
    return np.where(near, seen, before)


def _is_cut(base: Annotation, occluder: Mask) -> bool:
    cut = fill([shape.polygon for shape in base.of_role(Role.OCCLUDER)], base.size)
    return float((cut & occluder).sum()) >= SEEN * float(occluder.sum())
