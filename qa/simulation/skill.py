"""What a person of known skill draws, given the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Polygon, Ring, Size, as_points
from annotator.domain.shapes import Annotation, Role
from annotator.domain.validity import polygon_problems

SMOOTHNESS = 2
"""Neighbouring vertices err alike: their errors are averaged over this many on either side."""


@dataclass(frozen=True, slots=True)
class Skill:
    """Rates of what goes wrong.

    `jitter` is the standard deviation of a vertex in pixels; `missed_occluder` and `wrong_object` are probabilities,
    per occluder and per pair; `seconds` is the mean active time of a pass.
    """

    jitter: float = 1.0
    missed_occluder: float = 0.05
    wrong_object: float = 0.0
    seconds: float = 180.0


def drawn(truth: Annotation, skill: Skill, rng: np.random.Generator) -> Annotation:
    """What somebody of this skill draws of `truth`: jittered rings, occluders left in, the object next to it."""
    wrong = rng.random() < skill.wrong_object
    shift = 0.45 * truth.size[0] if wrong else 0.0
    shapes = []
    for shape in truth.shapes:
        if shape.role is Role.OCCLUDER and rng.random() < skill.missed_occluder:
            continue
        polygon = jittered(shape.polygon, skill.jitter, truth.size, rng)
        if wrong and shape.role is Role.OBJECT:
            polygon = _beside(polygon, shift, truth.size)
        shapes.append(shape.with_polygon(polygon))
    return truth.with_shapes(shapes)


def seconds(skill: Skill, rng: np.random.Generator) -> float:
    """Active seconds of one pass: log-normal around the skill's mean, as times of work are."""
    return float(np.round(skill.seconds * np.exp(rng.normal(-0.08, 0.4)), 1))


def jittered(polygon: Polygon, sigma: float, size: Size, rng: np.random.Generator) -> Polygon:
    """Every ring with smooth errors of `sigma` pixels, inside the image and without crossing itself."""
    while sigma > 0.05:
        rings = [_jittered(ring, sigma, size, rng) for ring in polygon.rings]
        candidate = Polygon(rings[0], tuple(rings[1:]))
        if not polygon_problems(candidate, size):
            return candidate
        sigma /= 2
    return polygon


def _jittered(ring: Ring, sigma: float, size: Size, rng: np.random.Generator) -> Ring:
    errors = _smooth(rng.normal(0, 1, ring.points.shape)) * sigma
    return Ring(as_points(np.clip(ring.points + errors, 0, np.array(size) - 1.0)))


def _smooth(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    window = [np.roll(errors, step, axis=0) for step in range(-SMOOTHNESS, SMOOTHNESS + 1)]
    return np.asarray(np.sum(window, axis=0) / np.sqrt(len(window)))


def _beside(polygon: Polygon, shift: float, size: Size) -> Polygon:
    """The same outline moved to where there is more room, without its holes: the building next door."""
    x1, _, x2, _ = polygon.bounds
    direction = shift if x1 + x2 < size[0] else -shift
    points = np.clip(polygon.outer.points + np.array([direction, 0]), 0, np.array(size) - 1.0)
    moved = Polygon(Ring(as_points(points)))
    return polygon if polygon_problems(moved, size) else moved
