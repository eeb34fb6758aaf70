"""Photographs of the project's own renderer as training data: exact correspondences between far apart views.

Two buildings, any number of views of each in other light and with other things in the way.
"""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np

from annotator.premask.training.correspondences import Grey, Pair, Photographs, Points
from resources.demo.geometry import transferred
from resources.demo.render import FINE, View, render, view_of
from resources.demo.scenes import random_scene

TRIED_POINTS = 6000
FEWEST_POINTS = 200


def with_rendered(photographs: Photographs, views: int, seed: int = 0) -> Photographs:
    """`photographs` and `views` rendered ones, grouped as one landmark for each building."""
    scenes = [random_scene(seed * 100_000 + number) for number in range(views)]
    images: list[Grey] = list(photographs.images)
    pairs = list(photographs.pairs)
    base = len(images)
    images += [np.asarray(cv2.cvtColor(render(scene).image, cv2.COLOR_RGB2GRAY), dtype=np.uint8) for scene in scenes]
    geometry = [view_of(scene) for scene in scenes]
    for first, second in combinations(range(views), 2):
        if scenes[first].town == scenes[second].town:
            rng = np.random.default_rng([seed, first, second])
            points = seen_in_both(rng, geometry[first], geometry[second])
            if len(points[0]) >= FEWEST_POINTS:
                sure, unknown = np.ones(len(points[0]), dtype=np.float32), np.zeros((3, 3))
                pairs.append(
                    Pair(f"rendered_{scenes[first].town}", base + first, base + second, *points, sure, unknown)
                )
    # A keypoint is a place that was found again in real photographs: rendered ones teach descriptors only.
    repeated = (*photographs.repeated, *(np.zeros((0, 2), np.float32) for _ in scenes))
    return Photographs(tuple(images), repeated, tuple(pairs))


def seen_in_both(rng: np.random.Generator, first: View, second: View) -> tuple[Points, Points]:
    """Places of the building that both views see: points `(m, 2)` xy of the first and of the second, row by row."""
    width, height = first.lens.size
    fine = np.column_stack(
        [rng.integers(0, width * FINE, TRIED_POINTS), rng.integers(0, height * FINE, TRIED_POINTS)]
    ).astype(np.float64)
    found, seen = transferred(first, second, fine)
    shift = (FINE - 1) / 2
    return (
        ((fine[seen] - shift) / FINE).astype(np.float32),
        ((found[seen] - shift) / FINE).astype(np.float32),
    )
