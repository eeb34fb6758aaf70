"""One-homography transfer: the query mask through the best homography of RANSAC, as retrieval systems verify."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import cv2
import numpy as np

from annotator.domain.raster import fill
from annotator.premask.features import Floats
from annotator.premask.frames import guesses, tentative
from annotator.premask.outlining import outlines
from annotator.premask.proposers.pipeline import prepared_references
from annotator.premask.protocol import EachAlone, Proposal, ProposalInput, refusal
from annotator.premask.source import FeatureSource, Indexed, Prepared
from annotator.premask.warp import Geometry, warped

TOLERANCE = 8.0
"""Pixels of the index image."""

NEARNESS = 0.1
"""Distance from the best affine map, in object sizes, within which matches take part."""

LEAST = 8
"""Inliers below which nothing is proposed."""


@dataclass(frozen=True, slots=True)
class HomographyTransfer(EachAlone):
    """MAGSAC homography (Barath and others, 2020) of ratio-tested matches; the reference with most inliers answers."""

    source: FeatureSource = field(default_factory=FeatureSource)
    name: str = "homography"
    describe: str = "One homography from the query crop to the index image carries the query mask over."

    def propose(self, given: ProposalInput) -> Proposal:
        """The query mask through one homography."""
        start = time.process_time()
        prepared, problems = prepared_references((self.source,), given.references)
        if not prepared:
            return refusal(self.name, problems)
        indexed = self.source.index(given.index)
        found = [answer for reference in prepared if (answer := self._transferred(reference, indexed)) is not None]
        seconds = time.process_time() - start
        if not found:
            return refusal(self.name, f"No homography into {indexed.name} was found.", seconds)
        inliers, geometry, reference = max(found, key=lambda one: one[0])
        outline = warped(reference.polygons, geometry)
        height, width = indexed.image.shape[:2]
        mask = fill(outline, (width, height)) if outline else np.zeros((height, width), dtype=bool)
        if not mask.any():
            return refusal(self.name, f"The homography leads out of {indexed.name}.", seconds)
        confidence = inliers / (inliers + 40)
        polygons = outlines(mask, indexed.factor)
        back = geometry.enlarged(1 / indexed.factor)
        name = reference.reference.name
        return Proposal(polygons, confidence, self.name, name, geometry=back, seconds=time.process_time() - start)

    def _transferred(self, reference: Prepared, indexed: Indexed) -> tuple[int, Geometry, Prepared] | None:
        source, target = matched_points(reference, indexed)
        if len(source) < LEAST:
            return None
        cv2.setRNGSeed(0)
        method = cv2.USAC_MAGSAC
        homography, kept = cv2.findHomography(source, target, method, TOLERANCE, maxIters=5000, confidence=0.999)
        if homography is None or kept is None or int(kept.sum()) < LEAST:
            return None
        plain = Geometry(np.asarray(homography, np.float64), reference.subject.crop, np.zeros((2, 2, 2)))
        return int(kept.sum()), plain, reference


def matched_points(reference: Prepared, indexed: Indexed) -> tuple[Floats, Floats]:
    """`(n, 2)` float32 xy, in both images, of the matches from inside the mask near the best sane affine map."""
    found = reference.matches(indexed)
    found = found.take(reference.inside[found.reference])
    size = reference.subject.size
    inside = np.ones(len(found), dtype=bool)
    laid = tentative(found, reference.features, indexed.features, inside, cell=size / 24)
    first = guesses(laid, size, keep=1) if len(found) >= LEAST else []
    if not first:
        return np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32)
    affine = first[0].affine
    off = np.linalg.norm(laid.source @ affine[:, :2].T + affine[:, 2] - laid.target, axis=1)
    near = off < NEARNESS * size * float(np.sqrt(np.linalg.det(affine[:, :2])))
    return laid.source[near].astype(np.float32), laid.target[near].astype(np.float32)
