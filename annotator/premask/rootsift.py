"""RootSIFT: SIFT (Lowe, 2004) with the square root of its L1-normalised descriptors (Arandjelović, Zisserman, 2012)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from annotator.premask.features import Features, Pixels


@dataclass(frozen=True, slots=True)
class RootSift:
    """SIFT with a low contrast threshold, so that weak texture gives features too."""

    contrast: float = 0.008
    edge: float = 12.0

    @property
    def key(self) -> str:
        """Name and parameters, for the cache."""
        return f"rootsift-{self.contrast}-{self.edge}"

    def detect(self, image: Pixels, limit: int) -> Features:
        """At most `limit` features, strongest first; a place with several orientations gives several."""
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        sift = cv2.SIFT.create(nfeatures=limit, contrastThreshold=self.contrast, edgeThreshold=self.edge)
        found, descriptors = sift.detectAndCompute(grey, None)
        if not found:
            return no_features(128)
        order = np.argsort([-key.response for key in found], kind="stable")[:limit]
        rows = np.array([(k.pt[0], k.pt[1], k.size, k.angle, k.response) for k in found], dtype=np.float32)[order]
        raw = np.asarray(descriptors, dtype=np.float32)[order]
        root = np.sqrt(raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-6))
        return Features(
            points=np.ascontiguousarray(rows[:, :2]),
            scales=rows[:, 2].copy(),
            angles=np.deg2rad(rows[:, 3]),
            descriptors=root,
            scores=rows[:, 4].copy(),
        )


def no_features(width: int) -> Features:
    """No features, with descriptors of `width` numbers."""
    none = np.zeros(0, dtype=np.float32)
    return Features(np.zeros((0, 2), np.float32), none, none, np.zeros((0, width), np.float32), none)
