"""Matched-point hull: what SIFT with spatial verification says, the convex hull of the verified points (SIFT+SP)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import cv2
import numpy as np

from annotator.domain.geometry import Polygon, Ring, as_points
from annotator.premask.features import Floats
from annotator.premask.proposers.homography import matched_points
from annotator.premask.proposers.pipeline import prepared_references
from annotator.premask.protocol import EachAlone, Proposal, ProposalInput, refusal
from annotator.premask.source import FeatureSource

TOLERANCE = 12.0
"""Pixels of the index image."""

LEAST = 4
"""Points that a hull needs."""


@dataclass(frozen=True, slots=True)
class MatchedHull(EachAlone):
    """Affine RANSAC on ratio-tested matches (Philbin and others, 2007); the reference with most inliers answers."""

    source: FeatureSource = field(default_factory=FeatureSource)
    name: str = "hull"
    describe: str = "The convex hull of the matched points that one affine map verifies (SIFT+SP)."

    def propose(self, given: ProposalInput) -> Proposal:
        """The hull of the verified points."""
        start = time.process_time()
        prepared, problems = prepared_references((self.source,), given.references)
        if not prepared:
            return refusal(self.name, problems)
        indexed = self.source.index(given.index)
        found = [(_verified(*matched_points(one, indexed)), one.reference.name) for one in prepared]
        points, name = max(found, key=lambda one: len(one[0]))
        seconds = time.process_time() - start
        if len(points) < LEAST:
            return refusal(self.name, f"Fewer than {LEAST} points were verified in {indexed.name}.", seconds)
        hull = cv2.convexHull(points).reshape(-1, 2).astype(np.float64)
        if len(hull) < 3:
            return refusal(self.name, f"The verified points of {indexed.name} lie on one line.", seconds)
        polygon = Polygon(Ring(as_points((hull + 0.5) / indexed.factor - 0.5)))
        return Proposal((polygon,), len(points) / (len(points) + 60), self.name, name, seconds=seconds)


def _verified(source: Floats, target: Floats) -> Floats:
    if len(source) < LEAST:
        return np.zeros((0, 2), np.float32)
    cv2.setRNGSeed(0)
    method = cv2.RANSAC
    affine, kept = cv2.estimateAffine2D(source, target, method=method, ransacReprojThreshold=TOLERANCE, maxIters=5000)
    if affine is None or kept is None:
        return np.zeros((0, 2), np.float32)
    return np.asarray(target[kept.ravel().astype(bool)], dtype=np.float32)
