"""Where the object of one masked image lies in another: the geometry that copying a mask needs, from features alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Points
from annotator.domain.raster import Mask
from annotator.premask.alignment import alignments, first_look
from annotator.premask.features import Pixels
from annotator.premask.matching import match
from annotator.premask.protocol import IndexImage, Reference
from annotator.premask.source import FeatureSource

LEAST_MATCHES = 25
"""Agreeing matches on the object below which the copy was more often beside the object than on it."""

LEAST_COVERAGE = 0.25
"""Share of the object that has matches, below which most of the copy would be extrapolated."""

Mapping = Callable[[Points], Points]


def matched_mapping(
    source: Pixels, mask: Mask, target: Pixels, title: str, features: FeatureSource | None = None
) -> Mapping:
    """The mapping of xy of `source` to xy of `target` (both uint8 `(height, width, 3)` RGB) on the masked object.

    RootSIFT matches, verified as a homography with smooth local corrections, in one to three seconds for two images of
    a megapixel. Raises GeometryError, which names `title`, where too little of the object agrees.
    """
    found = features or FeatureSource()
    reference = found.reference(Reference(source, mask, "approved", title, f"copy:{title}"))
    if isinstance(reference, str):
        raise GeometryError(reference)
    index = found.index(IndexImage(target, "this image", f"copy to:{title}"))
    matches = match(reference.features, index.features)
    look = first_look(reference.subject, reference.features, index.features, matches)
    candidates = alignments(reference.wanted, index.field, look, keep=1)
    if not candidates or int(candidates[0].inside.sum()) < LEAST_MATCHES or candidates[0].coverage < LEAST_COVERAGE:
        raise GeometryError(f"the object of {title} was not found in this image; draw it, or copy from another image")
    geometry = candidates[0].geometry.enlarged(1 / index.factor)

    def mapping(points: Points) -> Points:
        return np.asarray(geometry.forward(points), dtype=np.float64)

    return mapping
