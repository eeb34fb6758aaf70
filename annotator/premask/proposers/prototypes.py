"""Self-support segmentation: prototypes of the query object, then prototypes of the index image itself.

After Fan and others (2022, SSP), without learned weights: pixels are described by colour and oriented texture, the
first guess compares them with the masked query, and confident pixels of the index image become its own prototypes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.cut import main_parts
from annotator.premask.features import Floats, Pixels
from annotator.premask.outlining import outlines
from annotator.premask.protocol import EachAlone, Proposal, ProposalInput, refusal
from annotator.premask.views import crop_box

SIDE = 192
"""Long side at which pixels are described."""

CLUSTERS = 6
"""Prototypes of object and of surroundings."""


@dataclass(frozen=True, slots=True)
class SelfSupport(EachAlone):
    """Prototype matching in two rounds."""

    name: str = "prototypes"
    describe: str = "Self-support segmentation: prototypes from the query mask, then from the index image itself."

    def propose(self, given: ProposalInput) -> Proposal:
        """The pixels that look like the object rather than its surroundings."""
        start = time.process_time()
        samples = [_samples(one.image, one.mask) for one in given.references if one.mask.any()]
        samples = [(ours, theirs) for ours, theirs in samples if len(ours) >= CLUSTERS and len(theirs) >= CLUSTERS]
        if not samples:
            return refusal(self.name, "No reference has pixels in and around its mask.")
        described, factor = _described(given.index.image)
        flat = described.reshape(-1, described.shape[2])
        ours, theirs = (np.concatenate(part) for part in zip(*samples, strict=True))
        score = _score(flat, ours, theirs)
        for _ in range(2):
            high, low = np.quantile(score, 0.9), np.quantile(score, 0.4)
            score = 0.5 * score + 0.5 * _score(flat, flat[score >= high], flat[score <= low])
        smooth = cv2.GaussianBlur(score.reshape(described.shape[:2]).astype(np.float32), (0, 0), 2.0)
        mask = _largest(smooth > 0)
        seconds = time.process_time() - start
        if not mask.any():
            return refusal(self.name, f"Nothing in {given.index.name} looks like the query object.", seconds)
        return Proposal(outlines(mask, factor), 0.3, self.name, given.references[0].name, seconds=seconds)


def _samples(image: Pixels, mask: Mask) -> tuple[Floats, Floats]:
    box = crop_box(mask)
    if box is None:
        return np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32)
    x1, y1, x2, y2 = box
    described, _ = _described(image[y1:y2, x1:x2])
    shape = described.shape[1], described.shape[0]
    small = cv2.resize(mask[y1:y2, x1:x2].astype(np.float32), shape, interpolation=cv2.INTER_AREA) > 0.5
    return described[small], described[~small]


def _described(image: Pixels) -> tuple[Floats, float]:
    """`(h, w, 12)` float32 of about unit spread, and how much smaller than the image it is."""
    factor = SIDE / max(image.shape[:2])
    size = max(8, round(image.shape[1] * factor)), max(8, round(image.shape[0] * factor))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    lab = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32), (0, 0), 1.5)
    grey = lab[..., 0]
    parts = [lab[..., 0] / 60, lab[..., 1] / 10, lab[..., 2] / 10]
    for sigma in (1.0, 2.0, 4.0):
        smooth = cv2.GaussianBlur(grey, (0, 0), sigma)
        for dx, dy in ((1, 0), (0, 1)):
            edge = np.abs(cv2.Sobel(smooth, cv2.CV_32F, dx, dy))
            parts.append(np.log1p(cv2.GaussianBlur(edge, (0, 0), 2 * sigma)) / 1.5)
    return np.dstack(parts).astype(np.float32), factor


def _score(pixels: Floats, ours: Floats, theirs: Floats) -> NDArray[np.float32]:
    """How much nearer a pixel is to the object's prototypes than to the surroundings'."""
    near, far = (np.sqrt(_squares(pixels, _prototypes(part)).min(axis=1)) for part in (ours, theirs))
    return np.asarray(far - near, dtype=np.float32)


def _squares(pixels: Floats, centres: Floats) -> Floats:
    return np.stack([((pixels - centre) ** 2).sum(axis=1) for centre in centres], axis=1)


def _prototypes(samples: Floats) -> Floats:
    """Centres of k-means, from evenly spaced samples of the sorted lightness, so that nothing is random."""
    ordered = samples[np.argsort(samples[:, 0], kind="stable")][:: max(1, len(samples) // 2000)]
    centres = ordered[np.linspace(0, len(ordered) - 1, CLUSTERS).astype(int)]
    for _ in range(8):
        nearest = _squares(ordered, centres).argmin(axis=1)
        centres = np.stack(
            [ordered[nearest == k].mean(axis=0) if (nearest == k).any() else centres[k] for k in range(CLUSTERS)]
        )
    return np.asarray(centres, dtype=np.float32)


def _largest(mask: Mask) -> Mask:
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return main_parts(opened.view(np.bool_))
