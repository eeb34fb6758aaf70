"""The geometry between a reference and an index image: a homography with smooth local corrections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Box, Polygon, Ring, as_points

Points = NDArray[np.float64]
AnyPoints = NDArray[np.floating[Any]]


SETTLED = 0.02
"""Pixels below which a further round towards a fixed point is not worth its time."""


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """Maps xy of the reference image to xy of the index image, and back.

    `homography` `(3, 3)`; `corrections` `(rows, columns, 2)` float64 pixels of the index image, added at the nodes of a
    grid over `box` of the reference and bilinear between them, constant outside.
    """

    homography: NDArray[np.float64]
    box: Box
    corrections: NDArray[np.float64]

    def forward(self, points: Points) -> Points:
        """`(n, 2)` xy of the reference to the index image; NaN beyond the horizon of the homography."""
        return projected(self.homography, points) + self._correction(points)

    def backward(self, points: Points) -> Points:
        """`(n, 2)` xy of the index image to the reference: a fixed point of `forward`, in at most twelve rounds."""
        inverse = np.linalg.inv(self.homography)
        found: Points = projected(inverse, points)
        for _ in range(12):
            before = found
            found = projected(inverse, points - self._correction(before))
            if np.nanmax(np.abs(found - before), initial=0.0) < SETTLED:
                break
        return found

    def enlarged(self, factor: float) -> Geometry:
        """The geometry into an index image that is `factor` times as large (pixel centres at integers)."""
        shift = (factor - 1) / 2
        change = np.array([[factor, 0, shift], [0, factor, shift], [0, 0, 1]])
        return Geometry(change @ self.homography, self.box, self.corrections * factor)

    def _correction(self, points: Points) -> Points:
        rows, columns = self.corrections.shape[:2]
        x1, y1, x2, y2 = self.box
        x = np.clip((points[:, 0] - x1) / max(x2 - x1, 1e-9) * (columns - 1), 0, columns - 1)
        y = np.clip((points[:, 1] - y1) / max(y2 - y1, 1e-9) * (rows - 1), 0, rows - 1)
        x, y = np.nan_to_num(x), np.nan_to_num(y)
        left, top = np.minimum(x.astype(int), columns - 2), np.minimum(y.astype(int), rows - 2)
        u, v = (x - left)[:, None], (y - top)[:, None]
        grid = self.corrections
        upper = grid[top, left] * (1 - u) + grid[top, left + 1] * u
        lower = grid[top + 1, left] * (1 - u) + grid[top + 1, left + 1] * u
        return np.asarray(upper * (1 - v) + lower * v)


def projected(homography: AnyPoints, points: AnyPoints) -> Points:
    """`(n, 2)` xy through a homography; NaN where the point lies beyond its horizon."""
    rows = np.column_stack([points, np.ones(len(points))]) @ homography.T
    depth = np.where(rows[:, 2] > 1e-6, rows[:, 2], np.nan)
    return np.asarray(rows[:, :2] / depth[:, None], dtype=np.float64)


def fit_homography(
    source: Points, target: Points, weight: NDArray[np.float64], prior: NDArray[np.float64], size: float
) -> NDArray[np.float64]:
    """Weighted homography near an affine `prior` `(2, 3)`: the perspective terms are held down by a ridge.

    Linear in the eight terms in coordinates of the object's size. The ridge on the perspective
    terms keeps all but very many, well spread matches nearly affine; the local corrections take what it leaves.
    """
    centre = np.average(source, axis=0, weights=weight)
    local = (source - centre) / size
    shift = prior[:, :2] @ centre + prior[:, 2]
    factor = float(np.sqrt(np.linalg.det(prior[:, :2]))) * size
    aim = (target - shift) / factor
    n = len(source)
    rows = np.zeros((2 * n, 8))
    rows[:n, 0:2], rows[:n, 2] = local, 1
    rows[n:, 3:5], rows[n:, 5] = local, 1
    rows[:n, 6:] = -local * aim[:, :1]
    rows[n:, 6:] = -local * aim[:, 1:]
    start = np.zeros(8)
    start[[0, 1, 3, 4]] = (prior[:, :2] * size / factor).ravel()
    value = np.concatenate([aim[:, 0], aim[:, 1]])
    weights = np.concatenate([weight, weight])
    ridge = np.diag([0.1, 0.1, 1e-9, 0.1, 0.1, 1e-9, 20.0, 20.0])
    weighted = (rows * weights[:, None]).T
    change = np.linalg.solve(weighted @ rows + ridge, weighted @ (value - rows @ start))
    terms = np.append(start + change, 1.0).reshape(3, 3)
    before = np.array([[1 / size, 0, -centre[0] / size], [0, 1 / size, -centre[1] / size], [0, 0, 1]])
    after = np.array([[factor, 0, shift[0]], [0, factor, shift[1]], [0, 0, 1]])
    return np.asarray(after @ terms @ before)


def corrected(
    homography: NDArray[np.float64],
    source: Points,
    target: Points,
    weight: NDArray[np.float64],
    box: Box,
    size: float,
    nodes: int = 17,
    ridge: float = 0.5,
    spread: float = 0.18,
) -> Geometry:
    """Moving least squares (Schaefer, McPhail, Warren, 2006) of what the homography leaves, held down to zero.

    Each node of the grid gets the weighted local affine fit of the residuals of the matches around it; `ridge` counts
    as that many matches that say "no correction". The sums over all matches are taken about the middle of the box for
    every node at once, as products of matrices, and then moved to each node.
    """
    x1, y1, x2, y2 = box
    unit = spread * size
    across, down = (np.linspace(low, high, nodes) / unit for low, high in ((x1, x2), (y1, y2)))
    centre = np.array([(x1 + x2) / 2, (y1 + y2) / 2]) / unit
    place = source / unit
    near_x = np.exp(-0.5 * (place[:, 0] - across[:, None]) ** 2)  # a Gaussian is a product of one along each side
    near_y = np.exp(-0.5 * (place[:, 1] - down[:, None]) ** 2)
    x, y = (place - centre).T
    off = (target - projected(homography, source)).T
    terms = np.stack([np.ones(len(x)), x, y, x * x, x * y, y * y, *off, *(off * x), *(off * y)]) * weight
    sums = (near_y * terms[:, None]) @ near_x.T  # (terms, nodes down, nodes across), about the centre
    u, v = np.meshgrid(across - centre[0], down - centre[1])
    one, sx, sy, xx, xy, yy, *rest = sums
    dx, dy = sx - u * one, sy - v * one  # about each node
    normal = np.array([
        [one, dx, dy],
        [dx, xx - 2 * u * sx + u * u * one, xy - u * sy - v * sx + u * v * one],
        [dy, xy - u * sy - v * sx + u * v * one, yy - 2 * v * sy + v * v * one],
    ]).transpose(2, 3, 0, 1) + np.diag([ridge, 2 * ridge, 2 * ridge])  # fmt: skip
    shift, along, upright = np.array(rest[:2]), np.array(rest[2:4]), np.array(rest[4:])
    right = np.array([shift, along - u * shift, upright - v * shift]).transpose(2, 3, 0, 1)
    solved = np.linalg.solve(normal, right)[:, :, 0]
    return Geometry(homography, box, solved)


def warped(polygons: tuple[Polygon, ...], geometry: Geometry, step: float = 4.0) -> tuple[Polygon, ...] | None:
    """Polygons of the reference brought to the index image, a vertex every `step` pixels; None beyond its horizon."""
    found = []
    for polygon in polygons:
        rings = []
        for ring in polygon.rings:
            points = geometry.forward(_dense(ring.points, step))
            if not np.isfinite(points).all() or np.abs(points).max() > 1e5:
                return None
            rings.append(Ring(as_points(points)))
        found.append(Polygon(rings[0], tuple(rings[1:])))
    return tuple(found)


def _dense(points: Points, step: float) -> Points:
    after = np.roll(points, -1, axis=0)
    counts = np.maximum(1, np.ceil(np.linalg.norm(after - points, axis=1) / step)).astype(int)
    begin = np.repeat(np.cumsum(counts) - counts, counts)
    share = (np.arange(counts.sum()) - begin) / np.repeat(counts, counts)
    return np.asarray(np.repeat(points, counts, axis=0) + np.repeat(after - points, counts, axis=0) * share[:, None])
