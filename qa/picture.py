"""Small pictures of images with their masks, for reports and contact sheets."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.datasets.decode import thumbnail
from annotator.domain.errors import AnnotatorError
from annotator.domain.geometry import Polygon, Ring, Size, as_points
from annotator.domain.raster import Mask, fill, mask_of
from annotator.domain.shapes import Annotation, Role
from annotator.project.project import Project

Pixels = NDArray[np.uint8]
"""`(height, width, 3)` RGB."""

OBJECT, OCCLUDER, EMPTY = (53, 198, 255), (255, 147, 48), (58, 58, 58)
TINT, DIMMED = 0.22, 0.62
HATCH = 6
"""Pixels from one line of the hatch to the next."""


def picture(project: Project, image: str, annotation: Annotation | None, side: int) -> Pixels:
    """An image within `side` pixels, with a mask drawn over it; grey where the image cannot be shown."""
    path = project.library.path(image)
    size = (4, 3) if annotation is None else annotation.size
    try:
        small = None if path is None else thumbnail(path, side)
    except AnnotatorError:
        small = None  # the image library reports it
    if small is None:
        scale = side / max(size)
        small = np.full((max(1, round(size[1] * scale)), max(1, round(size[0] * scale)), 3), EMPTY, dtype=np.uint8)
    return small if annotation is None else over(small, annotation)


def over(pixels: Pixels, annotation: Annotation) -> Pixels:
    """Draw a mask over a picture of any size: object tinted and outlined, occluders hatched, the rest a little dim."""
    height, width = pixels.shape[:2]
    small = shrunk(annotation, (width, height))
    mask = mask_of(small)
    drawn = pixels.astype(np.float32)
    drawn[~mask] *= DIMMED
    drawn[mask] = (1 - TINT) * drawn[mask] + TINT * np.array(OBJECT, dtype=np.float32)
    occluders = fill([shape.polygon for shape in small.of_role(Role.OCCLUDER)], small.size)
    rows, columns = np.nonzero(occluders)
    lines = (rows + columns) % HATCH == 0
    drawn[rows[lines], columns[lines]] = OCCLUDER
    drawn[_edge(occluders)] = OCCLUDER
    drawn[_edge(mask)] = OBJECT
    return drawn.astype(np.uint8)


def shrunk(annotation: Annotation, size: Size) -> Annotation:
    """The same shapes on an image of another size; a pixel's centre stays where it is in the picture."""
    factor = np.array(size) / np.array(annotation.size)

    def ring(old: Ring) -> Ring:
        return Ring(as_points((old.points + 0.5) * factor - 0.5))

    return Annotation(
        size,
        tuple(
            shape.with_polygon(Polygon(ring(shape.polygon.outer), tuple(ring(hole) for hole in shape.polygon.holes)))
            for shape in annotation.shapes
        ),
    )


def jpeg(pixels: Pixels, quality: int = 78) -> bytes:
    """A picture as JPEG."""
    return bytes(cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def _edge(mask: Mask) -> Mask:
    inner = cv2.erode(mask.view(np.uint8), np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return mask & ~inner.view(np.bool_)
