"""A pinhole camera in a town: x to the east, y up, z to the north, in metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float64]
Triple: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the photograph is taken, what it looks at, and its field of view along the longer side in degrees."""

    position: Triple
    target: Triple
    view: float = 60.0
    roll: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """A camera with the size of its image: `matrix` (3, 3) maps world directions to pixels times depth."""

    size: tuple[int, int]
    centre: Vector
    matrix: Vector

    def frame(self, origin: Vector, right: Vector, up: Vector) -> Vector:
        """(3, 3) so that frame @ (u, v, 1) = depth * (x, y, 1) for the point origin + u right + v up."""
        return np.asarray(self.matrix @ np.column_stack([right, up, origin - self.centre]))

    def project(self, points: Vector) -> tuple[Vector, Vector]:
        """Pixels (n, 2) and depths (n,) of world `points` (n, 3)."""
        seen = (points - self.centre) @ self.matrix.T
        return seen[:, :2] / seen[:, 2:], seen[:, 2]

    def rays(self, rows: slice = slice(None)) -> NDArray[np.float32]:
        """World direction of every pixel (h, w, 3) of `rows`, scaled so that depth * ray leads to the point."""
        inverse = np.linalg.inv(self.matrix)
        x, y = np.arange(self.size[0], dtype=np.float32), np.arange(self.size[1], dtype=np.float32)[rows, None]
        rays = np.empty((len(y), len(x), 3), np.float32)
        for k, row in enumerate(inverse.astype(np.float32)):
            np.add(row[0] * x, row[1] * y + row[2], out=rays[..., k])
        return rays

    def falls(self) -> NDArray[np.float32]:
        """How far the ray of the first and the last pixel of each row falls per metre of depth (h, 2)."""
        inverse = np.linalg.inv(self.matrix)[1]
        ends, y = np.array([0.0, self.size[0] - 1.0]), np.arange(self.size[1])[:, None]
        return np.asarray(-(inverse[0] * ends + inverse[1] * y + inverse[2]), np.float32)

    def back(self, pixels: Vector, depths: Vector) -> Vector:
        """World points (n, 3) at `pixels` (n, 2) and `depths` (n,)."""
        ones = np.column_stack([pixels, np.ones(len(pixels))])
        return np.asarray(self.centre + depths[:, None] * (ones @ np.linalg.inv(self.matrix).T))


def lens_of(camera: Camera, size: tuple[int, int]) -> Lens:
    """The camera for an image of `size` (width, height); pixel centres have integer coordinates."""
    centre, target = np.array(camera.position), np.array(camera.target)
    ahead = (target - centre) / np.linalg.norm(target - centre)
    right = np.cross([0.0, 1.0, 0.0], ahead)
    right /= np.linalg.norm(right)
    down = -np.cross(ahead, right)
    angle = np.radians(camera.roll)
    right, down = np.cos(angle) * right + np.sin(angle) * down, np.cos(angle) * down - np.sin(angle) * right
    focal = max(size) / 2 / np.tan(np.radians(camera.view) / 2)
    middle = ((size[0] - 1) / 2, (size[1] - 1) / 2)
    matrix = np.stack([focal * right + middle[0] * ahead, focal * down + middle[1] * ahead, ahead])
    return Lens(size, centre, matrix)


def supersampled(lens: Lens, factor: int) -> Lens:
    """The same view with factor x factor samples to a pixel."""
    shift = (factor - 1) / 2
    grow = np.array([[factor, 0, shift], [0, factor, shift], [0, 0, 1.0]])
    return Lens((lens.size[0] * factor, lens.size[1] * factor), lens.centre, grow @ lens.matrix)
