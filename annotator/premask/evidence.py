"""What speaks for and against every pixel of the window: the planes from which the learned cut decides."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.premask.alignment import Alignment
from annotator.premask.features import Features, Floats
from annotator.premask.sampling import resized_floats
from annotator.premask.window import Window

PLANES = (
    "depth",
    "edge",
    "expected",
    "near inside",
    "near outside",
    "seen",
    "explained",
    "background matches",
    "likeness fine",
    "likeness coarse",
    "colour",
    "colour fine",
    "texture",
    "texture change",
    "reference texture",
    "coverage",
    "residual",
    "inliers",
    "known",
)
"""Names of the planes, in order; all are about -1 to 1 or 0 to 1."""


BINS = 6
"""Bins of gradient orientation."""


def planes(
    window: Window, alignment: Alignment, reference: Features, index: Features, inside: NDArray[np.bool_]
) -> Floats:
    """`(h, w, len(PLANES))` float32. `inside` tells for every feature of the reference whether the mask holds it."""
    shape = window.expected.shape
    size = window.size
    depth = signed_depth(window.expected, size)
    matched = window.inwards(alignment.target)
    found_in, found_out = matched[alignment.inside], matched[~alignment.inside]
    sigma = 0.05 * size
    dense_in, dense_out = density(found_in, shape, sigma), density(found_out, shape, sigma)
    there = window.inwards(alignment.geometry.forward(reference.points[inside].astype(np.float64)))
    big = reference.scales[inside] * alignment.scale > 1.8
    dense_reference = density(there[big], shape, sigma)
    dense_index = density(window.inwards(index.points.astype(np.float64)), shape, sigma)
    fine, coarse, energy, energy_reference = _likeness(window, size)
    colour = _colour(window.image, depth, fine, dense_in)
    return np.dstack(
        [
            np.clip(depth * 3, -1, 1),
            np.tanh(depth * 20),
            window.expected,
            _nearness(found_in, shape, size),
            _nearness(found_out, shape, size),
            _share(dense_in, dense_reference),
            _share(dense_in, dense_index),
            _share(dense_out, dense_in + dense_out),
            fine,
            coarse,
            np.tanh(colour),
            np.tanh(cv2.GaussianBlur(colour, (0, 0), 0.02 * size) * 2),
            np.tanh(energy),
            np.tanh(energy - energy_reference),
            np.tanh(energy_reference),
            *(np.full(shape, value, np.float32) for value in quality(alignment)),
            window.known.astype(np.float32),
        ]
    ).astype(np.float32)


def quality(alignment: Alignment) -> tuple[float, float, float]:
    """Coverage, residual and number of matches of a geometry, each brought to about 0 to 1."""
    count = int(alignment.inside.sum())
    return alignment.coverage, min(1.0, alignment.residual * 30), min(1.0, float(np.log10(count + 1)) / 3)


def signed_depth(expected: Floats, size: float) -> Floats:
    """Distance to the border of the expected mask over the object's size, positive inside."""
    mask = (expected > 0.5).astype(np.uint8)
    inner = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    outer = cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5)
    return np.asarray((inner - outer) / size, dtype=np.float32)


def density(points: NDArray[np.float64], shape: tuple[int, ...], sigma: float) -> Floats:
    """Points per Gaussian window of `sigma` pixels."""
    counts = np.zeros(shape, dtype=np.float32)
    cells = np.rint(points[np.isfinite(points).all(axis=1)]).astype(int)
    cells = cells[((cells >= 0) & (cells < [shape[1], shape[0]])).all(axis=1)]
    np.add.at(counts, (cells[:, 1], cells[:, 0]), 1.0)
    return np.asarray(cv2.GaussianBlur(counts, (0, 0), sigma) * (2 * np.pi * sigma**2), dtype=np.float32)


def _share(part: Floats, whole: Floats) -> Floats:
    """How large `part` is of `whole`: 0.5 where there is nothing to say."""
    return np.asarray(np.clip((part * 2 + 0.5) / (whole + 1.0), 0, 1.5), dtype=np.float32)


def _nearness(points: NDArray[np.float64], shape: tuple[int, ...], size: float) -> Floats:
    """1 at a point, falling to 0 far from any: exp of minus the distance over a tenth of the object's size."""
    empty = np.ones(shape, dtype=np.uint8)
    cells = np.rint(points).astype(int)
    cells = cells[((cells >= 0) & (cells < [shape[1], shape[0]])).all(axis=1)]
    if not len(cells):
        return np.zeros(shape, dtype=np.float32)
    empty[cells[:, 1], cells[:, 0]] = 0
    return np.asarray(np.exp(-cv2.distanceTransform(empty, cv2.DIST_L2, 5) / (0.1 * size)), dtype=np.float32)


def _likeness(window: Window, size: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Cosine of the orientation histograms of both images around a pixel, fine and coarse, and log texture of each."""
    ours, theirs = _orientations(window.image), _orientations(window.reference)
    energy = [np.log10(cv2.GaussianBlur(part.sum(axis=2), (0, 0), 0.03 * size) + 1.0) - 1.2 for part in (ours, theirs)]
    fine = _cosine(ours, theirs, 0.02 * size)
    coarse = _cosine(_halved(ours), _halved(theirs), 0.025 * size)
    return fine, resized_floats(coarse, (fine.shape[1], fine.shape[0])), energy[0], energy[1]


def _halved(planes: Floats) -> Floats:
    """Means of two by two pixels; an odd last row or column is left out."""
    height, width = planes.shape[0] // 2 * 2, planes.shape[1] // 2 * 2
    rows = planes[0:height:2, :width] + planes[1:height:2, :width]
    return (rows[:, 0::2] + rows[:, 1::2]) * np.float32(0.25)


def _cosine(ours: Floats, theirs: Floats, sigma: float) -> Floats:
    a, b = cv2.GaussianBlur(ours, (0, 0), sigma), cv2.GaussianBlur(theirs, (0, 0), sigma)
    lengths = np.sqrt(np.einsum("ijk,ijk->ij", a, a) * np.einsum("ijk,ijk->ij", b, b))
    return np.asarray(np.einsum("ijk,ijk->ij", a, b) / (lengths + 4.0), dtype=np.float32)


def _orientations(image: NDArray[np.uint8]) -> Floats:
    """`(h, w, bins)`: gradient magnitude in bins of orientation, without sign (as in HOG: Dalal and Triggs, 2005)."""
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (0, 0), 0.8).astype(np.float32)
    dx, dy = cv2.Scharr(grey, cv2.CV_32F, 1, 0) / 16, cv2.Scharr(grey, cv2.CV_32F, 0, 1) / 16
    square = dx * dx + dy * dy
    magnitude = np.sqrt(square)
    cosine, sine = (dx * dx - dy * dy) / (square + 1e-6), 2 * dx * dy / (square + 1e-6)  # of twice the angle
    found = np.empty((*grey.shape, BINS), dtype=np.float32)
    for number in range(BINS):
        centre = 2 * np.pi * number / BINS
        weight = cosine * np.float32(np.cos(centre)) + sine * np.float32(np.sin(centre)) - np.float32(0.5)
        found[..., number] = np.maximum(weight, 0) * (2 * magnitude)
    return found


def _colour(image: NDArray[np.uint8], depth: Floats, fine: Floats, dense: Floats) -> Floats:
    """Log ratio of how often a pixel's colour occurs in and out of the expected mask."""
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    bins = (lab[..., 0] // 22).astype(int) * 256 + ((lab[..., 1] // 6).astype(int) % 16) * 16 + (lab[..., 2] // 6) % 16
    inner = np.clip(depth * 20 + 0.5, 0, 1) * (0.1 + np.clip(fine, 0, 1) + np.minimum(dense, 2))
    outer = np.clip(-depth * 20 - 0.3, 0, 1)
    length = 12 * 256
    ours = np.bincount(bins.ravel(), inner.ravel(), length)
    theirs = np.bincount(bins.ravel(), outer.ravel(), length)
    ours, theirs = ours / max(ours.sum(), 1e-6), theirs / max(theirs.sum(), 1e-6)
    ratio = np.log((ours + 2e-3) / (theirs + 2e-3))
    return np.asarray(ratio[bins], dtype=np.float32)
