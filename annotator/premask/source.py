"""Where a proposer gets features from: an extractor, how many, and the cache."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from annotator.domain.geometry import Polygon, Ring, as_points
from annotator.domain.raster import Mask
from annotator.domain.tracing import polygons_of
from annotator.premask.alignment import Subject, Wanted, wanted_of
from annotator.premask.cache import FeatureCache
from annotator.premask.features import Extractor, Features, Pixels, strongest
from annotator.premask.guided import Field
from annotator.premask.matching import Matcher, Matches, match
from annotator.premask.protocol import IndexImage, Reference
from annotator.premask.rootsift import RootSift
from annotator.premask.views import Budget, crop_box, crop_features, image_features
from annotator.premask.window import Scene, scene_of

WORKING_SIDE = 2048
"""A larger index image is worked on at this long side; its polygons are brought back."""

BRIDGE_FEATURES = 2500
"""Strongest features of a bridge that take part: more cost time and, measured, give no better pre-masks."""

LEAST_AREA = 60
"""Pixels of a reference's mask below which there is nothing to match."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A reference ready to be transferred. `inside` tells for every feature whether the mask holds it.

    `kind` names the features: only features of one kind are compared. `matcher` stands for mutual nearest neighbours.
    """

    reference: Reference
    wanted: Wanted
    scene: Scene
    polygons: tuple[Polygon, ...]
    features: Features
    inside: Mask
    kind: str = ""
    matcher: Matcher | None = None

    @property
    def subject(self) -> Subject:
        """What is looked for."""
        return self.wanted.subject

    def matches(self, index: Indexed, limit: float = 0.88, apart: float = 6.0) -> Matches:
        """Tentative matches with an index image; `limit` and `apart` as for nearest neighbours (see `match`)."""
        if self.matcher is not None:
            return self.matcher(self.features, index.features)
        return match(self.features, index.features, limit, apart)


@dataclass(frozen=True, slots=True, eq=False)
class Indexed:
    """An index image at working size with its features; a pixel of `image` is `1 / factor` pixels of the original."""

    name: str
    image: Pixels
    field: Field
    factor: float
    size: tuple[int, int]
    kind: str = ""

    @property
    def features(self) -> Features:
        """All that was found in it."""
        return self.field.index


@dataclass(frozen=True, slots=True)
class FeatureSource:
    """Finds or remembers the features of one kind of references and index images.

    `matcher` matches these features where there is one; it belongs to no other kind.
    """

    extractor: Extractor = field(default_factory=RootSift)
    budget: Budget = field(default_factory=Budget)
    cache: FeatureCache = field(default_factory=lambda: FeatureCache(None))
    matcher: Matcher | None = None

    @property
    def kind(self) -> str:
        """Names the features."""
        return self.extractor.key

    def reference(self, given: Reference) -> Prepared | str:
        """A reference with the features of its crop, or why it cannot serve."""
        if given.mask.shape != given.image.shape[:2]:
            return f"The mask of {given.name} has another size than its image."
        if int(given.mask.sum()) < LEAST_AREA:
            return f"The mask of {given.name} is too small to match: fewer than {LEAST_AREA} pixels."
        crop = crop_box(given.mask)
        if crop is None:
            return f"The mask of {given.name} is empty."
        key = f"{given.key}|{crop}|{self.extractor.key}|{self.budget.crop}|{self.budget.tilt}|{self.budget.crop_sizes}"
        features = self.cache.get(key, lambda: crop_features(given.image, crop, self.extractor, self.budget))
        return _prepared(given, crop, features, self)

    def bridge(self, image: IndexImage, mask: Mask) -> Prepared | None:
        """An index image with a pre-mask as a reference, from the features that it already has; None if too small."""
        crop = crop_box(mask)
        if crop is None or int(mask.sum()) < LEAST_AREA:
            return None
        found = self.index(image)
        x, y = (found.features.points / found.factor).T
        within = np.flatnonzero((x >= crop[0]) & (x <= crop[2]) & (y >= crop[1]) & (y <= crop[3]))
        part = strongest(found.features.take(within), BRIDGE_FEATURES)
        features = Features(part.points / np.float32(found.factor), part.scales / np.float32(found.factor), part.angles,
                            part.descriptors, part.scores)  # fmt: skip
        return _prepared(Reference(image.image, mask, "bridge", image.name, image.key), crop, features, self)

    def index(self, given: IndexImage) -> Indexed:
        """An index image at working size with its features."""
        height, width = given.image.shape[:2]
        factor = min(1.0, WORKING_SIDE / max(height, width))
        image = given.image
        if factor < 1:
            size = max(1, round(width * factor)), max(1, round(height * factor))
            image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        wanted = f"{self.budget.index}|{self.budget.index_side}|{self.budget.index_sizes}"
        key = f"{given.key}|whole|{self.extractor.key}|{wanted}"
        features = self.cache.get(key, lambda: image_features(image, self.extractor, self.budget))
        return Indexed(given.name, image, Field(features), factor, (width, height), self.kind)


def _prepared(given: Reference, crop: tuple[int, int, int, int], features: Features, source: FeatureSource) -> Prepared:
    tight = crop_box(given.mask, 0.0) or crop
    x1, y1, x2, y2 = (float(value) for value in tight)
    subject = Subject(given.mask, (x1, y1, x2, y2), (float(crop[0]), float(crop[1]), float(crop[2]), float(crop[3])))
    inside = subject.holds(features.points)
    scene = scene_of(given.image, given.mask)
    return Prepared(
        given, wanted_of(subject, features), scene, _outlines(given.mask), features, inside, source.kind, source.matcher
    )


def _outlines(mask: Mask) -> tuple[Polygon, ...]:
    """The mask's polygons, thinned to what a warp needs."""
    found = []
    for polygon in polygons_of(mask):
        rings = [_thinned(ring) for ring in polygon.rings]
        found.append(Polygon(rings[0], tuple(rings[1:])))
    return tuple(found)


def _thinned(ring: Ring) -> Ring:
    kept = cv2.approxPolyDP(ring.points.astype(np.float32).reshape(-1, 1, 2), 0.6, True).reshape(-1, 2)
    return Ring(as_points(kept)) if len(kept) >= 3 else ring
